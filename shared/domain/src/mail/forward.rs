//! The mail inside a mail that a person passed on: the header lines that their mail program wrote above it, and its text, taken apart like
//! that of any mail.
//!
//! All of it is the word of whoever passed it on. How far that is believed is decided by trust; nothing here is evidence.

use jiff::Timestamp;

use super::lines::Lines;
use super::parts;
use super::{Address, Link, Mail, forward_date};
use crate::ids::MessageId;

/// Forwards of forwards that are opened; people do two.
const DEPTH_MAX: usize = 4;
/// Lines of a header block that are looked at, with those that it wraps over.
const BLOCK_MAX: usize = 30;
/// Longest subject that is kept, in characters.
const SUBJECT_MAX: usize = 1000;

const FROM: &[&str] = &["from", "差出人", "送信者", "送信元", "von", "de"];
const DATE: &[&str] = &["date", "sent", "送信日時", "日付", "日時", "gesendet", "datum", "envoyé"];
const SUBJECT: &[&str] = &["subject", "件名", "betreff", "objet"];
const OTHERS: &[&str] =
    &["to", "cc", "bcc", "reply-to", "resent-from", "importance", "宛先", "返信先", "an", "kopie", "antwort an", "à", "message-id"];

/// What a person passed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarded {
    /// The address in its From line, lower case.
    pub from: Option<String>,
    /// The time in its Date line.
    pub date: Option<Timestamp>,
    /// Its subject.
    pub subject: Option<String>,
    /// What its author wrote then.
    pub newest: String,
    /// What that mail quotes.
    pub quoted: String,
    /// The links in it.
    pub links: Vec<Link>,
    /// Of an attached mail: its Message-ID and those it answers.
    pub ids: Vec<MessageId>,
}

/// The parts of a header block.
#[derive(Default)]
struct Block {
    from: Option<String>,
    date: Option<String>,
    subject: Option<String>,
    /// Where its text begins.
    body: usize,
}

/// Takes the mail apart whose separator or header block stands on a line. `zone` is that of the outer mail, in seconds.
pub(super) fn open(lines: &Lines, at: usize, zone: i32) -> Option<Forwarded> {
    let mut inner = unquoted(lines, at);
    let mut found = None;
    for _ in 0..DEPTH_MAX {
        let Some(block) = block(&inner) else { break };
        let text = below(&inner, block.body);
        let split = parts::split(&text);
        let forward = Forwarded {
            from: block.from.as_deref().and_then(address),
            date: block.date.as_deref().and_then(|text| forward_date::read(text, zone)),
            subject: block.subject.map(|s| super::header::collapse(&s.chars().take(SUBJECT_MAX).collect::<String>()).into_owned()),
            newest: split.newest,
            quoted: split.quoted,
            links: split.links,
            ids: Vec::new(),
        };
        // One that says nothing of its own only passes on another one.
        let next = split.separator.filter(|_| !forward.newest.contains(char::is_alphanumeric));
        found = Some(forward);
        match next {
            Some(at) => inner = unquoted(&text, at),
            None => break,
        }
    }
    found
}

/// The lines of the forward, without the separator, and without the quote marks that some mail programs put before all of it.
fn unquoted(lines: &Lines, at: usize) -> Lines {
    let from = at + usize::from(at < lines.len() && label(lines.line(at)).is_none());
    let first = lines.from(from).map(str::trim_start).find(|line| !line.is_empty());
    if !first.is_some_and(|line| line.starts_with('>')) {
        return below(lines, from);
    }
    let mut found = Lines::default();
    for (number, line) in (from..).zip(lines.from(from).map(str::trim_start)) {
        if !line.is_empty() && !line.starts_with('>') {
            break;
        }
        found.push_of(lines, number, line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)));
    }
    found
}

/// The lines from one on, quoted by nothing.
fn below(lines: &Lines, at: usize) -> Lines {
    let mut found = Lines::default();
    (at..).zip(lines.from(at)).for_each(|(number, line)| found.push_of(lines, number, line));
    found
}

