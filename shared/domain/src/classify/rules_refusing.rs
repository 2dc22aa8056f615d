//! More phrases that deny: a decision that stands, what stays as it is, what automation reports. See [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, HAVE, Rule, Step, WE};
use super::rules_denying::{AGREE, GRANTING, PERHAPS, THING, UNTIL, denied};

const INTENDED: &[&str] =
    &["grant", "approve", "lift", "remove", "raise", "increase", "change", "granting", "lifting", "removing", "raising", "changing"];
const fn status(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Denied,
        sure: true,
        steps,
        unless_before: &[PERHAPS, &["not", "approved", "pending", "or", "can", "previous*"]],
        unless_after: &[],
        asked: Some(false),
    }
}

pub(super) const REFUSED: &[Rule] = &[
    // Said without our name before it: "your case was reviewed, and it was decided against lifting it"
    Rule {
        id: "denied.decided-against",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["decided", "chosen", "opted"]), (0, &["against"]), (2, GRANTING)],
        unless_before: &[PERHAPS, &["you", "they", "not"]],
        unless_after: &[],
        asked: Some(false),
    },
    denied(
        "denied.no-intention",
        true,
        &[(0, WE), (2, &["not", "no"]), (0, &["intend", "plan", "plans", "intention"]), (1, &["to", "of"]), (1, INTENDED)],
    ),
    Rule {
        id: "denied.is-a-no",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["it", "is", "was", "answer"]), (1, &["a"]), (1, &["no"])],
        unless_before: &[PERHAPS],
        unless_after: &[&["reply", "cost", "charge", "problem", "issue", "need", "longer"]],
        asked: Some(false),
    },
    // As automation writes it: "Request status: DENIED", "the status of your request is now DENIED".
    status("denied.request-status", &[(0, &["request*", "increase*"]), (0, &["status"]), (3, &["denied", "declined", "rejected"])]),
    status("denied.status-of-request", &[(0, &["status"]), (6, &["request*", "increase*"]), (4, &["denied", "declined", "rejected"])]),
    denied("denied.and-not-approved", true, &[(0, ASKED), (12, &["has", "was", "were"]), (4, &["not"]), (1, &["approved", "granted"])]),
    denied(
        "denied.risk",
        true,
        &[
            (0, GRANTING),
            (10, &["would", "could"]),
            (1, &["pose", "present", "carry", "create", "be", "mean"]),
            (5, &["risk*", "harm*", "danger*", "irresponsible", "unsafe"]),
        ],
    ),
    Rule {
        id: "denied.not-go-ahead",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["decided", "chosen", "elected", "opted", "will", "going"]),
            (1, &["not"]),
            (1, &["to", "be"]),
            (1, &["go", "proceed", "move", "going", "proceeding", "moving"]),
            (1, &["ahead", "forward", "with"]),
            (4, ASKED),
        ],
        unless_before: &[PERHAPS, &["you", "before"]],
        unless_after: &[UNTIL, &["before"]],
        asked: Some(false),
    },
    denied(
        "denied.not-for-you",
        true,
        &[
            (0, WE),
            (1, &["can", "could", "are"]),
            (1, &["not", "unable"]),
            (2, &["do"]),
            (1, &["so", "this", "that", "it", "same"]),
            (0, &["for", "in"]),
            (0, &["you", "your"]),
        ],
    ),
    Rule {
        id: "denied.do-not-lift",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, WE),
            (0, &["do"]),
            (0, &["not"]),
            (0, &["lift", "remove", "open", "increase"]),
            (8, &["limit*", "restriction*", "throttl*", "block", "port"]),
        ],
        unless_before: &[PERHAPS],
        unless_after: &[&["until", "unless", "if", "yet"], &["automat*", "immediately", "by"]],
        asked: Some(false),
    },
    denied("denied.turned-it-down", true, &[(0, WE), (16, &["turned"]), (0, &["it", "this", "that", "you"]), (0, &["down"])]),
    Rule {
        id: "denied.does-not-meet",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["account", "request*", "application"]),
            (1, &["do", "does", "did"]),
            (0, &["not"]),
            (0, &["meet", "satisfy", "fulfil*"]),
            (8, &["needed", "required", "exception*", "exemption*", "criteria", "requirement*", "condition*"]),
        ],
        unless_before: &[PERHAPS, &["yet"]],
        unless_after: &[&["until", "unless", "if"]],
        asked: Some(false),
    },
    denied(
        "denied.will-not-it",
        true,
        &[
            (0, WE),
            (0, &["will"]),
            (0, &["not"]),
            (0, &["raise", "lift", "grant", "approve", "remove", "increase"]),
            (0, &["it", "this", "that", "them"]),
        ],
    ),
    denied(
        "denied.not-supported",
        true,
        &[
            (0, &["case", "request", "mail"]),
            (6, &["not"]),
            (1, &["one", "something", "a"]),
            (3, &["we"]),
            (1, &["support", "allow", "accept", "permit"]),
        ],
    ),
    // What was given and is taken away again.
    Rule {
        id: "denied.revoked",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, WE),
            (1, HAVE),
            (1, &["revoked", "withdrawn", "rescinded", "removed", "ended"]),
            (0, &["the", "your", "this", "that", "our"]),
            (2, &["exemption*", "exception*", "approval"]),
        ],
        unless_before: &[PERHAPS, &["not"]],
        unless_after: &[&["error", "mistake"]],
        asked: Some(false),
    },
    Rule {
        id: "denied.status-not-approved",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["status", "outcome", "result", "decision"]), (0, &["not"]), (0, &["approved", "granted"])],
        unless_before: &[PERHAPS],
        unless_after: &[&["yet"]],
        asked: Some(false),
    },
    denied(
        "denied.against-policy",
        true,
        &[
            (0, &["against"]),
            (0, &["our"]),
            (1, &["policy", "policies"]),
            (0, &["to"]),
            (0, &["grant", "approve", "lift", "remove", "open", "unblock", "raise", "increase"]),
            (8, THING),
        ],
    ),
    status(
        "denied.status",
        &[(0, &["status", "result", "outcome", "decision", "resolution"]), (3, &["denied", "declined", "rejected", "refused"])],
    ),
    denied(
        "denied.not-something",
        true,
        &[
            (0, THING),
            (8, &["not"]),
            (0, &["something", "anything"]),
            (1, &["we", "i"]),
            (0, &["can", "are", "could"]),
            (2, &["allow", "approve", "grant", "offer", "do", "support", "permit", "agree"]),
        ],
    ),
    denied(
        "denied.not-possible-record",
        true,
        &[(0, &["not"]), (0, &["possible", "feasible"]), (6, &["create", "set", "configure", "add"]), (4, &["reverse", "rdns", "ptr*"])],
    ),
    Rule {
        id: "denied.not-granted",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["access", "request", "increase", "exemption", "exception", "appeal"]),
            (0, &["not"]),
            (0, &["granted", "approved", "given"]),
        ],
        unless_before: &[PERHAPS],
        unless_after: &[UNTIL],
        asked: Some(false),
    },
    denied("denied.say-no", true, &[(0, &["say", "said", "saying"]), (0, &["no"]), (0, &["to"]), (4, ASKED)]),
    denied(
        "denied.no-exception-made",
        true,
        &[
            (0, &["exception*", "exemption*"]),
            (8, &["can", "could", "will"]),
            (0, &["not"]),
            (0, &["be"]),
            (0, &["made", "granted", "given"]),
        ],
    ),
    denied(
        "denied.negative",
        true,
        &[
            (0, &["answer", "decision", "outcome", "result", "response"]),
            (6, &["is", "was", "remains"]),
            (1, &["negative", "unfavorable", "unfavourable"]),
        ],
    ),
    denied("denied.not-eligible-since", true, &[(0, &["not"]), (0, &["eligible"]), (1, &["account"])]),
    denied(
        "denied.cannot-be-done",
        true,
        &[(0, &["increasing", "increase", "removal"]), (0, &["can"]), (0, &["not"]), (0, &["be"]), (0, &["done"])],
    ),
    // "We can't say why your request was refused"
    Rule {
        id: "denied.why-refused",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["why"]),
            (0, &["your"]),
            (3, &["request", "appeal", "application"]),
            (0, &["was"]),
            (0, &["refused", "denied", "declined", "rejected"]),
        ],
        unless_before: &[&["if", "you", "please", "ask*", "tell"]],
        unless_after: &[],
        asked: Some(false),
    },
    denied("denied.account-not-approved", true, &[(0, &["account"]), (0, &["was", "is", "has"]), (0, &["not"]), (1, &["approved"])]),
    denied("denied.have-not-approved", true, &[(0, WE), (0, HAVE), (0, &["not"]), (0, &["approved", "granted", "accepted"]), (8, ASKED)]),
    denied("denied.turn-this-down", true, &[(0, &["turn", "turned"]), (0, &["this", "your"]), (2, &["down"])]),
    denied("denied.not-pass", true, &[(0, &["not"]), (0, &["pass"]), (1, &["verification", "review"])]),
    Rule {
        id: "denied.decided-to-decline",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["decided", "chosen", "had", "have"]), (0, &["to"]), (0, &["decline", "deny", "reject", "refuse"])],
        unless_before: &[PERHAPS, &["you", "not"]],
        unless_after: &[],
        asked: Some(false),
    },
    denied(
        "denied.not-able-it",
        true,
        &[(0, &["was", "were", "is", "are"]), (0, &["not"]), (0, &["able"]), (0, &["to"]), (0, AGREE), (0, &["it", "this", "that"])],
    ),
    denied(
        "denied.not-moving-forward",
        true,
        &[(0, &["are", "is", "am"]), (1, &["not"]), (0, &["moving", "going"]), (0, &["forward", "ahead"])],
    ),
    denied("denied.not-consider", true, &[(0, &["not"]), (0, &["consider"]), (0, GRANTING), (8, THING)]),
    denied(
        "denied.refused-exception",
        true,
        &[
            (0, WE),
            (0, HAVE),
            (0, &["denied", "declined", "rejected", "refused"]),
            (0, &["the", "your", "this"]),
            (2, &["exception", "exemption", "removal", "access", "appeal", "increase*", "request*"]),
        ],
    ),
    denied(
        "denied.must-be-declined",
        true,
        &[(0, ASKED), (0, &["must"]), (0, &["be"]), (0, &["declined", "denied", "rejected", "refused"])],
    ),
    denied(
        "denied.no-reason-to",
        true,
        &[
            (0, &["not"]),
            (0, &["see"]),
            (0, &["sufficient", "enough", "a", "any"]),
            (0, &["reason", "reasons", "grounds", "basis"]),
            (0, &["to", "for"]),
        ],
    ),
    denied(
        "denied.and-are-rejecting",
        true,
        &[
            (0, WE),
            (8, &["and"]),
            (0, &["are", "have"]),
            (0, &["denying", "declining", "rejecting", "denied", "declined", "rejected"]),
            (8, ASKED),
        ],
    ),
    denied(
        "denied.turned-request-down",
        true,
        &[(0, &["turned"]), (0, &["the", "your", "this"]), (1, &["request", "appeal", "increase", "application"]), (0, &["down"])],
    ),
    denied("denied.we-decline-to", true, &[(0, &["we", "i"]), (0, &["decline", "refuse"]), (0, &["to"])]),
    denied("denied.and-decline-to", true, &[(0, &["we", "i"]), (8, &["and"]), (0, &["decline", "refuse"]), (0, &["to"])]),
    denied(
        "denied.unable-to-offer",
        true,
        &[
            (0, &["unable"]),
            (0, &["to"]),
            (0, &["offer", "give", "provide"]),
            (0, &["you"]),
            (2, &["limit*", "quota*", "increase*", "rate"]),
        ],
    ),
    denied(
        "denied.not-the-result",
        true,
        &[(0, &["not"]), (0, &["the"]), (0, &["result", "outcome", "news"]), (3, &["hoped", "wanted", "wished"])],
    ),
    denied(
        "denied.no-exception-can",
        true,
        &[(0, &["no"]), (0, &["exception*", "exemption*"]), (0, &["can", "will"]), (0, &["be"]), (0, &["made", "granted", "given"])],
    ),
    denied("denied.have-to-say-no", true, &[(0, &["to"]), (0, &["say"]), (0, &["no"])]),
    denied(
        "denied.must-decline-it",
        true,
        &[(0, &["we", "i"]), (0, &["must"]), (0, &["decline", "deny", "reject", "refuse"]), (0, &["it", "this", "them"])],
    ),
    denied(
        "denied.have-declined-it",
        true,
        &[(0, WE), (0, HAVE), (0, &["declined", "denied", "rejected", "refused"]), (0, &["it", "this"])],
    ),
    denied(
        "denied.hard-limit",
        true,
        &[(0, &["hard"]), (0, &["limit", "maximum"]), (3, &["can"]), (0, &["not"]), (0, &["be"]), (0, &["changed", "raised", "increased"])],
    ),
    denied(
        "denied.and-cannot",
        true,
        &[
            (0, WE),
            (8, &["and"]),
            (0, &["can", "could"]),
            (0, &["not"]),
            (0, &["grant", "approve", "remove", "lift", "increase", "raise"]),
            (8, THING),
        ],
    ),
];
