//! The phrases that deny. See [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, Rule, Step, WAS, WAS_DONE, WE};

pub(super) const PERHAPS: &[&str] =
    &["if", "whether", "may", "might", "when", "unless", "until", "without", "once", "why", "whose", "typical*", "usual*", "general*"];
/// What comes first, and what belongs elsewhere ("we can't process further limits here").
pub(super) const UNTIL: &[&str] = &["until", "unless", "without", "if", "yet", "here", "senders"];
const GRANT: &[&str] = &[
    "grant",
    "approve",
    "process",
    "increase",
    "remove",
    "fulfil*",
    "honor",
    "honour",
    "accommodate",
    "lift",
    "complete",
    "raise",
    "proceed",
    "accept",
    "authorize",
    "authorise",
    "allow",
    "enable",
    "move",
    "agree",
    "open",
    "unblock",
    "extend",
    "exempt",
];
const GRANTED: &[&str] = &[
    "granted",
    "approved",
    "processed",
    "increased",
    "removed",
    "fulfilled",
    "honored",
    "accommodated",
    "lifted",
    "completed",
    "raised",
    "accepted",
    "authorized",
    "supported",
    "opened",
    "unblocked",
    "moved",
    "extended",
];
pub(super) const GRANTING: &[&str] = &[
    "granting",
    "approving",
    "processing",
    "increasing",
    "removing",
    "lifting",
    "raising",
    "accepting",
    "opening",
    "moving",
    "unblocking",
    "enabling",
];
/// What stands with a mere "this" or "that".
pub(super) const AGREE: &[&str] =
    &["approve", "grant", "authorize", "authorise", "fulfil*", "honor", "honour", "accommodate", "agree", "raise", "lift"];
const WILLING: &[&str] = &["grant", "approve", "lift", "remove", "raise", "granting", "approving", "lifting", "removing", "raising"];
const REQUIREMENTS: &[&str] = &["criteria", "requirement*", "guideline*", "standard*"];
pub(super) const THING: &[&str] = &[
    "request*",
    "increase*",
    "limit*",
    "quota*",
    "appeal",
    "restriction*",
    "removal",
    "application",
    "access",
    "account",
    "case",
    "exception",
    "exemption",
    "threshold",
    "rate",
    "production",
    "reverse",
    "rdns",
    "block",
    "throttl*",
    "port",
    "sandbox",
];
const DENY: &[&str] = &[
    "deny",
    "denied",
    "denying",
    "decline",
    "declined",
    "declining",
    "reject",
    "rejected",
    "rejecting",
    "refuse",
    "refused",
    "disapproved",
];

pub(super) const fn denied(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Denied, sure, steps, unless_before: &[PERHAPS], unless_after: &[UNTIL], asked: Some(false) }
}

/// With no word between "has been" and "denied", a "not" before them belongs to something else.
const fn said_no(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Denied,
        sure: true,
        steps,
        unless_before: &[
            PERHAPS,
            &["previous*", "earlier", "although", "though", "initially", "originally", "first", "neither", "nobody", "none"],
        ],
        unless_after: &[],
        asked: Some(false),
    }
}

const fn denied_unless_not(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Denied,
        sure: true,
        steps,
        unless_before: &[PERHAPS, &["not", "previous*", "earlier", "although", "though", "initially", "originally", "first"]],
        unless_after: &[],
        asked: Some(false),
    }
}

