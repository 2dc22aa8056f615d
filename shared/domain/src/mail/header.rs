//! The header fields of a mail or of one part: split once, decoded only where something reads them.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::parsers::MessageStream;
use mail_parser::{DateTime, HeaderValue};

use super::field_name::Name;
use super::{Address, encoded_word};
use crate::ids::MessageId;
use crate::text::{is_plain_line, lossy};

/// Header bytes that are looked at; real mail stays below 64 KB even with a long chain of servers.
pub(super) const MAX_SECTION: usize = 256 * 1024;
/// Fields for which room is made at once: more than something reads of most mails.
const FEW_FIELDS: usize = 24;
/// Fields that are looked at.
pub(super) const MAX_FIELDS: usize = 1000;
/// Bytes of one field that are decoded. Decoding an encoded word looks ahead, so the cost of one field may be quadratic.
pub(super) const MAX_VALUE: usize = 16 * 1024;
/// Fields of one name that are decoded as addresses: two From headers are already one too many.
pub(super) const MAX_REPEATS: usize = 4;
/// Addresses kept of one field.
pub(super) const MAX_ADDRESSES: usize = 200;

/// The fields that something reads, in their order, values as they stand (still folded and encoded).
#[derive(Debug, Default)]
pub(super) struct Fields<'x> {
    message: &'x [u8],
    list: Vec<Field>,
    /// How many there are, read or not.
    count: usize,
    /// Fields, or the end of one, were left out.
    cut: bool,
}

/// A field, small because there are many: its name, and where its value begins and ends.
#[derive(Debug)]
struct Field {
    name: Name,
    from: u32,
    to: u32,
}

impl<'x> Fields<'x> {
    /// Splits a message into its fields and its body; empty lines and a byte order mark above it are passed over.
    pub(super) fn split(message: &'x [u8]) -> (Self, &'x [u8]) {
        let start = message.iter().position(|b| !matches!(b, b'\n' | b'\r' | 0xEF | 0xBB | 0xBF)).unwrap_or(message.len());
        Self::split_part(&message[start..])
    }

    /// Splits a part of a multipart, which may begin with the empty line that ends its (no) fields. A line that is no field is
    /// skipped, as mail clients do.
    pub(super) fn split_part(message: &'x [u8]) -> (Self, &'x [u8]) {
        let mut fields = Self { message, list: Vec::with_capacity(FEW_FIELDS), ..Self::default() };
        let mut open: Option<(Option<Name>, usize)> = None;
        let mut at = 0;
        let mut body = message.len();
        while at < message.len() {
            let end = memchr::memchr(b'\n', &message[at..]).map_or(message.len(), |n| at + n + 1);
            let line = &message[at..end];
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if line.trim_ascii().is_empty() && !(folded && open.is_some()) {
                body = end;
                break;
            }
            if !folded {
                fields.close(open.take(), at);
                open = name_of(line).map(|(name, length)| (name, at + length + 1));
            }
            at = end;
        }
        fields.close(open, at.min(body));
        (fields, &message[body..])
    }

    fn close(&mut self, open: Option<(Option<Name>, usize)>, end: usize) {
        let Some((name, from)) = open else { return };
        let length = end.saturating_sub(from);
        let left_out = self.count >= MAX_FIELDS || from >= MAX_SECTION;
        self.cut |= left_out || length > MAX_VALUE;
        self.count += 1;
        let place = |at: usize| u32::try_from(at).ok();
        if let (false, Some(name), Some(from), Some(to)) =
            (left_out, name, place(from.min(end)), place(from.min(end) + length.min(MAX_VALUE)))
        {
            self.list.push(Field { name, from, to });
        }
    }

