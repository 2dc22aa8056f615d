//! Text cut into sentences, and sentences into words that know which rule words they are.

use super::lexicon::{Known, Lexicon};

/// At most this many tokens are matched: the 256 KB that are judged cannot have more.
pub(super) const MAX_TOKENS: usize = 150_000;
/// Longer runs of letters are no words, in bytes.
pub(super) const MAX_WORD: usize = 40;

/// A word of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    start: u32,
    end: u32,
    /// The rule words that it is.
    pub(super) known: Known,
    /// And those that it stands for.
    pub(super) also: Known,
}

impl Token {
    /// Where it begins in the text, in bytes.
    pub(super) const fn start(&self) -> usize {
        self.start as usize
    }

    /// Where it ends.
    pub(super) const fn end(&self) -> usize {
        self.end as usize
    }
}

/// Cuts text into sentences: at `.` `!` `?` `;` before white space, at empty lines and before list items. A single line break is
/// only wrapped text.
pub(super) struct Sentences<'x> {
    text: &'x str,
    at: usize,
    tokens: usize,
    words: &'x Lexicon,
}

impl<'x> Sentences<'x> {
    pub(super) const fn new(text: &'x str, words: &'x Lexicon) -> Self {
        Self { text, at: 0, tokens: 0, words }
    }

    /// Puts the words of the next sentence in place of these, and says whether it ends in a question mark; `None` behind the last.
    pub(super) fn next(&mut self, tokens: &mut Vec<Token>) -> Option<bool> {
        tokens.clear();
        if self.at >= self.text.len() || self.tokens >= MAX_TOKENS {
            return None;
        }
        let bytes = self.text.as_bytes();
        let (mut at, mut word, mut last_length) = (self.at, None, 0);
        while let Some(&byte) = bytes.get(at) {
            // Nearly all of it is ASCII, and most of that are words.
            if byte.is_ascii_alphanumeric() {
                word.get_or_insert(at);
                at += 1 + bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                continue;
            }
            let c = if byte.is_ascii() { char::from(byte) } else { self.text[at..].chars().next().unwrap_or_default() };
            if c.is_alphanumeric() || (c == '\'' && word.is_some()) {
                word.get_or_insert(at);
                at += c.len_utf8();
                continue;
            }
            if let Some(start) = word.take() {
                // A single digit is no initial.
                let digits = self.text[start..at].bytes().all(|b| b.is_ascii_digit());
                last_length = if digits { 2 } else { at - start };
                self.push(tokens, start, at);
            }
            if self.ends_at(at, c, last_length) {
                self.at = at + c.len_utf8();
                self.tokens += tokens.len() + 1;
                return Some(matches!(c, '?' | '？'));
            }
            if !c.is_whitespace() {
                last_length = 2;
            }
            at += c.len_utf8();
        }
        if let Some(start) = word {
            self.push(tokens, start, at);
        }
        self.at = at;
        Some(false)
    }

