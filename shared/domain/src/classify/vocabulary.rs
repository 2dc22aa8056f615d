//! The words of the rules, and the rules in terms of them: made when the program is compiled, so that no process ever makes them.

use super::lexicon::{Known, Lexicon};
use super::rules::{self, MEANS_IF, NEUTRAL, NEUTRAL_END, Rule};
use super::sets::{Bits, RuleSet};

/// The most words that may stand before a step, and the words that it can be.
pub(super) type Step = (usize, Bits);

/// The rules with their words as sets.
pub(super) struct Table {
    pub(super) words: Lexicon,
    /// Of each of [`rules::ALL`].
    rules: [Compiled; rules::COUNT],
    /// Those of [`NEUTRAL`], then those of [`NEUTRAL_END`], then those of [`MEANS_IF`].
    weighing: [Range; WEIGHING],
    /// The steps of all sequences.
    steps: [Step; STEPS],
    pub(super) if_itself: Known,
    /// By word, the rules of which it can be the first step, the second, and the last (of one step the first is all of these); side by
    /// side, because all three are asked of each word.
    by_word: [[RuleSet; 3]; Bits::PLACES],
    /// By word, a bit for each sequence of `weighing` that begins with it.
    weighed: [u128; Bits::PLACES],
    /// The rules that only match what is a question, and those that never do.
    pub(super) only_asked: RuleSet,
    pub(super) only_told: RuleSet,
}

/// What a sequence makes of one of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weighing {
    /// The first word means nothing.
    FirstIsNothing,
    /// The last word means nothing.
    LastIsNothing,
    /// The first word means "if".
    FirstIsIf,
}

/// A sequence's place among all steps.
#[derive(Clone, Copy)]
struct Range {
    from: u16,
    to: u16,
}

#[derive(Clone, Copy)]
pub(super) struct Compiled {
    pub(super) rule: &'static Rule,
    steps: Range,
    /// Words that void it before its end, and behind it.
    pub(super) before: Bits,
    pub(super) after: Bits,
}

#[expect(long_running_const_eval, reason = "over two million steps of the compiler's, so that there are none at run time")]
pub(super) static TABLE: Table = Table::of(&rules::ALL);

/// How many sequences change what a word means.
const WEIGHING: usize = NEUTRAL.len() + NEUTRAL_END.len() + MEANS_IF.len();

/// How many steps all sequences have.
const STEPS: usize = {
    let (mut sum, mut n) = (0, 0);
    while n < rules::COUNT {
        sum += rules::ALL[n].steps.len();
        n += 1;
    }
    n = 0;
    while n < WEIGHING {
        sum += weighing(n).len();
        n += 1;
    }
    sum
};

impl Table {
    const fn of(all: &[&'static Rule; rules::COUNT]) -> Self {
        let words = words(all);
        let none = Range { from: 0, to: 0 };
        let mut table = Self {
            if_itself: words.place_of("if"),
            words,
            rules: [Compiled { rule: all[0], steps: none, before: Bits::new(), after: Bits::new() }; rules::COUNT],
            weighing: [none; WEIGHING],
            steps: [(0, Bits::new()); STEPS],
            by_word: [[RuleSet::new(); 3]; Bits::PLACES],
            weighed: [0; Bits::PLACES],
            only_asked: RuleSet::new(),
            only_told: RuleSet::new(),
        };
        let (mut n, mut end, mut known) = (0, 0, KnownLists::new());
        while n < all.len() {
            let rule = all[n];
            let steps = table.fill(&mut end, rule.steps, &mut known);
            let (before, after) = (known.all(&table.words, rule.unless_before), known.all(&table.words, rule.unless_after));
            table.rules[n] = Compiled { rule, steps, before, after };
            let last = rule.steps.len() - 1;
            let (from, second) = (steps.from as usize, if last == 0 { 0 } else { 1 });
            add_rule(&mut table.by_word, 0, &table.steps[from].1, n);
            add_rule(&mut table.by_word, 1, &table.steps[from + second].1, n);
            add_rule(&mut table.by_word, 2, &table.steps[from + last].1, n);
            match rule.asked {
                Some(true) => table.only_asked.add(n),
                Some(false) => table.only_told.add(n),
                None => {}
            }
            n += 1;
        }
        n = 0;
        while n < table.weighing.len() {
            let steps = table.fill(&mut end, weighing(n), &mut known);
            table.weighing[n] = steps;
            let first = &table.steps[steps.from as usize].1;
            let mut place = first.from(0);
            while place < Bits::PLACES {
                table.weighed[place] |= 1 << n;
                place = first.from(place + 1);
            }
            n += 1;
        }
        table
    }

    /// Writes a sequence behind those that are there.
    const fn fill(&mut self, end: &mut usize, steps: &[rules::Step], known: &mut KnownLists) -> Range {
        let from = *end;
        let mut n = 0;
        while n < steps.len() {
            self.steps[*end] = (steps[n].0, known.all(&self.words, &[steps[n].1]));
            *end += 1;
            n += 1;
        }
        Range { from: from as u16, to: *end as u16 }
    }

    pub(super) fn rule(&self, place: usize) -> Option<(&Compiled, &[Step])> {
        let rule = self.rules.get(place)?;
        Some((rule, self.sequence(rule.steps)))
    }

    fn sequence(&self, Range { from, to }: Range) -> &[Step] {
        self.steps.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }

    /// The rules that a word can begin, continue and end.
    pub(super) fn with(&self, word: Known) -> &[RuleSet; 3] {
        let place = word.place().min(Bits::PLACES - 1);
        &self.by_word[place]
    }

    /// The sequences that a word begins and that change what a word of them means, and how.
    pub(super) fn weighing(&self, word: Known) -> impl Iterator<Item = (Weighing, &[Step])> {
        let mut open = self.weighed.get(word.place()).copied().unwrap_or_default();
        std::iter::from_fn(move || {
            let n = (open != 0).then_some(open.trailing_zeros() as usize)?;
            open &= open - 1;
            let how = if n < NEUTRAL.len() {
                Weighing::FirstIsNothing
            } else if n < NEUTRAL.len() + NEUTRAL_END.len() {
                Weighing::LastIsNothing
            } else {
                Weighing::FirstIsIf
            };
            Some((how, self.sequence(*self.weighing.get(n)?)))
        })
    }
}

const fn add_rule(sets: &mut [[RuleSet; 3]; Bits::PLACES], step: usize, words: &Bits, rule: usize) {
    let mut place = words.from(0);
    while place < Bits::PLACES {
        sets[place][step].add(rule);
        place = words.from(place + 1);
    }
}

const fn weighing(n: usize) -> &'static [rules::Step] {
    let ends = NEUTRAL.len() + NEUTRAL_END.len();
    if n < NEUTRAL.len() {
        NEUTRAL[n]
    } else if n < ends {
        NEUTRAL_END[n - NEUTRAL.len()]
    } else {
        MEANS_IF[n - ends]
    }
}

