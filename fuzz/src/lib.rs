//! Fuzz targets for everything that reads bytes of strangers, or of an operator.
//!
//! In the order in which the data flows: the event ([`event_body`]), the mail ([`whole_mail`]) with its [`addresses`] and
//! [`auth_results`], and the [`rule_file`]. Each is a property test under `cargo test`, which first replays the seeds in
//! `src/__fuzz__`, and a fuzz target under `cargo bolero test -s NONE TARGET` (`.ci/long` runs all of them). What a fuzzer finds is
//! kept in `src/__fuzz__/TARGET/crashes`, which `cargo test` replays too: commit it with the repair.

#![cfg(test)]

mod event_body;
mod whole_mail;
mod addresses;
mod auth_results;
mod rule_file;

#[path = "../../functions/ingest/src/event.rs"]
mod event;
#[path = "../../shared/boot/src/rules.rs"]
mod rules;

use domain::classify::{self, Reading};
use domain::mail::{self, Mail};
use domain::policy::Policy;
use domain::trust;

/// Longer input finds nothing that shorter input does not, and costs the fuzzer its speed.
const MAX_LEN: usize = 16 * 1024;

/// A policy in which every list has something.
fn policy() -> Policy {
    Policy {
        own_addresses: ["@corp.example".to_owned()].into(),
        forwarders: ["aws-mail@groups.example".to_owned()].into(),
        trusted_results: ["mx.google.com".to_owned()].into(),
        ..Policy::default()
    }
}

/// A mail without the verdicts of a notification: read, believed or not, and understood.
fn judged(bytes: &[u8], policy: &Policy) -> (Mail, Reading) {
    let mail = mail::read(bytes);
    let judgement = trust::judge(&mail, &trust::from_headers(&mail, policy), policy);
    let reading = classify::read(&mail, &judgement, policy);
    (mail, reading)
}

/// Input as one header's value: what would end the header does not belong to it.
fn value(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b }).collect()
}
