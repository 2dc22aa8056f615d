//! The phrases that grant, and what takes them back. An approval is only what stands in the past or present, unconditionally. See
//! [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, HAVE, LIMIT, Rule, Step, WAS, WAS_DONE, WE};

const CONDITION: &[&str] = &[
    "if", "once", "before", "when", "whenever", "whether", "unless", "until", "till", "after", "upon", "soon", "would", "will", "shall",
    "should", "may", "might", "be", "being", "so", "please", "assuming", "provided", "pending", "subject",
];
const NEGATION: &[&str] = &[
    "not",
    "never",
    "unable",
    "almost",
    "nearly",
    "partial*",
    "tentativ*",
    "conditional*",
    "provisional*",
    "preliminar*",
    "temporar*",
    "nothing",
    "nor",
    "neither",
    "no",
    "nobody",
    "none",
    "hardly",
    "without",
    "fail*",
    "cancel*",
    "denied",
    "declin*",
    "reject*",
];
/// History and hearsay: what was approved earlier, or what somebody says was.
const REPORTED: &[&str] = &[
    "previous*",
    "earlier",
    "said",
    "stated",
    "states",
    "mention*",
    "claim*",
    "wrote",
    "why",
    "how",
    "what",
    "assum*",
    "expect*",
    "wanted",
    "hope*",
    "imagine",
    "suppos*",
    "customer*",
    "another",
    "whose",
    "who",
    "sure",
    "ensure*",
    "verify",
    "check",
    "see",
    "example*",
    "told",
    "creation",
    "tells",
    "had",
    "wonder*",
    "refund*",
    "intend*",
    "plan*",
];
const TAKEN_BACK: &[&str] = &[
    "if",
    "once",
    "unless",
    "until",
    "when",
    "after",
    "provided",
    "pending",
    "subject",
    "not",
    "unable",
    "however",
    "but",
    "except",
    "only",
    "error",
    "mistake",
    "reversed",
    "revok*",
    "partial*",
    "partly",
    "temporar*",
    "stay*",
    "remain*",
    "still",
    "expire*",
    "lower*",
    "reduc*",
    "yours",
    "rolled",
    "undo*",
    "withdrawn",
    "rescinded",
    "stage*",
    "queue",
    "under",
    "restor*",
    "reinstat*",
    "added",
    "duration",
    "returns",
    "another",
    "elsewhere",
    "customer*",
    "years",
    "last",
    "soon",
    "past",
    "before",
];

const SET_UP: &[&str] =
    &["configured", "created", "set", "updated", "added", "enabled", "established", "completed", "implemented", "applied"];
/// What AWS holds mail back with.
const BLOCK: &[&str] = &["limit", "limits", "limitation*", "restriction*", "throttl*", "block", "blocks"];
/// What it holds back.
const YOURS: &[&str] = &["account", "resources", "instance*", "region*", "gateway*", "elastic"];
/// What is asked for and can be granted. A case is only where it is talked about.
const GRANTABLE: &[&str] = &["request*", "appeal", "increase*", "application", "removal", "change*", "access"];
const SPEAKER: &[&str] = &["we", "i", "team", "specialist*"];
/// Beside these, "removed" and "limits" speak of something else.
const OTHER_THINGS: &[&str] =
    &["api", "cases", "duplicate", "documentation", "severity", "policy", "list", "lists", "listed", "patience", "number"];

const fn approved(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Approved,
        sure,
        steps,
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    }
}

const fn lifted(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Approved,
        sure: true,
        steps,
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    }
}

