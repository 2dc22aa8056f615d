//! The phrases that say that AWS waits for the reader: a reply, a deadline, a condition. See [`super::rules`].

use super::Meaning;
use super::rules::Rule;
use super::rules_asking::{COURTESY, NOT, question};

/// What cannot be done before the reader has done his part.
const DECIDE: &[&str] = &[
    "hand",
    "take",
    "move",
    "pass",
    "submit",
    "forward",
    "decide",
    "evaluate",
    "process",
    "proceed",
    "grant",
    "approve",
    "remove",
    "increase",
    "complete",
    "continue",
    "processed",
    "approved",
    "granted",
    "removed",
    "evaluated",
    "assessed",
];

pub(super) const AWAITED: &[Rule] = &[
    question("question.await-documents", &[(0, &["wait*", "await*"]), (2, &["document*", "details"])], &[NOT]),
    question(
        "question.once-you-have",
        &[(0, &["once", "after", "when"]), (0, &["you"]), (0, &["have"]), (12, &["we", "i"]), (0, &["can", "will"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.answer-pending",
        &[(0, &["response", "reply", "answer"]), (1, &["you"]), (2, &["pending", "outstanding", "overdue", "missing"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.once-received",
        &[
            (0, &["once", "when", "after"]),
            (6, &["received", "receive", "provided", "provide", "have"]),
            (6, &["we"]),
            (1, &["can", "will"]),
            (2, &["process", "proceed", "review", "continue", "move", "begin", "consider", "reconsider"]),
        ],
        &[],
    ),
    question(
        "question.waiting-for-you",
        &[
            (0, &["wait*", "await*", "pending"]),
            (3, &["your", "you", "customer"]),
            (3, &["response", "reply", "answer*", "information", "confirmation", "action", "input", "document*", "details"]),
        ],
        &[NOT],
    ),
    question(
        "question.not-heard",
        &[(0, &["not"]), (2, &["received", "heard", "had"]), (6, &["you", "response", "reply", "answer*"])],
        &[&["if"]],
    ),
    question("question.until", &[(0, &["unable", "not"]), (5, DECIDE), (24, &["until", "unless"])], &[]),
    question(
        "question.without",
        &[
            (0, &["until", "unless", "without"]),
            (24, &["unable", "not"]),
            (4, &["process", "proceed", "grant", "approve", "remove", "increase", "complete", "continue"]),
        ],
        &[],
    ),
    question(
        "question.must-before",
        &[(0, &["before"]), (0, &["we", "i"]), (1, &["can"]), (12, &["must", "please", "kindly", "you"])],
        &[&["if"]],
    ),
    question(
        "question.no-answer-came",
        &[(0, &["not", "never"]), (1, &["hear", "heard", "hearing"]), (0, &["back", "anything"])],
        &[&["if", "team*", "engineer*"]],
    ),
    question(
        "question.once-you",
        &[
            (0, &["once", "after", "when", "soon"]),
            (1, &["you"]),
            (
                1,
                &[
                    "give", "provide", "confirm", "tell", "supply", "create", "update", "reply", "answer", "respond", "complete", "submit",
                    "settle", "verify", "fix",
                ],
            ),
            (16, &["we", "i"]),
            (1, &["can", "will"]),
        ],
        &[COURTESY, NOT],
    ),
    // "Send these in a reply to this message"
    question(
        "question.in-your-reply",
        &[(0, &["in", "with", "by"]), (1, &["a", "your"]), (0, &["reply", "response", "answer"]), (0, &["to"]), (0, &["this"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.looking-forward",
        &[
            (0, &["looking", "look"]),
            (0, &["forward"]),
            (0, &["to"]),
            (0, &["your"]),
            (1, &["reply", "response", "answer*", "message", "input"]),
        ],
        &[&["if"]],
    ),
    question(
        "question.waiting-for-answer",
        &[
            (0, &["wait*", "await*"]),
            (2, &["response", "reply", "answer*", "information", "confirmation"]),
            (0, &["from"]),
            (0, &["you", "your"]),
        ],
        &[NOT],
    ),
    question(
        "question.within",
        &[
            (0, &["within"]),
            (3, &["hours", "hour", "days", "day", "week", "weeks"]),
            (2, &["reply", "respond", "answer", "confirm", "tell"]),
        ],
        &[COURTESY, NOT, &["if", "we", "i", "team"]],
    ),
    // "On one condition: that you confirm in writing"
    question(
        "question.condition",
        &[
            (0, &["condition"]),
            (1, &["that"]),
            (0, &["you"]),
            (1, &["confirm", "provide", "agree", "send", "supply", "show", "complete", "tell"]),
        ],
        &[COURTESY, &["if"]],
    ),
    question(
        "question.until-your",
        &[
            (0, &["until"]),
            (0, &["we", "i"]),
            (1, &["have", "receive", "get", "see", "hear"]),
            (1, &["your", "from"]),
            (2, &["confirmation", "reply", "answer*", "response", "agreement", "you", "consent"]),
        ],
        &[COURTESY, &["if"]],
    ),
    // "We'd be happy to approve this if you could show us how people unsubscribe"
    question(
        "question.happy-if",
        &[
            (0, &["happy", "glad", "willing", "prepared", "ready", "able"]),
            (0, &["to"]),
            (0, &["approve", "grant", "lift", "remove", "process", "proceed", "enable", "raise"]),
            (6, &["if", "once", "when", "as"]),
            (1, &["you"]),
        ],
        &[NOT],
    ),
    question("question.waiting-on", &[(0, &["wait*"]), (0, &["on", "for"]), (0, &["customer", "you"])], &[NOT, &["if"]]),
    Rule {
        id: "question.expect-a-reply",
        says: Meaning::Question,
        sure: true,
        steps: &[
            (0, &["expect", "require", "await"]),
            (1, &["a", "an", "your"]),
            (1, &["reply", "response", "answer"]),
            (1, &["within", "by", "from"]),
        ],
        unless_before: &[NOT, &["if", "i", "you"]],
        unless_after: &[NOT, &["if"]],
        asked: None,
    },
    // "The restriction will be removed as soon as you have told us which Elastic IP you mean"
    question(
        "question.granted-once-you",
        &[
            (0, &["removed", "lifted", "granted", "approved", "opened", "enabled", "set", "processed"]),
            (4, &["as", "once", "when", "after"]),
            (1, &["as", "you"]),
            (1, &["you", "have"]),
            (1, &["told", "provided", "confirmed", "sent", "answered", "replied", "created", "verified", "paid", "given", "shown"]),
        ],
        &[NOT],
    ),
    question(
        "question.not-without",
        &[
            (0, &["unable", "not"]),
            (5, DECIDE),
            (24, &["without"]),
            (
                0,
                &[
                    "your",
                    "further",
                    "more",
                    "additional",
                    "this",
                    "that",
                    "these",
                    "it",
                    "them",
                    "the",
                    "knowing",
                    "details",
                    "information",
                ],
            ),
        ],
        &[],
    ),
    question("question.in-reply-to-this", &[(0, &["in"]), (0, &["reply"]), (0, &["to"]), (0, &["this"])], &[COURTESY, NOT, &["if"]]),
    question(
        "question.as-soon-as-you-have",
        &[
            (0, &["as"]),
            (0, &["soon"]),
            (0, &["as"]),
            (0, &["you"]),
            (0, &["have"]),
            (0, &["told", "provided", "confirmed", "sent", "answered", "replied", "created", "paid", "given", "shown"]),
        ],
        &[NOT],
    ),
    question(
        "question.answer-in-time",
        &[(0, &["answer", "reply", "respond"]), (0, &["within"]), (3, &["hours", "days", "hour", "day"]), (0, &["with", "and", "to"])],
        &[NOT, &["if", "we", "i", "team", "will"]],
    ),
];
