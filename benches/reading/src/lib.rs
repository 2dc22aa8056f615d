//! The reading of mails, measured: read + judge + classify beside `mail-parser` alone and beside Python, on ordinary mails and on
//! hostile ones.

// The mails of the measuring command of the functions: one home for what a mail of AWS looks like.
#[path = "../../../tests/measure/mails.rs"]
#[expect(dead_code, reason = "its events are for the functions")]
mod mails;
pub mod hostile;

use domain::classify::{self, Reading};
use domain::policy::Policy;
use domain::{mail, trust};
use jiff::Timestamp;

/// A short mail, in bytes.
pub const SMALL: usize = 2_000;
/// An ordinary mail, with its correspondence.
pub const ORDINARY: usize = mails::ORDINARY;
/// A mail with an attachment.
pub const LARGE: usize = mails::LARGE;

/// A mail of AWS of about this size.
pub fn mail(size: usize) -> Vec<u8> {
    let at = Timestamp::UNIX_EPOCH;
    if size <= SMALL { mails::receipt(1, at) } else { mails::question(1, size, at) }
}

/// The whole reading: read, believed or not, understood.
pub fn ours(bytes: &[u8], policy: &Policy) -> Reading {
    let mail = mail::read(bytes);
    let judgement = trust::judge(&mail, &trust::from_headers(&mail, policy), policy);
    classify::read(&mail, &judgement, policy)
}

/// The floor: the mail parsed, and nothing done with it.
pub fn floor(bytes: &[u8]) -> usize {
    mail_parser::MessageParser::default().parse(bytes).map_or(0, |message| message.parts.len())
}
