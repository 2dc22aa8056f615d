//! The phrases that say what holds mail back is gone: a block lifted, a port opened. An approval like those of
//! [`super::rules_granting`], and the easiest to say of something else, so with more that takes it back.

use super::Meaning;
use super::rules::{HAVE, LIMIT, Rule, Step, WAS_DONE, WE};
use super::rules_granting::{SPEAKER, approved};
use super::rules_voiding::{CONDITION, DATED, NEGATION, REPORTED, TAKEN_BACK};

/// What AWS holds mail back with.
pub(super) const BLOCK: &[&str] = &["limit", "limits", "limitation*", "restriction*", "throttl*", "block", "blocks", "pause"];
/// What it holds back.
pub(super) const YOURS: &[&str] = &["account", "resources", "instance*", "region*", "gateway*", "elastic", "static"];
/// Where it holds mail back: also "in us-west-2", which is three words.
pub(super) const PLACE: &[&str] =
    &["account", "resources", "instance*", "region*", "gateway*", "elastic", "west", "east", "central", "south*", "north*"];
/// Beside these, "removed" and "limits" speak of something else.
pub(super) const OTHER_THINGS: &[&str] = &[
    "api",
    "cases",
    "duplicate",
    "documentation",
    "severity",
    "policy",
    "list",
    "lists",
    "patience",
    "number",
    "dashboard",
    "console",
    "view",
    "group",
    "inbound",
    "blocking",
    "monitor*",
    "logging",
    "violat*",
    "closed",
    "sign",
    "signin",
    "login",
    "launch*",
    "password",
    "filtering",
    "management",
    "payer",
    "provider",
];
pub(super) const fn lifted(id: &'static str, steps: &'static [Step]) -> Rule {
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

/// Also in the simple past, which with a date is history.
const fn we_lifted(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, DATED], ..lifted(id, steps) }
}

