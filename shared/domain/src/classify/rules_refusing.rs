//! More phrases that deny: a decision that stands, what stays as it is, what automation reports. See [`super::rules`].

use super::Meaning;
use super::rules::{ASKED, Rule, Step, WE};
use super::rules_denying::{GRANTING, PERHAPS, UNTIL, denied};

const INTENDED: &[&str] =
    &["grant", "approve", "lift", "remove", "raise", "increase", "change", "granting", "lifting", "removing", "raising", "changing"];
const fn status(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Denied,
        sure: true,
        steps,
        unless_before: &[PERHAPS, &["not", "approved", "pending", "or", "can", "previous*"]],
        unless_after: &[],
        asked: Some(false),
    }
}

pub(super) const REFUSED: &[Rule] = &[
    // Said without our name before it: "your case was reviewed, and it was decided against lifting it"
    Rule {
        id: "denied.decided-against",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["decided", "chosen", "opted"]), (0, &["against"]), (2, GRANTING)],
        unless_before: &[PERHAPS, &["you", "they", "not"]],
        unless_after: &[],
        asked: Some(false),
    },
    denied(
        "denied.no-intention",
        true,
        &[(0, WE), (2, &["not", "no"]), (0, &["intend", "plan", "plans", "intention"]), (1, &["to", "of"]), (1, INTENDED)],
    ),
    Rule {
        id: "denied.our-decision-stands",
        says: Meaning::Denied,
        sure: true,
        steps: &[
            (0, &["our", "initial", "original", "previous", "earlier", "first", "prior"]),
            (1, &["decision", "determination", "assessment"]),
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
        id: "denied.is-a-no",
        says: Meaning::Denied,
        sure: true,
        steps: &[(0, &["it", "is", "was", "answer"]), (1, &["a"]), (1, &["no"])],
        unless_before: &[PERHAPS],
        unless_after: &[&["reply", "cost", "charge", "problem", "issue", "need", "longer"]],
        asked: Some(false),
    },
    // As automation writes it: "Request status: DENIED", "the status of your request is now DENIED".
    status("denied.request-status", &[(0, &["request*", "increase*"]), (0, &["status"]), (3, &["denied", "declined", "rejected"])]),
    status("denied.status-of-request", &[(0, &["status"]), (6, &["request*", "increase*"]), (4, &["denied", "declined", "rejected"])]),
    denied("denied.and-not-approved", true, &[(0, ASKED), (12, &["has", "was", "were"]), (4, &["not"]), (0, &["approved", "granted"])]),
];
