//! The phrases: constant tables of stem sequences, each with its id, what it says and how sure that is.
//!
//! A step is the number of words that may stand before it, and its alternatives; `*` at the end of a word matches any ending.
//! A sequence never crosses the end of a sentence. Rules generalise AWS's real phrases (FIELD-NOTES, section 4); what matches
//! none is unclear and goes to a person. An approval is only what stands in the past or present, unconditionally.

use super::Meaning;
use super::rules_asking::{PROGRESS, QUESTION, RECEIVED};

/// The most words that may stand before it, and its alternatives.
pub(super) type Step = (usize, &'static [&'static str]);

/// One phrase.
#[derive(Debug)]
pub(super) struct Rule {
    /// Stable: stored with the mails it judged.
    pub(super) id: &'static str,
    /// What it says. [`Meaning::Unclear`]: it contradicts good news.
    pub(super) says: Meaning,
    /// Whether it decides alone; if not, people are asked.
    pub(super) sure: bool,
    pub(super) steps: &'static [Step],
    /// Words that void it when they stand before its end in the sentence.
    pub(super) unless_before: &'static [&'static [&'static str]],
    /// Words that void it when they stand behind it in the sentence.
    pub(super) unless_after: &'static [&'static [&'static str]],
    /// Whether the sentence must (or must not) end in a question mark.
    pub(super) asked: Option<bool>,
}

/// Every rule. The order does not matter: the order of judgement is that of the meanings.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [DENIED, QUESTION, APPROVED, RECEIVED, PROGRESS, CONFLICT].into_iter().flatten()
}

/// Sequences whose first word does not mean what it says: "after careful review", "we would like to inform you".
pub(super) const NEUTRAL: &[&[Step]] = &[
    &[
        (0, &["would", "will"]),
        (1, &["like"]),
        (0, &["to"]),
        (1, &["inform", "let", "confirm", "notify", "advise", "tell", "share", "thank"]),
    ],
    &[(0, &["wanted"]), (0, &["to"]), (0, &["inform", "let", "confirm", "notify", "tell", "share", "thank"])],
    &[(0, &["after", "upon"]), (4, &["review*", "consider*", "investigat*", "evaluat*", "discuss*", "examin*"])],
    &[(0, &["once", "again"]), (0, &["again"])],
    &[(0, &["please"]), (0, &["note", "be", "find", "see"])],
    &[(0, &["if"]), (1, &["you"]), (0, &["have"]), (0, &["any", "further", "additional", "other", "more", "questions"])],
    &[(0, &["not"]), (0, &["hesitate"])],
    // "To help us evaluate it, could you…" is no offer of help.
    &[(0, &["help"]), (0, &["us", "me", "the"]), (2, &["evaluat*", "assess*", "process*", "review*", "expedite", "proceed", "decide"])],
    // "I will update you once I hear from them" waits for nobody outside.
    &[
        (0, &["once", "when", "soon"]),
        (1, &["i", "we"]),
        (0, &["hear", "have", "receive", "get"]),
        (4, &["them", "team", "update", "news", "more"]),
    ],
    &[(0, &["hear"]), (1, &["from"]), (0, &["them", "the"])],
    // "Limits that were increased may be lowered" increases none.
    &[
        (0, &["request*", "limit*", "quota*", "increase*", "appeal*", "restriction*"]),
        (0, &["that", "which"]),
        (0, &["have", "has", "had", "was", "were", "is", "are"]),
    ],
    // "Requests are approved within two days" is a policy.
    &[(0, &["requests", "increases", "appeals", "applications"]), (1, &["are"])],
    &[(0, &["not"]), (0, &["only"])],
];

/// Sequences that say "if" in other words; their first word then counts as one.
pub(super) const MEANS_IF: &[&[Step]] = &[
    &[(0, &["in"]), (0, &["case"]), (0, &["we", "you", "your", "the", "it", "of", "this", "that"])],
    &[(0, &["in"]), (0, &["the"]), (0, &["event"])],
    &[(0, &["as"]), (0, &["soon", "long"]), (0, &["as"])],
    &[(0, &["on", "under"]), (1, &["condition"])],
    &[(0, &["in"]), (0, &["the"]), (0, &["past"])],
    // "approved for review", "with the service team for final approval"
    &[(0, &["for"]), (1, &["review", "consideration", "further", "processing", "evaluation", "final", "approval", "decision"])],
    &[(0, &["to"]), (0, &["be"]), (1, &["review*", "consider*", "process*", "evaluat*", "decided"])],
    // "granted your request to close the case" grants nothing that anybody waits for.
    &[(0, &["to"]), (0, &["close", "cancel", "withdraw", "delete", "terminate"])],
];

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
];

const WE: &[&str] = &["we", "i", "team", "aws", "amazon", "department", "specialist*", "they"];
const HAVE: &[&str] = &["have", "has"];
/// "has been", "was", "is"; not "have", which also stands in "your request to have it approved".
const WAS: &[&str] = &["been", "was", "were", "is", "are"];
const WAS_DONE: &[&str] = &["been", "was", "were"];
const ASKED: &[&str] = &["request*", "appeal", "increase*", "application", "case", "removal", "change*", "access"];
const LIMIT: &[&str] = &["limit*", "quota*", "restriction*", "throttl*", "block", "rate"];

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

const APPROVED: &[Rule] = &[
    approved("approved.granted", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, ASKED)]),
    approved("approved.granted-limit", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, LIMIT)]),
    approved("approved.was-granted", true, &[(0, ASKED), (6, WAS), (1, &["granted", "approved"])]),
    approved(
        "approved.your-request",
        true,
        &[(0, &["your"]), (4, &["request", "appeal", "application"]), (16, WAS_DONE), (1, &["granted", "approved"])],
    ),
    approved(
        "approved.rdns-configured",
        true,
        &[
            (0, WE),
            (1, HAVE),
            (2, &["configured", "created", "set", "updated", "added", "enabled", "established"]),
            (6, &["reverse", "rdns", "ptr"]),
        ],
    ),
    approved(
        "approved.rdns-was-configured",
        true,
        &[
            (0, &["reverse", "rdns", "ptr"]),
            (8, WAS_DONE),
            (1, &["configured", "created", "set", "updated", "added", "enabled", "established"]),
        ],
    ),
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
    approved(
        "approved.implemented",
        true,
        &[(0, &["increase*", "limit*", "quota*", "request*", "change*"]), (6, WAS_DONE), (1, &["implemented"])],
    ),
    approved("approved.increased", true, &[(0, WE), (1, HAVE), (1, &["increased", "raised"]), (6, LIMIT)]),
    approved("approved.was-increased", true, &[(0, &["limit*", "quota*"]), (5, WAS_DONE), (1, &["increased", "raised"])]),
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

const DENIED: &[Rule] = &[
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
const CONFLICT: &[Rule] = &[
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_say_their_meaning() {
        let ids: BTreeSet<&str> = all().map(|r| r.id).collect();
        assert_eq!(ids.len(), all().count());
        for rule in all().filter(|r| r.says != Meaning::Unclear) {
            assert!(rule.id.starts_with(rule.says.as_str()), "{}", rule.id);
        }
    }

    #[test]
    fn words_are_lower_case_and_whole() {
        for word in all().flat_map(|r| r.steps.iter().flat_map(|(_, words)| words.iter())) {
            let body = word.strip_suffix('*').unwrap_or(word);
            assert!(body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{word}");
        }
    }
}
