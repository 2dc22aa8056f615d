//! The words of the rules, and the rules in terms of them: made once per process, in microseconds.

use std::sync::LazyLock;

use super::lexicon::{Known, Lexicon};
use super::rules::{self, Rule, Step};

/// Room for 64 words each.
pub(super) const WORDS: usize = 14;
/// Room for 64 rules each.
const RULES: usize = 4;

/// Slots for lists that many rules share.
const LISTS: usize = 512;

/// A set of rule words, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    pub(super) fn set(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn has(&self, number: u16) -> bool {
        self.0.get(usize::from(number / 64)).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Whether any of these words is in it.
    pub(super) fn has_any(&self, numbers: &[u16]) -> bool {
        numbers.iter().any(|number| self.has(*number))
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).fold(0, |sum, (a, b)| sum | (a & b)) != 0
    }

    fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }
}

/// A set of rules, by their places in [`Table::rules`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSet([u64; RULES]);

impl RuleSet {
    pub(super) fn add(&mut self, rule: usize) {
        if let Some(word) = self.0.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }

    pub(super) fn without(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= !b);
        self
    }

    /// Takes its first rule out.
    pub(super) fn take_first(&mut self) -> Option<usize> {
        let (at, word) = (0..).zip(&mut self.0).find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros() as usize;
        *word &= *word - 1;
        Some(at * 64 + bit)
    }
}

/// The rules with their words as bits.
pub(super) struct Table {
    pub(super) words: Lexicon<&'static str>,
    pub(super) neutral: Vec<Steps>,
    pub(super) means_if: Vec<Steps>,
    /// The words that any of these begins with.
    pub(super) weighed: Bits,
    pub(super) if_itself: Known,
    pub(super) rules: Vec<Compiled>,
    /// The words that any rule begins with: most tokens have none of them.
    beginnings: Bits,
    /// By word: the rules that begin with it.
    begin: Vec<RuleSet>,
    /// The rules that only match what is a question, and those that never do.
    pub(super) only_asked: RuleSet,
    pub(super) only_told: RuleSet,
}

/// A sequence: the most words that may stand before each step, and the step's words.
pub(super) type Steps = Vec<(usize, Bits)>;

pub(super) struct Compiled {
    pub(super) rule: &'static Rule,
    pub(super) steps: Steps,
    pub(super) before: Bits,
    pub(super) after: Bits,
}

impl Table {
    /// The rules that begin with one of these words.
    pub(super) fn beginning_with(&self, numbers: &[u16]) -> RuleSet {
        let mut found = RuleSet::default();
        for number in numbers.iter().filter(|number| self.beginnings.has(**number)) {
            if let Some(rules) = self.begin.get(usize::from(*number)) {
                found.join(rules);
            }
        }
        found
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut interner = Interner::default();
    let neutral: Vec<Steps> = rules::NEUTRAL.iter().map(|steps| interner.steps(steps)).collect();
    let means_if: Vec<Steps> = rules::MEANS_IF.iter().map(|steps| interner.steps(steps)).collect();
    let rules: Vec<Compiled> = rules::all()
        .map(|rule| Compiled {
            rule,
            steps: interner.steps(rule.steps),
            before: interner.set(rule.unless_before),
            after: interner.set(rule.unless_after),
        })
        .collect();
    let mut begin = vec![RuleSet::default(); interner.words.len()];
    let (mut only_asked, mut only_told) = (RuleSet::default(), RuleSet::default());
    for (at, compiled) in rules.iter().enumerate() {
        for word in compiled.rule.steps.first().into_iter().flat_map(|(_, words)| *words) {
            if let Some(rules) = begin.get_mut(interner.number(word)) {
                rules.add(at);
            }
        }
        match compiled.rule.asked {
            Some(true) => only_asked.add(at),
            Some(false) => only_told.add(at),
            None => {}
        }
    }
    let words = Lexicon::new(&interner.words);
    let if_itself = words.find(b"if");
    let weighed = first_words(neutral.iter().chain(&means_if));
    let beginnings = first_words(rules.iter().map(|rule| &rule.steps));
    Table { words, neutral, means_if, weighed, if_itself, rules, beginnings, begin, only_asked, only_told }
});

fn first_words<'t>(sequences: impl Iterator<Item = &'t Steps>) -> Bits {
    let mut all = Bits::default();
    sequences.filter_map(|steps| steps.first()).for_each(|(_, first)| all.join(first));
    all
}

/// Gives every word its number. Written out, because it runs once in every process that reads a mail: most of those are cold
/// starts, and a map costs them half a millisecond.
struct Interner {
    words: Vec<&'static str>,
    /// By hash of the word: its number and one, 0 is free.
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
            set.set(self.number(word));
        }
        if let Some(slot) = self.lists.get_mut(slot) {
            *slot = Some((list, set));
        }
        set
    }

    fn number(&mut self, word: &'static str) -> usize {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_and_rules_fit_their_bits() {
        assert!(TABLE.begin.len() <= WORDS * 64, "{}", TABLE.begin.len());
        assert!(TABLE.rules.len() <= RULES * 64, "{}", TABLE.rules.len());
    }

    #[test]
    fn a_set_of_rules_names_them_in_order() {
        let mut set = RuleSet::default();
        [200, 3, 64, 63].into_iter().for_each(|rule| set.add(rule));
        let places = |mut set: RuleSet| std::iter::from_fn(move || set.take_first()).collect::<Vec<_>>();
        assert_eq!(places(set), [3, 63, 64, 200]);
        let mut some = RuleSet::default();
        [64, 3, 9].into_iter().for_each(|rule| some.add(rule));
        assert_eq!(places(set.without(&some)), [63, 200]);
    }
}
