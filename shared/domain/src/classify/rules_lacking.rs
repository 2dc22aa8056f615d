//! The phrases that say what is missing, awaited or required: whose turn it is without a "please". See [`super::rules`].

use super::Meaning;
use super::rules::Rule;
use super::rules_asking::{COURTESY, NOT, question};

pub(super) const LACKING: &[Rule] = &[
    question(
        "question.or-else",
        &[(0, &["or", "otherwise"]), (8, &["will"]), (2, &["be"]), (0, &["suspended", "closed", "terminated", "deleted"])],
        &[&["if"]],
    ),
    question(
        "question.not-verified",
        &[
            (0, &["unable", "not"]),
            (3, &["verify", "validate"]),
            (6, &["account", "information", "identity", "payment", "card", "details"]),
        ],
        &[&["if", "you"]],
    ),
    question("question.await-documents", &[(0, &["wait*", "await*"]), (2, &["document*", "details"])], &[NOT]),
    question(
        "question.once-you-have",
        &[(0, &["once", "after", "when"]), (0, &["you"]), (0, &["have"]), (12, &["we", "i"]), (0, &["can", "will"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question("question.no-such-record", &[(0, &["no"]), (0, &["a", "forward", "ptr*", "dns"]), (1, &["record*"])], &[&["if"]]),
    question(
        "question.answer-pending",
        &[(0, &["response", "reply", "answer"]), (1, &["you"]), (2, &["pending", "outstanding", "overdue", "missing"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.other-form",
        &[(0, &["need", "have", "must"]), (0, &["to"]), (1, &["submit", "fill", "complete", "use"]), (10, &["form"])],
        &[NOT, &["if", "would"]],
    ),
    question(
        "question.must-be",
        &[
            (0, &["must", "needs"]),
            (0, &["be"]),
            (1, &["added", "provided", "updated", "created", "submitted", "verified", "completed", "paid", "supplied", "given", "shared"]),
            (8, &["before", "until"]),
        ],
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
        "question.more-information",
        &[
            (0, &["gather", "need", "needs", "require*", "requesting", "request", "obtain", "collect"]),
            (5, &["more", "additional", "further"]),
            (2, &["information", "detail*", "clarif*", "context"]),
        ],
        &[NOT, &["if"]],
    ),
    question(
        "question.we-need",
        &[
            (0, &["we", "i"]),
            (2, &["need", "require"]),
            (1, &["the", "your", "a", "an", "some", "one", "another", "you", "proof", "evidence", "all", "these", "further", "both"]),
        ],
        &[NOT, &["if", "time"]],
    ),
    question(
        "question.learn-more",
        &[
            (0, &["like", "need", "want"]),
            (3, &["know", "learn", "understand", "hear"]),
            (6, &["about", "how", "why", "what", "who", "whom", "which"]),
        ],
        &[NOT, &["if", "let", "inform"], COURTESY],
    ),
    question(
        "question.information-required",
        &[(0, &["information", "detail*", "following"]), (4, &["is", "are"]), (2, &["required", "needed", "missing", "incomplete"])],
        &[NOT, &["if"]],
    ),
    // What is not required has its "not" before the word.
    Rule {
        id: "question.action-required",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["action", "response", "reply", "input", "attention", "confirmation"]), (2, &["required", "needed", "requested"])],
        unless_before: &[NOT, &["if"]],
        unless_after: &[&["if"]],
        asked: None,
    },
    question(
        "question.need-you-to",
        &[
            (0, &["need", "require*", "ask", "asks"]),
            (2, &["you"]),
            (2, &["to", "provide", "supply", "send", "share", "submit", "confirm"]),
        ],
        &[NOT, &["if"], COURTESY],
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
    question(
        "question.until",
        &[
            (0, &["unable", "not"]),
            (
                5,
                &[
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
                ],
            ),
            (24, &["until", "unless"]),
        ],
        &[],
    ),
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
        "question.missing",
        &[(0, &["request", "case", "form", "application", "submission"]), (3, &["missing", "lacks", "lacking", "incomplete"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.must-before",
        &[(0, &["before"]), (0, &["we", "i"]), (1, &["can"]), (12, &["must", "please", "kindly", "you"])],
        &[&["if"]],
    ),
    question(
        "question.team-asks",
        &[
            (0, &["they", "team*"]),
            (2, &["have", "has", "are", "is"]),
            (1, &["asked", "asking", "requested", "requesting"]),
            (1, &["for", "you", "that", "more", "additional"]),
        ],
        &[NOT, &["if"]],
    ),
    // "We could not find an A record that points to it" is for the reader to make.
    question(
        "question.record-not-found",
        &[(0, &["not", "unable"]), (1, &["find", "see", "locate", "resolve", "detect"]), (6, &["record*", "ptr*", "dns"])],
        &[&["if", "you"]],
    ),
    question(
        "question.no-answer-came",
        &[(0, &["not", "never"]), (1, &["hear", "heard", "hearing"]), (0, &["back", "anything"])],
        &[&["if", "team*", "engineer*"]],
    ),
    question(
        "question.want-to-see",
        &[
            (0, &["we", "i"]),
            (2, &["want", "need", "like"]),
            (0, &["to"]),
            (0, &["see"]),
            (1, &["a", "an", "the", "your", "some", "proof", "evidence", "how"]),
        ],
        &[COURTESY, NOT, &["if"]],
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
    question("question.we-lack", &[(0, &["we", "i"]), (2, &["lack", "lacking", "missing"])], &[NOT, &["if", "you", "was", "all"]]),
    question(
        "question.not-enough-to-decide",
        &[
            (0, &["not", "insufficient"]),
            (1, &["enough", "sufficient", "information", "detail*"]),
            (1, &["for", "to"]),
            (2, &["evaluat*", "assess*", "review*", "process*", "proceed", "decide"]),
        ],
        &[&["if"]],
    ),
    question(
        "question.they-need",
        &[(0, &["they", "team"]), (1, &["need", "require", "requires", "needs"]), (0, &["the", "your", "a", "an"])],
        &[&["if", "time", "day*", "hours", "moment", "while", "bit", "week*"]],
    ),
    // "Send these in a reply to this message"
    question(
        "question.in-your-reply",
        &[(0, &["in", "with", "by"]), (1, &["a", "your"]), (0, &["reply", "response", "answer"]), (0, &["to"]), (0, &["this"])],
        &[COURTESY, NOT, &["if"]],
    ),
    // "If you would like more information" offers some.
    Rule {
        id: "question.like-some",
        says: Meaning::Question,
        sure: true,
        steps: &[
            (0, &["like", "need", "want", "require"]),
            (0, &["some", "more", "further", "additional", "a"]),
            (2, &["background", "details", "information", "context", "insight", "clarification"]),
        ],
        unless_before: &[COURTESY, NOT, &["if", "you"]],
        unless_after: &[COURTESY, &["if"]],
        asked: None,
    },
    question("question.no-use-case-found", &[(0, &["not"]), (1, &["find", "see"]), (3, &["use"]), (0, &["case"])], &[&["if", "you"]]),
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
        "question.has-to-be",
        &[
            (0, &["request", "form", "case"]),
            (1, &["has", "needs", "must"]),
            (1, &["come", "be"]),
            (0, &["from", "submitted", "made", "filed", "opened", "signed", "resubmitted"]),
        ],
        &[NOT, &["if"]],
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
    question(
        "question.required-from-you",
        &[(0, &["information", "detail*", "document*", "input"]), (0, &["required", "needed", "requested"]), (0, &["from"]), (0, &["you"])],
        &[NOT, &["if"]],
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
    question(
        "question.would-help",
        &[(0, &["would"]), (0, &["help"]), (0, &["us", "me"]), (0, &["to"]), (0, &["see", "know", "have", "understand", "get"])],
        &[NOT, &["if", "feedback", "survey", "improve"]],
    ),
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
        "question.need-it-to",
        &[(0, &["we", "i"]), (0, &["need"]), (0, &["it", "this", "that", "them"]), (0, &["to"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.not-without",
        &[
            (0, &["unable", "not"]),
            (
                5,
                &[
                    "submit",
                    "decide",
                    "evaluate",
                    "evaluated",
                    "assessed",
                    "processed",
                    "process",
                    "proceed",
                    "grant",
                    "approve",
                    "remove",
                    "increase",
                    "complete",
                    "continue",
                ],
            ),
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
    question(
        "question.like-to-see",
        &[
            (0, &["they", "team"]),
            (2, &["like", "want", "need"]),
            (0, &["to"]),
            (0, &["see", "know", "have"]),
            (1, &["from", "how", "what"]),
        ],
        &[NOT, &["if"]],
    ),
    question("question.what-is-missing", &[(0, &["what"]), (0, &["is"]), (1, &["missing", "lacking"])], &[NOT, &["if", "nothing"]]),
];
