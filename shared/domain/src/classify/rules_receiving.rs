//! The phrases that acknowledge: AWS has the request. See [`super::rules`].

use super::Meaning;
use super::rules::{Rule, Step};
use super::rules_reporting::SILENT;

const fn received(id: &'static str, sure: bool, steps: &'static [Step]) -> Rule {
    Rule { id, says: Meaning::Received, sure, steps, unless_before: &[SILENT], unless_after: &[&["not"]], asked: Some(false) }
}

pub(super) const RECEIVED: &[Rule] = &[
    received("received.got", true, &[(0, &["we"]), (1, &["got"]), (6, &["request*", "form", "submission", "application", "appeal"])]),
    received("received.opened-case", true, &[(0, &["have", "has", "was", "been"]), (1, &["opened", "created"]), (2, &["case"])]),
    received("received.case-opened", true, &[(0, &["case"]), (3, &["has", "was"]), (1, &["opened", "created"])]),
    received(
        "received.request",
        true,
        &[
            (0, &["we", "team"]),
            (1, &["have"]),
            (1, &["received"]),
            (4, &["request*", "application", "case", "form", "submission", "appeal"]),
        ],
    ),
    received(
        "received.was-received",
        true,
        &[
            (0, &["request*", "application", "form", "submission", "case"]),
            (20, &["has", "was"]),
            (2, &["received", "submitted", "recorded"]),
        ],
    ),
    received("received.automatic", true, &[(0, &["automat*"]), (1, &["acknowledg*", "confirmation", "receipt"])]),
    received(
        "received.reached-us",
        true,
        &[(0, &["request*", "submission", "message", "application", "form"]), (16, &["reached"]), (1, &["us", "our", "aws"])],
    ),
    received("received.numbered", true, &[(0, &["assigned", "given"]), (3, &["number", "id"])]),
    received(
        "received.logged",
        true,
        &[(0, &["logged", "registered", "recorded"]), (1, &["under", "as", "with"]), (2, &["case", "request", "reference", "ticket"])],
    ),
    received("received.added", true, &[(0, &["added", "attached"]), (0, &["to"]), (0, &["your", "the"]), (1, &["request", "case"])]),
    received("received.acknowledge", true, &[(0, &["acknowledg*", "confirm*"]), (3, &["receipt"])]),
    // Said at the top of every kind of answer: not enough to stay silent about the rest.
    received("received.thanks", false, &[(0, &["thank*"]), (3, &["submitting", "submission"]), (4, &["request*", "form", "application"])]),
    received(
        "received.we-received",
        true,
        &[(0, &["we", "team"]), (0, &["received"]), (0, &["your", "the"]), (3, &["request*", "application", "form", "submission"])],
    ),
    received("received.added-to-case", true, &[(0, &["added", "attached"]), (0, &["to"]), (0, &["case", "request"])]),
    received("received.arrived", true, &[(0, &["request", "submission", "message", "application", "form", "appeal"]), (10, &["arrived"])]),
    received("received.state", true, &[(0, &["status", "state"]), (0, &["received", "submitted"])]),
    received(
        "received.thanks-for-your",
        false,
        &[(0, &["thank*"]), (1, &["for"]), (0, &["your"]), (1, &["request", "application", "submission"])],
    ),
];