    fn value(&self, field: &Field) -> &'x [u8] {
        self.message.get(field.from as usize..field.to as usize).unwrap_or_default()
    }

    /// Whether fields, or the end of one, were left out.
    pub(super) const fn is_cut(&self) -> bool {
        self.cut
    }

    /// Every field that something reads, from the top.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Name, &'x [u8])> {
        self.list.iter().map(|field| (field.name, self.value(field)))
    }

    /// The values of a name, from the top.
    pub(super) fn all(&self, name: Name) -> impl Iterator<Item = &'x [u8]> {
        self.list.iter().filter(move |field| field.name == name).map(|field| self.value(field))
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, name: Name) -> bool {
        self.all(name).next().is_some()
    }

    /// The first value of a name, unfolded and not decoded.
    pub(super) fn raw(&self, name: Name) -> Option<Cow<'x, str>> {
        self.all(name).next().map(unfold)
    }

    /// The first value of a name, its encoded words decoded and its white space collapsed.
    pub(super) fn text(&self, name: Name) -> Option<String> {
        let value = encoded_word::joined(self.all(name).next()?);
        let value = terminated(&value);
        match MessageStream::new(&value).parse_unstructured() {
            HeaderValue::Text(text) => Some(collapse(&text).into_owned()),
            _ => None,
        }
    }

    /// The mailboxes of every field of a name; groups are flattened.
    pub(super) fn addresses(&self, name: Name) -> Vec<Address> {
        let mut found = Vec::new();
        for value in self.all(name).take(MAX_REPEATS) {
            if let Some(one) = plain_address(value) {
                found.push(one);
                continue;
            }
            found.append(&mut parsed_addresses(value));
        }
        found
    }

    /// The Message-IDs of the first field of a name.
    pub(super) fn ids(&self, name: Name) -> Vec<MessageId> {
        let Some(value) = self.all(name).next() else { return Vec::new() };
        let value = terminated(value);
        match MessageStream::new(&value).parse_id() {
            HeaderValue::Text(id) => MessageId::parse(&id).into_iter().collect(),
            HeaderValue::TextList(ids) => ids.iter().filter_map(|id| MessageId::parse(id)).collect(),
            _ => Vec::new(),
        }
    }

    /// The time in the first field of a name.
    pub(super) fn date(&self, name: Name) -> Option<Timestamp> {
        read_date(self.all(name).next()?)
    }

    /// The zone in the first field of a name, in seconds east of UTC.
    pub(super) fn zone(&self, name: Name) -> Option<i32> {
        let value = self.all(name).next()?;
        read_date(value)?;
        let value = terminated(value);
        let HeaderValue::DateTime(date) = MessageStream::new(&value).parse_date() else { return None };
        let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
        Some(if date.tz_before_gmt { -seconds } else { seconds })
    }

    /// The time in the topmost Received field: behind its last semicolon.
    pub(super) fn received(&self) -> Option<Timestamp> {
        let value = self.all(Name::Received).next()?;
        read_date(&value[value.iter().rposition(|b| *b == b';')? + 1..])
    }
}

/// Splits off a field's name: printable ASCII up to the colon, white space before the colon tolerated.
fn name_of(line: &[u8]) -> Option<(Option<Name>, usize)> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii_end();
    let plain = !name.is_empty() && name.len() <= 80 && name.iter().all(|b| b.is_ascii_graphic());
    plain.then(|| (Name::of(name), colon))
}

/// A date, if it is one: `mail-parser` takes the 40th of month 13 as a date, and the fields say how far they can be believed.
fn read_date(value: &[u8]) -> Option<Timestamp> {
    let value = terminated(value);
    let HeaderValue::DateTime(date) = MessageStream::new(&value).parse_date() else { return None };
    let DateTime { year, month, day, hour, minute, second, tz_hour, tz_minute, .. } = date;
    let sane = (1970..=9998).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && tz_hour < 24
        && tz_minute < 60;
    if sane { Timestamp::from_second(date.to_timestamp()).ok() } else { None }
}

/// The value with the line end that `mail-parser`'s field parsers wait for: its own, unless it has none or blanks before it.
fn terminated(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.trim_ascii_start();
    let end = value.trim_ascii_end().len();
    match value.get(..=end) {
        Some(line) if line.ends_with(b"\n") => Cow::Borrowed(line),
        _ => Cow::Owned([&value[..end], b"\n"].concat()),
    }
}

