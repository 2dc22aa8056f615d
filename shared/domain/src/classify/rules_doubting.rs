//! Bad news of other kinds beside good news. See [`super::rules`].

use super::Meaning;
use super::rules::Rule;

/// Bad news beside good news: then a person reads it.
pub(super) const CONFLICT: &[Rule] = &[
    Rule {
        id: "conflict.restored",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["have", "has", "had", "was", "were", "been", "be", "will"]),
            (2, &["reinstat*", "restor*", "reimpos*", "reappl*", "re", "put"]),
            (2, &["applied", "imposed", "instated", "back", "limit*", "restriction*", "throttl*", "the"]),
        ],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.regret",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["unfortunately", "regret*", "regrettably"])],
        unless_before: &[],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.suspended",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["have", "has", "was", "were", "is", "are", "been"]),
            (
                2,
                &[
                    "suspended",
                    "paused",
                    "revoked",
                    "terminated",
                    "reversed",
                    "withdrawn",
                    "rescinded",
                    "overturned",
                    "cancelled",
                    "canceled",
                ],
            ),
        ],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.however",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["however", "but", "nevertheless"]),
            (10, &["not", "unable", "must", "need*", "found", "problem*", "issue*", "required"]),
        ],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.mistake",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["mistake*", "error", "incorrect*", "wrong*", "accident*"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.still",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["open", "pending", "closed", "blocked", "restricted", "limited"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.suspension",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["this", "the"]), (2, &["suspension", "restriction", "termination", "pause"]), (2, &["take*", "is", "remain*"])],
        unless_before: &[],
        unless_after: &[],
        asked: Some(false),
    },
    // Of two requests one is granted and one is open: a person reads it. Alone it is progress.
    Rule {
        id: "conflict.still-under-review",
        says: Meaning::Unclear,
        sure: true,
        steps: &[
            (0, &["is", "are", "remain*"]),
            (0, &["still", "currently"]),
            (1, &["under", "being", "in"]),
            (1, &["review*", "evaluat*", "process*", "progress"]),
        ],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.continues",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["continue*", "remain*", "stay*"]), (3, &["restricted", "blocked", "limited", "throttled", "closed"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    // "We have limited your account. This takes effect immediately": a throttle is announced in the words of a grant.
    Rule {
        id: "conflict.restricted",
        says: Meaning::Unclear,
        sure: true,
        steps: &[
            (0, &["have", "has", "been", "was", "were"]),
            (1, &["lowered", "reduced", "limited", "restricted", "throttled", "blocked", "disabled", "decreased"]),
        ],
        unless_before: &[&["if", "may", "might", "not", "no", "which"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.stays",
        says: Meaning::Unclear,
        sure: true,
        steps: &[
            (0, &["limit*", "restriction*", "throttl*", "block"]),
            (10, &["stay*", "remain*", "continue*", "still"]),
            (2, &["active", "place", "apply", "applies", "force", "effect"]),
        ],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    // "For the other Region we were not able to do so": less was granted than asked for.
    Rule {
        id: "conflict.not-done",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["we", "i", "team", "they"]), (2, &["unable", "not"]), (2, &["do"]), (0, &["so", "this", "that", "it", "the"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.put-back",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["put", "placed", "switched", "turned"]), (3, &["back"])],
        unless_before: &[&["if", "may", "might", "could", "would", "will"]],
        unless_after: &[],
        asked: Some(false),
    },
];
