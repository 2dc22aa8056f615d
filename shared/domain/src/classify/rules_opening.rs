//! The phrases that say what is possible now: a port opened, an account exempt, mail that leaves. An approval like those of
//! [`super::rules_lifting`].

use super::Meaning;
use super::rules::{HAVE, Rule, WAS_DONE, WE};
use super::rules_granting::{SPEAKER, approved};
use super::rules_lifting::{BLOCK, OTHER_THINGS, PLACE, YOURS, lifted};
use super::rules_voiding::{CONDITION, NEGATION, REPORTED, TAKEN_BACK};

pub(super) const OPENED: &[Rule] = &[
    lifted(
        "approved.port-open-for",
        &[
            (0, &["port"]),
            (0, &["25"]),
            (2, &["is", "has", "was"]),
            (2, &["open", "opened", "unblocked"]),
            (1, &["for", "on", "in"]),
            (4, PLACE),
        ],
    ),
    lifted(
        "approved.port-now-open",
        &[
            (0, &["port"]),
            (0, &["25"]),
            (2, &["is", "has"]),
            (0, &["now"]),
            (1, &["open", "opened", "unblocked", "allowed", "permitted", "unrestricted"]),
            (0, &["for", "on", "in"]),
            (8, PLACE),
        ],
    ),
    approved("approved.we-unblocked", true, &[(0, WE), (8, &["unblocked"]), (3, &["port", "smtp", "email"])]),
    lifted("approved.we-opened-port", &[(0, WE), (1, HAVE), (0, &["opened", "enabled"]), (2, &["port"]), (0, &["25"])]),
    approved(
        "approved.enabled-for-sending",
        true,
        &[(0, WE), (1, HAVE), (0, &["enabled"]), (3, &["account", "resources"]), (2, &["sending", "port", "email"])],
    ),
    Rule {
        id: "approved.no-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, YOURS), (6, &["are", "is"]), (0, &["no"]), (0, &["longer"]), (1, &["restricted", "throttled", "blocked", "limited"])],
        unless_before: &[CONDITION, REPORTED, &["not", "never"]],
        unless_after: &[TAKEN_BACK],
        asked: Some(false),
    },
    approved("approved.port-open", false, &[(0, &["port"]), (6, &["is", "has", "was"]), (3, &["open", "opened", "unblocked", "enabled"])]),
    lifted("approved.exempted", &[(0, WE), (1, HAVE), (1, &["exempted"]), (3, YOURS), (2, &["from"]), (6, BLOCK)]),
    lifted(
        "approved.allowlisted",
        &[
            (0, WE),
            (2, &["allowlisted", "whitelisted"]),
            (0, &["your"]),
            (2, &["elastic", "ip", "account", "address*", "instance*"]),
            (8, &["25", "smtp", "outbound", "sending"]),
        ],
    ),
    lifted("approved.exception", &[(0, YOURS), (2, WAS_DONE), (1, &["granted", "given"]), (2, &["exception", "exemption"]), (8, BLOCK)]),
    // Without a verb: "rDNS done, port 25 unblocked on your account". What is to be had so is not there yet.
    Rule {
        id: "approved.port-unblocked",
        says: Meaning::Approved,
        sure: true,
        steps: &[(0, &["port"]), (0, &["25"]), (0, &["unblocked", "opened"]), (0, &["on", "for"]), (2, YOURS)],
        unless_before: &[CONDITION, NEGATION, REPORTED, OTHER_THINGS, &["get", "have", "having", "want", "need", "to", "with"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.port-was-unblocked",
        &[(0, &["port"]), (0, &["25"]), (0, &["has", "was", "is"]), (1, &["been", "now"]), (0, &["unblocked"])],
    ),
    lifted(
        "approved.was-exempted",
        &[(0, YOURS), (2, &["been", "was", "were", "is", "are"]), (1, &["exempted", "exempt"]), (0, &["from"]), (6, BLOCK)],
    ),
    lifted(
        "approved.can-now-send",
        &[
            (0, YOURS),
            (8, &["can"]),
            (0, &["now"]),
            (1, &["send", "deliver", "connect", "use", "reach"]),
            (8, &["25", "smtp", "mail", "email"]),
        ],
    ),
    // "Isn't blocked any longer"
    Rule {
        id: "approved.not-any-longer",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["25", "smtp", "outbound", "outgoing"]),
            (8, &["is", "are"]),
            (0, &["not"]),
            (0, &["blocked", "restricted", "throttled", "limited"]),
            (0, &["any", "anymore"]),
            (0, &["longer", "more", "for", "on", "in"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.you-can-now-send",
        &[(0, &["you"]), (0, &["can"]), (0, &["now"]), (0, &["send", "deliver"]), (4, &["port", "ports"]), (0, &["25"])],
    ),
    lifted(
        "approved.now-able-to-send",
        &[
            (0, &["account", "resources", "instance*", "gateway*", "you"]),
            (4, &["is", "are"]),
            (0, &["now"]),
            (0, &["able", "allowed", "free", "permitted"]),
            (0, &["to"]),
            (0, &["send", "deliver", "connect", "use"]),
            (8, &["25", "smtp"]),
        ],
    ),
    Rule {
        id: "approved.port-no-longer-restricted",
        says: Meaning::Approved,
        sure: true,
        steps: &[
            (0, &["25", "smtp", "outbound"]),
            (6, &["is", "are"]),
            (0, &["no"]),
            (0, &["longer"]),
            (0, &["restricted", "throttled", "blocked", "limited"]),
        ],
        unless_before: &[CONDITION, REPORTED, OTHER_THINGS, &["not", "never"]],
        unless_after: &[TAKEN_BACK, OTHER_THINGS],
        asked: Some(false),
    },
    lifted(
        "approved.and-opened-port",
        &[(0, SPEAKER), (1, HAVE), (8, &["and"]), (0, &["opened", "unblocked"]), (1, &["port"]), (0, &["25"]), (0, &["for", "on", "in"])],
    ),
    lifted(
        "approved.allowed-as-of",
        &[
            (0, &["account", "resources", "instance*", "gateway*", "you"]),
            (4, &["is", "are"]),
            (0, &["able", "allowed", "free", "permitted"]),
            (0, &["to"]),
            (0, &["send", "deliver", "connect", "use"]),
            (4, &["25", "smtp"]),
            (0, &["as", "from", "starting"]),
            (0, &["of", "now", "today"]),
        ],
    ),
    lifted(
        "approved.authorized-to-send",
        &[
            (0, WE),
            (0, HAVE),
            (0, &["authorized", "authorised", "allowed", "permitted", "cleared"]),
            (0, &["your"]),
            (1, &["account", "instance*"]),
            (0, &["to", "for"]),
            (0, &["send", "sending", "use"]),
            (6, &["25", "smtp", "mail", "email"]),
        ],
    ),
    lifted(
        "approved.allowed-outbound",
        &[(0, WE), (0, HAVE), (0, &["allowed", "opened", "enabled", "permitted"]), (0, &["outbound"]), (3, &["25", "smtp"]), (4, YOURS)],
    ),
    lifted(
        "approved.smtp-now-open",
        &[
            (0, &["25", "smtp"]),
            (2, &["is"]),
            (0, &["now"]),
            (0, &["open", "unblocked", "allowed", "permitted"]),
            (0, &["for", "on", "from"]),
            (8, PLACE),
        ],
    ),
    lifted(
        "approved.can-send-from-now-on",
        &[(0, YOURS), (8, &["can"]), (0, &["send", "deliver", "use", "reach"]), (4, &["25", "smtp"]), (0, &["from"]), (0, &["now"])],
    ),
    lifted(
        "approved.port-is-permitted",
        &[(0, &["25", "smtp"]), (0, &["is"]), (0, &["permitted", "allowed"]), (0, &["for", "from", "on"]), (1, &["account"])],
    ),
];