fn parsed_addresses(value: &[u8]) -> Vec<Address> {
    let value = encoded_word::joined(value);
    let value = terminated(&value);
    let HeaderValue::Address(list) = MessageStream::new(&value).parse_address() else { return Vec::new() };
    let read = |one: &mail_parser::Addr<'_>| Address {
        name: collapse(one.name().unwrap_or_default()).into_owned(),
        address: one.address().filter(|a| a.contains('@')).map(clean_address).unwrap_or_default(),
    };
    list.iter().take(MAX_ADDRESSES).map(read).collect()
}

/// The one mailbox of most fields, `Name <local@domain>` or `local@domain`: words of ASCII with nothing in them that means something
/// to a parser, so that there is nothing to parse.
fn plain_address(value: &[u8]) -> Option<Address> {
    let text = std::str::from_utf8(value.trim_ascii()).ok()?;
    let (name, address) = match text.strip_suffix('>') {
        Some(rest) => rest.split_once('<')?,
        None => ("", text),
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'-' | b'_' | b'\'' | b'&' | b'/');
    let is_address = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'.' | b'-' | b'_' | b'+');
    let plain = name.bytes().all(is_name) && address.bytes().all(is_address) && address.bytes().filter(|b| *b == b'@').count() == 1;
    plain.then(|| Address { name: collapse(name).into_owned(), address: address.to_ascii_lowercase() })
}

fn unfold(value: &[u8]) -> Cow<'_, str> {
    match lossy(value) {
        Cow::Borrowed(text) => collapse(text),
        Cow::Owned(text) => Cow::Owned(collapse(&text).into_owned()),
    }
}

/// One space for every run of white space and control characters, none at the ends.
pub(super) fn collapse(text: &str) -> Cow<'_, str> {
    let text = text.trim_ascii();
    if is_plain_line(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !super::parts::is_invisible(*c)));
    }
    Cow::Owned(out)
}

fn clean_address(address: &str) -> String {
    address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_keep_their_order_and_the_body_starts_behind_the_first_empty_line() {
        let (fields, body) = Fields::split(
            b"Subject: =?UTF-8?Q?caf=C3=A9?=\n  two\nno field\nReceived: a\nreceived : b; Fri, 20 Nov 2026 10:02:00 +0100\n\nbody\n\nmore",
        );
        assert_eq!(fields.text(Name::Subject).as_deref(), Some("café two"));
        assert_eq!(fields.all(Name::Received).count(), 2);
        assert_eq!(body, b"body\n\nmore");
    }

    #[test]
    fn groups_comments_and_several_headers_are_all_seen() {
        let (fields, _) = Fields::split(b"From: \"Amazon, Inc\" <A@Amazon.COM>\nFrom: team: x@y.example, (c) z@y.example;\n\n");
        let found: Vec<String> = fields.addresses(Name::From).into_iter().map(|a| a.address).collect();
        assert_eq!(found, ["a@amazon.com", "x@y.example", "z@y.example"]);
    }

    proptest! {
        #[test]
        fn a_plain_address_is_what_the_parser_makes_of_it(value in "[ a-cA-C.'&/_-]{0,12}(<[a-cA-C.@+_-]{0,9}>)?[ a-c@]{0,4}") {
            if let Some(one) = plain_address(value.as_bytes()) {
                prop_assert_eq!(vec![one], parsed_addresses(value.as_bytes()));
            }
        }

        #[test]
        fn what_is_collapsed_stays_as_it_is(text in "[ a-c\té\u{3000}]{0,9}") {
            let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
            prop_assert_eq!(collapse(&text), words.join(" "));
        }
    }

    #[test]
    fn impossible_dates_are_none() {
        let date = |text: &str| read_date(text.as_bytes()).map(|t| t.to_string());
        assert_eq!(date("Fri, 20 Nov 2026 10:02:00 +0100").as_deref(), Some("2026-11-20T09:02:00Z"));
        for bad in ["", "tomorrow", "Fri, 99 Foo 2026 10:02:00 +0000", "Fri, 20 Nov 99999 10:02:00 +0000", "1 Jan 1 99:99:99"] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_are_read_from_folded_lists() {
        let (fields, _) = Fields::split(b"References: <a@b>\n <c@d>\t<a@b>\nIn-Reply-To: c@d\n\n");
        assert_eq!(fields.ids(Name::References).len(), 3);
        assert_eq!(fields.ids(Name::InReplyTo).len(), 1);
    }
}
