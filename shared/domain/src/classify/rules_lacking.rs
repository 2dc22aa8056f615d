//! The phrases that say what is missing or required: whose turn it is without a "please". See [`super::rules`].

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
    question("question.no-such-record", &[(0, &["no"]), (0, &["a", "forward", "ptr*", "dns"]), (1, &["record*"])], &[&["if"]]),
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
        "question.missing",
        &[(0, &["request", "case", "form", "application", "submission"]), (3, &["missing", "lacks", "lacking", "incomplete"])],
        &[NOT, &["if"]],
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
        "question.required-from-you",
        &[(0, &["information", "detail*", "document*", "input"]), (0, &["required", "needed", "requested"]), (0, &["from"]), (0, &["you"])],
        &[NOT, &["if"]],
    ),
    question(
        "question.would-help",
        &[(0, &["would"]), (0, &["help"]), (0, &["us", "me"]), (0, &["to"]), (0, &["see", "know", "have", "understand", "get"])],
        &[NOT, &["if", "feedback", "survey", "improve"]],
    ),
    question(
        "question.need-it-to",
        &[
            (0, &["we", "i"]),
            (0, &["need"]),
            (0, &["it", "this", "that", "them"]),
            (0, &["to"]),
            (0, &["come", "be"]),
            (0, &["from", "submitted", "sent", "confirmed", "signed"]),
        ],
        &[COURTESY, NOT, &["if"]],
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
    question(
        "question.need-to-know",
        &[(0, &["we", "i"]), (0, &["need"]), (0, &["to"]), (0, &["know", "see", "have", "understand"])],
        &[COURTESY, NOT, &["if"]],
    ),
    question("question.ask-that-you", &[(0, &["ask"]), (0, &["that"]), (0, &["you"])], &[COURTESY, NOT, &["if", "copy", "keep", "rate"]]),
    question(
        "question.owner-has-to",
        &[
            (0, &["account", "root"]),
            (0, &["holder", "owner", "user"]),
            (1, &["has", "must", "needs"]),
            (1, &["to", "confirm", "reply", "submit", "sign"]),
        ],
        &[COURTESY, NOT, &["if"]],
    ),
    question(
        "question.and-send-us",
        &[(0, &["and"]), (0, &["send", "give"]), (0, &["us", "me"]), (0, &["the", "your", "a"])],
        &[NOT, COURTESY, &["if", "will", "would", "can"]],
    ),
    question(
        "question.submit-again",
        &[
            (0, &["please", "kindly"]),
            (0, &["submit", "open", "file", "send"]),
            (0, &["the", "your", "this"]),
            (0, &["request", "form", "case"]),
            (0, &["again", "from"]),
        ],
        &[NOT, COURTESY, &["if"]],
    ),
    question(
        "question.and-confirm",
        &[(0, &["please", "kindly"]), (16, &["and"]), (0, &["confirm"]), (0, &["that", "whether", "your", "the"])],
        &[NOT, COURTESY, &["if"]],
    ),
    question(
        "question.update-payment",
        &[(0, &["update"]), (0, &["your"]), (0, &["payment", "billing", "card"])],
        &[NOT, COURTESY, &["if", "you"]],
    ),
];
