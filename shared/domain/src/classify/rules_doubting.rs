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
];
