//! Words and sentences, as the searches for facts need them: an address, a host name and `1,000` are one word, and a dot inside them
//! ends no sentence.

/// The longest word that is read, in bytes: a host name has at most 253.
const WORD_MAX: usize = 300;
/// The digits of an item's number in a list, and one more.
const ITEM_MAX: usize = 4;

/// A word, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'x> {
    pub(super) start: usize,
    pub(super) text: &'x str,
}

impl Word<'_> {
    /// The place behind its last byte.
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this word, in any case of its letters.
    pub(super) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these.
    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }
}

/// What stands between words. Chinese and Japanese put no space around an address, so their letters count as such.
pub(super) fn is_between(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_whitespace()
            || c.is_ascii_control()
            || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '<' | '>' | '"' | '\'' | '|' | '*' | '`' | '!' | '?')
    } else {
        !c.is_alphanumeric() || c >= '\u{2e80}'
    }
}

/// The words of a text, without the punctuation at their ends; those that are too long are left out.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let Some(begin) = rest.find(|c| !is_between(c)) else {
                at = text.len();
                return None;
            };
            let rest = &rest[begin..];
            let length = length_of(rest);
            let start = at + begin;
            at = start + length;
            let word = trimmed(&rest[..length]);
            if !word.is_empty() && word.len() <= WORD_MAX {
                return Some(Word { start: start + (length - rest[..length].trim_start_matches(is_edge).len()), text: word });
            }
        }
    })
}

/// The length of the word at the start of a text. A comma between the groups of a number is part of it.
fn length_of(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut number = true;
    for (at, c) in text.char_indices() {
        let group = || bytes.get(at + 1..at + 4).is_some_and(|g| g.iter().all(u8::is_ascii_digit));
        let goes_on = || {
            bytes.get(at + 4).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b':'))
                && bytes.get(at + 5).is_some_and(u8::is_ascii_digit)
        };
        if is_between(c) && !(c == ',' && number && at > 0 && group() && !goes_on()) {
            return at;
        }
        number &= c.is_ascii_digit() || c == ',';
    }
    text.len()
}

/// Punctuation that a word begins or ends with, and that is no part of it. Two colons may end an IPv6 prefix, one never does.
fn trimmed(word: &str) -> &str {
    let word = word.trim_start_matches(is_edge);
    let plain = word.trim_end_matches(['.', '-', '=', '/']);
    match plain.strip_suffix(':') {
        Some(one) if !one.ends_with(':') => one.trim_end_matches(['.', '-', '=']),
        _ => plain,
    }
}

const fn is_edge(c: char) -> bool {
    matches!(c, '.' | '-' | '=')
}

/// A sentence or an item of a list, and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'x> {
    pub(super) start: usize,
    pub(super) text: &'x str,
}

/// The sentences of a text, none of them empty. A line break alone ends none: it is only wrapped text.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Sentence<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let end = end_of(rest);
            let start = at + (rest[..end].len() - rest[..end].trim_start().len());
            at += end;
            let sentence = text[start.min(at)..at].trim_end();
            if !sentence.is_empty() {
                return Some(Sentence { start, text: sentence });
            }
        }
        None
    })
}

/// The length of the first sentence.
fn end_of(text: &str) -> usize {
    let mut word = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        let ends = match c {
            '。' | '！' | '？' => true,
            // "N. Virginia" and "e.g. this" go on, and so do "203.0.113.5" and "mail.example".
            '.' => word != 1 && rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ')')),
            '!' | '?' | ';' => rest.chars().next().is_none_or(char::is_whitespace),
            // What a heading introduces is not its sentence.
            ':' => rest.starts_with(['\n', '\r']),
            '\n' => begins_item(rest),
            _ => false,
        };
        if ends {
            return end;
        }
        word = if c.is_alphabetic() {
            word + 1
        } else if c.is_alphanumeric() {
            2
        } else {
            0
        };
    }
    text.len()
}

/// Whether a line is empty, or begins like an item of a list.
fn begins_item(rest: &str) -> bool {
    let line = rest.trim_start_matches([' ', '\t', '\r']);
    if line.is_empty() || line.starts_with('\n') {
        return true;
    }
    if line.strip_prefix(['-', '*', '•', '·', '+']).is_some_and(|rest| rest.starts_with(' ')) {
        return true;
    }
    let digits = line.bytes().take(ITEM_MAX).take_while(u8::is_ascii_digit).count();
    (1..ITEM_MAX).contains(&digits) && line[digits..].strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        words(text).map(|w| w.text).collect()
    }

    #[test]
    fn addresses_names_and_numbers_are_one_word() {
        assert_eq!(
            texts("- (203.0.113.5) -> mail.corp.example. 2001:db8::1, 2001:db8:: a: 1:2:"),
            ["203.0.113.5", "mail.corp.example", "2001:db8::1", "2001:db8::", "a", "1:2"]
        );
        assert_eq!(texts("住所203.0.113.5の名前はmail.corp.exampleです"), ["203.0.113.5", "mail.corp.example"]);
        assert_eq!(texts("bücher.example"), ["bücher.example"]);
        for word in words("  .a. --b-- ") {
            assert_eq!("  .a. --b-- ".get(word.start..word.end()), Some(word.text));
        }
    }

    #[test]
    fn a_comma_groups_a_number_and_separates_addresses() {
        assert_eq!(
            texts("70,000 messages, 1,000,000, 5,5 203.0.113.5,203.0.113.6 203,203.0.113.6"),
            ["70,000", "messages", "1,000,000", "5", "5", "203.0.113.5", "203.0.113.6", "203", "203.0.113.6"]
        );
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let text = "We are\nunable. In (N. Virginia) e.g. 1.5 it\r\n\r\nis:\n- one\n2) two 203.0.113.5.";
        let found: Vec<&str> = sentences(text).map(|s| s.text).collect();
        assert_eq!(found, ["We are\nunable.", "In (N. Virginia) e.g. 1.5 it", "is:", "- one", "2) two 203.0.113.5."]);
        for sentence in sentences(text) {
            assert!(text[sentence.start..].starts_with(sentence.text));
        }
    }
}
