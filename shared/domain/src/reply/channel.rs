//! Where an answer goes: to AWS's first mail, or into Support Center, or nowhere yet.

use std::fmt;

use jiff::Timestamp;

use crate::classify::Family;
use crate::policy::Policy;
use crate::request::{Entry, MailFact, Request, ShownId};
use crate::text::one_line;

/// Longest address (RFC 5321, 4.5.3.1).
const ADDRESS_MAX: usize = 254;

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Reply to a mail.
    Mail {
        /// The address to write to.
        to: String,
        /// The mailbox to reply from: the one that received the mail, or the configured sender.
        mailbox: Option<String>,
        /// When the mail to answer was sent.
        sent: Timestamp,
        /// Its subject.
        subject: String,
    },
    /// AWS does not read replies to this mail: answer in Support Center.
    SupportCenter {
        /// The link to the case.
        link: String,
    },
    /// There is nothing to answer to, for this reason.
    Nowhere(NoDraft),
}

/// Why there is no mail to draft. Its words say what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraft {
    /// No mail of AWS came yet.
    NoMail,
    /// The first mail came from no known AWS address.
    NotFromAws,
    /// The first mail has no Message-ID that a reply could name.
    NoMessageId,
    /// AWS reads no replies to this mail.
    SupportCenter {
        /// The link to the case.
        link: String,
    },
}

impl fmt::Display for NoDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMail => f.write_str(
                "no mail of AWS came yet; look for it in the mailbox that the form named, look into the case or the console, or send \
                 the form again",
            ),
            Self::NotFromAws => {
                f.write_str("the first mail came from no known AWS address; find AWS's own mail in your mailbox and answer that one")
            }
            Self::NoMessageId => f.write_str(
                "the first mail has no Message-ID that an answer could name; open it in your mail program and reply to it there",
            ),
            Self::SupportCenter { link } => write!(f, "AWS does not read replies to this mail; paste the text into the case: {link}"),
        }
    }
}

/// The channel of a request: a property of its family. The mail to answer is the first that AWS sent: AWS's own advice when it is
/// silent, and everything later is in its thread.
pub fn channel(request: &Request, entries: &[Entry], policy: &Policy) -> Channel {
    if request.family == Family::SupportCase {
        return Channel::SupportCenter { link: support_link(request) };
    }
    let Some((entry, mail)) = first_mail(request, entries) else { return Channel::Nowhere(NoDraft::NoMail) };
    match recipient(mail, policy) {
        Some(to) => Channel::Mail { to, mailbox: sender(mail, policy), sent: entry.at, subject: mail.subject.clone() },
        None => Channel::Nowhere(NoDraft::NotFromAws),
    }
}

/// AWS's first mail.
pub(super) fn first_mail<'a>(request: &Request, entries: &'a [Entry]) -> Option<(&'a Entry, &'a MailFact)> {
    let id = request.first_mail.as_ref()?;
    entries.iter().find(|e| e.id == *id).and_then(|e| Some((e, e.mail()?)))
}

/// Its Reply-To only when that is a listed AWS address, else its From, else none.
fn recipient(mail: &MailFact, policy: &Policy) -> Option<String> {
    let listed = |a: &&String| policy.is_aws(a) && is_plain_address(a);
    mail.reply_to.as_ref().filter(listed).or(Some(&mail.from).filter(listed)).cloned()
}

/// The mailbox that received the mail: AWS knows it from the form. The tracker's own address is no mailbox that people send from,
/// so the configured sender takes its place, as it does where no mailbox is known.
fn sender(mail: &MailFact, policy: &Policy) -> Option<String> {
    let tracker = |a: &&String| policy.tracker.as_ref().is_some_and(|tracker| tracker.eq_ignore_ascii_case(a));
    let received = || mail.mailbox.as_ref().filter(|a| is_plain_address(a));
    let configured = || policy.reply_from.as_ref().filter(|a| is_plain_address(a));
    received().filter(|a| !tracker(a)).or_else(configured).or_else(received).cloned()
}

/// Whether this is one address and nothing else: what a mail calls an address may be anything.
pub(super) fn is_plain_address(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && !b"<>()[]\\,;:\"".contains(&b);
    let (local, domain) = text.split_once('@').unwrap_or_default();
    text.len() <= ADDRESS_MAX && text.bytes().all(plain) && !local.is_empty() && domain.contains('.') && !domain.contains('@')
}

/// The page of the case in Support Center, or its home while AWS gave no id. The id holds only letters, digits and dashes
/// ([`crate::ids::AwsId`]).
fn support_link(request: &Request) -> String {
    match &request.id {
        ShownId::Aws(id) => format!("https://console.aws.amazon.com/support/home#/case/?displayId={id}"),
        ShownId::Key(_) => "https://console.aws.amazon.com/support/home".to_owned(),
    }
}

/// What to do, in one line: the first line of every alert.
pub fn instruction(channel: &Channel) -> String {
    match channel {
        Channel::Mail { to, mailbox, sent, .. } => {
            let from = mailbox.as_deref().map(|m| format!(", from the mailbox {}", one_line(m))).unwrap_or_default();
            format!("Reply to the mail of {} from {}{from}.", minute(*sent), one_line(to))
        }
        Channel::SupportCenter { link } => format!("Answer in Support Center: {link}"),
        Channel::Nowhere(why) => format!("There is no mail to answer: {why}."),
    }
}

/// `2026-11-20 10:02Z`.
pub fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, "00:00"));
    format!("{date} {}Z", time.get(..5).unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_reads_as_in_the_documentation() {
        let at: Timestamp = "2026-11-20T10:02:31Z".parse().unwrap();
        assert_eq!(minute(at), "2026-11-20 10:02Z");
    }

    #[test]
    fn an_address_is_one_address() {
        assert!(is_plain_address("net-ops+aws@corp.example"));
        for bad in [
            "",
            "@corp.example",
            "ops@corp",
            "a@b.example, c@d.example",
            "a@b.example>\r\nBcc: x@y.example",
            "a@b@c.example",
            "é@b.example",
        ] {
            assert!(!is_plain_address(bad), "{bad}");
        }
    }
}
