//! The matcher: text to sentences of tokens, and sequences of stems with bounded gaps looked for in them.
//!
//! Every word that a rule names has one bit. A token carries the bits of the words it matches, so that matching is a few
//! ANDs per token and linear in the text, with nothing to compile but the table of words (built once, in microseconds).

use std::sync::LazyLock;

use super::rules::{self, Rule, Step};

/// Room for 64 words each.
const WORDS: usize = 8;
/// A sequence spans at most this many tokens, one bit each.
const WINDOW: usize = 64;
/// At most this many tokens are matched: some 256 KB of text have 50,000.
const MAX_TOKENS: usize = 100_000;

/// A set of rule words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bits([u64; WORDS]);

impl Bits {
    fn set(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }
}

/// The rules with their words as bits.
struct Table {
    /// Words by first byte: the word, whether it is a stem (matches any ending), its bit.
    words: Vec<Vec<(&'static str, bool, usize)>>,
    neutral: Vec<Steps>,
    means_if: Vec<Steps>,
    if_itself: Bits,
    rules: Vec<Compiled>,
    /// The words that any rule begins with: most tokens have none of them.
    beginnings: Bits,
}

/// A sequence: the most words that may stand before each step, and the step's words.
type Steps = Vec<(usize, Bits)>;

struct Compiled {
    rule: &'static Rule,
    steps: Steps,
    before: Bits,
    after: Bits,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut interner = Interner::default();
    let neutral = rules::NEUTRAL.iter().map(|steps| interner.steps(steps)).collect();
    let means_if = rules::MEANS_IF.iter().map(|steps| interner.steps(steps)).collect();
    let if_itself = interner.set(&[&["if"]]);
    let rules: Vec<Compiled> = rules::all()
        .map(|rule| Compiled {
            rule,
            steps: interner.steps(rule.steps),
            before: interner.set(rule.unless_before),
            after: interner.set(rule.unless_after),
        })
        .collect();
    let mut beginnings = Bits::default();
    for (_, first) in rules.iter().filter_map(|rule| rule.steps.first()) {
        beginnings.join(first);
    }
    Table { words: interner.by_first_byte(), neutral, means_if, if_itself, rules, beginnings }
});

/// Gives every word its bit. Written out, because it runs once in every process that reads a mail: most of those are cold
/// starts, and a map costs them half a millisecond.
struct Interner {
    words: Vec<&'static str>,
    /// By hash of the word: its bit and one, 0 is free.
    slots: Vec<usize>,
    /// Lists that were seen, which many rules share.
    lists: Vec<(&'static [&'static str], Bits)>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { words: Vec::with_capacity(WORDS * 64), slots: vec![0; WORDS * 64 * 4], lists: Vec::with_capacity(256) }
    }
}

impl Interner {
    fn steps(&mut self, steps: &'static [Step]) -> Steps {
        steps.iter().map(|(gap, words)| (*gap, self.list(words))).collect()
    }

    fn set(&mut self, lists: &'static [&'static [&'static str]]) -> Bits {
        let mut set = Bits::default();
        for list in lists {
            set.join(&self.list(list));
        }
        set
    }

    fn list(&mut self, list: &'static [&'static str]) -> Bits {
        if let Some((_, known)) = self.lists.iter().find(|(seen, _)| std::ptr::eq(*seen, list)) {
            return *known;
        }
        let mut set = Bits::default();
        for word in list {
            set.set(self.bit(word));
        }
        self.lists.push((list, set));
        set
    }

    fn bit(&mut self, word: &'static str) -> usize {
        let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let slots = self.slots.len();
        let mut at = (hash ^ (hash >> 32)) as usize % slots;
        loop {
            match self.slots.get(at).copied().unwrap_or_default() {
                0 => {
                    self.words.push(word);
                    if let Some(slot) = self.slots.get_mut(at) {
                        *slot = self.words.len();
                    }
                    return self.words.len() - 1;
                }
                taken if self.words.get(taken - 1) == Some(&word) => return taken - 1,
                _ => at = (at + 1) % slots,
            }
        }
    }

    fn by_first_byte(&self) -> Vec<Vec<(&'static str, bool, usize)>> {
        let mut found = vec![Vec::new(); 128];
        for (bit, word) in self.words.iter().enumerate() {
            let stem = word.strip_suffix('*');
            if let Some(list) = word.bytes().next().and_then(|first| found.get_mut(usize::from(first))) {
                list.push((stem.unwrap_or(word), stem.is_some(), bit));
            }
        }
        found
    }
}

/// A word of the text.
struct Token {
    start: usize,
    end: usize,
    bits: Bits,
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
    for mut sentence in Sentences::new(text) {
        sentence.weigh();
        for (at, token) in sentence.tokens.iter().enumerate().filter(|(_, token)| token.bits.meets(&TABLE.beginnings)) {
            for (compiled, done) in TABLE.rules.iter().zip(done.iter_mut()) {
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
fn reach(tokens: &[Token], at: usize, steps: &[(usize, Bits)]) -> Option<usize> {
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
struct Sentence {
    tokens: Vec<Token>,
    /// It ends in a question mark.
    asked: bool,
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
struct Sentences<'x> {
    text: &'x str,
    at: usize,
    tokens: usize,
}

impl<'x> Sentences<'x> {
    const fn new(text: &'x str) -> Self {
        Self { text, at: 0, tokens: 0 }
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

impl Iterator for Sentences<'_> {
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
                push_word(&mut sentence.tokens, self.text, start, at);
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
            push_word(&mut sentence.tokens, self.text, start, self.text.len());
        }
        self.at = self.text.len();
        Some(sentence)
    }
}

/// A word's tokens: contractions are written out, so that "we'll", "can't" and "cannot" are what they say.
fn push_word(tokens: &mut Vec<Token>, text: &str, start: usize, end: usize) {
    let raw = &text[start..end];
    if raw.len() > 40 {
        return;
    }
    let word = raw.to_lowercase();
    let mut push = |word: &str| tokens.push(Token { start, end, bits: bits_of(word), before: Bits::default(), after: Bits::default() });
    match word.as_str() {
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

fn bits_of(word: &str) -> Bits {
    let mut bits = Bits::default();
    let listed = word.bytes().next().and_then(|first| TABLE.words.get(usize::from(first)));
    for (known, stem, bit) in listed.into_iter().flatten() {
        if if *stem { word.starts_with(known) } else { word == *known } {
            bits.set(*bit);
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<Vec<&str>> {
        Sentences::new(text).map(|s| s.tokens.iter().map(|t| &text[t.start..t.end]).collect()).filter(|s: &Vec<_>| !s.is_empty()).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(sentences("We are\nunable. In (N. Virginia) e.g. 1.5 it\n\nis\n- one\n2) two").len(), 5);
        assert_eq!(sentences("see a.example/b?c=d now").len(), 1);
        assert!(Sentences::new("How many?").all(|s| s.asked));
    }

    #[test]
    fn contractions_are_written_out() {
        assert_eq!(
            sentences("we'll can't isn't cannot AWS's")[0],
            ["we'll", "we'll", "can't", "can't", "isn't", "isn't", "cannot", "cannot", "AWS's"]
        );
    }

    #[test]
    fn the_words_fit_their_bits_and_the_rules_their_window() {
        let words: usize = TABLE.words.iter().map(Vec::len).sum();
        assert!(words <= WORDS * 64, "{words}");
        for rule in rules::all() {
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