pub(super) const APPROVED: &[Rule] = &[
    approved("approved.granted", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, GRANTABLE)]),
    approved("approved.granted-limit", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, LIMIT)]),
    approved("approved.was-granted", true, &[(0, ASKED), (6, WAS), (1, &["granted", "approved"])]),
    approved(
        "approved.your-request",
        true,
        &[(0, &["your"]), (4, &["request", "appeal", "application"]), (16, WAS_DONE), (1, &["granted", "approved"])],
    ),
    approved("approved.rdns-configured", true, &[(0, WE), (1, HAVE), (2, SET_UP), (6, &["reverse", "rdns", "ptr"])]),
    approved("approved.rdns-was-configured", true, &[(0, &["reverse", "rdns", "ptr"]), (24, WAS_DONE), (1, SET_UP)]),
    approved("approved.out-of-sandbox", true, &[(0, HAVE), (2, &["moved", "removed", "taken"]), (4, &["out", "from"]), (4, &["sandbox"])]),
    approved(
        "approved.production-access",
        true,
        &[(0, HAVE), (2, &["enabled", "granted", "approved"]), (5, &["production"]), (0, &["access"])],
    ),
    approved(
        "approved.new-quota",
        true,
        &[(0, &["your"]), (0, &["new", "updated"]), (3, &["quota", "limit", "rate"]), (3, &["is", "are"])],
    ),
    approved(
        "approved.effect-immediately",
        true,
        &[(0, &["this", "these"]), (3, &["take*"]), (0, &["effect"]), (0, &["immediately"]), (12, &["region*"])],
    ),
    // "We have removed the port 25 throttle for the resources in your account": said by us, of our block, now.
    lifted(
        "approved.we-removed",
        &[(0, WE), (4, &["removed", "lifted"]), (4, &["port", "smtp", "email", "sending", "outbound", "mail"]), (4, BLOCK)],
    ),
    lifted("approved.we-removed-from", &[(0, WE), (4, &["removed", "lifted"]), (6, BLOCK), (2, &["for", "from", "on", "off"]), (3, YOURS)]),
    Rule {
        id: "approved.have-removed-from",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, HAVE), (1, &["removed", "lifted"]), (6, BLOCK), (3, &["for", "from", "on", "off"]), (4, YOURS)],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, &["you", "they"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted("approved.team-applied", &[(0, &["we", "team"]), (4, &["applied"]), (0, &["the", "your"]), (2, &["increase*"])]),
    lifted("approved.we-took-off", &[(0, WE), (1, HAVE), (1, &["taken"]), (6, BLOCK), (1, &["off", "from"]), (3, YOURS)]),
    // The same in the passive needs a place beside the block: on its own it is a phrase that was never seen in a real mail.
    lifted(
        "approved.removed-from",
        &[(0, BLOCK), (8, WAS_DONE), (1, &["removed", "lifted"]), (1, &["for", "from", "on", "in"]), (4, YOURS)],
    ),
    lifted(
        "approved.on-yours-removed",
        &[(0, BLOCK), (1, &["for", "from", "on", "of"]), (4, YOURS), (16, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    lifted(
        "approved.pleased-removed",
        &[(0, &["pleased", "happy", "glad", "delighted"]), (24, BLOCK), (10, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    approved(
        "approved.port-open-for",
        true,
        &[(0, &["port"]), (3, &["is", "has", "was"]), (2, &["open", "opened", "unblocked"]), (1, &["for", "on", "in"]), (4, YOURS)],
    ),
    approved("approved.we-unblocked", true, &[(0, WE), (8, &["unblocked"]), (3, &["port", "smtp", "email"])]),
    approved("approved.we-opened-port", true, &[(0, WE), (1, HAVE), (0, &["opened", "enabled"]), (1, &["port"])]),
    approved(
        "approved.enabled-for-sending",
        true,
        &[(0, WE), (1, HAVE), (0, &["enabled"]), (3, &["account", "resources"]), (2, &["sending", "port", "email"])],
    ),
    Rule {
        id: "approved.no-longer-subject",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["no"]), (0, &["longer"]), (0, &["subject"]), (0, &["to"]), (5, BLOCK)],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    Rule {
        id: "approved.no-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["no"]), (0, &["longer"]), (1, &["restricted", "throttled", "blocked", "limited"])],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.gone", true, &[(0, BLOCK), (8, &["is", "are"]), (1, &["gone"])]),
    approved("approved.successful", true, &[(0, &["application", "appeal"]), (8, WAS_DONE), (0, &["successful"])]),
    approved("approved.we-approved", true, &[(0, SPEAKER), (2, &["approved", "granted"]), (0, &["your"]), (4, GRANTABLE)]),
    approved(
        "approved.we-approved-removal",
        true,
        &[(0, SPEAKER), (2, &["approved", "granted"]), (0, &["the"]), (2, &["removal", "increase*"])],
    ),
    approved(
        "approved.were-able",
        true,
        &[(0, WE), (0, &["were", "was"]), (0, &["able"]), (0, &["to"]), (0, &["approve", "grant"]), (0, &["your", "the"]), (3, GRANTABLE)],
    ),
    approved(
        "approved.were-able-to-remove",
        true,
        &[
            (0, WE),
            (0, &["were", "was"]),
            (0, &["able"]),
            (0, &["to"]),
            (0, &["remove", "lift", "increase", "raise"]),
            (0, &["your", "the"]),
            (3, &["limit", "limits", "limitation*", "restriction*", "throttl*", "quota", "quotas"]),
        ],
    ),
    approved("approved.now-has-access", true, &[(0, &["now"]), (1, HAVE), (3, &["production"]), (0, &["access"])]),
    approved("approved.is-out-of-sandbox", true, &[(0, &["account"]), (1, &["is"]), (1, &["out"]), (0, &["of"]), (3, &["sandbox"])]),
    Rule {
        id: "approved.increase-applied",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["increase*"]),
            (12, &["been", "was", "were", "is"]),
            (1, &["processed", "applied", "completed", "complete", "fulfilled"]),
        ],
        // A request that was processed may have ended either way.
        unless_before: &[CONDITION, NEGATION, REPORTED, &["request", "requests"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.implemented",
        true,
        &[(0, &["increase*", "limit*", "quota*", "request*", "change*"]), (6, WAS_DONE), (1, &["implemented"])],
    ),
    approved("approved.increased", true, &[(0, WE), (1, HAVE), (1, &["increased", "raised"]), (6, LIMIT)]),
    approved("approved.was-increased", true, &[(0, &["limit*", "quota*"]), (8, WAS_DONE), (1, &["increased", "raised"])]),
    // Also how a throttle is announced.
    approved("approved.was-set-to", false, &[(0, &["limit", "quota"]), (6, WAS_DONE), (1, &["set"]), (0, &["to"])]),
    // Plausible, never seen in a real mail.
    approved("approved.limits-removed", false, &[(0, LIMIT), (8, WAS_DONE), (1, &["removed", "lifted"])]),
    approved("approved.removed-limits", false, &[(0, HAVE), (1, &["removed", "lifted"]), (8, LIMIT)]),
    approved("approved.port-open", false, &[(0, &["port"]), (6, &["is", "has", "was"]), (3, &["open", "opened", "unblocked", "enabled"])]),
    approved("approved.processed", false, &[(0, &["request*"]), (5, &["has", "was"]), (2, &["processed", "completed", "fulfilled"])]),
    approved("approved.has-access", false, &[(0, &["account"]), (2, &["has"]), (2, &["production"]), (0, &["access"])]),
    approved(
        "approved.pleased",
        false,
        &[(0, &["pleased", "happy", "glad", "delighted"]), (4, &["inform", "let", "confirm", "tell", "say"])],
    ),
];
