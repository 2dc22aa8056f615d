//! The words of the rules as bits, and the rules in terms of them: built once per process, in microseconds.

use std::sync::LazyLock;

use super::rules::{self, Rule, Step};

/// Room for 64 words each.
pub(super) const WORDS: usize = 10;

/// Slots for lists that many rules share.
const LISTS: usize = 512;

/// A set of rule words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    pub(super) fn set(&mut self, bit: usize) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// Which of the words of bits have any, a bit each: two sets meet only where both have.
    pub(super) fn places(&self) -> u16 {
        self.0.iter().zip(0..16).fold(0, |sum, (word, at)| sum | (u16::from(*word != 0) << at))
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }
}

/// The rules with their words as bits.
pub(super) struct Table {
    /// Words by first byte: the word, whether it is a stem (matches any ending), its bit.
    words: Vec<Vec<(&'static str, bool, usize)>>,
    pub(super) neutral: Vec<Steps>,
    pub(super) means_if: Vec<Steps>,
    pub(super) if_itself: Bits,
    pub(super) rules: Vec<Compiled>,
    /// The words that any rule begins with: most tokens have none of them.
    pub(super) beginnings: Bits,
}

/// A sequence: the most words that may stand before each step, and the step's words.
pub(super) type Steps = Vec<(usize, Bits)>;

pub(super) struct Compiled {
    pub(super) rule: &'static Rule,
    pub(super) steps: Steps,
    /// The [`Bits::places`] of the first step.
    pub(super) places: u16,
    pub(super) before: Bits,
    pub(super) after: Bits,
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut interner = Interner::default();
    let neutral = rules::NEUTRAL.iter().map(|steps| interner.steps(steps)).collect();
    let means_if = rules::MEANS_IF.iter().map(|steps| interner.steps(steps)).collect();
    let if_itself = interner.set(&[&["if"]]);
    let rules: Vec<Compiled> = rules::all()
        .map(|rule| {
            let steps = interner.steps(rule.steps);
            let places = steps.first().map_or(0, |(_, first)| first.places());
            Compiled { rule, steps, places, before: interner.set(rule.unless_before), after: interner.set(rule.unless_after) }
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
    /// Lists that were seen, which many rules share, by their address.
    lists: Vec<Option<(&'static [&'static str], Bits)>>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { words: Vec::with_capacity(WORDS * 64), slots: vec![0; WORDS * 64 * 4], lists: vec![None; LISTS] }
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
        // One slot for each address: a list that finds another one there is only read again.
        let slot = (list.as_ptr().addr() / size_of::<&str>()) % LISTS;
        if let Some(Some((seen, known))) = self.lists.get(slot)
            && std::ptr::eq(*seen, list)
        {
            return *known;
        }
        let mut set = Bits::default();
        for word in list {
            set.set(self.bit(word));
        }
        if let Some(slot) = self.lists.get_mut(slot) {
            *slot = Some((list, set));
        }
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

/// The words that a token of the text is, in lower case.
pub(super) fn bits_of(word: &str) -> Bits {
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

    #[test]
    fn the_words_fit_their_bits() {
        let words: usize = TABLE.words.iter().map(Vec::len).sum();
        assert!(words <= WORDS * 64, "{words}");
    }
}
