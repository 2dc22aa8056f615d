//! The phrases that ask. See [`super::rules`].

use super::Meaning;
use super::rules::{Rule, Step};

/// Offers of help and requests for an opinion are no questions about the request.
const COURTESY: &[&str] = &[
    "questions",
    "concerns",
    "feedback",
    "survey",
    "rating",
    "assist*",
    "help",
    "helped",
    "helpful",
    "satisf*",
    "experience",
    "forum*",
    "contacting",
    "unsubscribe",
    "pages",
    "documentation",
    "subscription",
    "improve",
];
const NOT: &[&str] = &["not", "no"];
const INFORMATION: &[&str] = &[
    "information",
    "detail*",
    "description*",
    "example*",
    "record*",
    "answer*",
    "clarif*",
    "explanation*",
    "context",
    "evidence",
    "document*",
    "copy",
    "following",
    "confirmation",
    "sample*",
    "response*",
    "list",
    "address*",
    "name*",
    "url*",
    "reason*",
    "statement",
    "proof",
    "link",
    "screenshot*",
    "purpose",
    "overview",
    "idea",
    "website",
];
const TELL: &[&str] = &["provide", "send", "share", "supply", "submit", "give", "include", "specify", "tell", "add", "attach", "forward"];
/// What the reader is to do to his own affairs.
const ACT: &[&str] = &["create", "add", "set", "update", "fix", "correct", "configure", "publish", "point", "change", "make", "complete"];
const DECLARE: &[&str] = &[
    "confirm",
    "explain",
    "describe",
    "clarify",
    "specify",
    "elaborate",
    "answer",
    "verify",
    "tell",
    "respond",
    "resubmit",
    "complete",
    "correct",
];

