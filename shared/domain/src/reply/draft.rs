//! The draft of an answer: a value that an edge writes as a mail. A person reads it, changes it and sends it; we never do.

use jiff::Timestamp;

use crate::ids::MessageId;
use crate::policy::{Language, Policy};
use crate::request::{Entry, Request, known};
use crate::text::one_line;

use super::about::About;
use super::channel::{Channel, NoDraft, channel, first_mail, is_plain_address};
use super::situation::{language, situation};
use super::{english, japanese};

/// How many Message-IDs stand in References: the first and the last ones.
pub const REFERENCES_MAX: usize = 12;

/// A mail that nobody has sent yet. Addresses are plain, ids can stand in a header, the subject is one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// A listed AWS address.
    pub to: String,
    /// The mailbox to send from.
    pub from: Option<String>,
    /// The tracker, so that the clock starts again when it is sent.
    pub bcc: Option<String>,
    /// That of AWS's mail, with one `Re:`.
    pub subject: String,
    /// AWS's first mail.
    pub in_reply_to: MessageId,
    /// Its thread, oldest first, and itself.
    pub references: Vec<MessageId>,
    /// The words.
    pub text: String,
}

/// The draft of an answer to AWS's first mail.
///
/// # Errors
/// When there is no mail to answer, with what to do instead.
pub fn draft(request: &Request, entries: &[Entry], policy: &Policy, now: Timestamp) -> Result<Draft, NoDraft> {
    let (to, from, subject) = match channel(request, entries, policy) {
        Channel::Mail { to, mailbox, subject, .. } => (to, mailbox, subject),
        Channel::SupportCenter { link } => return Err(NoDraft::SupportCenter { link }),
        Channel::Nowhere(why) => return Err(why),
    };
    let (_, mail) = first_mail(request, entries).ok_or(NoDraft::NoMail)?;
    let in_reply_to = Some(&mail.message_id).filter(|id| can_stand_in_a_header(id)).ok_or(NoDraft::NoMessageId)?.clone();
    let mut references: Vec<MessageId> = Vec::new();
    for id in mail.thread.iter().filter(|id| can_stand_in_a_header(id) && **id != in_reply_to) {
        if !references.contains(id) {
            references.push(id.clone());
        }
    }
    references.push(in_reply_to.clone());
    if references.len() > REFERENCES_MAX {
        references.drain(1..=references.len() - REFERENCES_MAX);
    }
    let bcc = policy.tracker.as_ref().filter(|a| is_plain_address(a)).cloned();
    Ok(Draft { to, from, bcc, subject: answered(&subject), in_reply_to, references, text: text(request, entries, policy, now) })
}

/// The words of an answer, also where there is no mail to draft: to paste, and for alerts.
pub fn text(request: &Request, entries: &[Entry], policy: &Policy, now: Timestamp) -> String {
    let about = About::of(request, entries, now);
    let reason = known(request, entries).reason.map(|reason| one_line(&reason));
    let situation = situation(request, entries, reason.as_deref());
    match language(request, entries, policy) {
        Language::English => english::text(&situation, &about),
        Language::Japanese => japanese::text(&situation, &about),
    }
}

/// The subject with `Re:` in front, once. AWS's own `RE:[CASE …]` has it already.
fn answered(subject: &str) -> String {
    let subject = one_line(subject);
    match subject.get(..3) {
        Some(re) if re.eq_ignore_ascii_case("re:") => subject,
        _ => format!("Re: {subject}").trim_end().to_owned(),
    }
}

/// Whether an id can be written into a header as it is and means AWS's mail: printable ASCII without angle brackets, and none of
/// those that stand for a missing or endless one.
fn can_stand_in_a_header(id: &MessageId) -> bool {
    let id = id.as_str();
    id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>') && !id.ends_with("@port25.invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_answered_once() {
        for (subject, want) in [
            ("Your request", "Re: Your request"),
            ("RE:[CASE 170000000100123] Port 25", "RE:[CASE 170000000100123] Port 25"),
            ("re: x", "re: x"),
            ("Régions", "Re: Régions"),
            ("", "Re:"),
            ("a\r\nBcc: x@y.example", "Re: a Bcc: x@y.example"),
        ] {
            assert_eq!(answered(subject), want);
        }
    }

    #[test]
    fn an_id_that_would_break_a_header_is_left_out() {
        for (raw, good) in [("a@b", true), ("a\r\nBcc: x@y", true), ("a><b@c", false), ("é@b", false)] {
            assert_eq!(can_stand_in_a_header(&MessageId::parse(raw).unwrap()), good, "{raw}");
        }
        assert!(!can_stand_in_a_header(&MessageId::of_bytes(b"x")));
    }
}
