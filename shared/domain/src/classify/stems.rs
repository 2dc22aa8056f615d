//! The matcher: text to sentences of tokens, and sequences of stems with bounded gaps looked for in them.
//!
//! Every word that a rule names has one bit. A token carries the bits of the words it matches, so that matching is a few
//! ANDs per token and linear in the text, with nothing to compile but the table of words (built once, in microseconds).

use std::borrow::Cow;

use super::rules::Rule;
use super::vocabulary::{Bits, Steps, TABLE, bits_of};

/// A sequence spans at most this many tokens, one bit each.
pub(super) const WINDOW: usize = 64;
/// At most this many tokens are matched: the 256 KB that are judged cannot have more.
pub(super) const MAX_TOKENS: usize = 150_000;
/// Longer runs of letters are no words, in bytes.
pub(super) const MAX_WORD: usize = 40;

/// A word of the text.
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) bits: Bits,
    /// What stands before it in its sentence, and what behind it.
    before: Bits,
    after: Bits,
}

/// A rule that matched, and the bytes of the text that it matched.
pub(super) struct Match {
    pub(super) rule: &'static Rule,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every rule that matches, each once, in the order of the text.
pub(super) fn matches(text: &str) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    let mut done = vec![false; TABLE.rules.len()];
    for mut sentence in Sentences::new(text, bits_of) {
        sentence.weigh();
        for (at, token) in sentence.tokens.iter().enumerate().filter(|(_, token)| token.bits.meets(&TABLE.beginnings)) {
            // Few bits tell most rules apart from this token.
            let places = token.bits.places();
            for (compiled, done) in TABLE.rules.iter().zip(done.iter_mut()).filter(|(compiled, _)| compiled.places & places != 0) {
                let starts = compiled.steps.first().is_some_and(|(_, first)| token.bits.meets(first));
                if *done || !starts || compiled.rule.asked.is_some_and(|asked| asked != sentence.asked) {
                    continue;
                }
                if let Some(last) = reach(&sentence.tokens, at, &compiled.steps).and_then(|end| sentence.tokens.get(end))
                    && !last.before.meets(&compiled.before)
                    && !last.after.meets(&compiled.after)
                {
                    *done = true;
                    found.push(Match { rule: compiled.rule, start: token.start, end: last.end });
                }
            }
        }
    }
    found
}

/// The token on which the sequence that starts at `at` ends soonest.
pub(super) fn reach(tokens: &[Token], at: usize, steps: &[(usize, Bits)]) -> Option<usize> {
    let window = &tokens[at..tokens.len().min(at + WINDOW)];
    let mut reached = 1u64;
    for (gap, words) in steps.iter().skip(1) {
        let mut next = (1..=gap + 1).fold(0u64, |sum, step| sum | reached.checked_shl(u32::try_from(step).unwrap_or(64)).unwrap_or(0));
        let mut candidates = next;
        while candidates != 0 {
            let bit = candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            if !window.get(bit).is_some_and(|t| t.bits.meets(words)) {
                next &= !(1 << bit);
            }
        }
        reached = next;
    }
    (reached != 0).then(|| at + reached.trailing_zeros() as usize)
}

/// One sentence.
pub(super) struct Sentence {
    pub(super) tokens: Vec<Token>,
    /// It ends in a question mark.
    pub(super) asked: bool,
}

impl Sentence {
    /// Takes the meaning off words that are none here ("we would like to inform you"), marks those that say "if" in other words,
    /// then notes what stands around each.
    fn weigh(&mut self) {
        for at in 0..self.tokens.len() {
            if self.tokens[at].bits == Bits::default() {
                continue;
            }
            let starts = |steps: &&Steps| {
                steps.first().is_some_and(|(_, first)| self.tokens[at].bits.meets(first)) && reach(&self.tokens, at, steps).is_some()
            };
            if TABLE.neutral.iter().any(|steps| starts(&steps)) {
                self.tokens[at].bits = Bits::default();
            } else if TABLE.means_if.iter().any(|steps| starts(&steps)) {
                self.tokens[at].bits.join(&TABLE.if_itself);
            }
        }
        let mut sum = Bits::default();
        for token in &mut self.tokens {
            token.before = sum;
            sum.join(&token.bits);
        }
        sum = Bits::default();
        for token in self.tokens.iter_mut().rev() {
            token.after = sum;
            sum.join(&token.bits);
        }
    }
}

/// Cuts text into sentences: at `.` `!` `?` `;` before white space, at empty lines and before list items. A single line break is
/// only wrapped text.
pub(super) struct Sentences<'x, F> {
    text: &'x str,
    at: usize,
    tokens: usize,
    /// The rule words that a word is.
    bits: F,
}

impl<'x, F: Fn(&str) -> Bits> Sentences<'x, F> {
    pub(super) const fn new(text: &'x str, bits: F) -> Self {
        Self { text, at: 0, tokens: 0, bits }
    }

