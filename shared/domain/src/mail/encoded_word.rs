//! Encoded words (RFC 2047) that are only readable together.
//!
//! A word must hold whole characters, but mailers cut in the middle of one, and label them wrongly. So the bytes of neighbouring
//! words of one charset and encoding are joined and decoded as the text of a body is ([`super::decode`]), and written back as one word
//! of UTF-8: what a display name holds stays encoded until the addresses are taken apart, so it can never become an address.

use std::borrow::Cow;
use std::fmt::Write;

use mail_parser::decoders::base64::base64_decode;

use super::decode;

/// Longest charset name, with a language behind it.
const CHARSET_MAX: usize = 60;

/// A field's value with neighbouring encoded words joined; without any it is as it was, but for a charset that needs no label.
pub(super) fn joined(value: &[u8]) -> Cow<'_, [u8]> {
    // ISO-2022-JP without encoded words was usual in Japan; bytes that are no UTF-8 are read as a body's would be.
    let value = match decode::charset(value, None) {
        Cow::Borrowed(_) => Cow::Borrowed(value),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    if !memchr::memchr_iter(b'=', &value).any(|at| value.get(at + 1) == Some(&b'?')) {
        return value;
    }
    let mut out = Vec::with_capacity(value.len());
    let mut rest = &*value;
    let mut run: Option<Run> = None;
    while let Some((before, word, behind)) = next(rest) {
        let continues = before.iter().all(u8::is_ascii_whitespace);
        let apart = match &mut run {
            Some(run) if continues => run.join(word),
            _ => Some(word),
        };
        if let Some(word) = apart {
            if let Some(run) = run.replace(word) {
                run.write(&mut out);
            }
            out.extend_from_slice(before);
        }
        rest = behind;
    }
    if let Some(run) = run {
        run.write(&mut out);
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// One encoded word, or several that were joined.
struct Run {
    charset: String,
    base64: bool,
    bytes: Vec<u8>,
    /// Base64 that is not decoded yet: some mailers cut the encoded text wherever the line is full.
    encoded: Vec<u8>,
}

impl Run {
    /// Takes the next word, if it is of the same charset and encoding.
    fn join(&mut self, word: Self) -> Option<Self> {
        if self.charset != word.charset || self.base64 != word.base64 {
            return Some(word);
        }
        if self.encoded.len().is_multiple_of(4) || self.encoded.ends_with(b"=") {
            self.decode();
        }
        self.bytes.extend_from_slice(&word.bytes);
        self.encoded.extend_from_slice(&word.encoded);
        None
    }

    fn decode(&mut self) {
        let mut encoded = std::mem::take(&mut self.encoded);
        while !encoded.len().is_multiple_of(4) {
            encoded.push(b'=');
        }
        self.bytes.extend(base64_decode(&encoded).unwrap_or(encoded));
    }

    fn write(mut self, out: &mut Vec<u8>) {
        self.decode();
        let text = decode::charset(&self.bytes, Some(&self.charset));
        let mut word = String::with_capacity(text.len() * 3 + 16);
        word.push_str("=?utf-8?Q?");
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                word.push(char::from(byte));
            } else {
                // A String never fails to be written to.
                let _ = write!(word, "={byte:02X}");
            }
        }
        word.push_str("?=");
        out.extend_from_slice(word.as_bytes());
    }
}

/// The first encoded word: what stands before it, the word, and the rest.
fn next(text: &[u8]) -> Option<(&[u8], Run, &[u8])> {
    memchr::memmem::find_iter(text, b"=?").find_map(|at| {
        let (word, length) = read(&text[at + 2..])?;
        Some((&text[..at], word, &text[at + 2 + length..]))
    })
}

/// `utf-8?Q?text?=`: the word, and its length.
fn read(text: &[u8]) -> Option<(Run, usize)> {
    let name = memchr::memchr(b'?', &text[..text.len().min(CHARSET_MAX)]).filter(|n| *n > 1)?;
    let base64 = match text.get(name + 1..name + 3)? {
        b"B?" | b"b?" => true,
        b"Q?" | b"q?" => false,
        _ => return None,
    };
    let from = name + 3;
    // Only `?=` ends a word: some mailers leave spaces and `?` in it, and fold the line inside it.
    let end = from + memchr::memmem::find(&text[from..], b"?=")?;
    let data = text.get(from..end)?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let (bytes, encoded) = if base64 { (Vec::new(), data.iter().copied().filter(plain).collect()) } else { (q(data), Vec::new()) };
    let label = text.get(..name)?.split(|b| *b == b'*').next().unwrap_or_default();
    let charset = std::str::from_utf8(label).ok()?.to_ascii_lowercase();
    Some((Run { charset, base64, bytes, encoded }, end + 2))
}

