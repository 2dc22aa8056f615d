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
            (2, &["suspended", "paused", "revoked", "terminated", "withdrawn", "rescinded", "overturned", "cancelled", "canceled"]),
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
        // An error message that the reader sent.
        unless_before: &[&["if", "pasted", "attached", "mentioned", "reported", "seeing"]],
        unless_after: &[&["message*"]],
        asked: Some(false),
    },
    Rule {
        id: "conflict.still",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["closed", "blocked", "restricted", "limited"])],
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
        // Other functions than the one that is asked about.
        unless_before: &[&["if", "unaffected"]],
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
    // Alone it is progress.
    Rule {
        id: "conflict.still-open",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["open", "pending", "outstanding"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.undecided",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["not"]), (2, &["come", "made", "reached", "taken", "decided"]), (3, &["decision", "about", "on", "whether"])],
        unless_before: &[&["if"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.failed",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["has", "have", "had", "was", "were"]), (1, &["failed", "unsuccessful"])],
        unless_before: &[&["if", "may", "might", "could", "would", "not", "no"]],
        unless_after: &[],
        asked: Some(false),
    },
    // "They have reversed the earlier decision" comes before good news as well.
    Rule {
        id: "conflict.reversed",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["have", "has", "was", "were", "is", "are", "been"]), (2, &["reversed"])],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[&["earlier", "denial", "refusal", "first", "previous"]],
        asked: Some(false),
    },
    // "The limitation is back in force", "port 25 is blocked again"
    Rule {
        id: "conflict.back-in-force",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["is", "are", "was", "were", "been"]), (1, &["back"]), (0, &["in"]), (0, &["force", "place", "effect"])],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "conflict.blocked-again",
        says: Meaning::Unclear,
        sure: false,
        steps: &[
            (0, &["is", "are", "was", "were", "been"]),
            (1, &["blocked", "closed", "restricted", "limited", "throttled"]),
            (0, &["again"]),
        ],
        unless_before: &[&["if", "may", "might", "could", "would"]],
        unless_after: &[],
        asked: Some(false),
    },
];
