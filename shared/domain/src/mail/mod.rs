//! Reading a mail: from any bytes to a [`Mail`], with what could not be read as a list of problems.
//!
//! The way of the bytes: [`read`] cuts what is too large, takes the header fields apart (`header`, `field_name`) and the results of the
//! last server's checks (`auth_results`), walks the MIME tree to its text (`mime`, `decode`), turns HTML and plain text into lines
//! (`html`, `entity`, `lines`), and separates what the sender wrote now from what is quoted (`parts`) and from boilerplate (`footer`). Reading never fails and
//! never panics. `mail-parser` reads addresses, dates, encoded words and charsets; the walk is our own, because its messages
//! nest without a limit (dropping 30,000 nested ones overflows the stack) and because it decodes attachments nobody reads.

mod read_mail;
mod header;
mod field_name;
mod encoded_word;
mod auth_results;
mod mime;
mod decode;
mod html;
mod html_attributes;
mod entity;
mod lines;
mod parts;
mod footer;
mod forward;
mod forward_date;

use jiff::{SignedDuration, Timestamp};

use crate::ids::MessageId;

pub use auth_results::{AuthResults, Method, MethodResult, Outcome};
pub(crate) use footer::{begins as begins_footer, start as footer_start, without as without_footer};
pub use forward::Forwarded;
pub(crate) use forward::inner;
pub use read_mail::read;

/// More than this of a mail is not read: SES takes 40 MB at most.
pub const MAX_BYTES: usize = 40 * 1024 * 1024;
/// At most this much text (bytes, after decoding) is judged; real AWS mail has a few KB.
pub const MAX_TEXT: usize = 256 * 1024;
/// References kept of one mail: the first and the last eleven, so that both ends of a long thread still link.
pub const MAX_THREAD: usize = 12;
/// A Date may lie this far before the reception and is then believed (AWS's own queues, a slow forwarder).
pub const DATE_SLACK: SignedDuration = SignedDuration::from_hours(5 * 24);

/// A mail as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its Message-ID; derived from the bytes when the header is missing (then [`Problem::NoMessageId`]).
    pub message_id: Option<MessageId>,
    /// Every mailbox of every From header.
    pub from: Vec<Address>,
    /// How many From headers there are; RFC 5322 allows one.
    pub from_headers: usize,
    /// The mailboxes of Reply-To.
    pub reply_to: Vec<Address>,
    /// The mailboxes of To, then those of Cc.
    pub recipients: Vec<Address>,
    /// The mailbox that the last server delivered to (`Delivered-To`, `X-Original-To`), else the first of To.
    pub delivered_to: Option<String>,
    /// The decoded subject, white space collapsed.
    pub subject: String,
    /// The Date header.
    pub date: Option<Timestamp>,
    /// The time in the topmost Received header.
    pub received: Option<Timestamp>,
    /// References, then In-Reply-To: oldest first, without doubles, at most [`MAX_THREAD`].
    pub thread: Vec<MessageId>,
    /// The topmost `Authentication-Results`, if one stands where the last server writes it (see [`AuthResults`]).
    pub results: Option<AuthResults>,
    /// What says that no person wrote this (`auto-submitted`, `precedence`, `list-id`, `report`).
    pub automatic: Option<&'static str>,
    /// Whether this is a person's forward (subject `Fwd:` or a forwarded block at the top).
    pub forward: bool,
    /// What it passes on, if it is such a forward and could be taken apart.
    pub inner: Option<Box<Forwarded>>,
    /// The sender that a mailing list replaced, as the list says (`X-Original-Sender`), lower case.
    pub original_sender: Option<String>,
    /// What the sender wrote now, as text.
    pub newest: String,
    /// Quoted and forwarded text below it.
    pub quoted: String,
    /// Link targets of the HTML and URLs of the text, in order, with the part they stand in.
    pub links: Vec<Link>,
    /// What could not be read, and what was cut.
    pub problems: Vec<Problem>,
}

/// A mailbox: display name and address, the address in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The display name, decoded.
    pub name: String,
    /// `local@domain`, lower case; empty when there was none.
    pub address: String,
}

/// A link target and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The URL as written, entities decoded.
    pub href: String,
    /// Whether it stands in the quoted part.
    pub quoted: bool,
    /// Whether it stands at the end of the newest part, behind the last sentence of the text (a footer).
    pub footer: bool,
}

