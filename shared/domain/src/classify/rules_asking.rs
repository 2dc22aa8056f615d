//! The phrases that ask: please, could you, and every sentence with a question mark that is no courtesy. What says that something
//! is missing asks too: `rules_lacking`. See [`super::rules`].

use super::Meaning;
use super::rules::{Rule, Step};

/// Offers of help and requests for an opinion are no questions about the request.
pub(super) const COURTESY: &[&str] = &[
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
    "pages",
    "documentation",
    "subscription",
    "improve",
];
pub(super) const NOT: &[&str] = &["not", "no"];
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
    "justification",
    "number",
    "steps",
    "measures",
    "volume",
    "figures",
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

pub(super) const fn question(id: &'static str, steps: &'static [Step], unless: &'static [&'static [&'static str]]) -> Rule {
    Rule { id, says: Meaning::Question, sure: true, steps, unless_before: unless, unless_after: unless, asked: None }
}

pub(super) const QUESTION: &[Rule] = &[
    question("question.please-provide", &[(0, &["please", "must", "kindly"]), (5, TELL), (8, INFORMATION)], &[&["feedback", "survey"]]),
    question("question.please-declare", &[(0, &["please", "kindly"]), (3, DECLARE)], &[COURTESY, &["console"]]),
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
        "question.and-get-back",
        &[(0, &["please", "kindly"]), (12, &["and"]), (0, &["get"]), (0, &["back"]), (0, &["to"])],
        &[COURTESY, &["if"]],
    ),
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
        &[(0, &["please", "kindly"]), (2, ACT), (6, &["record*", "dns", "rdns", "ptr*", "payment", "card", "balance"])],
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
        &[(0, &["upload", "submit", "send", "attach"]), (12, &["bill", "statement", "identification", "passport", "document*", "proof"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question("question.let-us-have", &[(0, &["please", "kindly"]), (0, &["let"]), (0, &["us", "me"]), (0, &["have"])], &[COURTESY]),
    question(
        "question.help-us-with",
        &[(0, &["please", "kindly"]), (0, &["help"]), (0, &["us", "me"]), (0, &["with", "by"])],
        &[&["feedback", "survey", "improve", "rating", "experience"]],
    ),
    question("question.reply-here", &[(0, &["reply", "respond", "answer"]), (0, &["here"])], &[COURTESY, NOT, &["if"]]),
    question(
        "question.reply-with",
        &[(0, &["reply", "respond"]), (8, &["with"]), (6, &["information", "detail*", "following", "the", "your", "a", "more", "these"])],
        &[COURTESY],
    ),
    question(
        "question.reply-directly",
        &[(0, &["please"]), (2, &["reply", "respond"]), (2, &["to"]), (1, &["this"]), (3, &["with", "within", "by", "and"])],
        &[COURTESY],
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
        &[(0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (5, &["what", "which", "how", "whether", "why", "the", "your"])],
        &[COURTESY, &["if"]],
    ),
    question("question.before-we-can", &[(0, &["please", "kindly"]), (10, &["before"]), (0, &["we", "i"]), (0, &["can"])], &[NOT, &["if"]]),
    question(
        "question.and-reply",
        &[(0, &["please", "kindly"]), (8, &["and"]), (1, &["reply", "respond", "write", "answer"]), (1, &["to", "back"])],
        &[NOT, &["if"], COURTESY],
    ),
    question(
        "question.appreciate",
        &[(0, &["appreciate", "grateful"]), (3, &["if"]), (0, &["you"]), (1, &["could", "can", "would"])],
        &[NOT, COURTESY, &["minute", "moment", "rate"]],
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
        "question.help-understand",
        &[(0, &["help"]), (0, &["us", "me"]), (1, &["understand"]), (8, &["you", "your"])],
        &[NOT, &["feedback", "survey", "improve", "rating", "experience"]],
    ),
    question(
        "question.reply-when",
        &[
            (0, &["reply", "respond", "write", "answer"]),
            (3, &["mail", "email", "message", "case", "back", "us", "here"]),
            (1, &["when", "once", "after"]),
        ],
        &[COURTESY, NOT, &["if", "we", "i"]],
    ),
    question(
        "question.answer-this",
        &[(0, &["reply", "respond", "answer"]), (1, &["this"]), (0, &["message", "mail", "email", "case", "e"])],
        &[COURTESY, NOT, &["if", "to", "should", "need"]],
    ),
    question(
        "question.tell-us",
        &[
            (0, &["tell", "show", "send", "give"]),
            (0, &["us", "me"]),
            (
                0,
                &[
                    "which", "what", "how", "whether", "why", "where", "who", "the", "your", "more", "a", "one", "two", "some", "both",
                    "these",
                ],
            ),
        ],
        &[COURTESY, NOT, &["if", "to", "will", "would"]],
    ),
    question(
        "question.complete-form",
        &[
            (0, &["complete", "fill", "return", "answer"]),
            (2, &["attached", "questionnaire", "form", "following"]),
            (3, &["questionnaire", "form", "questions", "template", "so", "and", "by"]),
        ],
        &[COURTESY, NOT, &["if", "to", "once", "when", "after"]],
    ),
    question(
        "question.resubmit",
        &[(0, &["resubmit", "refile"]), (2, &["form", "request", "application"])],
        &[COURTESY, NOT, &["if", "may", "can", "later", "after", "future", "welcome", "want", "wish"]],
    ),
    question(
        "question.reply-and-tell",
        &[
            (0, &["reply", "respond", "write"]),
            (6, &["and"]),
            (0, &["tell", "confirm", "explain", "describe", "state", "include", "attach"]),
        ],
        &[COURTESY, NOT, &["if", "we", "i", "will"]],
    ),
    question(
        "question.so-kind",
        &[(0, &["be"]), (0, &["so", "as"]), (0, &["kind", "good"]), (1, &["as", "to"]), (1, TELL)],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.get-back-with",
        &[(0, &["get", "come"]), (0, &["back"]), (0, &["to"]), (0, &["us", "me"]), (0, &["with"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question("question.drop-a-line", &[(0, &["drop"]), (0, &["us", "me"]), (0, &["a"]), (0, &["line", "note"])], &[NOT, &["if"], COURTESY]),
    question(
        "question.answer-the-questions",
        &[(0, &["answer", "address"]), (1, &["the", "our", "these"]), (0, &["questions"])],
        &[NOT, &["happy", "glad", "able", "can", "help", "feedback", "survey"]],
    ),
    question(
        "question.know-whether",
        &[(0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (0, &["whether"]), (0, &["you", "your", "the"])],
        &[COURTESY, &["like", "still", "keep"]],
    ),
    question(
        "question.please-name",
        &[
            (0, &["please", "kindly"]),
            (1, &["provide", "share", "send", "supply", "specify", "state"]),
            (3, &["account", "region*", "instance*", "elastic", "ip", "domain"]),
        ],
        &[COURTESY, &["if"]],
    ),
    question(
        "question.tell-us-more",
        &[(0, &["tell"]), (0, &["us", "me"]), (0, &["more"])],
        &[NOT, &["if", "feedback", "survey", "experience"]],
    ),
    question(
        "question.attach-and-give",
        &[
            (0, &["please", "kindly"]),
            (1, &["attach", "associate", "assign"]),
            (16, &["and"]),
            (1, &["give", "tell", "send", "reply", "let", "provide"]),
        ],
        &[COURTESY, &["if"]],
    ),
    Rule {
        id: "question.ask-you-for",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["ask"]), (0, &["you"]), (0, &["for"])],
        unless_before: &[COURTESY, NOT, &["if", "may", "might", "will"]],
        unless_after: &[COURTESY],
        asked: None,
    },
    question(
        "question.know-if-correct",
        &[
            (0, &["let"]),
            (0, &["us", "me"]),
            (0, &["know"]),
            (0, &["if", "whether"]),
            (0, &["they", "this", "these", "it", "that"]),
            (0, &["are", "is"]),
            (0, &["correct", "right", "accurate", "ok"]),
        ],
        &[NOT],
    ),
    question(
        "question.please-send-them",
        &[(0, &["please", "kindly"]), (1, &["send", "provide", "supply", "share"]), (0, &["them", "these", "those"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.answer-within",
        &[(0, &["answer", "reply", "respond"]), (1, &["this"]), (0, &["message", "mail", "email", "e"]), (2, &["within"])],
        &[NOT, &["if", "we", "can"]],
    ),
    question(
        "question.upload-one-of",
        &[
            (0, &["upload", "submit", "send"]),
            (1, &["one", "copy", "any"]),
            (1, &["of"]),
            (0, &["the", "these"]),
            (0, &["following", "documents"]),
        ],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.please-let-us-know",
        &[(0, &["please", "kindly"]), (0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (0, &["a", "two", "one", "some", "when", "any"])],
        &[COURTESY, NOT, &["if", "works", "issue*", "problem*"]],
    ),
    // "Describe what kind of mail you send"
    Rule {
        id: "question.describe",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["describe", "explain"]), (0, &["what", "how", "why", "your", "which", "who"])],
        unless_before: &[COURTESY, NOT, &["if", "to", "you", "we", "i", "they", "that", "which", "documents", "will"]],
        unless_after: &[COURTESY],
        asked: None,
    },
];
