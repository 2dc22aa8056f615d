//! The phrases that acknowledge and report: received, progress. See [`super::rules`].

use super::Meaning;
use super::rules::{Rule, Step};

pub(super) const SILENT: &[&str] = &["once", "if", "unless", "until", "not", "when", "please"];
/// "We will get back to you when you have answered" is no progress.
const ON_YOU: &[&str] = &["once", "if", "unless", "until", "when", "after", "upon", "receive", "received", "hear", "reply", "not"];

const fn progress(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Progress, sure: true, steps, unless_before: &[SILENT], unless_after: &[ON_YOU], asked: Some(false) }
}

/// What is so now is so whatever comes later: "with the team for final approval" waits for nobody outside.
const fn under_way(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Progress,
        sure: true,
        steps,
        unless_before: &[SILENT],
        unless_after: &[&["unless", "until"]],
        asked: Some(false),
    }
}

pub(super) const PROGRESS: &[Rule] = &[
    under_way(
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
                    "monitoring",
                    "tracking",
                    "doing",
                    "validating",
                    "verifying",
                ],
            ),
        ],
    ),
    under_way(
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
                    "worked",
                    "consideration",
                ],
            ),
        ],
    ),
    progress(
        "progress.continue",
        &[
            (0, &["we", "i", "team", "specialist*"]),
            (2, &["continue", "continuing"]),
            (1, &["to"]),
            (1, &["work", "review", "look", "investigate"]),
        ],
    ),
    under_way("progress.assigned", &[(0, &["case", "request"]), (3, &["been", "is", "was"]), (1, &["assigned", "queued"])]),
    under_way("progress.queue", &[(0, &["is", "are", "remains"]), (2, &["in"]), (2, &["queue", "line"])]),
    progress(
        "progress.more-time",
        &[(0, &["need*", "require*", "taking", "takes"]), (4, &["more", "additional", "longer"]), (1, &["time", "than"])],
    ),
    under_way(
        "progress.working",
        &[
            (0, &["we", "team", "i", "associate", "engineer*", "specialist*", "colleague*", "investigator*"]),
            (1, &["are", "is", "am"]),
            (1, &["working", "looking"]),
        ],
    ),
    under_way(
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
            (10, &["team*", "department", "specialist*", "group", "engineer*", "reviewer*"]),
        ],
    ),
    under_way(
        "progress.reached-out",
        &[
            (0, &["i", "we"]),
            (2, &["reached", "escalated", "forwarded", "contacted", "spoke", "checked"]),
            (6, &["team*", "department", "specialist*", "group", "engineer*"]),
        ],
    ),
    under_way(
        "progress.ongoing",
        &[(0, &["review", "investigation", "evaluation", "assessment", "process"]), (6, &["is"]), (1, &["ongoing", "underway", "way"])],
    ),
    under_way("progress.escalated", &[(0, &["been", "have", "was"]), (1, &["escalated"])]),
    under_way(
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
    under_way(
        "progress.waiting-for-team",
        &[(0, &["waiting", "awaiting"]), (8, &["team*", "department", "engineer*", "specialist*", "folks", "colleague*", "their"])],
    ),
    progress(
        "progress.hope",
        &[
            (0, &["hope", "expect", "aim"]),
            (0, &["to"]),
            (1, &["get", "have", "answer", "respond", "reply", "hear", "decide", "complete", "finish", "conclude"]),
        ],
    ),
    Rule {
        id: "progress.not-finished",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["not"]), (1, &["finished", "completed", "concluded"]), (2, &["review*", "evaluation", "assessment"])],
        unless_before: &[&["once", "if", "unless", "until", "when", "please", "you"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
    // "Please bear with us", "please allow up to four hours" ask for nothing.
    Rule {
        id: "progress.patience",
        says: Meaning::Progress,
        sure: true,
        steps: &[
            (0, &["bear", "allow", "give"]),
            (1, &["with", "us", "me", "up"]),
            (6, &["us", "me", "while", "hours", "day*", "time", "review"]),
        ],
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
            (6, &["you", "hours", "day*", "shortly"]),
        ],
    ),
    Rule {
        id: "progress.together-with",
        says: Meaning::Progress,
        sure: true,
        steps: &[
            (0, &["collaborat*", "work", "working", "coordinat*", "liais*", "checking"]),
            (0, &["with"]),
            (3, &["team*", "department", "specialist*", "engineer*"]),
        ],
        // What came before an answer is no delay of it.
        unless_before: &[SILENT, &["after", "upon", "having"]],
        unless_after: &[&["unless", "until"]],
        asked: Some(false),
    },
    under_way(
        "progress.handed-to",
        &[
            (0, &["handed", "passed", "forwarded", "escalated", "sent", "routed", "transferred", "assigned", "pinged"]),
            (8, &["to", "with", "the"]),
            (4, &["team*", "reviewer*", "department", "specialist*", "engineer*"]),
        ],
    ),
    under_way(
        "progress.while-they",
        &[(0, &["while", "whilst"]), (2, &["they", "we", "team"]), (1, &["investigat*", "review*", "look*", "work*", "check*"])],
    ),
    under_way("progress.reopened", &[(0, &["i", "we"]), (1, &["have"]), (0, &["reopened"]), (2, &["case", "request"])]),
    under_way(
        "progress.was-reopened",
        &[(0, &["case", "request"]), (0, &["has", "was", "is"]), (1, &["been", "reopened"]), (0, &["reopened", "following", "and"])],
    ),
    progress(
        "progress.and-will-tell",
        &[
            (0, &["and"]),
            (1, &["will"]),
            (1, &["update", "notify", "inform", "contact", "get", "reply", "respond", "keep"]),
            (2, &["you", "back", "as"]),
        ],
    ),
    Rule {
        id: "progress.no-news",
        says: Meaning::Progress,
        sure: true,
        steps: &[
            (0, &["no", "not"]),
            (3, &["update*", "news", "decision", "answer*", "response*"]),
            (8, &["team*", "engineer*", "department", "specialist*"]),
        ],
        unless_before: &[&["once", "if", "unless", "until", "when", "please", "you", "your"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
    Rule {
        id: "progress.no-decision-yet",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["not"]), (1, &["made", "reached", "taken", "come"]), (2, &["decision"])],
        unless_before: &[&["once", "if", "unless", "until", "when", "please"]],
        unless_after: &[&["unless", "until"]],
        asked: Some(false),
    },
    progress(
        "progress.come-back",
        &[
            (0, &["i", "we"]),
            (0, &["will"]),
            (2, &["circle", "come", "report", "check", "ping", "follow"]),
            (2, &["back", "in", "up", "you"]),
        ],
    ),
    under_way(
        "progress.team-has-it",
        &[(0, &["team*", "department", "specialist*"]), (1, &["has", "have"]), (0, &["your", "the", "this"]), (1, &["request", "case"])],
    ),
    under_way(
        "progress.moved-case",
        &[
            (0, &["moved", "transferred", "routed", "reassigned", "handed", "passed"]),
            (0, &["this", "your", "the"]),
            (1, &["case", "request"]),
            (1, &["to", "over"]),
        ],
    ),
    progress(
        "progress.take-over",
        &[(0, &["will"]), (1, &["take", "pick"]), (0, &["it", "this", "over"]), (2, &["here", "from", "up", "over"])],
    ),
    under_way(
        "progress.still-open",
        &[
            (0, &["request*", "case", "application", "review", "appeal"]),
            (3, &["is", "remains"]),
            (1, &["still", "currently", "yet"]),
            (0, &["pending", "open"]),
        ],
    ),
    progress(
        "progress.share-news",
        &[
            (0, &["i", "we"]),
            (0, &["will"]),
            (0, &["share", "provide", "post", "send", "pass", "keep"]),
            (2, &["news", "update*", "posted", "informed"]),
        ],
    ),
    Rule {
        id: "progress.not-looked-at",
        says: Meaning::Progress,
        sure: true,
        steps: &[(0, &["not"]), (1, &["been"]), (1, &["looked", "reviewed", "processed", "decided", "assessed"])],
        unless_before: &[&["once", "if", "unless", "until", "when", "please"]],
        unless_after: &[&["unless", "until"]],
        asked: Some(false),
    },
    under_way(
        "progress.going-through",
        &[
            (0, &["we", "team", "i", "investigator*", "engineer*", "specialist*", "reviewer*"]),
            (1, &["is", "are", "am"]),
            (1, &["going"]),
            (0, &["through"]),
        ],
    ),
    progress(
        "progress.expect-an-answer",
        &[
            (0, &["i", "we"]),
            (0, &["expect"]),
            (1, &["answer", "update", "decision", "word", "news"]),
            (0, &["by", "from", "on", "today", "tomorrow", "within"]),
        ],
    ),
    under_way("progress.in-our-queue", &[(0, &["it", "request", "case", "is"]), (1, &["in"]), (0, &["our", "the"]), (1, &["queue"])]),
    // "We review every request by hand, and it can take up to 48 hours until you hear from us"
    Rule {
        id: "progress.review-takes",
        says: Meaning::Progress,
        sure: true,
        steps: &[
            (0, &["review*", "evaluat*", "answer*", "decision*"]),
            (12, &["take", "takes"]),
            (1, &["up"]),
            (0, &["to"]),
            (3, &["hours", "day*"]),
        ],
        unless_before: &[&["if", "unless", "not", "when", "please"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "progress.answer-within",
        says: Meaning::Progress,
        sure: true,
        steps: &[
            (0, &["you"]),
            (1, &["expect", "receive", "get"]),
            (1, &["answer", "reply", "response", "decision"]),
            (0, &["within", "in", "from"]),
        ],
        unless_before: &[&["if", "not", "please", "once", "when", "until", "unless"]],
        unless_after: &[ON_YOU],
        asked: Some(false),
    },
    under_way("progress.in-the-process", &[(0, &["in"]), (0, &["the"]), (0, &["process"]), (0, &["of"])]),
    under_way("progress.started", &[(0, &["has", "have"]), (0, &["started"]), (0, &["to"]), (0, &["work", "review", "look"])]),
];