    /// Whether a sentence ends with the character at a place, behind a word of so many letters.
    fn ends_at(&self, at: usize, c: char, word: usize) -> bool {
        let rest = || &self.text[at + c.len_utf8()..];
        match c {
            '。' | '？' | '！' => true,
            // "N. Virginia" and "e.g." do not end a sentence.
            '.' => word != 1 && !rest().starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '@')),
            '!' | '?' | ';' => !rest().starts_with(|c: char| c.is_alphanumeric()),
            '\n' => {
                let rest = rest();
                let line = rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())].trim_start();
                let bullet = line.strip_prefix(['-', '*', '•', '·', '+']).is_some_and(|rest| rest.starts_with(' '));
                let digits = line.bytes().take(3).take_while(u8::is_ascii_digit).count();
                line.is_empty()
                    || bullet
                    || (digits > 0 && line[digits..].strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with(' ')))
            }
            _ => false,
        }
    }

    /// A word's tokens: contractions are written out, so that "we'll", "can't" and "cannot" are what they say.
    fn push(&self, tokens: &mut Vec<Token>, start: usize, end: usize) {
        let text = self.text.as_bytes();
        let raw = &text[start..end];
        // What stands in a host's name or an address is no word: neither "example.com" nor the "25" of 203.0.113.25.
        let goes_on = |at: usize| text.get(at).is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let behind_dot = start > 1 && text[start - 1] == b'.' && text[start - 2].is_ascii_alphanumeric() && goes_on(start);
        if behind_dot || (text.get(end) == Some(&b'.') && goes_on(end + 1)) {
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            tokens.push(Token { start: place(start), end: place(end), known: Known::default(), also: Known::default() });
            return;
        }
        let mut room = [0; MAX_WORD];
        let Some(lower) = room.get_mut(..raw.len()) else { return };
        let mut plain = true;
        for (to, from) in lower.iter_mut().zip(raw) {
            *to = from.to_ascii_lowercase();
            plain &= from.is_ascii();
        }
        if plain {
            self.push_lower(tokens, (start, end), lower);
        } else {
            self.push_lower(tokens, (start, end), self.text[start..end].to_lowercase().as_bytes());
        }
    }

    fn push_lower(&self, tokens: &mut Vec<Token>, (start, end): (usize, usize), word: &[u8]) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut push = |word: &[u8]| {
            tokens.push(Token { start: place(start), end: place(end), known: self.words.find(word), also: Known::default() });
        };
        let Some(apostrophe) = word.iter().position(|b| *b == b'\'') else {
            return if word == b"cannot" { [&b"can"[..], b"not"].into_iter().for_each(push) } else { push(word) };
        };
        let (base, suffix) = (&word[..apostrophe], &word[apostrophe + 1..]);
        let [base, more]: [&[u8]; 2] = match (base, suffix) {
            (b"can", b"t") => [b"can", b"not"],
            (b"won", b"t") => [b"will", b"not"],
            ([base @ .., b'n'], b"t") => [base, b"not"],
            (_, b"ve") => [base, b"have"],
            (_, b"ll") => [base, b"will"],
            (_, b"re") => [base, b"are"],
            (_, b"d") => [base, b"would"],
            (b"i", b"m") => [base, b"am"],
            (b"it" | b"that" | b"there" | b"here" | b"what" | b"he" | b"she", b"s") => [base, b"is"],
            _ => return push(base),
        };
        push(base);
        push(more);
    }
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::TABLE;
    use super::*;

    /// The sentences with words, and whether each is a question.
    fn sentences(text: &str) -> Vec<(Vec<&str>, bool)> {
        let (mut sentences, mut tokens, mut found) = (Sentences::new(text, &TABLE.words), Vec::new(), Vec::new());
        while let Some(asked) = sentences.next(&mut tokens) {
            found.push((tokens.iter().map(|t| &text[t.start()..t.end()]).collect(), asked));
        }
        found.retain(|(words, _): &(Vec<_>, _)| !words.is_empty());
        found
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(sentences("We are\nunable. In (N. Virginia) e.g. 1.5 it\n\nis\n- one\n2) two").len(), 5);
        assert_eq!(sentences("see a.example/b?c=d now").len(), 1);
        assert!(sentences("How many?").iter().all(|(_, asked)| *asked));
    }

    #[test]
    fn parts_of_a_name_are_no_words() {
        let known = |text: &str| {
            let mut tokens = Vec::new();
            Sentences::new(text, &TABLE.words).next(&mut tokens);
            tokens.into_iter().filter(|t| t.known != Known::default()).map(|t| text[t.start()..t.end()].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(known("not mail.example.com team.no approved.We 203.0.113.25 25 1.25 not. "), ["not", "approved", "We", "25", "not"]);
    }

    #[test]
    fn contractions_are_written_out() {
        assert_eq!(
            sentences("we'll can't isn't cannot AWS's").first().map(|(words, _)| words.as_slice()),
            Some(&["we'll", "we'll", "can't", "can't", "isn't", "isn't", "cannot", "cannot", "AWS's"][..])
        );
        let known = |text: &str| {
            let mut tokens = Vec::new();
            Sentences::new(text, &TABLE.words).next(&mut tokens);
            tokens.into_iter().map(|t| t.known).collect::<Vec<_>>()
        };
        for (short, long) in [
            ("We'll", "we will"),
            ("can't", "can not"),
            ("Won't", "will not"),
            ("isn't", "is not"),
            ("I'm", "i am"),
            ("It's", "it is"),
            ("CANNOT", "can not"),
            ("they've", "they have"),
            ("you're", "you are"),
            ("we'd", "we would"),
            ("customers'", "customers"),
            ("n't", " not"),
        ] {
            let long = known(long);
            assert_eq!(known(short).into_iter().filter(|k| *k != Known::default()).collect::<Vec<_>>(), long, "{short}");
        }
    }
}
