//! [`read`]: from any bytes to a [`Mail`].

use std::borrow::Cow;

use super::field_name::Name;
use super::header::{Fields, collapse};
use super::{Forwarded, MAX_BYTES, MAX_THREAD, Mail, Problem, auth_results, forward, mime, parts};
use crate::ids::MessageId;

/// Fields of which a mail has at least one; without any of them the bytes are something else.
const SIGNS_OF_MAIL: &[Name] = &[
    Name::From,
    Name::To,
    Name::Subject,
    Name::Date,
    Name::MessageId,
    Name::Received,
    Name::ReturnPath,
    Name::MimeVersion,
    Name::ContentType,
];
/// Longest subject that is kept, in characters; alerts show 99 of them.
pub(super) const MAX_SUBJECT: usize = 1000;
/// Mailboxes kept of each kind.
pub(super) const MAX_MAILBOXES: usize = 200;

/// Reads a mail. Never fails and never panics: what could be read, and [`Mail::problems`].
pub fn read(bytes: &[u8]) -> Mail {
    let mut problems = Vec::new();
    if bytes.is_empty() {
        problems.push(Problem::Empty);
    }
    if bytes.len() > MAX_BYTES {
        problems.push(Problem::TooLarge);
    }
    let bytes = with_plain_line_ends(&bytes[..bytes.len().min(MAX_BYTES)]);
    let (fields, body) = Fields::split(&bytes);
    if !SIGNS_OF_MAIL.iter().any(|name| fields.has(*name)) {
        problems.push(Problem::NotAMail);
    }
    if fields.is_cut() {
        problems.push(Problem::HeaderCut);
    }
    let mut mail = Mail { problems, ..Mail::default() };
    read_fields(&mut mail, &fields, &bytes);
    read_text(&mut mail, &fields, body);
    mail.problems.sort_unstable();
    mail.problems.dedup();
    mail
}

/// LF for CRLF, so that a mail reads the same whichever way it was stored.
fn with_plain_line_ends(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut carriage_returns = memchr::memchr_iter(b'\r', bytes).peekable();
    if carriage_returns.peek().is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut kept = 0;
    for at in carriage_returns.filter(|at| bytes.get(at + 1) == Some(&b'\n')) {
        out.extend_from_slice(&bytes[kept..at]);
        kept = at + 1;
    }
    out.extend_from_slice(&bytes[kept..]);
    Cow::Owned(out)
}

fn read_fields(mail: &mut Mail, fields: &Fields<'_>, bytes: &[u8]) {
    mail.message_id = fields.ids(Name::MessageId).into_iter().next().or_else(|| {
        mail.problems.push(Problem::NoMessageId);
        Some(MessageId::of_bytes(bytes))
    });
    mail.from_headers = fields.all(Name::From).count();
    mail.from = fields.addresses(Name::From);
    mail.from.truncate(MAX_MAILBOXES);
    if mail.from.iter().all(|a| a.address.is_empty()) {
        mail.problems.push(Problem::NoFrom);
    } else if mail.from_headers > 1 || mail.from.len() > 1 {
        mail.problems.push(Problem::SeveralFrom);
    }
    mail.reply_to = fields.addresses(Name::ReplyTo);
    mail.recipients = fields.addresses(Name::To);
    let to = mail.recipients.iter().map(|a| &a.address).find(|a| !a.is_empty()).cloned();
    mail.recipients.extend(fields.addresses(Name::Cc));
    mail.recipients.retain(|a| !a.address.is_empty());
    mail.recipients.truncate(MAX_MAILBOXES);
    let delivered = [Name::DeliveredTo, Name::OriginalTo].into_iter().flat_map(|name| fields.addresses(name));
    mail.delivered_to = delivered.map(|a| a.address).find(|a| !a.is_empty()).or(to);
    mail.subject = clean_subject(fields.text(Name::Subject).unwrap_or_default());
    mail.date = fields.date(Name::Date);
    if mail.date.is_none() {
        mail.problems.push(Problem::NoDate);
    }
    mail.received = fields.received();
    mail.thread = thread(fields, mail);
    mail.results = auth_results::topmost(fields);
    mail.automatic = automatic(fields);
    mail.original_sender = fields.addresses(Name::OriginalSender).into_iter().map(|a| a.address).find(|a| !a.is_empty());
}

