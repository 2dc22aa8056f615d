//! What people read: the frozen subject, what to do first, then why now, then the rest; in the forms that SNS hands out.
//!
//! What an alert about a request says is gathered once ([`mod@telling`], in the reader's language and zone: [`sentences`]), and then
//! takes its forms: the text for e-mail ([`text`]), one short line ([`sms`]), and a versioned JSON document ([`json`]). Many alerts
//! of one kind are one [`digest`]; what is about no single request is in [`summaries`]. [`envelope()`] puts the forms together for SNS.
//! `docs/ALERTS.md` describes all of it.

mod subject;
mod reader;
mod sentences;
mod sentences_many;
mod telling;
mod text;
mod sms;
mod json;
mod digest;
mod summaries;
mod envelope;

use domain::alert::{Alert, Cause, Planned, Severity, Step, severity};
use domain::policy::Policy;
use domain::request::{Entry, Request, Turn};
use jiff::{SignedDuration, Timestamp};

pub use digest::digest_of;
pub use envelope::{ENVELOPE_MAX, envelope};
pub use json::Member;
pub use sms::{SMS_MAX, septets};
pub use subject::SUBJECT_MAX;
pub use summaries::{UNREADABLE, dormant, quarantine, system, test};

use reader::Reader;
use telling::{Occasion, telling};

/// A message, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// ASCII, at most [`SUBJECT_MAX`] characters. Its format is frozen: people filter on it.
    pub subject: String,
    /// Plain text, for e-mail and whatever has no form of its own.
    pub body: String,
    /// At most [`SMS_MAX`] characters of the GSM 7-bit alphabet, one line, English.
    pub sms: String,
    /// The JSON document (version 1) for programs.
    pub json: String,
    /// The identity: a repeat after a crash carries the same.
    pub alert_id: String,
    /// Constant over the repeats and the resolve of one cause.
    pub dedup_key: String,
    /// `trigger`, `remind`, `resolve` or `digest`.
    pub event: &'static str,
    /// The word of its kind in the subject: `OVERDUE`, `OUR TURN`, `RESOLVED`, …
    pub word: &'static str,
    /// The cause's word; `mixed` in a digest of several.
    pub cause: &'static str,
    /// The id of the request, as people see it.
    pub request: Option<String>,
    /// The account, if it is known.
    pub account: Option<String>,
    /// The first Region, if one is known.
    pub region: Option<String>,
    /// How much it matters; it decides the topic.
    pub severity: Severity,
    /// Whose turn it is now (`aws`, `ours`), or how the request ended; `-` where it is about no request.
    pub state: &'static str,
    /// How long the present turn has lasted.
    pub age: SignedDuration,
    /// What a digest tells of.
    pub members: Vec<Member>,
}

/// The message of an alert about a request.
pub fn compose(request: &Request, entries: &[Entry], alerts: &[Alert], planned: &Planned, policy: &Policy, now: Timestamp) -> Message {
    let id = &planned.id;
    let reader = Reader { policy };
    let occasion = Occasion { request, entries, alerts, planned, policy, now };
    let telling = telling(&occasion, &reader);
    let account = request.account.as_ref().map(|a| a.as_str());
    let word = subject::word(id);
    let subject = subject::subject(word, occasion.shown_hours(), account, &request.regions, request.id.as_str());
    let mut message = Message {
        sms: sms::line(&subject, &telling.short),
        subject,
        body: text::text(&telling),
        json: String::new(),
        alert_id: id.to_string(),
        dedup_key: id.dedup_key(),
        event: match id.step {
            Step::Resolved => "resolve",
            Step::Nth(_) if planned.reminder => "remind",
            Step::Nth(_) => "trigger",
        },
        word,
        cause: id.cause.as_str(),
        request: Some(request.id.to_string()),
        account: account.map(str::to_owned),
        region: request.regions.first().map(ToString::to_string),
        severity: severity(id, alerts),
        state: match request.turn {
            Turn::Settled { outcome, .. } => outcome.as_str(),
            turn => turn.as_str(),
        },
        age: now.duration_since(request.turn.since()),
        members: Vec::new(),
    };
    message.json = json::of_request(&message, &telling, &occasion);
    message
}

/// Whether this is the end of something that was raised, or a digest of such ends.
pub(crate) fn tells_of_ends(message: &Message) -> bool {
    message.word == subject::RESOLVED
}

/// Whether somebody only tries whether alerts arrive.
pub(crate) fn is_test(message: &Message) -> bool {
    message.cause == Cause::Test.as_str()
}
