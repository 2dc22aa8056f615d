//! The phrases that give more: a quota or a rate raised. An approval like those of
//! [`super::rules_granting`].

use super::Meaning;
use super::rules::{HAVE, LIMIT, NUMBER, Rule, WAS_DONE, WE};
use super::rules_granting::{SPEAKER, approved};
use super::rules_voiding::{CONDITION, DATED, NEGATION, REPORTED, TAKEN_BACK};

/// Beside a number: what was lowered, or is what everybody has.
const LOWERED: &[&str] = &["down", "default", "sandbox", "because", "due", "bounce*", "complaint*", "only", "instead", "abuse"];

pub(super) const RAISED: &[Rule] = &[
    Rule {
        id: "approved.new-quota",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["your"]), (0, &["new", "updated"]), (3, &["quota", "limit", "rate"]), (3, &["is", "are"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, LOWERED],
        unless_after: &[TAKEN_BACK, LOWERED],
        asked: Some(false),
    },
    Rule {
        id: "approved.we-processed-increase",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, WE), (1, HAVE), (1, &["processed", "completed"]), (0, &["your", "the"]), (3, &["increase", "increases"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["request", "requests"]],
        // A request that was processed may have ended either way.
        unless_after: &[TAKEN_BACK, &["request", "requests"]],
        asked: Some(false),
    },
    Rule {
        id: "approved.increase-applied",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["increase*"]),
            (12, &["been", "was", "were", "is"]),
            (1, &["processed", "applied", "completed", "complete", "fulfilled"]),
        ],
        // A request that was processed may have ended either way.
        unless_before: &[CONDITION, NEGATION, REPORTED, &["request", "requests"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.increased", true, &[(0, WE), (1, HAVE), (1, &["increased", "raised"]), (1, &["your"]), (5, LIMIT)]),
    approved("approved.increased-to", true, &[(0, WE), (1, HAVE), (1, &["increased", "raised"]), (0, &["the"]), (4, LIMIT), (2, &["to"])]),
    approved("approved.rate-increased", true, &[(0, &["send", "sending"]), (0, &["rate"]), (6, WAS_DONE), (1, &["increased", "raised"])]),
    Rule {
        id: "approved.was-increased",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["limit*", "quota*"]), (16, WAS_DONE), (1, &["increased", "raised", "bumped", "upped"])],
        // Other limits than those that are asked for.
        unless_before: &[
            CONDITION,
            NEGATION,
            REPORTED,
            &["simulator", "attachment*", "upload*", "case", "character*", "file", "management", "member", "payer"],
        ],
        unless_after: &[TAKEN_BACK, &["earlier"], DATED],
        asked: Some(false),
    },
    // Also how a throttle is announced.
    approved("approved.was-set-to", false, &[(0, &["limit", "quota"]), (6, WAS_DONE), (1, &["set"]), (0, &["to"])]),
    approved(
        "approved.and-increased",
        true,
        &[(0, SPEAKER), (1, HAVE), (6, &["and"]), (0, &["increased", "raised", "bumped", "upped"]), (0, &["your", "the"]), (5, LIMIT)],
    ),
    Rule {
        id: "approved.we-increased",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (4, &["increased", "raised", "bumped", "upped"]), (0, &["your"]), (4, LIMIT)],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED, &["last"]],
        unless_after: &[TAKEN_BACK, DATED],
        asked: Some(false),
    },
    // "They looked at your usage and have approved an increase to 3,000"
    Rule {
        id: "approved.increase-to",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, HAVE), (1, &["approved", "granted"]), (0, &["an", "the", "your"]), (1, &["increase"]), (0, &["to", "of"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["you"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved(
        "approved.increased-for-you",
        true,
        &[(0, WE), (0, HAVE), (1, &["increased", "raised"]), (0, &["the"]), (2, LIMIT), (8, &["for"]), (0, &["you", "your"])],
    ),
    approved("approved.increase-went-through", true, &[(0, &["increase*"]), (4, &["went"]), (0, &["through"])]),
    approved(
        "approved.increase-in-effect",
        true,
        &[(0, &["increase*"]), (8, WAS_DONE), (1, &["put"]), (0, &["in", "into"]), (0, &["effect", "place"])],
    ),
    approved(
        "approved.finished-applying",
        true,
        &[(0, WE), (1, HAVE), (1, &["finished", "completed"]), (0, &["applying"]), (2, &["increase*", "higher", "new"])],
    ),
    Rule {
        id: "approved.quota-now-equals",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, LIMIT), (16, &["now"]), (0, &["equals", "stands", "amounts"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["sandbox"]],
        unless_after: &[TAKEN_BACK, &["down", "default", "sandbox", "instead"]],
        asked: Some(false),
    },
    // "Your quota in af-south-1 is 3000 from now on"
    approved(
        "approved.quota-from-now-on",
        true,
        &[(0, &["your"]), (6, LIMIT), (8, &["is", "are"]), (4, &["from"]), (0, &["now"]), (0, &["on"])],
    ),
    Rule {
        id: "approved.is-increased-to",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, LIMIT), (8, &["is", "are"]), (1, &["increased", "raised", "increase", "bumped"]), (0, &["to"])],
        unless_before: &[CONDITION, NEGATION, REPORTED],
        unless_after: &[TAKEN_BACK, &["automatic*", "gradual*", "over", "as"]],
        asked: Some(false),
    },
    approved(
        "approved.limit-changed-as-asked",
        true,
        &[
            (0, SPEAKER),
            (0, HAVE),
            (0, &["updated", "adjusted", "changed"]),
            (6, LIMIT),
            (20, &["as"]),
            (1, &["you", "requested"]),
            (0, &["asked", "requested", "wished", "in"]),
        ],
    ),
    approved(
        "approved.increased-of-account",
        true,
        &[(0, WE), (1, HAVE), (1, &["increased", "raised"]), (0, &["the"]), (6, LIMIT), (2, &["of", "for", "on"]), (0, &["your"])],
    ),
    approved(
        "approved.new-quota-applied",
        true,
        &[(0, &["your"]), (0, &["new"]), (1, LIMIT), (6, WAS_DONE), (0, &["applied", "set", "activated"])],
    ),
    approved("approved.increase-has-gone-through", true, &[(0, &["increase"]), (8, HAVE), (0, &["gone"]), (0, &["through"])]),
    approved(
        "approved.can-now-send-up-to",
        true,
        &[(0, &["account", "you"]), (4, &["can"]), (0, &["now"]), (0, &["send"]), (0, &["up"]), (0, &["to"])],
    ),
    approved(
        "approved.successfully-updated",
        true,
        &[(0, &["your"]), (2, LIMIT), (16, WAS_DONE), (0, &["successfully"]), (0, &["updated", "changed", "adjusted"])],
    ),
    approved(
        "approved.new-limit-available",
        true,
        &[(0, &["your"]), (0, &["new"]), (1, LIMIT), (8, &["is", "are"]), (0, &["now"]), (0, &["available", "active", "effective", "in"])],
    ),
    approved(
        "approved.now-has-limit-as-asked",
        true,
        &[(0, &["now"]), (0, HAVE), (0, &["a", "the"]), (2, LIMIT), (14, &["as"]), (0, &["you"]), (0, &["requested", "asked", "wanted"])],
    ),
    approved(
        "approved.increased-following",
        true,
        &[(0, WE), (0, HAVE), (1, &["increased", "raised"]), (0, &["the"]), (0, &["following"]), (1, LIMIT)],
    ),
    Rule {
        id: "approved.have-raised-of-yours",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, HAVE), (1, &["increased", "raised"]), (0, &["the"]), (4, LIMIT), (0, &["of", "for", "on"]), (0, &["your"])],
        unless_before: &[CONDITION, NEGATION, REPORTED, &["you", "they"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    // A number says that it is there; what lowers it says why.
    Rule {
        id: "approved.quota-is-now",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["your"]), (6, LIMIT), (8, &["is", "are"]), (0, &["now"]), (1, NUMBER)],
        unless_before: &[CONDITION, NEGATION, REPORTED, LOWERED],
        unless_after: &[TAKEN_BACK, LOWERED],
        asked: Some(false),
    },
    Rule {
        id: "approved.quota-updated-to",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["your"]), (2, LIMIT), (8, WAS_DONE), (0, &["updated", "adjusted"]), (1, NUMBER)],
        unless_before: &[CONDITION, NEGATION, REPORTED, LOWERED],
        unless_after: &[TAKEN_BACK, LOWERED],
        asked: Some(false),
    },
    approved(
        "approved.new-limit-in-effect",
        true,
        &[(0, &["new"]), (0, LIMIT), (8, &["is", "are"]), (1, &["in"]), (0, &["effect", "place", "force"])],
    ),
    approved("approved.new-limit-active", true, &[(0, &["new"]), (0, LIMIT), (8, &["is", "are"]), (1, &["active", "effective", "live"])]),
    approved(
        "approved.increased-the-number",
        true,
        &[
            (0, WE),
            (0, HAVE),
            (0, &["increased", "raised"]),
            (0, &["the"]),
            (0, &["number", "amount", "volume"]),
            (0, &["of"]),
            (1, &["email", "emails", "messages", "mails", "mail"]),
        ],
    ),
    approved(
        "approved.raised-as-asked",
        true,
        &[(0, SPEAKER), (0, &["increased", "raised"]), (0, &["the"]), (3, LIMIT), (0, &["as"]), (1, &["asked", "requested"])],
    ),
    approved("approved.quota-gone-up", true, &[(0, LIMIT), (2, HAVE), (0, &["gone"]), (0, &["up"])]),
    approved(
        "approved.limits-you-asked-for",
        true,
        &[(0, LIMIT), (0, &["you"]), (0, &["asked", "requested"]), (0, &["for"]), (1, WAS_DONE), (0, &["applied", "set", "configured"])],
    ),
    Rule {
        id: "approved.increased-the-quota-to",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, SPEAKER), (0, &["increased", "raised"]), (0, &["the"]), (2, LIMIT), (10, &["to"]), (0, NUMBER)],
        unless_before: &[CONDITION, NEGATION, REPORTED, DATED, &["last"]],
        unless_after: &[TAKEN_BACK, DATED],
        asked: Some(false),
    },
    approved(
        "approved.have-increased-to",
        true,
        &[(0, WE), (0, HAVE), (0, &["increased", "raised"]), (0, &["the"]), (4, LIMIT), (12, &["to"]), (0, NUMBER)],
    ),
];
