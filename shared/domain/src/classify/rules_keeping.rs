//! The phrases that deny by what stays as it is: the restriction, the sandbox, the decision. See [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, Rule, WE};
use super::rules_denying::{PERHAPS, UNTIL, denied};

const MEANWHILE: &[&str] = &["while", "during", "meantime", "meanwhile", "currently", "now", "moment"];

pub(super) const KEPT: &[Rule] = &[
    denied(
        "denied.keep",
        true,
        &[
            (0, WE),
            (2, &["will", "are", "am", "is", "decided", "chosen", "determined", "elected"]),
            (2, &["keep", "keeping", "maintain*", "leave", "leaving"]),
            (8, &["limit*", "restriction*", "throttl*", "block", "place", "sandbox"]),
        ],
    ),
    denied(
        "denied.stay",
        true,
        &[
            (0, &["account", "restriction*", "limit*", "throttl*"]),
            (8, &["will"]),
            (2, &["stay", "remain"]),
            (5, &["sandbox", "place", "force", "effect"]),
        ],
    ),
    Rule {
        id: "denied.stays",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["account", "restriction*", "limit*", "throttl*", "block"]),
            (4, &["stay", "stays", "remain", "remains"]),
            (2, &["sandbox", "place", "force", "effect"]),
        ],
        // For now is not for good.
        unless_before: &[PERHAPS, MEANWHILE],
        unless_after: &[UNTIL, MEANWHILE],
        asked: Some(false),
    },
    denied(
        "denied.decision-to-keep",
        true,
        &[
            (0, &["decision", "chosen"]),
            (0, &["to"]),
            (0, &["keep", "leave", "maintain"]),
            (8, &["limit*", "restriction*", "throttl*", "block", "place", "sandbox"]),
        ],
    ),
    denied("denied.will-remain", true, &[(0, &["will"]), (0, &["remain", "stay"]), (1, &["blocked", "restricted", "throttled"])]),
    denied("denied.decision-unchanged", true, &[(0, &["decision"]), (3, &["unchanged", "upheld"])]),
    denied(
        "denied.stand-by",
        true,
        &[(0, WE), (2, &["stand", "upheld", "uphold", "maintain", "upholding", "standing", "maintaining", "keeping"]), (3, &["decision"])],
    ),
    denied("denied.stands", false, &[(0, &["decision"]), (5, &["final", "stand*", "upheld", "unchanged"])]),
    denied("denied.remain", false, &[(0, &["remain*"]), (4, &["sandbox", "restricted", "limit*", "block*"])]),
    Rule {
        id: "denied.our-decision-stands",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["our", "the", "initial", "original", "previous", "earlier", "first", "prior"]),
            (1, &["decision", "determination", "assessment", "denial", "refusal"]),
            (2, &["stands", "stand", "remains", "final", "unchanged", "same"]),
        ],
        unless_before: &[PERHAPS],
        unless_after: &[UNTIL, &["pending", "open", "outstanding"]],
        asked: Some(false),
    },
    denied(
        "denied.continue-subject",
        true,
        &[
            (0, &["account", "instance*", "resources"]),
            (1, &["will", "continues", "remains", "remain"]),
            (1, &["continue", "remain", "be", "to"]),
            (3, &["subject"]),
            (0, &["to"]),
            (5, &["restriction*", "limitation*", "throttl*", "block"]),
        ],
    ),
    Rule {
        id: "denied.remains-denied",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, ASKED), (2, &["remains", "remain", "stays"]), (1, &["denied", "declined", "rejected", "refused", "unapproved"])],
        unless_before: &[PERHAPS],
        unless_after: &[],
        asked: Some(false),
    },
    denied(
        "denied.nothing-changed",
        true,
        &[
            (0, &["our"]),
            (1, &["assessment", "decision", "position", "answer", "determination", "conclusion", "view"]),
            (2, &["not"]),
            (0, &["changed", "change"]),
        ],
    ),
    Rule {
        id: "denied.answer-no",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["answer", "decision"]), (1, &["is", "stays", "remains"]), (1, &["no"])],
        unless_before: &[PERHAPS],
        unless_after: &[&["longer", "reply", "problem", "surprise"]],
        asked: Some(false),
    },
    denied(
        "denied.no-such-outcome",
        true,
        &[(0, &["not"]), (1, &["have"]), (1, &["outcome", "news", "answer", "result"]), (3, &["hoped", "wanted", "wished"])],
    ),
    Rule {
        id: "denied.closed-unchanged",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["closed", "closing"]), (0, &["without"]), (2, &["change", "changes"])],
        unless_before: &[&["if", "may", "might", "when"]],
        unless_after: &[],
        asked: Some(false),
    },
    Rule {
        id: "denied.will-remain-on-yours",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["limit*", "restriction*", "throttl*", "block"]),
            (2, &["will"]),
            (0, &["remain", "stay"]),
            (0, &["on"]),
            (0, &["your"]),
        ],
        unless_before: &[PERHAPS],
        unless_after: &[UNTIL, &["other"]],
        asked: Some(false),
    },
    denied("denied.upholding", true, &[(0, &["upholding", "uphold"]), (0, &["our", "the"]), (2, &["decision", "denial"])]),
];