/// The Q encoding; a broken escape stays as it stands.
fn q(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'_', _) => out.push(b' '),
            (b'\r' | b'\n', _) => rest = tail.trim_ascii_start(),
            (b'=', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
                out.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => out.push(first),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::field_name::Name;
    use super::super::header::Fields;
    use super::*;

    fn subject(value: &[u8]) -> String {
        let mut field = b"Subject: ".to_vec();
        field.extend_from_slice(value);
        field.extend_from_slice(b"\n\n");
        Fields::split(&field).0.text(Name::Subject).unwrap_or_default()
    }

    fn from(value: &str) -> (String, String) {
        let field = format!("From: {value}\n\n");
        Fields::split(field.as_bytes()).0.addresses(Name::From).into_iter().next().map(|a| (a.name, a.address)).unwrap_or_default()
    }

    #[test]
    fn characters_split_between_words_are_whole_again() {
        for value in [
            "=?UTF-8?B?5pel5pys?= =?UTF-8?B?6Kqe?=",
            "=?UTF-8?Q?=E6=97=A5=E6?=\n =?utf-8?Q?=9C=AC=E8=AA=9E?=",
            "=?UTF-8?B?5pel5g==?= =?UTF-8?B?nKzoqp4=?=",
            "=?UTF-8?B?5pel5?= =?UTF-8?B?pys6Kqe?=",
            "=?UTF-8?B?5pel\n 5pys6Kqe?=",
            "=?utf-8*ja?Q?=E6=97=A5=E6=9C=AC=E8?= =?utf-8?Q?=AA=9E?=",
            "=?Shift_JIS?Q?=93=FA=96?= =?Shift_JIS?Q?=7B=8C=EA?=",
            "=?ISO-2022-JP?B?GyRCRnw=?= =?ISO-2022-JP?B?S1w4bBsoQg==?=",
            "=?iso-8859-1?Q?=E6=97=A5=E6=9C=AC=E8=AA=9E?=",
        ] {
            assert_eq!(subject(value.as_bytes()), "日本語", "{value}");
        }
        assert_eq!(subject(b"\x1b$BF|K\\\x1b(B text"), "日本 text");
        assert_eq!(from("=?EUC-KR?B?x9Gx?= =?EUC-KR?B?uQ==?= <A@b.example>"), ("한국".into(), "a@b.example".into()));
        assert_eq!(from("=?GB18030?Q?=D6?= =?GB18030?Q?=D0=B9=FA?= <a@b.example>"), ("中国".into(), "a@b.example".into()));
    }

    #[test]
    fn words_of_different_kinds_and_text_between_them_stay_apart() {
        assert_eq!(subject(b"a =?utf-8?Q?b_c?= d =?utf-8?B?ZQ==?= =?utf-8?Q?f?="), "a b c d ef");
        assert_eq!(subject(b"no word =? here =?utf-8?X?y?= =?utf-8?Q?open"), "no word =? here =?utf-8?X?y?= =?utf-8?Q?open");
        assert_eq!(subject(b"why =?utf-8?Q?really??="), "why really?");
        assert_eq!(subject(b"caf\xc3\xa9 \xc3\xa9"), "café é");
    }

    #[test]
    fn a_display_name_never_becomes_an_address() {
        for name in [
            "=?utf-8?Q?=3Ca=40amazon.com=3E=2C?=",
            "=?utf-8?Q?=22=3Ca=40amazon.com?= =?utf-8?Q?=3E?=",
            "=?iso-8859-1?B?PGFAYW1hem9uLmNvbT4=?=",
        ] {
            assert_eq!(from(&format!("{name} <x@evil.example>")).1, "x@evil.example", "{name}");
        }
    }

    #[test]
    fn hostile_words_end() {
        for seed in ["=?", "=?utf-8?Q?", "=?utf-8?Q?=", "=?utf-8?Q?a?= ", "=?a?B?????", "=?utf-8?B?YQ==?= x "] {
            let value = seed.repeat(16 * 1024 / seed.len());
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || done.send(subject(value.as_bytes()).len()));
            assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{seed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_wherever_its_words_are_cut(text in "[ -~\u{e0}-\u{ff}\u{3042}-\u{3093}]{1,40}", cut in 1usize..30, base64 in any::<bool>()) {
            let words: Vec<String> = text.as_bytes().chunks(cut).map(|bytes| {
                if base64 {
                    format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(bytes))
                } else {
                    format!("=?utf-8?Q?{}?=", bytes.iter().map(|b| format!("={b:02X}")).collect::<String>())
                }
            }).collect();
            prop_assert_eq!(subject(words.join(" ").as_bytes()), super::super::header::collapse(&text));
        }

        #[test]
        fn any_bytes_are_joined(value in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = joined(&value);
        }
    }
}