fn clean_subject(subject: String) -> String {
    // Its white space is one already, and ASCII is normal.
    if subject.is_ascii() && subject.len() <= MAX_SUBJECT {
        return subject;
    }
    collapse(&subject.chars().take(MAX_SUBJECT).map(parts::normal).collect::<String>()).into_owned()
}

/// References, then In-Reply-To, without doubles and without the mail itself; of a long thread the first and the last.
fn thread(fields: &Fields<'_>, mail: &mut Mail) -> Vec<MessageId> {
    let mut seen = std::collections::BTreeSet::new();
    let mut ids: Vec<MessageId> = fields.ids(Name::References).into_iter().chain(fields.ids(Name::InReplyTo)).collect();
    ids.retain(|id| Some(id) != mail.message_id.as_ref() && seen.insert(id.clone()));
    if ids.len() > MAX_THREAD {
        mail.problems.push(Problem::ThreadCut);
        ids.drain(1..ids.len() - (MAX_THREAD - 1));
    }
    ids
}

/// What says that no person wrote this.
fn automatic(fields: &Fields<'_>) -> Option<&'static str> {
    let word = |name| {
        let text = fields.raw(name)?;
        Some(text.split([';', ' ', '(']).next().unwrap_or_default().to_ascii_lowercase())
    };
    if word(Name::AutoSubmitted).is_some_and(|w| w != "no") {
        return Some("auto-submitted");
    }
    if word(Name::Precedence).is_some_and(|w| ["bulk", "list", "junk", "auto_reply"].contains(&w.as_str())) {
        return Some("precedence");
    }
    fields.has(Name::ListId).then_some("list-id")
}

fn read_text(mail: &mut Mail, fields: &Fields<'_>, body: &[u8]) {
    let body = mime::read(fields, body);
    if body.report && mail.automatic.is_none() {
        mail.automatic = Some("report");
    }
    let split = parts::split(&body.lines);
    if !body.lines.whole().contains(char::is_alphanumeric) {
        mail.problems.push(Problem::NoText);
    }
    if body.cut {
        mail.problems.push(Problem::TextCut);
    }
    if body.too_deep {
        mail.problems.push(Problem::TooDeep);
    }
    let begins = |prefix: &&str| mail.subject.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    mail.forward = split.forwarded || ["fwd:", "fw:", "wg:", "転送:", "[fwd:"].iter().any(begins);
    if mail.forward
        && let Some(at) = split.separator
    {
        let inner = forward::open(&body.lines, at, fields.zone(Name::Date).unwrap_or(0));
        mail.inner = inner.map(|inner| Box::new(Forwarded { ids: body.attached, ..inner }));
    }
    mail.newest = split.newest;
    mail.quoted = split.quoted;
    mail.links = split.links;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_mail_is_read_whole() {
        let mail = read(
            b"Received: from a by inbound-smtp.eu-west-1.amazonaws.com; Fri, 20 Nov 2026 10:02:05 +0000\r\nFrom: Amazon Web Services <A@amazon.com>\r\n\
              To: us+prod@corp.example\r\nCc: x@y.example\r\nReply-To: r@amazon.com\r\nSubject: =?UTF-8?B?UkU6W0NBU0Ug?=\r\n =?UTF-8?B?MTIzXQ==?= t\r\n\
              Date: Fri, 20 Nov 2026 10:02:00 +0000\r\nMessage-ID: <m@amazon.com>\r\nReferences: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\n\r\nHello\r\n> old\r\n",
        );
        assert_eq!((mail.sender(), mail.subject.as_str()), (Some("a@amazon.com"), "RE:[CASE 123] t"));
        assert_eq!((mail.newest.as_str(), mail.quoted.as_str()), ("Hello", "old"));
        assert_eq!(mail.thread.iter().map(MessageId::as_str).collect::<Vec<_>>(), ["a@x", "b@x"]);
        assert_eq!((mail.recipients.len(), mail.delivered_to.as_deref()), (2, Some("us+prod@corp.example")));
        assert_eq!(mail.received.map(|t| t.to_string()).as_deref(), Some("2026-11-20T10:02:05Z"));
        assert!(mail.problems.is_empty() && mail.automatic.is_none() && !mail.forward, "{:?}", mail.problems);
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        let empty = read(b"");
        for problem in [Problem::Empty, Problem::NotAMail, Problem::NoFrom, Problem::NoDate, Problem::NoMessageId, Problem::NoText] {
            assert!(empty.problems.contains(&problem), "{problem:?}");
        }
        for long in ["X: y\n".repeat(1001), format!("X: {}\n", "y".repeat(20_000)), format!("X: {}\n", "y\n z".repeat(100_000))] {
            assert!(read(format!("{long}From: a@b.example\n\nx").as_bytes()).problems.contains(&Problem::HeaderCut));
        }
        assert!(!empty.problems.contains(&Problem::HeaderCut));
        assert!(read(b"From: a@b.example\nFrom: c@d.example\n\nx").problems.contains(&Problem::SeveralFrom));
        assert!(read(b"From: a@b.example, c@d.example\n\nx").sender().is_none());
        let long: String = (0..40).map(|n| format!(" <{n}@x>")).collect();
        let mail = read(format!("References:{long}\nIn-Reply-To: <39@x>\n\nx").as_bytes());
        assert!(mail.problems.contains(&Problem::ThreadCut));
        assert_eq!((mail.thread.len(), mail.thread[0].as_str(), mail.thread[11].as_str()), (MAX_THREAD, "0@x", "39@x"));
        let text = read(format!("From: a@b.example\n\n{}", "a line of text\n".repeat(100_000)).as_bytes());
        assert!(text.problems.contains(&Problem::TextCut) && text.newest.len() <= super::super::MAX_TEXT);
    }

    #[test]
    fn automatic_mail_says_so_itself() {
        for (headers, expected) in [
            ("Auto-Submitted: auto-replied (vacation)", Some("auto-submitted")),
            ("Auto-Submitted: no", None),
            ("Precedence: bulk", Some("precedence")),
            ("Precedence: first-class", None),
            ("List-Id: <x.y>", Some("list-id")),
            ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Some("report")),
        ] {
            assert_eq!(read(format!("From: a@b.example\n{headers}\n\nx").as_bytes()).automatic, expected, "{headers}");
        }
    }

    /// Lines that steer the reading into its branches more often than random bytes do.
    fn fragment() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(vec![
                "From: a@b.example",
                "Content-Type: multipart/mixed; boundary=b",
                "Content-Type: multipart/alternative; boundary=\"b\"",
                "Content-Type: message/rfc822",
                "Content-Type: text/html; charset=iso-2022-jp",
                "Content-Transfer-Encoding: base64",
                "Content-Transfer-Encoding: quoted-printable",
                "Authentication-Results: amazonses.com; dmarc=pass (",
                "Subject: =?utf-8?q?=E2?= =?",
                "References: <a@b> <",
                "--b",
                "--b--",
                "",
                "> quoted =3D =",
                "<div style='display:none'><blockquote>&#x2019;",
                "On 20 Nov 2026 x wrote:",
                "---- Original message: ----",
            ])
            .prop_map(str::to_owned),
            "[ -~\u{80}-\u{2100}]{0,40}",
        ]
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_mail_reads_the_same_with_lf_and_crlf(lines in prop::collection::vec(fragment(), 0..60)) {
            prop_assert_eq!(read(lines.join("\n").as_bytes()), read(lines.join("\r\n").as_bytes()));
        }

        #[test]
        fn any_nesting_ends(depth in 0usize..60, kinds in prop::collection::vec(0usize..3, 60)) {
            let mut mail = String::new();
            for (level, kind) in kinds.iter().enumerate().take(depth) {
                let kind = ["multipart/mixed", "multipart/alternative", "message/rfc822"][*kind];
                mail.push_str(&format!("Content-Type: {kind}; boundary=b{level}\n\n--b{level}\n"));
            }
            let _ = read(mail.as_bytes());
        }
    }
}