/// The header block at the top of these lines, if one with a From line is there.
fn block(lines: &Lines) -> Option<Block> {
    let mut block = Block::default();
    let mut open: Option<&str> = None;
    let mut at = 0;
    while at < lines.len().min(BLOCK_MAX) {
        let text = lines.line(at).trim();
        match label(text) {
            Some((kind, value)) => {
                open = Some(kind);
                block.set(kind, value);
            }
            // HTML may put every line of the block into a paragraph of its own.
            None if text.is_empty() && (open.is_none() || block.goes_on(lines, at)) => {}
            None if text.is_empty() => break,
            // The value stands below its label, or is wrapped.
            None => match open {
                Some(kind) => block.add(kind, text),
                None => return None,
            },
        }
        at += 1;
    }
    block.body = at;
    block.from.is_some().then_some(block)
}

impl Block {
    fn slot(&mut self, kind: &str) -> Option<&mut Option<String>> {
        match kind {
            "from" => Some(&mut self.from),
            "date" => Some(&mut self.date),
            "subject" => Some(&mut self.subject),
            _ => None,
        }
    }

    /// Whether the block goes on behind an empty line: something is still missing, and the next line has it.
    fn goes_on(&self, lines: &Lines, at: usize) -> bool {
        let filled = |slot: &Option<String>| slot.as_ref().is_some_and(|value| !value.is_empty());
        let missing = [("from", filled(&self.from)), ("date", filled(&self.date)), ("subject", filled(&self.subject))];
        let empty = [&self.from, &self.date, &self.subject].into_iter().any(|slot| slot.as_deref() == Some(""));
        let next = lines.from(at).take(BLOCK_MAX).find(|line| !line.trim().is_empty()).and_then(label);
        empty || missing.iter().any(|(kind, there)| !there && next.is_some_and(|(next, _)| next == *kind))
    }

    /// The first line of a kind counts.
    fn set(&mut self, kind: &str, value: &str) {
        if let Some(slot) = self.slot(kind)
            && slot.is_none()
        {
            *slot = Some(value.to_owned());
        }
    }

    fn add(&mut self, kind: &str, more: &str) {
        if let Some(Some(value)) = self.slot(kind) {
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(more);
        }
    }
}

/// The label that a line begins with, and what stands behind its colon.
fn label(line: &str) -> Option<(&'static str, &str)> {
    let text = line.trim_start_matches(['>', ' ', '*', '\t']);
    let (name, value) = text.split_once(':')?;
    let name = name.trim_matches(['*', ' ', '\t']).to_lowercase();
    let kinds = [("from", FROM), ("date", DATE), ("subject", SUBJECT), ("other", OTHERS)];
    let (kind, _) = kinds.into_iter().find(|(_, names)| names.contains(&name.as_str()))?;
    Some((kind, value.trim_matches(['*', ' ', '\t'])))
}

/// The address in a From line as people see it: in angle brackets, else the word with an `@`.
fn address(text: &str) -> Option<String> {
    let word = match text.rsplit_once('<') {
        Some((_, behind)) => behind.split('>').next()?,
        None => text.split_whitespace().rev().find(|w| w.contains('@'))?,
    };
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).trim_start_matches("mailto:");
    let plain = word.len() <= 254 && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+' | '='));
    (plain && word.matches('@').count() == 1 && !word.ends_with('@')).then(|| word.to_ascii_lowercase())
}