/// Every word of every rule.
const fn words(all: &[&Rule]) -> Lexicon {
    let (mut words, mut known) = (Lexicon::new(), KnownLists::new());
    let mut n = 0;
    while n < all.len() {
        known.add_steps(&mut words, all[n].steps);
        known.add(&mut words, all[n].unless_before);
        known.add(&mut words, all[n].unless_after);
        n += 1;
    }
    n = 0;
    while n < WEIGHING {
        known.add_steps(&mut words, weighing(n));
        n += 1;
    }
    words.close()
}

/// Lists of words that several rules name, each with its set: nearly all the compiler's work would be to look up the same few again.
struct KnownLists {
    lists: [&'static [&'static str]; Self::MOST],
    sets: [Bits; Self::MOST],
    count: usize,
}

impl KnownLists {
    const MOST: usize = 64;
    /// A shorter list is looked up as quickly as it is recognised.
    const LONG: usize = 10;

    const fn new() -> Self {
        Self { lists: [&[]; Self::MOST], sets: [Bits::new(); Self::MOST], count: 0 }
    }

    /// The place of a long list, by its length, its first and its last word: no two have all of them in common (there is a test).
    const fn find(&self, list: &[&str]) -> Option<usize> {
        let mut n = 0;
        while n < self.count && list.len() >= Self::LONG {
            let (known, last) = (self.lists[n], list.len() - 1);
            if known.len() == list.len() && is_same(known[0], list[0]) && is_same(known[last], list[last]) {
                return Some(n);
            }
            n += 1;
        }
        None
    }

    const fn keep(&mut self, list: &'static [&'static str], set: Bits) {
        if list.len() >= Self::LONG && self.count < Self::MOST {
            (self.lists[self.count], self.sets[self.count]) = (list, set);
            self.count += 1;
        }
    }

    const fn add_steps(&mut self, words: &mut Lexicon, steps: &[rules::Step]) {
        let mut n = 0;
        while n < steps.len() {
            self.add(words, &[steps[n].1]);
            n += 1;
        }
    }

    /// Adds the words of these lists.
    const fn add(&mut self, words: &mut Lexicon, lists: &[&'static [&'static str]]) {
        let mut list = 0;
        while list < lists.len() {
            let mut n = if self.find(lists[list]).is_some() { lists[list].len() } else { 0 };
            if n == 0 {
                self.keep(lists[list], Bits::new());
            }
            while n < lists[list].len() {
                words.add(lists[list][n]);
                n += 1;
            }
            list += 1;
        }
    }

    /// Whatever is a word of these lists.
    const fn all(&mut self, words: &Lexicon, lists: &[&'static [&'static str]]) -> Bits {
        let (mut sum, mut list) = (Bits::new(), 0);
        while list < lists.len() {
            let set = match self.find(lists[list]) {
                Some(known) => self.sets[known],
                None => {
                    let set = set(words, lists[list]);
                    self.keep(lists[list], set);
                    set
                }
            };
            sum.join(&set);
            list += 1;
        }
        sum
    }
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other, mut n) = (one.as_bytes(), other.as_bytes(), 0);
    while n < one.len() && n < other.len() && one[n] == other[n] {
        n += 1;
    }
    n == one.len() && n == other.len()
}

/// Whatever is a word of this list.
const fn set(words: &Lexicon, list: &[&str]) -> Bits {
    let (mut set, mut n) = (Bits::new(), 0);
    while n < list.len() {
        words.collect(list[n], &mut set);
        n += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_the_words_of_its_list_and_no_others() {
        let words = &TABLE.words;
        let of = |lists: &[&[&str]]| {
            lists.iter().fold(Bits::new(), |mut sum, list| {
                assert!(list.iter().all(|word| words.place_of(word) != Known::default()), "{list:?}");
                sum.join(&set(words, list));
                sum
            })
        };
        for (n, rule) in rules::ALL.iter().enumerate() {
            let Some((compiled, steps)) = TABLE.rule(n) else { panic!("{}", rule.id) };
            assert_eq!((compiled.before, compiled.after), (of(rule.unless_before), of(rule.unless_after)), "{}", rule.id);
            let written: Vec<Step> = rule.steps.iter().map(|(gap, list)| (*gap, of(&[list]))).collect();
            assert_eq!(steps, written, "{}", rule.id);
        }
        for n in 0..WEIGHING {
            let written: Vec<Step> = weighing(n).iter().map(|(gap, list)| (*gap, of(&[list]))).collect();
            assert_eq!(TABLE.sequence(TABLE.weighing[n]), written, "{n}");
        }
    }
}
