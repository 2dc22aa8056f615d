//! The phrases that say that reverse DNS is set up as asked. An approval like those of [`super::rules_granting`].

use super::Meaning;
use super::rules::{HAVE, Rule, WAS_DONE, WE};
use super::rules_granting::{SPEAKER, approved};
use super::rules_voiding::{CONDITION, NEGATION, REPORTED, TAKEN_BACK};

const SET_UP: &[&str] =
    &["configured", "created", "set", "updated", "added", "enabled", "established", "completed", "implemented", "applied", "mapped"];

pub(super) const POINTED: &[Rule] = &[
    Rule {
        id: "approved.rdns-points",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["reverse", "rdns", "ptr*"]), (12, &["now"]), (0, &["points", "resolves", "point", "resolve"]), (0, &["to", "at"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK, &["our", "default", "old", "wrong", "provider"]],
        asked: Some(false),
    },
    approved("approved.rdns-configured", true, &[(0, WE), (1, HAVE), (2, SET_UP), (4, &["reverse", "rdns", "ptr*"])]),
    approved("approved.rdns-was-configured", true, &[(0, &["reverse", "rdns", "ptr*"]), (24, WAS_DONE), (1, SET_UP)]),
    approved(
        "approved.rdns-is-now",
        true,
        &[(0, &["reverse", "rdns", "ptr*"]), (8, &["is", "are"]), (0, &["now"]), (1, &["set", "configured", "mapped", "live"])],
    ),
    approved(
        "approved.rdns-is",
        false,
        &[(0, &["reverse", "rdns", "ptr*"]), (8, &["is", "are"]), (1, &["set", "configured", "mapped", "live"])],
    ),
    approved("approved.rdns-mapped", true, &[(0, WE), (1, HAVE), (2, &["mapped"]), (4, &["reverse", "rdns", "ptr*"])]),
    // In the words of a pointer record: "the reverse DNS records that you asked for are now in place".
    approved(
        "approved.rdns-now-in-place",
        true,
        &[
            (0, &["reverse", "rdns", "ptr*", "pointer"]),
            (12, &["is", "are"]),
            (0, &["now"]),
            (1, &["in", "live", "active"]),
            (0, &["place", "and"]),
        ],
    ),
    approved(
        "approved.rdns-wanted-in-place",
        true,
        &[
            (0, &["reverse", "rdns", "ptr*", "pointer"]),
            (4, &["asked", "requested", "wanted", "submitted", "ordered"]),
            (8, &["is", "are"]),
            (1, &["in", "live", "active", "set", "done", "complete", "ready"]),
        ],
    ),
    approved(
        "approved.rdns-deleted-as-asked",
        true,
        &[
            (0, &["as"]),
            (1, &["you"]),
            (1, &["requested", "asked", "wanted"]),
            (0, SPEAKER),
            (1, &["removed", "deleted"]),
            (2, &["reverse", "rdns", "ptr*"]),
        ],
    ),
    approved("approved.rdns-live", true, &[(0, &["reverse", "rdns", "ptr*"]), (4, &["is", "are"]), (0, &["live"])]),
    approved(
        "approved.rdns-did-the-set-up",
        true,
        &[(0, WE), (2, &["did", "done", "finished", "made"]), (1, &["set", "setup", "configuration"]), (3, &["reverse", "rdns", "ptr*"])],
    ),
    approved(
        "approved.rdns-was-deleted-as-asked",
        true,
        &[
            (0, &["as"]),
            (1, &["requested", "asked", "wanted", "wished"]),
            (3, &["reverse", "rdns", "ptr*"]),
            (16, &["been", "was", "were"]),
            (0, &["removed", "deleted"]),
        ],
    ),
    approved(
        "approved.rdns-status",
        true,
        &[(0, &["reverse", "rdns", "ptr*"]), (2, &["status"]), (0, &["configured", "created", "active", "live"])],
    ),
    approved("approved.record-is-live", true, &[(0, &["record", "records"]), (0, &["is", "are"]), (1, &["live"])]),
    approved(
        "approved.rdns-put-in-place",
        true,
        &[(0, &["reverse", "rdns", "ptr*", "pointer"]), (4, WAS_DONE), (0, &["put"]), (0, &["in"]), (0, &["place"])],
    ),
    approved(
        "approved.rdns-update-complete",
        true,
        &[
            (0, &["reverse", "rdns", "ptr*"]),
            (2, &["update", "setup", "configuration", "change"]),
            (0, &["is", "are"]),
            (1, &["complete", "completed", "done"]),
        ],
    ),
    Rule {
        id: "approved.rdns-in-place",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["reverse", "rdns", "ptr*"]), (10, &["is", "are"]), (0, &["in"]), (0, &["place"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["already", "noted", "noticed", "aware"]],
        unless_after: &[TAKEN_BACK, &["already"]],
        asked: Some(false),
    },
];