/// The mail that was passed on, in place of the one that passes it on: what is read when the sender of the outer one only forwards.
/// `None` when it is no forward that could be taken apart.
pub(crate) fn inner(mail: &Mail) -> Option<Mail> {
    let (newest, quoted, links, subject, from) = match (&mail.inner, &mail.original_sender) {
        (Some(f), _) => (f.newest.clone(), f.quoted.clone(), f.links.clone(), f.subject.clone(), f.from.clone()),
        // A list that only rewrites the sender leaves all else as it was.
        (None, Some(from)) => (mail.newest.clone(), mail.quoted.clone(), mail.links.clone(), None, Some(from.clone())),
        (None, None) => return None,
    };
    Some(Mail {
        subject: subject.unwrap_or_else(|| mail.subject.clone()),
        from: from.map_or_else(|| mail.from.clone(), |address| vec![Address { name: String::new(), address }]),
        newest,
        quoted,
        links,
        forward: false,
        ..mail.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Forwarded {
        open(&Lines::of_plain(text, 1 << 20, false, false).0, 0, 0).unwrap_or_else(|| panic!("no forward in {text}"))
    }

    #[test]
    fn the_shapes_of_mail_programs_are_opened() {
        let aws = "Amazon Web Services <no-reply-aws@amazon.com>";
        let body = "Hello,\n\nthe text.\n\n---- Original message: ----\nold";
        for shape in [
            format!(
                "---------- Forwarded message ---------\nFrom: {aws}\nDate: Fri, Nov 20, 2026 at 9:58 AM\nSubject: S t\nTo: <root@corp.example>\n\n\n{body}"
            ),
            format!("From: {aws}\nSent: Friday, November 20, 2026 9:58 AM\nTo: root@corp.example\nSubject: S t\n\n{body}"),
            format!("差出人: {aws}\n送信日時: 2026年11月20日 9:58\n宛先: root@corp.example\n件名: S t\n\n{body}"),
            format!(
                "Begin forwarded message:\n\nFrom: {aws}\nSubject: S t\nDate: November 20, 2026 at 9:58:00 AM GMT\nTo: root@corp.example\n\n{body}"
            ),
            format!(
                "-------- Forwarded Message --------\nSubject: \tS t\nDate: \tFri, 20 Nov 2026 09:58:00 +0000\nFrom: \t{aws}\nTo: \troot@corp.example\n\n{body}"
            ),
            format!("*From:* {aws}\n*Date:* Friday, November 20, 2026 at 9:58 AM\n*To:* root@corp.example\n*Subject:* S\n t\n\n{body}"),
            format!("----- x -----\n\nFrom:\n\n{aws}\n\nDate:\n\n2026/11/20 9:58\n\nSubject:\nS t\n\n{body}"),
        ] {
            let found = of(&shape);
            assert_eq!(found.from.as_deref(), Some("no-reply-aws@amazon.com"), "{shape}");
            assert_eq!(found.date.map(|d| d.to_string()).as_deref(), Some("2026-11-20T09:58:00Z"), "{shape}");
            assert_eq!((found.subject.as_deref(), found.newest.trim()), (Some("S t"), "Hello,\n\nthe text."), "{shape}");
            assert!(found.quoted.contains("old"), "{shape}");
        }
        let marked = of("Begin forwarded message:\n\n> From: x@amazon.com\n> Subject: S t\n> \n> the text\n> > older\n\nmy own words");
        assert_eq!((marked.newest.trim(), marked.quoted.trim()), ("the text", "older"));
    }

    #[test]
    fn a_forward_of_a_forward_is_opened_and_others_are_not() {
        let inner = "---------- Forwarded message ---------\nFrom: a@amazon.com\nDate: x\n\nthe text";
        let twice = of(&format!("---------- Forwarded message ---------\nFrom: b@corp.example\nSubject: t\n\n{inner}"));
        assert_eq!((twice.from.as_deref(), twice.newest.trim(), twice.date), (Some("a@amazon.com"), "the text", None));
        for none in ["---- Original message: ----\nHello", "---------- Forwarded message ---------\n\nno header", ""] {
            assert_eq!(open(&Lines::of_plain(none, 1000, false, false).0, 0, 0), None, "{none}");
        }
        for (text, expected) in [
            ("AWS <A@Amazon.com>", Some("a@amazon.com")),
            ("a@amazon.com", Some("a@amazon.com")),
            ("AWS [mailto:a@amazon.com]", Some("a@amazon.com")),
            ("<a@amazon.com> <b@evil.example>", Some("b@evil.example")),
            ("a@b@c", None),
            ("nobody", None),
            ("<\u{430}@amazon.com>", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn opening_ends_on_hostile_text() {
        let nested = "---------- Forwarded message ---------\nFrom: a@b.example\nSubject: s\n\n".repeat(3000);
        assert!(open(&Lines::of_plain(&nested, 1 << 20, false, false).0, 0, 0).is_some());
        let long = format!("From: {}\nSubject: s\n\nx", "a@".repeat(50_000));
        assert_eq!(of(&long).from, None);
    }
}
