//! The phrases that ask, acknowledge and report: question, received, progress. See [`super::rules`].

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
];
const TELL: &[&str] = &["provide", "send", "share", "supply", "submit", "give", "include", "specify", "tell", "add", "attach", "forward"];
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
        &[(0, &["like", "need", "want"]), (3, &["know", "learn", "understand", "hear"]), (6, &["about", "how", "why"])],
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
        &[(0, &["need", "require*", "ask*"]), (2, &["you"]), (2, &["to", "provide"])],
        &[NOT, &["if"], COURTESY],
    ),
    question(
        "question.waiting-for-you",
        &[
            (0, &["wait*", "await*", "pending"]),
            (3, &["your", "you", "customer"]),
            (3, &["response", "reply", "answer*", "information", "confirmation", "action", "input"]),
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

const SILENT: &[&str] = &["once", "if", "unless", "until", "not", "when", "please"];
/// "We will get back to you when you have answered" is no progress.
const ON_YOU: &[&str] = &["once", "if", "unless", "until", "when", "after", "upon", "receive", "received", "hear", "reply", "not"];

const fn received(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Received, sure, steps, unless_before: &[SILENT], unless_after: &[&["not"]], asked: Some(false) }
}

pub(super) const RECEIVED: &[Rule] = &[
    received("received.got", true, &[(0, &["we"]), (1, &["got"]), (6, &["request*", "form", "submission", "application", "appeal"])]),
    received("received.opened-case", true, &[(0, &["have", "has", "was", "been"]), (1, &["opened", "created"]), (2, &["case"])]),
    received("received.case-opened", true, &[(0, &["case"]), (3, &["has", "was"]), (1, &["opened", "created"])]),
    received(
        "received.request",
        true,
        &[(0, &["we", "team"]), (1, &["have"]), (1, &["received"]), (4, &["request*", "application", "case", "form", "submission"])],
    ),
    received(
        "received.was-received",
        true,
        &[(0, &["request*", "application", "form"]), (6, &["has", "was"]), (1, &["received", "submitted"])],
    ),
    received("received.acknowledge", true, &[(0, &["acknowledg*", "confirm*"]), (3, &["receipt"])]),
    // Said at the top of every kind of answer: not enough to stay silent about the rest.
    received("received.thanks", false, &[(0, &["thank*"]), (3, &["submitting", "submission"]), (4, &["request*", "form", "application"])]),
];

const fn progress(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Progress, sure: true, steps, unless_before: &[SILENT], unless_after: &[ON_YOU], asked: Some(false) }
}

pub(super) const PROGRESS: &[Rule] = &[
    progress(
        "progress.reviewing",
        &[
            (0, &["we", "team", "specialist*", "i"]),
            (1, &["are", "is", "am"]),
            (2, &["reviewing", "investigating", "processing", "evaluating", "examining"]),
        ],
    ),
    progress(
        "progress.under-review",
        &[
            (0, &["is", "are", "remains"]),
            (3, &["under", "in", "being"]),
            (1, &["review", "reviewed", "investigated", "investigation", "progress", "processed", "evaluated"]),
        ],
    ),
    progress(
        "progress.continue",
        &[(0, &["we", "i", "team"]), (2, &["continue"]), (1, &["to"]), (1, &["work", "review", "look", "investigate"])],
    ),
    progress("progress.assigned", &[(0, &["case", "request"]), (3, &["been", "is", "was"]), (1, &["assigned", "queued"])]),
    progress("progress.queue", &[(0, &["is", "are"]), (2, &["in"]), (2, &["queue"])]),
    progress(
        "progress.more-time",
        &[(0, &["need*", "require*", "taking"]), (4, &["more", "additional", "longer"]), (1, &["time", "than"])],
    ),
    progress("progress.working", &[(0, &["we", "team", "i"]), (1, &["are", "is", "am"]), (1, &["working", "looking"])]),
    progress(
        "progress.passed-on",
        &[
            (0, &["have", "has", "been"]),
            (2, &["escalated", "forwarded", "transferred", "routed", "passed", "reached", "submitted", "engaged", "contacted"]),
            (10, &["team*", "department", "specialist*", "group"]),
        ],
    ),
    progress(
        "progress.will-answer",
        &[
            (0, &["we", "i", "team", "specialist*"]),
            (0, &["will"]),
            (3, &["get", "respond", "reply", "update", "contact", "follow", "notify"]),
            (6, &["you", "hours", "days", "shortly"]),
        ],
    ),
];
