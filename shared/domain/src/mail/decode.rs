//! From the bytes of a part to text: transfer encoding, then charset. What is broken is read as far as it goes.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::field_name::Name;
use super::header::Fields;
use crate::text::{lossy, lower};

/// The first `limit` bytes of a part, with its content transfer encoding undone.
pub(super) fn part<'x>(fields: &Fields<'_>, body: &'x [u8], limit: usize) -> Cow<'x, [u8]> {
    transfer(&body[..body.len().min(limit)], &fields.raw(Name::ContentTransferEncoding).unwrap_or_default())
}

/// Undoes a content transfer encoding; an unknown one leaves the bytes.
fn transfer<'x>(bytes: &'x [u8], encoding: &str) -> Cow<'x, [u8]> {
    match &*lower(encoding.trim()) {
        "quoted-printable" => Cow::Owned(quoted_printable(bytes)),
        "base64" => {
            let plain: Vec<u8> = bytes.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')).collect();
            base64_decode(&plain).map_or(Cow::Borrowed(bytes), Cow::Owned)
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// Quoted-printable, lenient: a broken escape stays as it stands; soft breaks vanish, so an ID across one is whole again.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        let tail = &rest[at + 1..];
        rest = tail;
        if let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = after;
            continue;
        }
        // A soft break, with the white space that some servers leave before the line end. The bound keeps `= = =` linear.
        let blanks = tail.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        match tail.get(blanks) {
            Some(b'\n') => rest = &tail[blanks + 1..],
            None => rest = &[],
            Some(_) => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    out
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Decodes text. Labels are often wrong: what is valid UTF-8 is UTF-8 under any one-byte label, and under one of several bytes where
/// that makes no sense of it; ISO-2022-JP shows itself by its escape sequences.
pub(super) fn charset<'x>(bytes: &'x [u8], label: Option<&str>) -> Cow<'x, str> {
    let label = lower(label.unwrap_or_default().trim());
    let is_escape = |at: usize| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J"));
    if !label.starts_with("iso-2022") && memchr::memchr_iter(b'\x1b', bytes).any(is_escape) {
        return decode_as(bytes, "iso-2022-jp");
    }
    let one_byte = label.is_empty()
        || ["us-ascii", "ascii", "utf-8", "utf8", "unknown", "unknown-8bit", "8bit", "binary", "default"].contains(&&*label)
        || label.starts_with("iso-8859")
        || label.starts_with("windows-125")
        || label.starts_with("cp125");
    if one_byte {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        let known = charset_decoder(label.as_bytes()).is_some() && !label.contains("ascii") && !label.starts_with("utf");
        // A UTF-8 label over a text with one broken byte must not turn the rest into nonsense.
        return if label.starts_with("utf") { lossy(bytes) } else { decode_as(bytes, if known { &label } else { "windows-1252" }) };
    }
    let text = decode_as(bytes, &label);
    match std::str::from_utf8(bytes) {
        Ok(utf8) if text.contains('\u{fffd}') => Cow::Borrowed(utf8),
        _ => text,
    }
}

fn decode_as<'x>(bytes: &'x [u8], label: &str) -> Cow<'x, str> {
    charset_decoder(label.as_bytes()).map_or_else(|| lossy(bytes), |decode| Cow::Owned(decode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soft_break_inside_an_id_leaves_it_whole() {
        assert_eq!(
            *transfer(b"request ID: 1723456=\n78900123 =3D=\r\n =C3=A9 =ZZ =", "Quoted-Printable"),
            *"request ID: 172345678900123 = é =ZZ ".as_bytes()
        );
        assert_eq!(*transfer(b"aGVs\nbG8=\n", "base64"), *b"hello");
        assert_eq!(*transfer(b"x", "x-uuencode"), *b"x");
    }

    #[test]
    fn wrong_labels_are_seen_through() {
        assert_eq!(charset("café".as_bytes(), Some("iso-8859-1")), "café");
        assert_eq!(charset(b"caf\xe9", Some("us-ascii")), "café");
        assert_eq!(charset(b"caf\xe9 ok", Some("utf-8")), "caf\u{fffd} ok");
        assert_eq!(charset(b"\x1b$BF|K\\\x1b(B", None), "日本");
        assert_eq!(charset(b"\x93\xfa\x96\x7b", Some("Shift_JIS")), "日本");
        assert_eq!(charset(b"\xc6\xfc\xcb\xdc", Some("EUC-JP")), "日本");
        assert_eq!(charset(b"\x1b$BF|K\\\x1b(B", Some("shift_jis")), "日本");
        assert_eq!(charset("日本語".as_bytes(), Some("euc-kr")), "日本語");
        assert_eq!(charset(b"x", Some("no-such-charset")), "x");
    }

    #[test]
    fn the_charsets_of_mail_are_known() {
        for (label, bytes, text) in [
            ("ISO-2022-JP", &b"\x1b$BF|K\\\x1b(B"[..], "日本"),
            ("x-sjis", b"\x93\xfa\x96\x7b", "日本"),
            ("EUC-KR", b"\xc7\xd1\xb1\xb9", "한국"),
            ("ks_c_5601-1987", b"\xc7\xd1\xb1\xb9", "한국"),
            ("GB18030", b"\xd6\xd0\xb9\xfa", "中国"),
            ("gb2312", b"\xd6\xd0\xb9\xfa", "中国"),
            ("gbk", b"\xd6\xd0\xb9\xfa", "中国"),
            ("big5", b"\xa4\xa4\xb0\xea", "中國"),
            ("windows-1250", b"\x9a\xea", "šę"),
            ("windows-1251", b"\xcc\xe8\xf0", "Мир"),
            ("windows-1252", b"we\x92re \x80", "we’re €"),
            ("windows-1254", b"\xfe\xf0", "şğ"),
            ("iso-8859-15", b"\xa4", "€"),
        ] {
            assert_eq!(charset(bytes, Some(label)), text, "{label}");
        }
    }
}
