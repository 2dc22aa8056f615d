//! The words that rules name, in the order of the alphabet, so that a word of the text finds the one that it is by one search: itself,
//! or else the longest stem that it begins with.
//!
//! A stem that a word begins with also begins whatever lies between them in that order, so a binary search and a few steps up (from a
//! word to the longest stem that it begins with) find it. For the same reason a word that is one of a stem's longer words is the
//! stem, too, and those longer words stand in a row behind it. All that makes a lexicon is `const`: the compiled-in one costs a
//! process nothing.

use super::sets::Bits;
use super::tokens::MAX_WORD;

/// Words that fit; an operator's and the compiled-in ones are two lexicons.
pub(super) const MAX_WORDS: usize = Bits::PLACES - 1;
/// Bytes of their letters: enough for the most words that an operator can have, all of the longest.
const MAX_LETTERS: usize = super::operator::MAX_WORDS * MAX_WORD;

/// The rule word that a word of a text is, by its place from 1 on; by default none. Those that it is as well are its stems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known(u16);

impl Known {
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// Rule words, each with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexicon {
    /// In the order of the alphabet, a stem before the whole word of the same letters.
    entries: [Entry; MAX_WORDS],
    count: usize,
    letters: [u8; MAX_LETTERS],
    end: usize,
    /// By the first two letters: where the entries that begin with them begin. One more closes the last.
    first: [u16; PAIRS + 1],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// Its first eight bytes, which order nearly all words.
    head: u64,
    /// Where its letters begin, without the mark of a stem, and how many they are.
    from: u16,
    length: u8,
    stem: bool,
    /// The place of the longest other stem that it begins with; 0: none.
    up: u16,
}

impl Lexicon {
    /// One without words.
    pub(super) const fn new() -> Self {
        let none = Entry { head: 0, from: 0, length: 0, stem: false, up: 0 };
        Self { entries: [none; MAX_WORDS], count: 0, letters: [0; MAX_LETTERS], end: 0, first: [0; PAIRS + 1] }
    }

    /// Adds a word where the alphabet has it, unless it is there; `*` at its end makes it a stem. [`Self::close`] comes last.
    pub(super) const fn add(&mut self, word: &str) {
        let (letters, stem) = parted(word);
        let at = self.before(letters, stem, 0, self.count);
        if at < self.count && self.is_same(at, letters, stem) {
            return;
        }
        self.entries[self.count] = Entry { head: head(letters), from: self.end as u16, length: letters.len() as u8, stem, up: 0 };
        self.count += 1;
        self.entries.split_at_mut(self.count).0.split_at_mut(at).1.rotate_right(1);
        let mut n = 0;
        while n < letters.len() {
            self.letters[self.end + n] = letters[n];
            n += 1;
        }
        self.end += letters.len();
    }

    /// Makes it ready to be searched.
    pub(super) const fn close(mut self) -> Self {
        let (mut at, mut pair) = (0, 0);
        while at < self.count {
            let letters = self.letters_of(at);
            let (begins, up) = (pair_of(letters), self.climb(at, letters, head(letters)));
            self.entries[at].up = up as u16;
            while pair <= begins {
                self.first[pair] = at as u16;
                pair += 1;
            }
            at += 1;
        }
        while pair < self.first.len() {
            self.first[pair] = self.count as u16;
            pair += 1;
        }
        self
    }

    /// The place of a rule word as the rule writes it.
    pub(super) const fn place_of(&self, word: &str) -> Known {
        let (letters, stem) = parted(word);
        let pair = pair_of(letters);
        let at = self.before(letters, stem, self.first[pair] as usize, self.first[pair + 1] as usize);
        if at < self.count && self.is_same(at, letters, stem) { Known(at as u16 + 1) } else { Known(0) }
    }

    /// Adds to a set whatever is this rule word: itself, and behind a stem all that begin with it.
    pub(super) const fn collect(&self, word: &str, set: &mut Bits) {
        let (letters, stem) = parted(word);
        let (from, head) = (self.place_of(word).place(), head(letters));
        let mut place = from;
        while place != 0 && place <= self.count && (place == from || (stem && self.begins_with(place - 1, letters, head))) {
            set.set(place);
            place += 1;
        }
    }

    /// What a word in lower case is.
    pub(super) fn find(&self, word: &[u8]) -> Known {
        let pair = pair_of(word);
        let bound = |n: usize| self.first.get(n).map_or(0, |at| usize::from(*at));
        let (from, to) = (bound(pair), bound(pair + 1));
        let same = self.entries.get(from..to).unwrap_or_default();
        let head = head(word);
        let letters = |entry: &Entry| self.letters.get(usize::from(entry.from)..).and_then(|rest| rest.get(..usize::from(entry.length)));
        let before =
            same.partition_point(|entry| entry.head < head || (entry.head == head && letters(entry).is_some_and(|known| known <= word)));
        Known(self.climb(from + before, word, head) as u16)
    }