/// Something about a mail that could not be read or had to be cut. A value, never an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No bytes at all.
    Empty,
    /// Longer than [`MAX_BYTES`]; the rest was not read.
    TooLarge,
    /// No header that a mail has.
    NotAMail,
    /// No From header, or none with an address.
    NoFrom,
    /// More than one From header, or several mailboxes in one.
    SeveralFrom,
    /// No readable Date.
    NoDate,
    /// No Message-ID; one was derived from the bytes.
    NoMessageId,
    /// No text in any part.
    NoText,
    /// More than [`MAX_TEXT`] of text; the rest was not judged.
    TextCut,
    /// More references than [`MAX_THREAD`]; those in the middle were dropped.
    ThreadCut,
    /// Parts nested deeper than the parser goes.
    TooDeep,
    /// Only the beginning of the object was read.
    Truncated,
    /// More or longer header fields than are looked at; what lies beyond was not read.
    HeaderCut,
}

impl Problem {
    /// The stable word for JSON and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::NotAMail => "not-a-mail",
            Self::NoFrom => "no-from",
            Self::SeveralFrom => "several-from",
            Self::NoDate => "no-date",
            Self::NoMessageId => "no-message-id",
            Self::NoText => "no-text",
            Self::TextCut => "text-cut",
            Self::ThreadCut => "thread-cut",
            Self::TooDeep => "too-deep",
            Self::Truncated => "truncated",
            Self::HeaderCut => "header-cut",
        }
    }
}

/// What the author of a forwarded mail wrote then: the quoted part without the block of header lines at its top and without
/// what that mail quotes itself.
pub(crate) fn newest_of_forwarded(quoted: &str) -> &str {
    parts::newest_of_forwarded(quoted)
}

impl Mail {
    /// The sender's address, when there is exactly one From header with exactly one mailbox.
    pub fn sender(&self) -> Option<&str> {
        match (self.from_headers, self.from.as_slice()) {
            (1, [one]) if !one.address.is_empty() => Some(&one.address),
            _ => None,
        }
    }

    /// The effective time: the Date clamped into [received − 5 days, received].
    ///
    /// It comes from the bytes. Only a mail without a readable Received header is bounded by `stored` instead, the time at
    /// which the object came to us (a file given by hand: the import's now), and one without either takes `stored`.
    pub fn effective_time(&self, stored: Timestamp) -> Timestamp {
        self.time_of(self.date, stored)
    }

    /// The effective time of the mail that this one passes on, by the date in it; a forward without a readable one has its own.
    pub fn forwarded_time(&self, stored: Timestamp) -> Timestamp {
        let inner = self.inner.as_ref().and_then(|inner| inner.date);
        // Nobody passes on what was not there yet.
        self.time_of(inner.map(|inner| self.date.map_or(inner, |outer| inner.min(outer))).or(self.date), stored)
    }

    fn time_of(&self, date: Option<Timestamp>, stored: Timestamp) -> Timestamp {
        let received = self.received.map(|r| r.min(stored));
        match (date, received) {
            (Some(date), Some(received)) => date.clamp(received.checked_sub(DATE_SLACK).unwrap_or(received), received),
            (Some(date), None) => date.min(stored),
            (None, Some(received)) => received,
            (None, None) => stored,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_limits_are_those_of_the_documentation() {
        use super::{auth_results, header, mime, parts, read_mail};
        crate::documented::are(
            "Mail",
            &[
                ("MAX_BYTES", super::MAX_BYTES),
                ("MAX_SECTION", header::MAX_SECTION),
                ("MAX_FIELDS", header::MAX_FIELDS),
                ("MAX_VALUE", header::MAX_VALUE),
                ("MAX_REPEATS", header::MAX_REPEATS),
                ("MAX_ADDRESSES", header::MAX_ADDRESSES),
                ("MAX_MAILBOXES", read_mail::MAX_MAILBOXES),
                ("MAX_SUBJECT", read_mail::MAX_SUBJECT),
                ("MAX_THREAD", super::MAX_THREAD),
                ("MAX_DEPTH", mime::MAX_DEPTH),
                ("MAX_PARTS", mime::MAX_PARTS),
                ("MAX_PART", mime::MAX_PART),
                ("MAX_TEXT", super::MAX_TEXT),
                ("MAX_LINKS", parts::MAX_LINKS),
                ("MAX_URL", parts::MAX_URL),
                ("FOOTER_LINES", parts::FOOTER_LINES),
                ("LINK_WORDS_MAX", parts::LINK_WORDS_MAX),
                ("MAX_METHODS", auth_results::MAX_METHODS),
            ],
        );
    }
}
