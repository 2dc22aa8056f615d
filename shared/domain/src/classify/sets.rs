//! Sets of rule words and of rules, as bits; all of it `const`, because the tables of them are made when the program is.

use super::rules;

/// A set of rule words, by their places in a [`super::lexicon::Lexicon`]. Place 0 is no word and in no set of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; Self::SIZE]);

impl Bits {
    /// Room for 64 places each.
    const SIZE: usize = 20;
    /// Places there are.
    pub(super) const PLACES: usize = Self::SIZE * 64;

    pub(super) const fn new() -> Self {
        Self([0; Self::SIZE])
    }

    pub(super) const fn set(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    pub(super) const fn has(&self, place: usize) -> bool {
        place < Self::PLACES && self.0[place / 64] >> (place % 64) & 1 == 1
    }

    /// Adds another set's places.
    pub(super) const fn join(&mut self, other: &Self) {
        let mut n = 0;
        while n < Self::SIZE {
            self.0[n] |= other.0[n];
            n += 1;
        }
    }

    /// The first place in it that is not before this one; [`Self::PLACES`]: none.
    pub(super) const fn from(&self, mut place: usize) -> usize {
        while place < Self::PLACES {
            let rest = self.0[place / 64] >> (place % 64);
            if rest != 0 {
                return place + rest.trailing_zeros() as usize;
            }
            place += 64 - place % 64;
        }
        Self::PLACES
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).fold(0, |sum, (a, b)| sum | (a & b)) != 0
    }
}

/// A set of rules, by their places in [`rules::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSet([u64; Self::SIZE]);

impl RuleSet {
    const SIZE: usize = rules::COUNT.div_ceil(64);

    pub(super) const fn new() -> Self {
        Self([0; Self::SIZE])
    }

    pub(super) const fn add(&mut self, rule: usize) {
        self.0[rule / 64] |= 1 << (rule % 64);
    }

    pub(super) const fn remove(&mut self, rule: usize) {
        self.0[rule / 64] &= !(1 << (rule % 64));
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }

    /// The rules that are in both.
    pub(super) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
        self
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_rules_names_them_in_order() {
        let of = |rules: &[usize]| {
            rules.iter().fold(RuleSet::new(), |mut set, rule| {
                set.add(*rule);
                set
            })
        };
        let places = |mut set: RuleSet| std::iter::from_fn(move || set.take_first()).collect::<Vec<_>>();
        let (last, mut set) = (rules::COUNT - 1, of(&[rules::COUNT - 1, 3, 64, 63]));
        assert_eq!(places(set), [3, 63, 64, last]);
        assert_eq!(places(set.without(&of(&[64, 3, 9]))), [63, last]);
        assert_eq!(places(set.and(&of(&[64, 3, 9]))), [3, 64]);
        set.remove(63);
        assert_eq!(places(set), [3, 64, last]);
    }
}
