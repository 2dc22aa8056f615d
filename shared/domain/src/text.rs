//! Cleaning text that came from outside, before it is kept or shown anywhere.

use std::borrow::Cow;

/// Whether a character can mislead a reader or a terminal: control characters, bidirectional overrides, invisible ones.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Text of several lines without anything that misleads: line feeds stay, runs of empty lines become one.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines() {
        let line: String =
            line.chars().map(|c| if c.is_whitespace() && c != '\u{3000}' { ' ' } else { c }).filter(|c| !is_hostile(*c)).collect();
        let line = line.trim_end();
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text in lower case, by its ASCII letters alone: most of what is looked up is so already.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

/// Bytes as text, with a mark for what is none; nearly all are text, which is quickly seen.
pub(crate) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Whether text is ASCII with single spaces between its words: then there is nothing to clean in it.
pub(crate) fn is_plain_line(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(byte.is_ascii_graphic() || (byte == b' ' && before != b' ')) {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

/// Text as one line: every run of white space and hostile characters becomes one space.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_hostile(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// At most `max` bytes, cut between characters, with `…` where something is missing.
pub fn cut(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let mut end = max.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_or_turns_a_line_survives() {
        assert_eq!(one_line("a\r\nBcc: x\u{202E}\u{1b}[31m  b"), "a Bcc: x [31m b");
        assert_eq!(one_line("a\u{2028}b\u{85}c\u{061C}\u{2067}d"), "a b cd");
        assert_eq!(clean("a\u{2028}b\u{2029}c\u{b}d\u{3000}e\u{061C}"), "a b c d\u{3000}e");
        assert_eq!(clean("a\u{7}\n\n\n\nb\t\u{200B}c\r\n"), "a\n\nb c");
    }

    #[test]
    fn lower_case_and_broken_bytes_are_as_the_standard_library_has_them() {
        for text in ["", "a-1é", "Amazon É K"] {
            assert_eq!(lower(text), text.to_ascii_lowercase());
        }
        for bytes in [&b"plain"[..], b"caf\xe9 \xf0\x9f", "日本".as_bytes()] {
            assert_eq!(lossy(bytes), String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn cutting_never_splits_a_character() {
        assert_eq!(cut("日本語日本語", 10), "日本…");
        assert_eq!(cut("short", 10), "short");
    }
}