    /// From a place up to the word that a word is; 0: none.
    const fn climb(&self, mut place: usize, word: &[u8], head: u64) -> usize {
        while place != 0 {
            let entry = &self.entries[place - 1];
            let length = entry.length as usize;
            let fits = if entry.stem { length <= word.len() } else { length == word.len() };
            if fits && (entry.head ^ head) >> behind(length) == 0 && self.is_rest(entry, word, length) {
                return place;
            }
            place = entry.up as usize;
        }
        0
    }

    /// How many stand before a word, of which it is known between how many and how many.
    const fn before(&self, letters: &[u8], stem: bool, mut from: usize, mut to: usize) -> usize {
        let head = head(letters);
        while from < to {
            let middle = (from + to) / 2;
            let known = self.entries[middle].head;
            if known < head || (known == head && self.is_before(middle, letters, stem)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The same of one with the same head.
    const fn is_before(&self, at: usize, letters: &[u8], stem: bool) -> bool {
        let entry = &self.entries[at];
        let (from, length) = (entry.from as usize, entry.length as usize);
        let mut n = 8;
        while n < length && n < letters.len() {
            if self.letters[from + n] != letters[n] {
                return self.letters[from + n] < letters[n];
            }
            n += 1;
        }
        length < letters.len() || (length == letters.len() && entry.stem && !stem)
    }

    const fn is_same(&self, at: usize, letters: &[u8], stem: bool) -> bool {
        let entry = &self.entries[at];
        entry.length as usize == letters.len()
            && entry.stem == stem
            && entry.head == head(letters)
            && self.is_rest(entry, letters, letters.len())
    }

    /// Whether one begins with letters of this head.
    const fn begins_with(&self, at: usize, letters: &[u8], head: u64) -> bool {
        let entry = &self.entries[at];
        entry.length as usize >= letters.len()
            && (entry.head ^ head) >> behind(letters.len()) == 0
            && self.is_rest(entry, letters, letters.len())
    }

    /// Whether an entry's letters and others are the same up to `length`, behind the head: hardly any word has more.
    const fn is_rest(&self, entry: &Entry, letters: &[u8], length: usize) -> bool {
        let mut n = 8;
        while n < length {
            if self.letters[entry.from as usize + n] != letters[n] {
                return false;
            }
            n += 1;
        }
        true
    }

    const fn letters_of(&self, at: usize) -> &[u8] {
        let entry = &self.entries[at];
        self.letters.split_at(entry.from as usize).1.split_at(entry.length as usize).0
    }
}

/// A rule word's letters, and whether it is a stem.
const fn parted(word: &str) -> (&[u8], bool) {
    match word.as_bytes() {
        [letters @ .., b'*'] => (letters, true),
        letters => (letters, false),
    }
}

/// The letters, what stands before them in the order of bytes, and what stands behind them; each with each as its second.
const PAIRS: usize = 28 * 28;

/// The first two letters of a word as a number, in the order of the alphabet.
const fn pair_of(word: &[u8]) -> usize {
    const fn letter(byte: u8) -> usize {
        match byte {
            b'a'..=b'z' => (byte - b'a') as usize + 1,
            ..b'a' => 0,
            _ => 27,
        }
    }
    match word {
        [first @ b'a'..=b'z', second, ..] => letter(*first) * 28 + letter(*second),
        // What begins with no letter is hardly ever looked for.
        [first, ..] => letter(*first) * 28,
        [] => 0,
    }
}

/// How many bits of a head stand behind its first letters, of which there is one at least.
const fn behind(letters: usize) -> usize {
    if letters < 8 { 64 - 8 * letters } else { 0 }
}

/// The first eight bytes as a number; what is missing is 0.
const fn head(word: &[u8]) -> u64 {
    if let [a, b, c, d, e, f, g, h, ..] = word {
        return u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
    }
    let (mut head, mut n) = (0, 0);
    while n < word.len() {
        head |= (word[n] as u64) << (56 - 8 * n);
        n += 1;
    }
    head
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_word_is_found_as_by_trying_them_all(
            words in prop::collection::btree_set("[ab]{1,4}\\*?|[a-cz]{7,10}\\*?|[a1é日-]{1,2}\\*?", 0..40),
            texts in prop::collection::vec("[ab]{0,6}|[a-cz]{6,12}|[a1é日-]{0,3}", 0..40),
        ) {
            // Not in the order of the alphabet, as rules name them, and some twice.
            let mut words: Vec<String> = words.into_iter().collect();
            words.sort_by_key(|word| word.len() % 3);
            let mut lexicon = Lexicon::new();
            words.iter().chain(words.iter().take(3)).for_each(|word| lexicon.add(word));
            let lexicon = lexicon.close();
            let longer = words.iter().map(|word| format!("{}x", word.trim_end_matches('*')));
            for text in texts.iter().cloned().chain(words.iter().map(|word| word.trim_end_matches('*').to_owned())).chain(longer) {
                let found = lexicon.find(text.as_bytes());
                for word in &words {
                    let mut set = Bits::default();
                    lexicon.collect(word, &mut set);
                    let plainly = word.strip_suffix('*').map_or(*word == text, |stem| text.starts_with(stem));
                    prop_assert_eq!(set.has(found.place()), plainly, "{} {}", text, word);
                }
            }
        }
    }
}
