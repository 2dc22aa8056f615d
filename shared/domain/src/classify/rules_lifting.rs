//! The phrases that say what holds mail back is gone: a block lifted, a port opened. An approval like those of
//! [`super::rules_granting`], and the easiest to say of something else, so with more that takes it back.

use super::Meaning;
use super::rules::{HAVE, LIMIT, Rule, Step, WAS_DONE, WE};
use super::rules_granting::{CONDITION, DATED, NEGATION, REPORTED, SPEAKER, TAKEN_BACK, approved};

/// What AWS holds mail back with.
const BLOCK: &[&str] = &["limit", "limits", "limitation*", "restriction*", "throttl*", "block", "blocks", "pause"];
/// What it holds back.
const YOURS: &[&str] = &["account", "resources", "instance*", "region*", "gateway*", "elastic", "static"];
/// Where it holds mail back: also "in us-west-2", which is three words.
const PLACE: &[&str] =
    &["account", "resources", "instance*", "region*", "gateway*", "elastic", "west", "east", "central", "south*", "north*"];
/// Beside these, "removed" and "limits" speak of something else.
const OTHER_THINGS: &[&str] = &[
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
    "management",
    "payer",
    "provider",
];
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
        &[(0, WE), (8, &["removed", "lifted"]), (6, BLOCK), (2, &["for", "from", "on", "off"]), (3, YOURS)],
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
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, &["you", "they"]],
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
    lifted(
        "approved.port-open-for",
        &[
            (0, &["port"]),
            (0, &["25"]),
            (2, &["is", "has", "was"]),
            (2, &["open", "opened", "unblocked"]),
            (1, &["for", "on", "in"]),
            (4, PLACE),
        ],
    ),
    lifted(
        "approved.port-now-open",
        &[
            (0, &["port"]),
            (0, &["25"]),
            (2, &["is", "has"]),
            (0, &["now"]),
            (1, &["open", "opened", "unblocked", "allowed", "permitted", "unrestricted"]),
            (0, &["for", "on", "in"]),
            (8, PLACE),
        ],
    ),
    approved("approved.we-unblocked", true, &[(0, WE), (8, &["unblocked"]), (3, &["port", "smtp", "email"])]),
    lifted("approved.we-opened-port", &[(0, WE), (1, HAVE), (0, &["opened", "enabled"]), (2, &["port"]), (0, &["25"])]),
    approved(
        "approved.enabled-for-sending",
        true,
        &[(0, WE), (1, HAVE), (0, &["enabled"]), (3, &["account", "resources"]), (2, &["sending", "port", "email"])],
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
    Rule {
        id: "approved.no-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["no"]), (0, &["longer"]), (1, &["restricted", "throttled", "blocked", "limited"])],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.gone", true, &[(0, BLOCK), (16, &["is", "are"]), (1, &["gone"])]),
    // Plausible, never seen in a real mail.
    approved("approved.limits-removed", false, &[(0, LIMIT), (8, WAS_DONE), (1, &["removed", "lifted"])]),
    approved("approved.removed-limits", false, &[(0, HAVE), (1, &["removed", "lifted"]), (8, LIMIT)]),
    approved("approved.port-open", false, &[(0, &["port"]), (6, &["is", "has", "was"]), (3, &["open", "opened", "unblocked", "enabled"])]),
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
    lifted("approved.exempted", &[(0, WE), (1, HAVE), (1, &["exempted"]), (3, YOURS), (2, &["from"]), (6, BLOCK)]),
    lifted(
        "approved.allowlisted",
        &[
            (0, WE),
            (2, &["allowlisted", "whitelisted"]),
            (0, &["your"]),
            (2, &["elastic", "ip", "account", "address*", "instance*"]),
            (8, &["25", "smtp", "outbound", "sending"]),
        ],
    ),
    lifted(
        "approved.port-25-limit-on",
        &[(0, &["25", "smtp"]), (1, BLOCK), (0, &["on", "for", "from"]), (16, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    lifted("approved.exception", &[(0, YOURS), (2, WAS_DONE), (1, &["granted", "given"]), (2, &["exception", "exemption"]), (8, BLOCK)]),
    // Without a verb: "rDNS done, port 25 unblocked on your account". What is to be had so is not there yet.
    Rule {
        id: "approved.port-unblocked",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["port"]), (0, &["25"]), (0, &["unblocked", "opened"]), (0, &["on", "for"]), (2, YOURS)],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, &["get", "have", "having", "want", "need", "to", "with"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.port-was-unblocked",
        &[(0, &["port"]), (0, &["25"]), (0, &["has", "was", "is"]), (1, &["been", "now"]), (0, &["unblocked"])],
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
    lifted(
        "approved.was-exempted",
        &[(0, YOURS), (2, &["been", "was", "were", "is", "are"]), (1, &["exempted", "exempt"]), (0, &["from"]), (6, BLOCK)],
    ),
    we_lifted(
        "approved.we-lifted-throttling",
        &[(0, WE), (0, &["lifted", "removed"]), (1, &["throttl*"]), (4, &["for", "from", "on"]), (3, YOURS)],
    ),
    lifted(
        "approved.we-took-off-block",
        &[(0, WE), (0, HAVE), (0, &["taken", "turned", "switched"]), (0, &["off", "away"]), (3, BLOCK), (8, YOURS)],
    ),
    lifted(
        "approved.block-taken-out",
        &[(0, &["block", "throttl*", "restriction*"]), (12, WAS_DONE), (1, &["taken"]), (0, &["out", "off", "away"])],
    ),
    lifted(
        "approved.can-now-send",
        &[
            (0, YOURS),
            (8, &["can"]),
            (0, &["now"]),
            (1, &["send", "deliver", "connect", "use", "reach"]),
            (8, &["25", "smtp", "mail", "email"]),
        ],
    ),
    // "Isn't blocked any longer"
    Rule {
        id: "approved.not-any-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["25", "smtp", "outbound", "outgoing"]),
            (8, &["is", "are"]),
            (0, &["not"]),
            (0, &["blocked", "restricted", "throttled", "limited"]),
            (0, &["any", "anymore"]),
            (0, &["longer", "more", "for", "on", "in"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
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
    lifted(
        "approved.you-can-now-send",
        &[(0, &["you"]), (0, &["can"]), (0, &["now"]), (0, &["send", "deliver"]), (4, &["port", "ports"]), (0, &["25"])],
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
        "approved.now-able-to-send",
        &[
            (0, &["account", "resources", "instance*", "gateway*", "you"]),
            (4, &["is", "are"]),
            (0, &["now"]),
            (0, &["able", "allowed", "free", "permitted"]),
            (0, &["to"]),
            (0, &["send", "deliver", "connect", "use"]),
            (8, &["25", "smtp"]),
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
    Rule {
        id: "approved.port-no-longer-restricted",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["25", "smtp", "outbound"]),
            (6, &["is", "are"]),
            (0, &["no"]),
            (0, &["longer"]),
            (0, &["restricted", "throttled", "blocked", "limited"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["not", "never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.block-on-port-removed",
        &[(0, BLOCK), (0, &["on", "of"]), (2, &["25", "smtp"]), (8, WAS_DONE), (1, &["removed", "lifted"])],
    ),
    lifted(
        "approved.and-opened-port",
        &[(0, SPEAKER), (1, HAVE), (8, &["and"]), (0, &["opened", "unblocked"]), (1, &["port"]), (0, &["25"]), (0, &["for", "on", "in"])],
    ),
    lifted(
        "approved.allowed-as-of",
        &[
            (0, &["account", "resources", "instance*", "gateway*", "you"]),
            (4, &["is", "are"]),
            (0, &["able", "allowed", "free", "permitted"]),
            (0, &["to"]),
            (0, &["send", "deliver", "connect", "use"]),
            (4, &["25", "smtp"]),
            (0, &["as", "from", "starting"]),
            (0, &["of", "now", "today"]),
        ],
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
    lifted(
        "approved.authorized-to-send",
        &[
            (0, WE),
            (0, HAVE),
            (0, &["authorized", "authorised", "allowed", "permitted", "cleared"]),
            (0, &["your"]),
            (1, &["account", "instance*"]),
            (0, &["to", "for"]),
            (0, &["send", "sending", "use"]),
            (6, &["25", "smtp", "mail", "email"]),
        ],
    ),
    lifted(
        "approved.allowed-outbound",
        &[(0, WE), (0, HAVE), (0, &["allowed", "opened", "enabled", "permitted"]), (0, &["outbound"]), (3, &["25", "smtp"]), (4, YOURS)],
    ),
    lifted(
        "approved.smtp-now-open",
        &[
            (0, &["25", "smtp"]),
            (2, &["is"]),
            (0, &["now"]),
            (0, &["open", "unblocked", "allowed", "permitted"]),
            (0, &["for", "on", "from"]),
            (8, PLACE),
        ],
    ),
    lifted(
        "approved.can-send-from-now-on",
        &[(0, YOURS), (8, &["can"]), (0, &["send", "deliver", "use", "reach"]), (4, &["25", "smtp"]), (0, &["from"]), (0, &["now"])],
    ),
    lifted(
        "approved.port-is-permitted",
        &[(0, &["25", "smtp"]), (0, &["is"]), (0, &["permitted", "allowed"]), (0, &["for", "from", "on"]), (1, &["account"])],
    ),
];