pub(super) const LIFTED: &[Rule] = &[
    // "We have removed the port 25 throttle for the resources in your account": said by us, of our block, now.
    we_lifted(
        "approved.we-removed",
        &[(0, WE), (8, &["removed", "lifted"]), (4, &["25", "smtp", "email", "sending", "outbound", "mail"]), (4, BLOCK)],
    ),
    we_lifted(
        "approved.we-removed-from",
        &[(0, WE), (8, &["removed", "lifted"]), (6, BLOCK), (5, &["for", "from", "on", "off"]), (3, YOURS)],
    ),
    lifted(
        "approved.we-removed-on-port",
        &[
            (0, SPEAKER),
            (20, &["removed", "lifted"]),
            (3, BLOCK),
            (1, &["on", "for", "of"]),
            (2, &["25", "smtp", "mail", "email", "outbound"]),
        ],
    ),
    lifted(
        "approved.and-removed-from",
        &[(0, SPEAKER), (1, HAVE), (8, &["and"]), (1, &["removed", "lifted"]), (6, BLOCK), (8, &["for", "from", "on", "off"]), (3, YOURS)],
    ),
    Rule {
        id: "approved.have-removed-from",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, HAVE), (1, &["removed", "lifted"]), (6, BLOCK), (3, &["for", "from", "on", "off"]), (4, YOURS)],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted("approved.we-took-off", &[(0, WE), (1, HAVE), (1, &["taken"]), (6, BLOCK), (1, &["off", "from"]), (3, YOURS)]),
    // The same in the passive needs a place beside the block: on its own it is a phrase that was never seen in a real mail.
    lifted(
        "approved.removed-from",
        &[(0, BLOCK), (8, WAS_DONE), (1, &["removed", "lifted"]), (1, &["for", "from", "on", "in"]), (4, PLACE)],
    ),
    lifted(
        "approved.on-yours-removed",
        &[(0, BLOCK), (5, &["for", "from", "on", "of"]), (6, YOURS), (16, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    lifted(
        "approved.pleased-removed",
        &[(0, &["pleased", "happy", "glad", "delighted"]), (24, BLOCK), (10, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    Rule {
        id: "approved.no-longer-subject",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["no"]), (0, &["longer"]), (1, &["to"]), (5, BLOCK)],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.gone", true, &[(0, BLOCK), (16, &["is", "are"]), (1, &["gone"])]),
    // Plausible, never seen in a real mail.
    approved("approved.limits-removed", false, &[(0, LIMIT), (8, WAS_DONE), (1, &["removed", "lifted"])]),
    approved("approved.removed-limits", false, &[(0, HAVE), (1, &["removed", "lifted"]), (8, LIMIT)]),
    // Of an increase, and as easily said of something else ("applied the increase policy").
    lifted("approved.team-applied", &[(0, &["we", "team"]), (4, &["applied"]), (0, &["the", "your"]), (2, &["increase*"])]),
    // In the present: "the restriction on port 25 for your address is lifted". What is lifted in general says within what time.
    Rule {
        id: "approved.is-lifted",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, BLOCK),
            (0, &["on", "for", "of"]),
            (3, &["25", "smtp", "outbound", "email", "sending"]),
            (16, &["is", "are"]),
            (1, &["lifted", "removed", "gone"]),
        ],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS],
        unless_after: &[TAKEN_BACK, OTHER_THINGS, &["within", "automatic*", "typical*", "usual*", "by", "upon", "every", "each"]],
        asked: Some(false),
    },
    lifted("approved.taken-off", &[(0, BLOCK), (8, WAS_DONE), (0, &["taken"]), (0, &["off", "from", "away"]), (3, YOURS)]),
    lifted(
        "approved.port-25-limit-on",
        &[(0, &["25", "smtp"]), (1, BLOCK), (0, &["on", "for", "from"]), (16, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    // "The restriction on outbound port 25 no longer applies to your instances"
    Rule {
        id: "approved.no-longer-applies",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, BLOCK),
            (8, &["no"]),
            (0, &["longer"]),
            (0, &["apply", "applies", "affects", "affect"]),
            (2, &["account", "resources", "instance*", "region*", "gateway*", "elastic", "address*"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["not", "never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.we-took-filter",
        &[
            (0, WE),
            (1, HAVE),
            (1, &["taken"]),
            (1, &["port", "smtp", "outbound"]),
            (4, &["filter", "block", "throttl*", "limit*", "restriction*"]),
            (0, &["off", "from"]),
        ],
    ),
    lifted(
        "approved.is-off",
        &[(0, BLOCK), (1, &["on", "for"]), (3, &["25", "smtp", "outbound"]), (4, &["is"]), (1, &["off"]), (0, &["for", "on"]), (4, YOURS)],
    ),
    lifted(
        "approved.dropped-from",
        &[(0, BLOCK), (1, &["for", "from", "on", "of"]), (4, YOURS), (12, WAS_DONE), (1, &["dropped", "cleared", "waived"])],
    ),
    Rule {
        id: "approved.on-yours-no-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, BLOCK), (12, YOURS), (2, &["no"]), (0, &["longer"]), (0, &["apply", "applies"])],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["not", "never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    Rule {
        id: "approved.no-more-restrictions",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["there"]), (0, &["are"]), (1, &["no"]), (0, &["more", "longer"]), (1, BLOCK), (0, &["on", "for"]), (8, YOURS)],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["not", "never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    we_lifted(
        "approved.we-lifted-throttling",
        &[(0, WE), (0, &["lifted", "removed"]), (1, &["throttl*"]), (4, &["for", "from", "on"]), (3, YOURS)],
    ),
    lifted(
        "approved.we-took-off-block",
        &[(0, WE), (0, HAVE), (0, &["taken", "turned", "switched"]), (0, &["off", "away"]), (3, BLOCK), (8, YOURS)],
    ),
    lifted("approved.block-taken-out", &[(0, BLOCK), (12, WAS_DONE), (1, &["taken"]), (0, &["out", "off", "away"])]),
    lifted(
        "approved.removed-line",
        &[
            (0, &["taken", "result", "status", "resolution"]),
            (0, &["email", "sending", "port", "smtp"]),
            (3, BLOCK),
            (0, &["removed", "lifted"]),
        ],
    ),
    lifted(
        "approved.smtp-block-off",
        &[(0, &["25", "smtp", "outbound", "outgoing"]), (1, BLOCK), (1, &["is"]), (0, &["off"]), (0, &["for", "on"]), (8, YOURS)],
    ),
    // "Your account is not subject to the port 25 limit anymore"
    Rule {
        id: "approved.not-subject-anymore",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["not"]), (1, &["to"]), (5, BLOCK), (8, &["anymore", "more", "longer"])],
        unless_before: &[CONDITION, REPORTED, &["never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    lifted(
        "approved.port-25-block-is-lifted",
        &[
            (0, &["25", "smtp", "outbound", "sending"]),
            (1, BLOCK),
            (0, &["on", "for"]),
            (8, YOURS),
            (2, &["is", "are"]),
            (0, &["now"]),
            (0, &["removed", "lifted", "gone"]),
        ],
    ),
    // As a table has it: "Port 25 limitation: Removed".
    Rule {
        id: "approved.block-removed-line",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["25", "smtp", "sending"]), (0, BLOCK), (0, &["removed", "lifted"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, &["get", "have", "having", "want", "need", "to", "with"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    // "We reviewed the details you sent and have now removed the port 25 restriction on your account"
    lifted(
        "approved.and-have-removed",
        &[
            (0, &["and"]),
            (0, HAVE),
            (1, &["removed", "lifted"]),
            (4, &["25", "smtp", "email", "sending", "outbound"]),
            (2, BLOCK),
            (0, &["on", "for", "from"]),
            (3, YOURS),
        ],
    ),
    lifted(
        "approved.limits-are-off",
        &[
            (0, &["limit", "limits", "restriction*", "throttl*", "block"]),
            (0, &["is", "are"]),
            (1, &["off"]),
            (0, &["as", "now", "for", "since"]),
        ],
    ),
    lifted(
        "approved.block-on-port-removed",
        &[(0, BLOCK), (0, &["on", "of"]), (2, &["25", "smtp"]), (8, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    lifted("approved.block-has-ended", &[(0, BLOCK), (6, &["has"]), (0, &["ended"])]),
    lifted(
        "approved.yours-are-removed",
        &[
            (0, &["your"]),
            (2, &["limit", "limits", "limitation*", "restriction*", "throttl*"]),
            (0, &["are", "is"]),
            (1, &["removed", "lifted", "gone"]),
        ],
    ),
    lifted("approved.switched-off", &[(0, BLOCK), (16, WAS_DONE), (0, &["switched", "turned"]), (0, &["off"])]),
    lifted("approved.and-it-was-removed", &[(0, BLOCK), (0, &["and"]), (0, &["it", "they"]), (1, WAS_DONE), (0, &["removed", "lifted"])]),
    lifted("approved.block-disabled", &[(0, BLOCK), (16, WAS_DONE), (0, &["disabled", "deactivated"])]),
    lifted(
        "approved.yours-was-removed",
        &[(0, &["your"]), (2, &["limit", "limits", "limitation*", "restriction*", "throttl*"]), (1, WAS_DONE), (0, &["removed", "lifted"])],
    ),
    Rule {
        id: "approved.does-not-apply-any-more",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, BLOCK),
            (2, &["does", "do"]),
            (0, &["not"]),
            (0, &["apply"]),
            (3, &["any", "anymore"]),
            (0, &["more", "longer", "as", "and"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
];
