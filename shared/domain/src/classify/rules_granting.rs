//! The phrases that grant, and what takes them back. An approval is only what stands in the past or present, unconditionally. See
//! [`super::rules`].

use super::Meaning;
use super::rules::{HAVE, LIMIT, Rule, Step, WAS_DONE, WE};
use super::rules_voiding::{CONDITION, DATED, NEGATION, REPORTED, TAKEN_BACK};

/// What is asked for and can be granted. A case is only where it is talked about.
const GRANTABLE: &[&str] = &["request*", "appeal", "increase*", "application", "removal"];
pub(super) const SPEAKER: &[&str] = &["we", "i", "team", "specialist*", "reviewer*"];

pub(super) const fn approved(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Approved,
        sure,
        steps,
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    }
}

const fn status(id: &'static str, steps: &'static [Step]) -> Rule {
    Rule {
        id,
        says: Meaning::Approved,
        sure: true,
        steps,
        unless_before: &[CONDITION, NEGATION, REPORTED, &["returned", "command", "output", "attachment*", "ticket", "file*", "log*"]],
        unless_after: &[TAKEN_BACK, &["or", "and", "denied", "pending", "means"]],
        asked: Some(false),
    }
}

pub(super) const APPROVED: &[Rule] = &[
    approved("approved.granted", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, GRANTABLE)]),
    approved("approved.granted-limit", true, &[(0, WE), (1, HAVE), (2, &["granted", "approved"]), (8, LIMIT)]),
    approved("approved.was-granted", true, &[(0, GRANTABLE), (6, &["been", "was", "were", "is"]), (1, &["granted", "approved"])]),
    approved(
        "approved.your-request",
        true,
        &[(0, &["your"]), (4, &["request", "appeal", "application"]), (26, WAS_DONE), (1, &["granted", "approved"])],
    ),
    // "We have reviewed your use case and approved your request"
    Rule {
        id: "approved.and-approved",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (12, &["and"]), (2, &["approved", "granted"]), (0, &["your", "the"]), (4, GRANTABLE)],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.fulfilled", true, &[(0, &["your"]), (1, &["request", "increase"]), (20, WAS_DONE), (1, &["fulfilled"])]),
    approved(
        "approved.effect-immediately",
        true,
        &[(0, &["this", "these"]), (3, &["take*"]), (0, &["effect"]), (0, &["immediately"]), (12, &["region*"])],
    ),
    Rule {
        id: "approved.successful",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["application", "appeal"]), (8, WAS_DONE), (0, &["successful"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK, &["respect", "respects", "part"]],
        asked: Some(false),
    },
    Rule {
        id: "approved.we-approved",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (2, &["approved", "granted"]), (0, &["your"]), (4, GRANTABLE)],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.we-approved-removal",
        true,
        &[(0, SPEAKER), (2, &["approved", "granted"]), (0, &["the"]), (2, &["removal", "increase*"])],
    ),
    approved(
        "approved.were-able",
        true,
        &[
            (0, WE),
            (0, &["were", "was"]),
            (0, &["able"]),
            (0, &["to"]),
            (0, &["approve", "grant", "fulfil*", "honor", "honour", "accommodate"]),
            (0, &["your", "the"]),
            (3, GRANTABLE),
        ],
    ),
    approved(
        "approved.were-able-to-remove",
        true,
        &[
            (0, WE),
            (0, &["were", "was"]),
            (0, &["able", "happy", "glad", "pleased"]),
            (0, &["to"]),
            (0, &["remove", "lift", "increase", "raise"]),
            (0, &["your", "the"]),
            (3, &["limit", "limits", "limitation*", "restriction*", "throttl*", "quota", "quotas"]),
        ],
    ),
    approved(
        "approved.implemented",
        true,
        &[(0, &["increase*", "limit*", "quota*", "request*", "change*"]), (12, WAS_DONE), (1, &["implemented"])],
    ),
    approved("approved.processed", false, &[(0, &["request*"]), (5, &["has", "was"]), (2, &["processed", "completed", "fulfilled"])]),
    approved(
        "approved.pleased",
        false,
        &[
            (0, &["pleased", "happy", "glad", "delighted"]),
            (4, &["inform", "let", "confirm", "tell", "say", "share", "report", "announce"]),
        ],
    ),
    // As automation writes it: "Request status: APPROVED", "the status of your request is now APPROVED".
    status("approved.request-status", &[(0, &["request*", "increase*"]), (0, &["status"]), (3, &["approved", "granted"])]),
    status("approved.status-of-request", &[(0, &["status"]), (6, &["request*", "increase*"]), (4, &["approved", "granted"])]),
    approved(
        "approved.reviewed-and-approved",
        true,
        &[
            (0, &["your"]),
            (4, &["request", "appeal", "application", "increase"]),
            (16, WAS_DONE),
            (1, &["reviewed", "evaluated", "considered", "processed", "checked"]),
            (0, &["and"]),
            (1, &["approved", "granted"]),
        ],
    ),
    // As automation writes it: "Status: APPROVED", "Result of your request: granted in full".
    status("approved.status", &[(0, &["status", "result", "outcome", "decision", "resolution"]), (3, &["approved", "granted"])]),
    status("approved.access-granted", &[(0, &["access", "exemption", "exception"]), (0, &["granted", "approved"])]),
    approved("approved.agreed", true, &[(0, SPEAKER), (12, &["agreed"]), (0, &["to"]), (0, &["your"]), (2, GRANTABLE)]),
    approved("approved.accepted-appeal", true, &[(0, SPEAKER), (1, &["accepted"]), (0, &["your"]), (1, &["appeal"])]),
    Rule {
        id: "approved.was-successful",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["your"]), (2, &["request", "appeal", "application"]), (6, WAS_DONE), (0, &["successful"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK, &["respect", "respects", "part"]],
        asked: Some(false),
    },
    approved("approved.exemption-given", true, &[(0, &["exemption", "exception"]), (12, WAS_DONE), (1, &["given", "granted", "approved"])]),
    approved(
        "approved.permission",
        true,
        &[
            (0, &["permission", "access"]),
            (0, &["for", "to"]),
            (4, &["email", "mail", "smtp", "25", "production", "sending"]),
            (6, WAS_DONE),
            (0, &["given", "granted", "approved", "enabled"]),
        ],
    ),
    approved(
        "approved.account-approved",
        true,
        &[
            (0, &["account"]),
            (2, WAS_DONE),
            (0, &["approved", "cleared"]),
            (0, &["to", "for"]),
            (1, &["send", "production", "sending", "port"]),
        ],
    ),
    approved("approved.removal-completed", true, &[(0, &["removal"]), (8, WAS_DONE), (0, &["completed", "done", "carried"])]),
    approved(
        "approved.exemption-in-place",
        true,
        &[(0, &["exemption", "exception"]), (20, &["is"]), (1, &["in"]), (0, &["place", "effect", "force"])],
    ),
    Rule {
        id: "approved.verification-complete",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["verification"]), (0, &["is", "was", "has"]), (1, &["now", "been"]), (0, &["complete", "completed", "successful"])],
        unless_before: &[CONDITION, NEGATION, &["sure", "ensure*"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    Rule {
        id: "approved.account-verified",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["account"]), (1, &["is", "has", "was"]), (2, &["verified"])],
        unless_before: &[CONDITION, NEGATION, &["sure", "ensure*"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.request-validated", true, &[(0, &["request"]), (12, WAS_DONE), (0, &["validated"])]),
    approved(
        "approved.decided-to-grant",
        true,
        &[
            (0, WE),
            (1, HAVE),
            (0, &["decided"]),
            (0, &["to"]),
            (0, &["grant", "approve"]),
            (4, &["request*", "access", "increase*", "appeal", "exception", "exemption"]),
        ],
    ),
    approved(
        "approved.happy-to-confirm",
        true,
        &[
            (0, &["pleased", "happy", "glad", "delighted"]),
            (0, &["to"]),
            (0, &["confirm", "announce"]),
            (0, &["the", "your"]),
            (0, &["removal", "increase", "approval"]),
            (0, &["of"]),
        ],
    ),
    approved("approved.your-case", true, &[(0, &["your"]), (0, &["case"]), (12, WAS_DONE), (0, &["approved", "granted"])]),
    // Without a verb: "Service quota request approved". What is to be had so is not there yet.
    Rule {
        id: "approved.request-approved-line",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["request", "increase"]), (0, &["approved", "granted"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["get", "have", "having", "want", "need", "to", "with", "your", "any", "every"]],
        unless_after: &[TAKEN_BACK, &["or", "and", "by"]],
        asked: Some(false),
    },
    approved(
        "approved.hold-removed",
        true,
        &[(0, &["hold"]), (0, &["on"]), (2, &["account", "it"]), (8, WAS_DONE), (0, &["removed", "released", "lifted"])],
    ),
    approved(
        "approved.request-we-approved-it",
        true,
        &[
            (0, &["your"]),
            (1, &["request", "appeal", "application", "increase"]),
            (16, &["we"]),
            (0, HAVE),
            (0, &["approved", "granted"]),
            (0, &["it"]),
        ],
    ),
    approved(
        "approved.approved-your-account",
        true,
        &[
            (0, WE),
            (0, HAVE),
            (0, &["approved", "cleared"]),
            (0, &["your"]),
            (0, &["account"]),
            (0, &["for", "to"]),
            (0, &["sending", "production", "send"]),
        ],
    ),
    Rule {
        id: "approved.request-went-through",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["your"]), (0, &["request"]), (0, &["went"]), (0, &["through"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        // On its way, not at its end.
        unless_after: &[TAKEN_BACK, &["to", "team*", "review"]],
        asked: Some(false),
    },
    approved("approved.removal-is-complete", true, &[(0, &["removal"]), (8, &["is", "was"]), (0, &["complete", "completed", "done"])]),
];
