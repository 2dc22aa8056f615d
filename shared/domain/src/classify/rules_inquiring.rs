//! The phrases that ask with a question mark: every question put to the reader that is no courtesy. See [`super::rules`].

use super::Meaning;
use super::rules::Rule;
use super::rules_asking::COURTESY;

pub(super) const INQUIRY: &[Rule] = &[
    Rule {
        id: "question.can-we-have",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["can", "could", "may"]), (0, &["we", "i"]), (1, &["have", "get", "see", "ask"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY, &["done", "better"]],
        asked: Some(true),
    },
    // Any question that begins so; headings of boilerplate ("What happens next?", "How did we do?") are none.
    Rule {
        id: "question.wh",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["which", "what", "where", "who", "how"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY, &["better", "faster", "next", "happens", "mean", "means"]],
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
                &["how", "what", "which", "where", "why", "who", "do", "does", "is", "are", "will", "have", "has", "can", "would", "could"],
            ),
            (14, &["you", "your"]),
        ],
        unless_before: &[COURTESY, &["else"]],
        unless_after: &[COURTESY, &["else"]],
        asked: Some(true),
    },
    Rule {
        id: "question.did-you",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["did"]), (0, &["you"]), (1, &["mean", "receive", "get", "send", "create", "set", "add", "use", "change", "want"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY],
        asked: Some(true),
    },
    Rule {
        id: "question.any-news",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["any"]), (0, &["luck", "news", "update*", "progress"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY],
        asked: Some(true),
    },
    // "May I go ahead?"
    Rule {
        id: "question.may-we",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["may", "shall", "should", "can"]), (0, &["i", "we"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY, &["else", "do"]],
        asked: Some(true),
    },
    Rule {
        id: "question.when",
        says: Meaning::Question,
        sure: true,
        steps: &[(0, &["when"]), (0, &["do", "did", "does", "will", "would", "is", "are", "can", "could", "should", "was"])],
        unless_before: &[COURTESY],
        unless_after: &[COURTESY],
        asked: Some(true),
    },
];