pub(super) const DENIED: &[Rule] = &[
    denied("denied.unable", true, &[(0, WE), (4, &["unable"]), (1, &["to"]), (2, GRANT), (8, THING)]),
    denied(
        "denied.regret-unable",
        true,
        &[
            (0, &["unfortunately", "regret*", "sorry", "afraid"]),
            (12, &["unable", "not"]),
            (2, &["to", "be", "been", "can"]),
            (
                3,
                &[
                    "grant",
                    "approve",
                    "process",
                    "increase",
                    "remove",
                    "fulfil*",
                    "granted",
                    "approved",
                    "processed",
                    "increased",
                    "removed",
                    "fulfilled",
                ],
            ),
            (8, THING),
        ],
    ),
    Rule {
        id: "denied.will-be-unable",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["will", "are", "is", "remain*"]), (1, &["be", "still", "unable"]), (1, &["unable", "to"]), (1, GRANT), (8, THING)],
        // What the reader cannot do is something else.
        unless_before: &[PERHAPS, &["you"]],
        unless_after: &[UNTIL],
        asked: Some(false),
    },
    Rule {
        id: "denied.no-rdns",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, WE), (4, &["unable", "not"]), (3, &["configure", "set", "create", "update"]), (4, &["reverse", "rdns", "ptr*"])],
        unless_before: &[PERHAPS],
        // A record that is missing is for the reader to make.
        unless_after: &[UNTIL, &["forward", "missing", "exist*", "resolv*", "automat*", "must"]],
        asked: Some(false),
    },
    denied(
        "denied.no-production",
        true,
        &[(0, &["production"]), (0, &["access"]), (3, &["not"]), (1, &["be"]), (1, &["given", "provided", "enabled", "opened"])],
    ),
    // With a mere pronoun: "we can't approve this", "I cannot agree to that".
    denied(
        "denied.cannot-it",
        true,
        &[
            (0, WE),
            (2, &["can", "could", "are", "were", "am", "is", "was"]),
            (1, &["not", "unable"]),
            (2, AGREE),
            (0, &["this", "it", "that", "to", "any"]),
        ],
    ),
    denied(
        "denied.unable-it",
        true,
        &[(0, WE), (4, &["unable", "unwilling"]), (0, &["to"]), (0, AGREE), (0, &["this", "it", "that", "to", "any", "the", "your"])],
    ),
    denied(
        "denied.did-not",
        true,
        &[(0, WE), (1, &["did"]), (0, &["not"]), (0, &["approve", "grant", "lift", "accept", "agree"]), (8, THING)],
    ),
    denied("denied.do-not", true, &[(0, WE), (10, &["do"]), (0, &["not"]), (0, &["approve", "grant"]), (8, THING)]),
    Rule {
        id: "denied.closed-without",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["closed", "closing", "ended"]), (8, &["without"]), (1, GRANTING), (8, THING)],
        unless_before: &[&["if", "may", "might"]],
        unless_after: &[],
        asked: Some(false),
    },
    // Whoever it is that cannot, it is not the reader.
    Rule {
        id: "denied.can-not",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["can", "could"]), (0, &["not"]), (1, &["grant", "approve", "agree", "lift", "accommodate"]), (8, THING)],
        unless_before: &[PERHAPS, &["you", "they"]],
        unless_after: &[UNTIL],
        asked: Some(false),
    },
    denied("denied.going-to", true, &[(0, WE), (1, &["are", "am"]), (0, &["not"]), (0, &["going"]), (0, &["to"]), (1, GRANT), (8, THING)]),
    denied("denied.unsuccessful", true, &[(0, &["request*", "appeal", "application"]), (6, WAS), (1, &["unsuccessful"])]),
    denied("denied.not-successful", true, &[(0, &["request*", "appeal", "application"]), (6, WAS), (1, &["not"]), (0, &["successful"])]),
    denied(
        "denied.cannot-be-taken",
        true,
        &[(0, THING), (8, &["can", "could", "will"]), (0, &["not"]), (0, &["be"]), (0, &["taken"]), (0, &["away", "off"])],
    ),
    denied("denied.doing-not-possible", true, &[(0, GRANTING), (6, THING), (2, &["not"]), (1, &["possible", "feasible"])]),
    denied("denied.do-not-see", true, &[(0, WE), (1, &["not"]), (0, &["see"]), (4, GRANTING), (8, THING)]),
    denied(
        "denied.have-to",
        true,
        &[(0, &["we", "i"]), (0, &["have", "must", "had", "need"]), (1, &["to"]), (0, DENY), (1, &["it", "this", "that", "your", "the"])],
    ),
    denied("denied.declined-to", true, &[(0, WE), (1, &["have", "has"]), (1, DENY), (0, &["to"]), (1, GRANT), (8, THING)]),
    Rule {
        id: "denied.must-deny",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["must"]), (0, DENY), (0, &["your", "this"]), (3, ASKED)],
        unless_before: &[PERHAPS, &["you", "they"]],
        unless_after: &[],
        asked: Some(false),
    },
    denied("denied.against", true, &[(0, WE), (3, &["decided", "chosen", "advised"]), (0, &["against"])]),
    denied(
        "denied.do-not-believe",
        true,
        &[
            (0, WE),
            (1, &["do"]),
            (0, &["not"]),
            (0, &["believe", "think", "consider"]),
            (12, &["qualif*", "eligible", "justif*", "warrant*"]),
        ],
    ),
    said_no("denied.are-denying", &[(0, &["we", "i", "team"]), (0, &["are", "am", "have", "has", "must"]), (0, DENY), (8, ASKED)]),
    said_no("denied.has-been-denied", &[(0, ASKED), (26, &["has", "have"]), (0, &["been"]), (0, DENY)]),
    said_no("denied.simply-denied", &[(0, ASKED), (16, &["was", "were", "is"]), (0, DENY)]),
    denied("denied.turned-down", true, &[(0, &["turn", "turned", "turning"]), (0, &["down"]), (3, ASKED)]),
    denied("denied.was-turned-down", true, &[(0, ASKED), (5, WAS_DONE), (0, &["turned"]), (0, &["down"])]),
    denied(
        "denied.requirements",
        true,
        &[(0, &["request*", "application", "appeal"]), (2, &["not"]), (1, &["meet", "satisfy"]), (6, REQUIREMENTS)],
    ),
    denied(
        "denied.regret-requirements",
        true,
        &[(0, &["unfortunately", "regret*", "sorry", "afraid"]), (12, &["not"]), (1, &["meet", "satisfy"]), (6, REQUIREMENTS)],
    ),
    denied(
        "denied.not-ready",
        true,
        &[(0, WE), (2, &["not"]), (1, &["comfortable", "confident", "willing", "prepared", "ready"]), (2, WILLING)],
    ),
    denied("denied.no-exemption", true, &[(0, &["not"]), (2, &["receive", "get"]), (3, &["exemption*", "exception*"])]),
    denied("denied.not-able", true, &[(0, WE), (10, &["not"]), (2, &["able"]), (0, &["to"]), (2, GRANT), (8, THING)]),
    denied("denied.cannot", true, &[(0, WE), (2, &["can", "could"]), (0, &["not"]), (2, GRANT), (8, THING)]),
    denied("denied.will-not", true, &[(0, WE), (1, &["will"]), (0, &["not"]), (1, GRANT), (8, THING)]),
    denied("denied.will-not-be", true, &[(0, WE), (1, &["will", "are"]), (0, &["not"]), (1, GRANTING), (8, THING)]),
    denied("denied.will-not-be-ing", true, &[(0, WE), (14, &["will"]), (0, &["not"]), (0, &["be"]), (1, GRANTING), (8, THING)]),
    denied(
        "denied.decided-not",
        true,
        &[(0, WE), (8, &["decided", "chosen", "elected", "determined"]), (6, &["not"]), (1, &["to"]), (2, GRANT), (8, THING)],
    ),
    denied("denied.cannot-be", true, &[(0, THING), (8, &["can", "could", "will"]), (0, &["not"]), (1, &["be"]), (2, GRANTED)]),
    denied(
        "denied.was-not",
        true,
        &[(0, ASKED), (5, &["has", "have", "was", "were", "is", "are"]), (1, &["not"]), (2, &["granted", "approved", "accepted"])],
    ),
    denied("denied.not-possible", true, &[(0, &["not"]), (1, &["possible", "feasible"]), (6, GRANT), (8, THING)]),
    denied("denied.no-position", true, &[(0, &["not"]), (3, &["position"]), (1, &["to"]), (2, GRANT), (8, THING)]),
    denied(
        "denied.no-exception",
        true,
        &[(0, &["unable", "not"]), (3, &["provide", "offer", "give", "make"]), (4, &["increase*", "exception*", "production"])],
    ),
    denied("denied.not-eligible", true, &[(0, &["you", "your", "account", "request*"]), (6, &["not"]), (3, &["eligible", "qualif*"])]),
    denied("denied.ineligible", true, &[(0, &["you", "account", "request*"]), (5, &["ineligible"])]),
    denied_unless_not("denied.deny", &[(0, &["we", "i", "team"]), (5, DENY), (8, ASKED)]),
    denied_unless_not("denied.was-denied", &[(0, ASKED), (6, WAS), (2, &["denied", "declined", "rejected", "refused"])]),
    // Plausible, never seen in a real mail, or said in other mails too.
    denied("denied.no-clear-use-case", false, &[(0, &["not"]), (8, &["valid", "clear"]), (4, &["use"]), (0, &["case"])]),
    denied(
        "denied.criteria",
        false,
        &[(0, &["not"]), (2, &["meet", "satisfy"]), (5, &["criteria", "requirement*", "guideline*", "polic*"])],
    ),
];
