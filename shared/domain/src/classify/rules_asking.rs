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
        &[(0, &["request*", "application", "form"]), (6, &["has", "was"]), (2, &["received", "submitted"])],
    ),
    received("received.automatic", true, &[(0, &["automat*"]), (1, &["acknowledg*", "confirmation", "receipt"])]),
    received(
        "received.reached-us",
        true,
        &[(0, &["request*", "submission", "message", "application", "form"]), (3, &["reached"]), (1, &["us", "our", "aws"])],
    ),
    received("received.numbered", true, &[(0, &["assigned", "given"]), (3, &["number", "id"])]),
    received(
        "received.logged",
        true,
        &[(0, &["logged", "registered", "recorded"]), (1, &["under", "as", "with"]), (2, &["case", "request", "reference", "ticket"])],
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
            (
                2,
                &[
                    "reviewing",
                    "investigating",
                    "processing",
                    "evaluating",
                    "examining",
                    "checking",
                    "assessing",
                    "considering",
                    "discussing",
                    "handling",
                    "following",
                    "chasing",
                ],
            ),
        ],
    ),
    progress(
        "progress.under-review",
        &[
            (0, &["is", "are", "remains"]),
            (3, &["under", "in", "being"]),
            (
                1,
                &[
                    "review",
                    "reviewed",
                    "investigated",
                    "investigation",
                    "progress",
                    "processed",
                    "evaluated",
                    "handled",
                    "checked",
                    "assessed",
                    "examined",
                    "looked",
                    "considered",
                ],
            ),
        ],
    ),
    progress(
        "progress.continue",
        &[(0, &["we", "i", "team"]), (2, &["continue"]), (1, &["to"]), (1, &["work", "review", "look", "investigate"])],
    ),
    progress("progress.assigned", &[(0, &["case", "request"]), (3, &["been", "is", "was"]), (1, &["assigned", "queued"])]),
    progress("progress.queue", &[(0, &["is", "are", "remains"]), (2, &["in"]), (2, &["queue"])]),
    progress(
        "progress.more-time",
        &[(0, &["need*", "require*", "taking"]), (4, &["more", "additional", "longer"]), (1, &["time", "than"])],
    ),
    progress("progress.working", &[(0, &["we", "team", "i"]), (1, &["are", "is", "am"]), (1, &["working", "looking"])]),
    progress(
        "progress.passed-on",
        &[
            (0, &["have", "has", "been"]),
            (
                2,
                &[
                    "escalated",
                    "forwarded",
                    "transferred",
                    "routed",
                    "passed",
                    "reached",
                    "submitted",
                    "engaged",
                    "contacted",
                    "chased",
                    "followed",
                    "asked",
                    "raised",
                    "shared",
                    "handed",
                    "consulted",
                    "checked",
                ],
            ),
            (10, &["team*", "department", "specialist*", "group", "engineer*"]),
        ],
    ),
    progress("progress.escalated", &[(0, &["been", "have", "was"]), (1, &["escalated"])]),
    progress(
        "progress.with-team",
        &[(0, &["is", "are", "remains"]), (2, &["with"]), (3, &["team*", "engineer*", "specialist*", "department"])],
    ),
    progress(
        "progress.will-look",
        &[
            (0, &["we", "i", "team", "specialist*", "associate", "engineer*"]),
            (0, &["will"]),
            (2, &["look", "investigate", "review", "check"]),
            (1, &["into", "your", "this", "the", "it", "at", "with"]),
        ],
    ),
    progress("progress.waiting-for-team", &[(0, &["waiting", "awaiting"]), (8, &["team*", "department", "engineer*", "specialist*"])]),
    progress(
        "progress.hope",
        &[(0, &["hope", "expect", "aim"]), (0, &["to"]), (1, &["get", "have", "answer", "respond", "reply", "hear"])],
    ),
    Rule {
        id: "progress.not-finished",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["not"]), (1, &["finished", "completed", "concluded"]), (2, &["review*"])],
        unless_before: &[&["once", "if", "unless", "until", "when", "please", "you"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
    // "Please bear with us", "please allow up to four hours" ask for nothing.
    Rule {
        id: "progress.patience",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["bear", "allow"]), (1, &["with", "us", "me", "up"]), (6, &["us", "me", "while", "hours", "day*", "time", "review"])],
        unless_before: &[&["once", "if", "unless", "until", "not", "when"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
    Rule {
        id: "progress.team-silent",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["not"]), (1, &["heard", "received", "got"]), (5, &["team*", "engineer*", "department", "specialist*"])],
        unless_before: &[&["once", "if", "unless", "until", "when", "please"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
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
