//! The phrases that deny, and bad news of other kinds beside good news. See [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, Rule, Step, WAS, WE};

const PERHAPS: &[&str] = &["if", "whether", "may", "might", "when", "unless", "until", "without", "once", "why"];
const UNTIL: &[&str] = &["until", "unless", "without", "if", "yet"];
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
];
const GRANTING: &[&str] = &["granting", "approving", "processing", "increasing", "removing", "lifting", "raising", "accepting"];
const THING: &[&str] = &[
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
];
const DENY: &[&str] =
    &["deny", "denied", "denying", "decline", "declined", "declining", "reject", "rejected", "rejecting", "refuse", "refused"];

const fn denied(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Denied, sure, steps, unless_before: &[PERHAPS], unless_after: &[UNTIL], asked: Some(false) }
}

const fn denied_unless_not(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Denied,
        sure: true,
        steps,
        unless_before: &[PERHAPS, &["not", "previous*", "earlier"]],
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
    denied(
        "denied.keep",
        true,
        &[
            (0, WE),
            (2, &["will", "decided", "chosen", "determined", "elected"]),
            (2, &["keep", "keeping", "maintain*", "leave", "leaving"]),
            (8, &["limit*", "restriction*", "block", "place"]),
        ],
    ),
    denied("denied.no-exemption", true, &[(0, &["not"]), (2, &["receive", "get"]), (3, &["exemption*", "exception*"])]),
    denied("denied.not-able", true, &[(0, WE), (4, &["not"]), (2, &["able"]), (0, &["to"]), (2, GRANT), (8, THING)]),
    denied("denied.cannot", true, &[(0, WE), (2, &["can", "could"]), (0, &["not"]), (2, GRANT), (8, THING)]),
    denied("denied.will-not", true, &[(0, WE), (1, &["will"]), (0, &["not"]), (1, GRANT), (8, THING)]),
    denied("denied.will-not-be", true, &[(0, WE), (1, &["will", "are"]), (0, &["not"]), (1, GRANTING), (8, THING)]),
    denied("denied.will-not-be-ing", true, &[(0, WE), (1, &["will"]), (0, &["not"]), (0, &["be"]), (1, GRANTING), (8, THING)]),
    denied(
        "denied.decided-not",
        true,
        &[(0, WE), (3, &["decided", "chosen", "elected", "determined"]), (6, &["not"]), (1, &["to"]), (2, GRANT), (8, THING)],
    ),
    denied("denied.cannot-be", true, &[(0, THING), (8, &["can", "could", "will"]), (0, &["not"]), (1, &["be"]), (2, GRANTED)]),
    denied(
        "denied.was-not",
        true,
        &[(0, ASKED), (5, &["has", "have", "was", "were", "is", "are"]), (0, &["not"]), (2, &["granted", "approved"])],
    ),
    denied("denied.not-possible", true, &[(0, &["not"]), (1, &["possible", "feasible"]), (6, GRANT), (8, THING)]),
    denied("denied.no-position", true, &[(0, &["not"]), (3, &["position"]), (1, &["to"]), (2, GRANT), (8, THING)]),
    denied(
        "denied.no-exception",
        true,
        &[(0, &["unable", "not"]), (2, &["provide", "offer", "give", "make"]), (4, &["increase*", "exception*"])],
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
    denied("denied.stands", false, &[(0, &["decision"]), (5, &["final", "stand*", "upheld", "unchanged"])]),
    denied("denied.remain", false, &[(0, &["remain*"]), (4, &["sandbox", "restricted", "limit*", "block*"])]),
];

/// Bad news beside good news: then a person reads it.
pub(super) const CONFLICT: &[Rule] = &[
    Rule {
        id: "conflict.regret",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["unfortunately", "regret*", "regrettably"])],
        unless_before: &[],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.suspended",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["have", "has", "was", "were", "is", "are", "been"]),
            (
                2,
                &[
                    "suspended",
                    "paused",
                    "revoked",
                    "terminated",
                    "reversed",
                    "withdrawn",
                    "rescinded",
                    "overturned",
                    "cancelled",
                    "canceled",
                ],
            ),
        ],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.however",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["however", "but", "nevertheless"]),
            (10, &["not", "unable", "must", "need*", "found", "problem*", "issue*", "required"]),
        ],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.mistake",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["mistake*", "error", "incorrect*", "wrong*", "accident*"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.still",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["open", "pending", "closed", "blocked", "restricted", "limited"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.suspension",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["this", "the"]), (2, &["suspension", "restriction", "termination", "pause"]), (2, &["take*", "is", "remain*"])],
        unless_before: &[],
        unless_after: &[],
        asked: Some(false),
    },
];
