//! The words that rules name, sorted, so that a word of the text finds all of them that it is: itself, and every stem it begins with.
//!
//! A stem that a word begins with also begins whatever lies between them in the order of the alphabet, so one binary search and a
//! few steps up (from a word to the longest other one that it begins with) find the last, and the last knows the rest.

use std::cmp::Ordering;

/// The rule words that a word of a text is; by default none of them. Only its [`Lexicon`] can tell which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known(u16);

/// Rule words, each with its number: its place in the list that the lexicon was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lexicon<W> {
    /// In the order of the alphabet, each spelling once.
    entries: Vec<Entry<W>>,
    /// By first byte: where its entries begin. One more closes the last.
    first: Vec<u16>,
    /// What [`Known`] stands for: a range of `numbers`. The first is empty; then two of each entry, for the word itself and for longer ones.
    ranges: Vec<(u16, u16)>,
    numbers: Vec<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry<W> {
    /// Its first eight bytes, which order nearly all words.
    head: u64,
    /// As the rule writes it: with `*` behind a stem.
    word: W,
    /// The entry, plus one, of the longest other one that it begins with.
    up: u16,
}

impl<W: AsRef<str> + Clone> Lexicon<W> {
    /// Orders the words; `*` at the end of one makes it a stem. At most some thirty thousand fit, and no list comes near.
    pub(super) fn new(words: &[W]) -> Self {
        let mut order: Vec<(u64, u16)> = (0..).zip(words).map(|(number, word)| (head(spelling(word)), number)).collect();
        let of = |number: u16| words.get(usize::from(number)).map_or(&b""[..], spelling);
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| of(a.1).cmp(of(b.1))));
        let mut made = Self { entries: Vec::with_capacity(words.len()), first: vec![0; 257], ranges: vec![(0, 0)], numbers: Vec::new() };
        let mut last: &[u8] = b"";
        for spelled in order.chunk_by(|a, b| a.0 == b.0 && of(a.1) == of(b.1)) {
            let Some((head, number)) = spelled.first().copied() else { continue };
            let Some(word) = words.get(usize::from(number)) else { continue };
            let text = spelling(word);
            let up = made.climb(made.entries.len(), text);
            let stems = spelled.iter().map(|(_, n)| *n).filter(|n| words.get(usize::from(*n)).is_some_and(|w| w.as_ref().ends_with('*')));
            let longer = made.add(made.ranges.get(up * 2).copied().unwrap_or_default(), stems);
            let whole = spelled.iter().map(|(_, n)| *n).filter(|n| words.get(usize::from(*n)).is_some_and(|w| !w.as_ref().ends_with('*')));
            let exact = made.add(longer, whole);
            made.ranges.extend([exact, longer]);
            made.entries.push(Entry { head, word: word.clone(), up: number_of(up) });
            // Bytes between the last word's first one and this one's begin no word.
            let (from, to) = (last.first().map_or(0, |b| usize::from(*b) + 1), text.first().map_or(0, |b| usize::from(*b) + 1));
            let begin = number_of(made.entries.len() - 1);
            made.first.iter_mut().take(to).skip(from).for_each(|first| *first = begin);
            last = text;
        }
        let all = number_of(made.entries.len());
        made.first.iter_mut().skip(last.first().map_or(0, |b| usize::from(*b) + 1)).for_each(|first| *first = all);
        made
    }

    /// The numbers of a known range and of more words behind them, as a range.
    fn add(&mut self, (from, to): (u16, u16), more: impl Iterator<Item = u16>) -> (u16, u16) {
        let mut more = more.peekable();
        if more.peek().is_none() {
            return (from, to);
        }
        let begin = self.numbers.len();
        self.numbers.extend_from_within(usize::from(from)..usize::from(to));
        self.numbers.extend(more);
        (number_of(begin), number_of(self.numbers.len()))
    }

    /// From an entry (its place plus one) up to the one that a word begins with; 0: none.
    fn climb(&self, mut at: usize, word: &[u8]) -> usize {
        while let Some(entry) = at.checked_sub(1).and_then(|n| self.entries.get(n)) {
            if word.starts_with(spelling(&entry.word)) {
                break;
            }
            at = usize::from(entry.up);
        }
        at
    }

    /// What a word in lower case is.
    pub(super) fn find(&self, word: &[u8]) -> Known {
        let Some(first) = word.first().map(|b| usize::from(*b)) else { return Known::default() };
        let bound = |n: usize| self.first.get(n).map_or(0, |at| usize::from(*at));
        let (from, to) = (bound(first), bound(first + 1));
        let Some(same) = self.entries.get(from..to).filter(|same| !same.is_empty()) else { return Known::default() };
        let head = head(word);
        let before = same.partition_point(|entry| match entry.head.cmp(&head) {
            Ordering::Equal => spelling(&entry.word) <= word,
            other => other == Ordering::Less,
        });
        // What stands before all that begin with its letter has another one.
        let at = if before == 0 { 0 } else { self.climb(from + before, word) };
        let Some(entry) = at.checked_sub(1).and_then(|n| self.entries.get(n)) else { return Known::default() };
        let longer = spelling(&entry.word).len() < word.len();
        Known(number_of(at * 2 - usize::from(!longer)))
    }

    /// The numbers of the rule words that it is.
    pub(super) fn numbers(&self, known: Known) -> &[u16] {
        let (from, to) = self.ranges.get(usize::from(known.0)).copied().unwrap_or_default();
        self.numbers.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }
}

/// A word without the mark of a stem.
fn spelling<W: AsRef<str>>(word: &W) -> &[u8] {
    let word = word.as_ref().as_bytes();
    word.strip_suffix(b"*").unwrap_or(word)
}

fn head(word: &[u8]) -> u64 {
    if let Some(eight) = word.first_chunk::<8>() {
        return u64::from_be_bytes(*eight);
    }
    word.iter().fold(0, |head, byte| head << 8 | u64::from(*byte)) << (64 - 8 * word.len().min(8)).min(63)
}

fn number_of(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, by trying every word.
    fn plainly(words: &[String], word: &str) -> Vec<u16> {
        let is = |known: &String| known.strip_suffix('*').map_or(known == word, |stem| word.starts_with(stem));
        (0..).zip(words).filter(|(_, known)| is(known)).map(|(n, _)| n).collect()
    }

    proptest! {
        #[test]
        fn any_word_is_found_as_by_trying_them_all(
            words in prop::collection::btree_set("[ab]{1,4}\\*?|[a-cz]{7,10}\\*?|[é日]{1,2}\\*?", 0..40),
            texts in prop::collection::vec("[ab]{0,6}|[a-cz]{6,12}|[é日a]{0,3}", 0..40),
        ) {
            // Not in the order of the alphabet, as rules name them.
            let mut words: Vec<String> = words.into_iter().collect();
            words.sort_by_key(|word| word.len() % 3);
            let lexicon = Lexicon::new(&words);
            let longer = words.iter().map(|word| format!("{}x", word.trim_end_matches('*')));
            for text in texts.iter().cloned().chain(words.iter().map(|word| word.trim_end_matches('*').to_owned())).chain(longer) {
                let mut found = lexicon.numbers(lexicon.find(text.as_bytes())).to_vec();
                found.sort_unstable();
                prop_assert_eq!(found, plainly(&words, &text), "{}", text);
            }
        }
    }
}