const fn question(id: &'static str, steps: &'static [Step], unless: &'static [&'static [&'static str]]) -> Rule {
    Rule { id, says: Meaning::Question, sure: true, steps, unless_before: unless, unless_after: unless, asked: None }
}

pub(super) const QUESTION: &[Rule] = &[
    question("question.please-provide", &[(0, &["please", "must", "kindly"]), (5, TELL), (8, INFORMATION)], &[&["feedback", "survey"]]),
    question("question.please-declare", &[(0, &["please", "kindly"]), (3, DECLARE)], &[COURTESY]),
    question(
        "question.please-us",
        &[
            (0, &["please", "kindly"]),
            (2, TELL),
            (0, &["us", "me"]),
            (
                0,
                &[
                    "the", "your", "a", "an", "how", "what", "which", "who", "why", "where", "whether", "more", "about", "some", "all",
                    "any",
                ],
            ),
        ],
        &[&["feedback", "survey", "rating", "experience", "satisf*", "helped", "if"]],
    ),
    question("question.get-back", &[(0, &["please", "kindly"]), (2, &["get"]), (0, &["back"]), (0, &["to"])], &[COURTESY, &["if"]]),
    question(
        "question.reply-if",
        &[
            (0, &["please", "kindly"]),
            (1, &["reply", "respond", "write"]),
            (6, &["if"]),
            (0, &["you"]),
            (0, &["would", "want", "wish", "still", "agree"]),
        ],
        &[COURTESY],
    ),
    question(
        "question.please-answer",
        &[
            (0, &["please", "kindly"]),
            (3, &["respond", "reply", "answer", "write", "revert"]),
            (2, &["us", "me", "case", "message", "mail", "email", "back", "your", "with"]),
        ],
        &[COURTESY, &["if", "not"]],
    ),
    question(
        "question.please-fix",
        &[(0, &["please", "kindly"]), (2, ACT), (6, &["record*", "dns", "rdns", "ptr", "payment", "card", "balance"])],
        &[COURTESY, &["if"]],
    ),
    question(
        "question.act-and-tell",
        &[
            (0, &["please", "kindly"]),
            (1, ACT),
            (24, &["then", "and"]),
            (1, &["let", "reply", "respond", "write", "contact", "tell", "inform"]),
        ],
        &[COURTESY, &["if"]],
    ),
    question(
        "question.so-that-we-can",
        &[(0, &["please", "kindly"]), (16, &["so"]), (1, &["we", "that"]), (1, &["we", "can", "may"])],
        &[COURTESY, &["if"]],
    ),
    question(
        "question.still-want",
        &[(0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (0, &["if", "whether"]), (0, &["you"]), (0, &["still", "want", "wish"])],
        &[COURTESY],
    ),
    question(
        "question.upload",
        &[(0, &["upload", "submit"]), (8, &["bill", "statement", "identification", "passport", "document*", "proof"])],
        &[COURTESY, NOT, &["if"]],
    ),
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
    question("question.let-us-have", &[(0, &["please", "kindly"]), (0, &["let"]), (0, &["us", "me"]), (0, &["have"])], &[COURTESY]),
    question(
        "question.help-us-with",
        &[(0, &["please", "kindly"]), (0, &["help"]), (0, &["us", "me"]), (0, &["with", "by"])],
        &[&["feedback", "survey", "improve", "rating", "experience"]],
    ),
    question("question.reply-here", &[(0, &["reply", "respond", "answer"]), (0, &["here"])], &[COURTESY, NOT, &["if"]]),
    question(
        "question.once-you-have",
        &[(0, &["once", "after", "when"]), (0, &["you"]), (0, &["have"]), (12, &["we", "i"]), (0, &["can", "will"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question("question.no-such-record", &[(0, &["no"]), (0, &["a", "forward", "ptr", "dns"]), (1, &["record*"])], &[&["if"]]),
    question(
        "question.answer-pending",
        &[(0, &["response", "reply", "answer"]), (1, &["you"]), (2, &["pending", "outstanding", "overdue", "missing"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.other-form",
        &[(0, &["need", "have", "must"]), (0, &["to"]), (1, &["submit", "fill", "complete", "use"]), (6, &["form"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.must-be",
        &[
            (0, &["must", "needs"]),
            (0, &["be"]),
            (1, &["added", "provided", "updated", "created", "submitted", "verified", "completed", "paid"]),
            (8, &["before", "until"]),
        ],
        &[NOT, &["if"]],
    ),
    question(
        "question.reply-with",
        &[(0, &["reply", "respond"]), (5, &["with"]), (6, &["information", "detail*", "following", "the", "your", "a", "more"])],
        &[COURTESY],
    ),
    question(
        "question.reply-directly",
        &[(0, &["please"]), (2, &["reply", "respond"]), (2, &["to"]), (1, &["this"]), (3, &["with", "within", "by", "and"])],
        &[COURTESY],
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
            (1, &["the", "your", "a", "an", "some", "one", "another", "you", "proof", "evidence", "all", "these", "further"]),
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
    question(
        "question.action-required",
        &[(0, &["action", "response", "reply"]), (2, &["required", "needed", "requested"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.could-you",
        &[
            (0, &["could", "can", "would", "may"]),
            (0, &["you"]),
            (
                3,
                &[
                    "provide",
                    "confirm",
                    "tell",
                    "share",
                    "explain",
                    "clarify",
                    "describe",
                    "let",
                    "send",
                    "specify",
                    "elaborate",
                    "help",
                    "verify",
                ],
            ),
        ],
        &[COURTESY],
    ),
    question(
        "question.answer-following",
        &[(0, &["answer*", "respond*", "address"]), (3, &["following", "below", "these"]), (2, &["question*", "point*", "item*"])],
        &[],
    ),
    question(
        "question.let-us-know",
        &[(0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (2, &["what", "which", "how", "whether", "why", "the", "your"])],
        &[COURTESY, &["if"]],
    ),
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
            (24, &["until", "unless", "without"]),
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
    question("question.before-we-can", &[(0, &["please", "kindly"]), (10, &["before"]), (0, &["we", "i"]), (0, &["can"])], &[NOT, &["if"]]),
    question(
        "question.must-before",
        &[(0, &["before"]), (0, &["we", "i"]), (1, &["can"]), (12, &["must", "please", "kindly", "you"])],
        &[&["if"]],
    ),
    question(
        "question.and-reply",
        &[(0, &["please", "kindly"]), (8, &["and"]), (1, &["reply", "respond", "write", "answer"]), (1, &["to", "back"])],
        &[NOT, &["if"], COURTESY],
    ),
    question(
        "question.appreciate",
        &[(0, &["appreciate", "grateful"]), (3, &["if"]), (0, &["you"]), (1, &["could", "can", "would"])],
        &[NOT, COURTESY],
    ),
    question(
        "question.form",
        &[
            (0, &["please", "kindly"]),
            (2, &["fill", "complete", "return", "submit"]),
            (8, &["form", "questionnaire", "template", "checklist", "fields"]),
        ],
        &[NOT, &["if", "another"]],
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
    question(
        "question.help-understand",
        &[(0, &["help"]), (0, &["us", "me"]), (1, &["understand"]), (8, &["you", "your"])],
        &[NOT, &["feedback", "survey", "improve", "rating", "experience"]],
    ),
    Rule {
        id: "question.can-we-have",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["can", "could", "may"]), (0, &["we", "i"]), (1, &["have", "get", "see", "ask"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY],
        asked: Some(true),
    },
    // Any question that begins so; headings of boilerplate ("What happens next?", "How did we do?") are none.
    Rule {
        id: "question.wh",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["which", "what", "when", "where", "who", "how"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY, &["next", "did", "happens", "mean", "means"]],
        asked: Some(true),
    },
    // Any question put to the reader.
    Rule {
        id: "question.asked",
        says: Meaning::Question,
        sure: true,
        steps: &[
            (
                0,
                &[
                    "how", "what", "which", "where", "why", "who", "when", "do", "does", "is", "are", "will", "have", "has", "can",
                    "would", "could",
                ],
            ),
            (14, &["you", "your"]),
        ],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY],
        asked: Some(true),
    },
];
