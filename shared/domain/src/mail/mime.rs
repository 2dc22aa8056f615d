//! The walk through a mail's parts to the text that a person would read.
//!
//! Bounded: parts nested deeper than [`MAX_DEPTH`] and more than [`MAX_PARTS`] are not read, attachments are not decoded.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};

use super::field_name::Name;
use super::header::Fields;
use super::lines::Lines;
use super::{MAX_TEXT, MAX_THREAD, decode, html};
use crate::ids::MessageId;

/// Parts in parts; forwarded mail in forwarded mail reaches six.
pub(super) const MAX_DEPTH: usize = 16;
/// Parts of one mail; a mail with twenty attachments has some thirty.
pub(super) const MAX_PARTS: usize = 250;
/// Bytes of one text part that are decoded: 256 KB of text in the most wasteful HTML.
pub(super) const MAX_PART: usize = 4 * 1024 * 1024;

/// What the walk found.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The text, line by line.
    pub(super) lines: Lines,
    /// Text was left out because there was too much of it.
    pub(super) cut: bool,
    /// Parts were left out because they nest too deep or are too many.
    pub(super) too_deep: bool,
    /// The mail is a `multipart/report`: a bounce or a receipt.
    pub(super) report: bool,
    /// The Message-ID of the first attached mail, behind those that it answers.
    pub(super) attached: Vec<MessageId>,
    parts: usize,
    read: usize,
}

/// Reads the text of a mail.
pub(super) fn read(fields: &Fields<'_>, body: &[u8]) -> Body {
    let kind = content_type(fields);
    let mut found = Body { report: kind.as_ref().is_some_and(|t| is(t, "multipart", &["report"])), ..Body::default() };
    found.lines = found.walk(fields, kind, body, 0);
    found
}

/// A child of `multipart/alternative`, by what it offers.
struct Choice {
    plain: bool,
    lines: Lines,
}

/// Letters and digits from which on plain text is no stub ("please view this in HTML").
const NO_STUB: usize = 200;

impl Body {
    fn walk(&mut self, fields: &Fields<'_>, kind: Option<ContentType<'_>>, body: &[u8], depth: usize) -> Lines {
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS {
            self.too_deep = true;
            return Lines::default();
        }
        if depth > 0 && fields.raw(Name::ContentDisposition).is_some_and(|d| d.trim_start().to_ascii_lowercase().starts_with("attachment"))
        {
            // A forward "as attachment" is text that a person reads; everything else attached is not.
            if !kind.as_ref().is_some_and(|t| is(t, "message", &["rfc822", "global"])) {
                return Lines::default();
            }
        }
        let Some(kind) = kind else { return self.text(fields, body, None, false) };
        if kind.ctype() == "multipart" {
            let boundary = kind.attribute("boundary").map(str::as_bytes).unwrap_or_default();
            let children = split(body, boundary);
            if children.is_empty() {
                return self.text(fields, body, None, false);
            }
            return self.multipart(&children, is(&kind, "multipart", &["alternative"]), depth);
        }
        if is(&kind, "message", &["rfc822", "global"]) {
            return self.attached_mail(fields, body, depth);
        }
        match (kind.ctype(), kind.subtype()) {
            ("text", Some("html")) => self.text(fields, body, Some(&kind), true),
            ("text", Some("plain") | None) => self.text(fields, body, Some(&kind), false),
            _ => Lines::default(),
        }
    }

    fn multipart(&mut self, children: &[&[u8]], alternative: bool, depth: usize) -> Lines {
        let (mut choices, mut all) = (Vec::<Choice>::new(), Lines::default());
        for child in children {
            if self.too_deep && self.parts > MAX_PARTS {
                break;
            }
            let (fields, body) = Fields::split_part(child);
            let kind = content_type(&fields);
            let plain = kind.as_ref().is_none_or(|t| is(t, "text", &["plain"]));
            let is_html = kind.as_ref().is_some_and(|t| is(t, "text", &["html"]));
            // Most of a mail is its HTML, and most plain text says the same.
            if alternative && is_html && choices.iter().find(|c| c.plain).is_some_and(|plain| suffices(plain, &fields, body)) {
                self.parts += 1;
                continue;
            }
            // Each alternative may use the whole allowance: only one of them is taken.
            let before = self.read;
            let lines = self.walk(&fields, kind, body, depth + 1);
            if alternative {
                self.read = before;
                choices.push(Choice { plain, lines });
            } else {
                all.append(lines);
            }
        }
        if !alternative {
            return all;
        }
        let lines = best(choices);
        self.read += lines.whole().len();
        lines
    }

