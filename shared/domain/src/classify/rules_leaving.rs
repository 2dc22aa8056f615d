//! The phrases that let an account out of the sandbox. An approval like those of [`super::rules_granting`].

use super::Meaning;
use super::rules::{HAVE, Rule, WAS, WAS_DONE, WE};
use super::rules_granting::{SPEAKER, approved};
use super::rules_voiding::{CONDITION, DATED, NEGATION, REPORTED, TAKEN_BACK};

/// What takes back the end of the sandbox; a "not" behind it may be what need not be done any more.
const STILL_HELD: &[&str] = &[
    "if",
    "once",
    "unless",
    "until",
    "when",
    "however",
    "but",
    "except",
    "only",
    "another",
    "different",
    "still",
    "queue",
    "review",
    "moment",
];

pub(super) const LEFT: &[Rule] = &[
    approved("approved.out-of-sandbox", true, &[(0, HAVE), (2, &["moved", "removed", "taken"]), (4, &["out", "from"]), (4, &["sandbox"])]),
    approved(
        "approved.production-access",
        true,
        &[(0, HAVE), (2, &["enabled", "granted", "approved"]), (5, &["production"]), (0, &["access"])],
    ),
    approved("approved.production-sending", true, &[(0, WE), (1, HAVE), (1, &["enabled"]), (1, &["production"]), (0, &["sending"])]),
    Rule {
        id: "approved.no-longer-in-sandbox",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["account"]), (10, &["is"]), (0, &["no"]), (0, &["longer"]), (0, &["in"]), (3, &["sandbox"])],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        // What need not be done any more takes nothing back.
        unless_after: &[STILL_HELD],
        asked: Some(false),
    },
    approved(
        "approved.production-access-active",
        true,
        &[(0, &["your"]), (0, &["production"]), (0, &["access"]), (12, &["is"]), (1, &["active", "live"])],
    ),
    approved("approved.now-has-access", true, &[(0, &["now"]), (1, HAVE), (3, &["production"]), (0, &["access", "status"])]),
    Rule {
        id: "approved.is-out-of-sandbox",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["account", "you"]), (1, &["is", "are"]), (1, &["out"]), (0, &["of"]), (3, &["sandbox"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[STILL_HELD],
        asked: Some(false),
    },
    approved(
        "approved.production-access-was",
        true,
        &[(0, &["production"]), (0, &["access"]), (14, WAS), (1, &["granted", "approved", "enabled", "activated", "switched", "turned"])],
    ),
    approved("approved.has-access", false, &[(0, &["account"]), (2, &["has"]), (2, &["production"]), (0, &["access"])]),
    approved(
        "approved.production-access-for-you",
        true,
        &[(0, &["production"]), (0, &["access"]), (0, &["for", "to"]), (0, &["your"]), (14, WAS), (1, &["granted", "approved", "enabled"])],
    ),
    approved(
        "approved.were-able-to-enable",
        true,
        &[
            (0, WE),
            (0, &["were", "was"]),
            (0, &["able"]),
            (0, &["to"]),
            (0, &["enable", "move"]),
            (0, &["your"]),
            (3, &["account"]),
            (3, &["production", "sandbox", "25", "sending"]),
        ],
    ),
    Rule {
        id: "approved.can-now-send-to-all",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["account", "you"]), (6, &["can"]), (0, &["now"]), (0, &["send"]), (3, &["unverified", "any", "recipients"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[STILL_HELD],
        asked: Some(false),
    },
    Rule {
        id: "approved.sandbox-no-longer-applies",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["sandbox"]), (1, &["restriction*", "limit*"]), (0, &["no"]), (0, &["longer"]), (0, &["apply", "applies"])],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    Rule {
        id: "approved.we-took-out-of-sandbox",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, SPEAKER),
            (16, &["moved", "removed", "took"]),
            (0, &["your"]),
            (2, &["account"]),
            (0, &["out", "from"]),
            (4, &["sandbox"]),
        ],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.was-moved-to-production",
        true,
        &[(0, &["account"]), (4, WAS_DONE), (0, &["moved"]), (0, &["to", "into"]), (1, &["production"])],
    ),
    approved(
        "approved.and-enabled-production",
        true,
        &[(0, SPEAKER), (1, HAVE), (8, &["and"]), (0, &["enabled", "granted", "approved"]), (2, &["production"]), (0, &["access"])],
    ),
    Rule {
        id: "approved.we-enabled-production",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (0, &["enabled", "granted"]), (1, &["production"]), (0, &["access"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.enabled-for-production",
        true,
        &[(0, &["account"]), (1, &["is", "been", "was"]), (1, &["enabled"]), (0, &["for"]), (0, &["production"])],
    ),
    approved(
        "approved.moved-you-to-production",
        true,
        &[(0, HAVE), (0, &["moved"]), (0, &["you", "your"]), (2, &["to", "into"]), (0, &["production"])],
    ),
    approved(
        "approved.has-full-access",
        true,
        &[(0, &["account"]), (6, &["has"]), (1, &["full"]), (0, &["sending", "production"]), (0, &["access", "capability"])],
    ),
    approved(
        "approved.production-access-is",
        true,
        &[(0, &["production"]), (0, &["access"]), (0, &["is"]), (1, &["active", "enabled", "live"])],
    ),
    Rule {
        id: "approved.lifted-the-sandbox",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (12, &["lifted", "removed"]), (0, &["the", "your"]), (0, &["sandbox"]), (0, &["restriction*", "limit*"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.ability-enabled",
        true,
        &[
            (0, SPEAKER),
            (12, &["enabled", "restored", "reinstated"]),
            (0, &["your"]),
            (0, &["account"]),
            (0, &["ability"]),
            (0, &["to"]),
            (0, &["send"]),
        ],
    ),
    approved(
        "approved.from-sandbox-to-production",
        true,
        &[(0, WAS_DONE), (0, &["switched", "moved"]), (0, &["from"]), (1, &["sandbox"]), (0, &["to"]), (0, &["production"])],
    ),
    approved("approved.left-the-sandbox", true, &[(0, &["account"]), (2, HAVE), (0, &["left"]), (4, &["sandbox"])]),
];
