//! Bad news of other kinds beside good news. See [`super::rules`].

use super::Meaning;
use super::rules::{Rule, Step};

/// A doubt, unless it stands behind an "if".
const fn doubt(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Unclear, sure: false, steps, unless_before: &[&["if"]], unless_after: &[], asked: Some(false) }
}

/// The same, where it speaks against nothing but good news.
const fn against(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { sure: true, ..doubt(id, steps) }
}

/// What took something back, and not only might.
const fn undone(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule { unless_before: &[&["if", "may", "might", "could", "would"]], ..doubt(id, steps) }
}

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
        unless_before: &[&["if", "can", "may", "might", "could", "would"]],
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
        unless_before: &[&["if", "may", "might", "could", "would", "instance*", "host", "server", "compromised"]],
        unless_after: &[],
        asked: Some(false),
    },
    doubt(
        "conflict.however",
        &[(0, &["however", "but", "nevertheless"]), (10, &["not", "unable", "must", "need*", "found", "problem*", "issue*", "required"])],
    ),
    Rule {
        id: "conflict.mistake",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["mistake*", "incorrect*", "wrong*", "accident*", "oversight*"])],
        // An error message that the reader sent.
        unless_before: &[&["if", "pasted", "attached", "mentioned", "reported", "seeing"]],
        unless_after: &[&["message*", "queue", "department"]],
        asked: Some(false),
    },
    doubt("conflict.still", &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["closed", "blocked", "restricted", "limited"])]),
    Rule {
        id: "conflict.suspension",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["this", "the"]), (2, &["suspension", "restriction", "termination", "pause"]), (2, &["take*", "is", "remain*"])],
        unless_before: &[],
        unless_after: &[&["gone", "lifted", "removed", "off"]],
        asked: Some(false),
    },
    // Of two requests one is granted and one is open: a person reads it. Alone it is progress.
    against(
        "conflict.still-under-review",
        &[
            (0, &["is", "are", "remain*"]),
            (0, &["still", "currently"]),
            (1, &["under", "being", "in"]),
            (1, &["review*", "evaluat*", "process*", "progress"]),
        ],
    ),
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
            (1, &["lowered", "reduced", "limited", "restricted", "throttled", "blocked", "decreased"]),
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
        unless_before: &[&["if", "default"]],
        unless_after: &[],
        asked: Some(false),
    },
    // "For the other Region we were not able to do so": less was granted than asked for.
    against(
        "conflict.not-done",
        &[(0, &["we", "i", "team", "they"]), (2, &["unable", "not"]), (2, &["do"]), (0, &["so", "this", "that", "it", "the"])],
    ),
    Rule {
        id: "conflict.put-back",
        says: Meaning::Unclear,
        sure: true,
        steps: &[(0, &["put", "placed", "switched", "turned", "rolled"]), (3, &["back"])],
        unless_before: &[&["if", "may", "might", "could", "would", "will"]],
        unless_after: &[],
        asked: Some(false),
    },
    // Alone it is progress.
    against("conflict.still-open", &[(0, &["is", "are", "remain*"]), (1, &["still"]), (1, &["open", "pending", "outstanding"])]),
    against(
        "conflict.undecided",
        &[(0, &["not"]), (2, &["come", "made", "reached", "taken", "decided"]), (3, &["decision", "about", "on", "whether"])],
    ),
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
        unless_after: &[&["decision", "denial", "refusal"]],
        asked: Some(false),
    },
    // "The limitation is back in force", "port 25 is blocked again"
    undone(
        "conflict.back-in-force",
        &[(0, &["is", "are", "was", "were", "been"]), (1, &["back"]), (0, &["in"]), (0, &["force", "place", "effect"])],
    ),
    undone(
        "conflict.blocked-again",
        &[(0, &["is", "are", "was", "were", "been"]), (1, &["blocked", "closed", "restricted", "limited", "throttled"]), (0, &["again"])],
    ),
    undone("conflict.withheld", &[(0, &["is", "are", "was", "were", "been"]), (1, &["withheld"])]),
    doubt("conflict.still-in-sandbox", &[(0, &["is", "are"]), (0, &["still"]), (0, &["in"]), (3, &["sandbox"])]),
    // What was granted is not what was asked for.
    against("conflict.yours-not", &[(0, &["yours"]), (1, &["has", "was", "is"]), (0, &["not"])]),
    Rule {
        id: "conflict.separate-form",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["separate", "new"]), (0, &["form", "request"]), (1, &["necessary", "required", "needed"])],
        unless_before: &[&["if"]],
        unless_after: &[&["if"]],
        asked: Some(false),
    },
    doubt("conflict.not-acceptable", &[(0, &["is", "are"]), (1, &["not"]), (0, &["acceptable"])]),
    undone(
        "conflict.in-place-again",
        &[(0, &["is", "are", "was", "were"]), (1, &["in"]), (0, &["place", "force", "effect"]), (0, &["again"])],
    ),
    undone("conflict.returned-it", &[(0, &["returned", "reset", "reverted", "lowered", "reduced"]), (0, &["it", "them", "the"])]),
    undone(
        "conflict.since-undone",
        &[
            (0, &["have", "has"]),
            (0, &["since"]),
            (1, &["deleted", "removed", "reverted", "undone", "reinstated", "returned", "lowered", "withdrawn", "released"]),
        ],
    ),
    undone(
        "conflict.not-yours",
        &[(0, &["not"]), (0, &["concern", "affect", "apply", "touch"]), (1, &["your", "to"]), (1, &["account", "request", "case"])],
    ),
    undone(
        "conflict.unchanged",
        &[(0, &["account", "request", "limit*", "quota*"]), (0, &["is", "are", "remains", "remain"]), (0, &["unchanged", "untouched"])],
    ),
    undone("conflict.a-test", &[(0, &["this", "it"]), (0, &["is", "was"]), (0, &["a"]), (0, &["test"])]),
    Rule {
        id: "conflict.in-error",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["in", "by", "through"]), (1, &["error"])],
        unless_before: &[&["if", "occurred"]],
        unless_after: &[&["message*", "occurred"]],
        asked: Some(false),
    },
    doubt("conflict.our-error", &[(0, &["our"]), (1, &["error"])]),
    // A throttle that was disabled is good news.
    Rule {
        id: "conflict.disabled",
        says: Meaning::Unclear,
        sure: false,
        steps: &[(0, &["have", "has", "been", "was", "were"]), (1, &["disabled"])],
        unless_before: &[&["if", "may", "might", "not", "no", "which", "throttl*", "limit*", "restriction*", "block"]],
        unless_after: &[&["throttl*", "limit*", "restriction*", "block"]],
        asked: Some(false),
    },
    undone("conflict.separately", &[(0, &["reviewed", "handled", "decided", "assessed", "judged"]), (0, &["separately"])]),
    undone("conflict.still-there", &[(0, &["is", "are"]), (0, &["still"]), (0, &["there"])]),
    // Alone it is progress.
    against("conflict.in-the-queue", &[(0, &["in", "into"]), (0, &["the", "our"]), (0, &["queue"])]),
    undone(
        "conflict.other-team",
        &[(0, &["handled", "managed", "decided"]), (0, &["by"]), (0, &["a", "another"]), (1, &["different", "team", "other"])],
    ),
    undone("conflict.change-failed", &[(0, &["increase", "change", "removal", "update"]), (0, &["failed"])]),
    undone("conflict.was-reset", &[(0, &["been", "was", "were"]), (0, &["reset", "reverted", "undone"])]),
    undone("conflict.no-capacity", &[(0, &["no"]), (0, &["capacity"])]),
    undone("conflict.not-the-same", &[(0, &["not"]), (0, &["make"]), (0, &["the"]), (0, &["same"])]),
    doubt("conflict.only-to-verified", &[(0, &["only"]), (0, &["send"]), (0, &["to"]), (0, &["verified"])]),
    doubt("conflict.downgraded", &[(0, &["downgrad*"])]),
    doubt("conflict.another-account", &[(0, &["account"]), (3, &["writing", "write"]), (0, &["from"])]),
    doubt("conflict.no-change-made", &[(0, &["not"]), (0, &["made"]), (0, &["any"]), (0, &["change", "changes"])]),
    doubt("conflict.yours-still", &[(0, &["yours"]), (0, &["is"]), (0, &["still", "undecided", "open", "pending"])]),
    undone("conflict.then-blocked", &[(0, &["then"]), (0, &["blocked", "rejected", "denied", "stopped", "withdrawn"])]),
    undone("conflict.deleted-again", &[(0, &["is", "was", "were", "been"]), (0, &["deleted", "removed", "withdrawn"]), (0, &["again"])]),
    undone(
        "conflict.had-to-be-withdrawn",
        &[(0, &["had"]), (0, &["to"]), (0, &["be"]), (0, &["withdrawn", "reversed", "undone", "removed"])],
    ),
    against("conflict.goes-to-the-team", &[(0, &["goes"]), (0, &["to"]), (0, &["the", "a"]), (1, &["team", "reviewer*"])]),
    undone(
        "conflict.took-it-back",
        &[
            (0, &["set", "take", "took", "taken", "turned", "return", "returned", "disabled", "pulled"]),
            (0, &["it", "them"]),
            (0, &["back", "down", "again", "to", "off"]),
        ],
    ),
    undone("conflict.set-back", &[(0, &["set"]), (0, &["back"])]),
    doubt("conflict.is-over", &[(0, &["is", "are", "was"]), (0, &["over"])]),
    undone("conflict.exemption-ended", &[(0, &["exemption", "exception", "approval", "increase"]), (0, &["ended", "expired", "lapsed"])]),
    doubt("conflict.outside-of-it", &[(0, &["falls", "lies"]), (0, &["outside"])]),
    doubt(
        "conflict.not-part-of",
        &[(0, &["not"]), (0, &["part"]), (0, &["of"]), (0, &["this", "the"]), (0, &["change", "decision", "approval"])],
    ),
    doubt("conflict.unanswered", &[(0, &["is", "are"]), (0, &["unanswered", "undecided", "unresolved"])]),
    doubt("conflict.nothing-changed", &[(0, &["nothing"]), (0, &["has", "was"]), (1, &["changed", "done"])]),
    undone("conflict.update-refused", &[(0, &["refused", "rejected"]), (0, &["the", "this"]), (0, &["update", "change"])]),
    doubt("conflict.disregard", &[(0, &["disregard", "ignore"]), (2, &["notice", "message", "mail", "email", "previous", "sentence"])]),
    doubt("conflict.bug", &[(0, &["bug"])]),
    doubt("conflict.is-not-yours", &[(0, &["is", "are"]), (0, &["not"]), (0, &["yours"])]),
    doubt("conflict.becomes-binding", &[(0, &["becomes", "become"]), (0, &["binding", "effective", "valid", "active"])]),
    doubt("conflict.old-value", &[(0, &["is", "are"]), (0, &["the"]), (0, &["old"]), (0, &["one", "value"])]),
    doubt("conflict.as-usual", &[(0, &["with"]), (0, &["its", "the"]), (0, &["usual"]), (0, &["quota", "limit", "limits"])]),
];