    /// A mail in a mail: its text counts as quoted, behind the header lines that say whose it is.
    fn attached_mail(&mut self, fields: &Fields<'_>, body: &[u8], depth: usize) -> Lines {
        let decoded = decode::part(fields, body, MAX_PART);
        let (inner, inner_body) = Fields::split(&decoded);
        if self.attached.is_empty() {
            let answered = inner.ids(Name::References).into_iter().chain(inner.ids(Name::InReplyTo)).take(MAX_THREAD - 1);
            self.attached = answered.chain(inner.ids(Name::MessageId).into_iter().take(1)).collect();
        }
        let mut lines = Lines::default();
        lines.push("---------- Forwarded message ----------");
        for (label, name) in [("From", Name::From), ("Date", Name::Date), ("Subject", Name::Subject)] {
            if let Some(text) = inner.text(name).or_else(|| inner.raw(name).map(Cow::into_owned)) {
                lines.push(&format!("{label}: {text}"));
            }
        }
        lines.push("");
        lines.append(self.walk(&inner, content_type(&inner), inner_body, depth + 1));
        lines.quote();
        lines
    }

    fn text(&mut self, fields: &Fields<'_>, body: &[u8], kind: Option<&ContentType<'_>>, is_html: bool) -> Lines {
        self.cut |= body.len() > MAX_PART;
        let bytes = decode::part(fields, body, MAX_PART);
        let text = decode::charset(&bytes, kind.and_then(|t| t.attribute("charset")));
        let left = MAX_TEXT.saturating_sub(self.read);
        let (lines, cut) = if is_html {
            html::lines(&text, left)
        } else {
            let attribute = |name| kind.and_then(|t| t.attribute(name)).unwrap_or_default();
            Lines::of_plain(&text, left, attribute("format").eq_ignore_ascii_case("flowed"), attribute("delsp").eq_ignore_ascii_case("yes"))
        };
        self.cut |= cut;
        self.read += lines.whole().len();
        lines
    }
}

/// The alternative to read: the plain text, unless it is a stub or lacks the link that names the case.
fn best(choices: Vec<Choice>) -> Lines {
    let (mut plain, mut rich) = (None, None);
    for choice in choices.into_iter().filter(|c| letters(&c.lines, 1) > 0) {
        if choice.plain {
            plain.get_or_insert(choice.lines);
        } else {
            rich = Some(choice.lines);
        }
    }
    match (plain, rich) {
        (Some(plain), Some(rich)) => {
            let few = letters(&plain, NO_STUB);
            let stub = few < NO_STUB && (plain.whole().contains("HTML") || few * 10 < letters(&rich, NO_STUB * 10));
            if stub || (link_names_case(&rich) && !link_names_case(&plain)) { rich } else { plain }
        }
        (plain, rich) => plain.or(rich).unwrap_or_default(),
    }
}

/// Whether [`best`] will take this plain text whatever the HTML of this part says.
fn suffices(plain: &Choice, fields: &Fields<'_>, html: &[u8]) -> bool {
    letters(&plain.lines, NO_STUB) >= NO_STUB && (link_names_case(&plain.lines) || !names_case(&decode::part(fields, html, MAX_PART)))
}

/// The letters and digits, counted up to `most`.
fn letters(lines: &Lines, most: usize) -> usize {
    lines.whole().chars().filter(|c| c.is_alphanumeric()).take(most).count()
}

fn link_names_case(lines: &Lines) -> bool {
    names_case(lines.whole().as_bytes()) || lines.all_hrefs().any(|h| names_case(h.as_bytes()))
}