    /// Whether a sentence ends with the character at a place, behind a word of so many letters.
    fn ends_at(&self, at: usize, c: char, word: usize) -> bool {
        let rest = &self.text[at + c.len_utf8()..];
        match c {
            '。' | '？' | '！' => true,
            // "N. Virginia" and "e.g." do not end a sentence.
            '.' => word != 1 && !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '@')),
            '!' | '?' | ';' => !rest.starts_with(|c: char| c.is_alphanumeric()),
            '\n' => {
                let line = rest.split('\n').next().unwrap_or_default().trim_start();
                let bullet = line.strip_prefix(['-', '*', '•', '·', '+']).is_some_and(|rest| rest.starts_with(' '));
                let digits = line.bytes().take(3).take_while(u8::is_ascii_digit).count();
                line.is_empty()
                    || bullet
                    || (digits > 0 && line[digits..].strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with(' ')))
            }
            _ => false,
        }
    }
}

impl<F: Fn(&str) -> Bits> Iterator for Sentences<'_, F> {
    type Item = Sentence;

    fn next(&mut self) -> Option<Sentence> {
        let mut sentence = Sentence { tokens: Vec::new(), asked: false };
        let mut word: Option<usize> = None;
        let mut last_length = 0;
        let begin = self.at;
        if begin >= self.text.len() || self.tokens >= MAX_TOKENS {
            return None;
        }
        for (offset, c) in self.text[begin..].char_indices() {
            let at = begin + offset;
            if c.is_alphanumeric() || (c == '\'' && word.is_some()) {
                word.get_or_insert(at);
                continue;
            }
            if let Some(start) = word.take() {
                // A single digit is no initial.
                let digits = self.text[start..at].bytes().all(|b| b.is_ascii_digit());
                last_length = if digits { 2 } else { at - start };
                push_word(&mut sentence.tokens, self.text, start, at, &self.bits);
            }
            if self.ends_at(at, c, last_length) {
                self.at = at + c.len_utf8();
                self.tokens += sentence.tokens.len() + 1;
                sentence.asked = matches!(c, '?' | '？');
                return Some(sentence);
            }
            if !c.is_whitespace() {
                last_length = 2;
            }
        }
        if let Some(start) = word {
            push_word(&mut sentence.tokens, self.text, start, self.text.len(), &self.bits);
        }
        self.at = self.text.len();
        Some(sentence)
    }
}

/// A word's tokens: contractions are written out, so that "we'll", "can't" and "cannot" are what they say.
fn push_word(tokens: &mut Vec<Token>, text: &str, start: usize, end: usize, bits: &impl Fn(&str) -> Bits) {
    let raw = &text[start..end];
    if raw.len() > MAX_WORD {
        return;
    }
    // Most words are ASCII, and in lower case already.
    let plain = raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'\'');
    let word = if plain { Cow::Borrowed(raw) } else { Cow::Owned(raw.to_lowercase()) };
    let mut push = |word: &str| tokens.push(Token { start, end, bits: bits(word), before: Bits::default(), after: Bits::default() });
    match &*word {
        "cannot" | "can't" => ["can", "not"].map(&mut push),
        "won't" => ["will", "not"].map(&mut push),
        _ => {
            let (base, suffix) = word.split_once('\'').unwrap_or((&word, ""));
            let more = match (base.strip_suffix('n'), suffix) {
                (Some(base), "t") => return [base, "not"].into_iter().for_each(push),
                (_, "ve") => "have",
                (_, "ll") => "will",
                (_, "re") => "are",
                (_, "d") => "would",
                _ => return push(base),
            };
            [base, more].map(&mut push)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<Vec<&str>> {
        Sentences::new(text, bits_of)
            .map(|s| s.tokens.iter().map(|t| &text[t.start..t.end]).collect())
            .filter(|s: &Vec<_>| !s.is_empty())
            .collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(sentences("We are\nunable. In (N. Virginia) e.g. 1.5 it\n\nis\n- one\n2) two").len(), 5);
        assert_eq!(sentences("see a.example/b?c=d now").len(), 1);
        assert!(Sentences::new("How many?", bits_of).all(|s| s.asked));
    }

    #[test]
    fn contractions_are_written_out() {
        assert_eq!(
            sentences("we'll can't isn't cannot AWS's")[0],
            ["we'll", "we'll", "can't", "can't", "isn't", "isn't", "cannot", "cannot", "AWS's"]
        );
    }

    #[test]
    fn the_rules_fit_their_window() {
        for rule in super::super::rules::all() {
            let span: usize = rule.steps.iter().map(|(gap, _)| gap + 1).sum();
            assert!(!rule.steps.is_empty() && span <= WINDOW, "{}", rule.id);
        }
    }

    #[test]
    fn hostile_repetition_stays_linear() {
        for text in ["we have not ", "please provide us ", "if we are unable to ", "a", "request has been ", ". ", "' "] {
            let long = text.repeat(64 * 1024 / text.len());
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || done.send(matches(&long).len()));
            assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{text}");
        }
    }
}