/// Whether this has the parameter of a Support Center link.
fn names_case(text: &[u8]) -> bool {
    memchr::memchr_iter(b'=', text).any(|at| text[..at].ends_with(b"displayId") || text[..at].ends_with(b"caseId"))
}

/// The parts between the boundary lines; the last one may be unclosed.
fn split<'x>(body: &'x [u8], boundary: &[u8]) -> Vec<&'x [u8]> {
    let mut found = Vec::new();
    if boundary.is_empty() || boundary.len() > 300 {
        return found;
    }
    let (mut start, mut at) = (None, 0);
    while at < body.len() {
        let end = memchr::memchr(b'\n', &body[at..]).map_or(body.len(), |n| at + n + 1);
        let tail = body[at..end].strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary)).map(<[u8]>::trim_ascii);
        if matches!(tail, Some(b"" | b"--")) {
            if let Some(from) = start {
                // The line break before a boundary belongs to the boundary.
                found.push(body[from..at.max(from)].strip_suffix(b"\n").unwrap_or(&body[from..at.max(from)]));
            }
            if tail == Some(b"--") {
                return found;
            }
            start = Some(end);
            if found.len() > MAX_PARTS {
                return found;
            }
        }
        at = end;
    }
    found.extend(start.map(|from| &body[from.min(body.len())..]));
    found
}

fn content_type(fields: &Fields<'_>) -> Option<ContentType<'static>> {
    let value = [fields.raw(Name::ContentType)?.as_bytes(), b"\n"].concat();
    match MessageStream::new(&value).parse_content_type().into_owned() {
        HeaderValue::ContentType(kind) => Some(kind),
        _ => None,
    }
}

fn is(kind: &ContentType<'_>, main: &str, subs: &[&str]) -> bool {
    kind.ctype() == main && kind.subtype().is_some_and(|s| subs.contains(&s))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(mail: &str) -> (String, Body) {
        let (fields, body) = Fields::split(mail.as_bytes());
        let body = read(&fields, body);
        (body.lines.iter().collect::<Vec<_>>().join("|"), body)
    }

    #[test]
    fn plain_text_is_preferred_unless_it_is_a_stub_or_lacks_the_case_link() {
        let mail = |plain: &str, html: &str| {
            format!(
                "Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\n\n{plain}\n--b\n\
                 Content-Type: text/html\n\n<p>{html}</p>\n--b--\n"
            )
        };
        assert_eq!(text(&mail("the plain text", "the rich text")).0, "the plain text");
        assert!(text(&mail("Please use an HTML client", "the rich text")).0.contains("rich"));
        assert!(text(&mail("", "the rich text")).0.contains("rich"));
        let link = "rich <a href='https://console.aws.amazon.com/support/home#/case/?displayId=172300000100123'>x</a>";
        assert!(text(&mail("the plain text", link)).0.contains("rich"));
    }

    #[test]
    fn attachments_are_left_out_and_attached_mail_is_quoted() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: text/plain\n\
                    Content-Disposition: attachment; filename=x.txt\n\nsecret\n--b\n\
                     Content-Type: message/rfc822\n\nFrom: a@b.example\n\ninner\n--b--\n";
        let (found, body) = text(mail);
        assert!(found.starts_with("hello") && found.contains("inner") && !found.contains("secret"), "{found}");
        let inner = (0..body.lines.len()).find(|n| body.lines.line(*n) == "inner");
        assert!(inner.is_some_and(|n| body.lines.is_quoted(n)));
    }

    #[test]
    fn deep_and_unclosed_nesting_ends() {
        let mut mail = String::new();
        for n in 0..20_000 {
            mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
        }
        assert!(text(&mail).1.too_deep);
        let nested = "Content-Type: message/rfc822\n\n".repeat(50_000);
        assert!(text(&nested).1.too_deep);
        let wide = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(50_000));
        assert!(text(&wide).1.too_deep);
        assert_eq!(text("Content-Type: multipart/mixed; boundary=b\n\nno parts at all").0, "no parts at all");
    }
}
