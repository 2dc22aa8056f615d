//! Several texts looked for in one pass, whatever the case of their ASCII letters.

/// Texts to look for, of at least two bytes each.
pub(super) struct Needles {
    texts: &'static [&'static str],
    /// A bit for each pair of bytes that one begins with, by five bits of each byte: the case of a letter is none of them.
    pairs: [u64; 16],
}

impl Needles {
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        let mut pairs = [0; 16];
        let mut at = 0;
        while at < texts.len() {
            let bytes = texts[at].as_bytes();
            let pair = pair(bytes[0], bytes[1]);
            pairs[pair / 64] |= 1 << (pair % 64);
            at += 1;
        }
        Self { texts, pairs }
    }

    /// Every place at which one stands, in the order of the text, with its number.
    pub(super) fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let bytes = text.as_bytes();
        let (mut at, mut number) = (0, 0);
        std::iter::from_fn(move || {
            while let (Some(first), Some(second)) = (bytes.get(at), bytes.get(at + 1)) {
                let pair = pair(*first, *second);
                if self.pairs.get(pair / 64).is_some_and(|bits| bits >> (pair % 64) & 1 == 1) {
                    let rest = self.texts.get(number..).unwrap_or_default();
                    let stands =
                        |text: &&str| bytes.get(at..at + text.len()).is_some_and(|found| found.eq_ignore_ascii_case(text.as_bytes()));
                    if let Some(n) = rest.iter().position(stands) {
                        let found = number + n;
                        number = found + 1;
                        return Some((at, found));
                    }
                }
                number = 0;
                at += 1;
            }
            None
        })
    }

    /// Whether any of them stands in a text.
    pub(super) fn any(&self, text: &str) -> bool {
        self.places(text).next().is_some()
    }

    /// The first of them, in their own order, that stands in a text.
    pub(super) fn first(&self, text: &str) -> Option<&'static str> {
        self.places(text).map(|(_, number)| number).min().and_then(|number| self.texts.get(number).copied())
    }
}

const fn pair(first: u8, second: u8) -> usize {
    ((first & 31) as usize) << 5 | (second & 31) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXTS: &[&str] = &["ab", "bab", "a b", "caba", "逆引き", "Bc", "b-"];
    const NEEDLES: Needles = Needles::new(TEXTS);

    proptest! {
        #[test]
        fn they_are_found_as_one_by_one(text in "[abcABC逆引き 🦀-]{0,30}") {
            let lower = text.to_ascii_lowercase();
            let mut plainly: Vec<(usize, usize)> = TEXTS.iter().enumerate()
                .flat_map(|(n, one)| lower.char_indices().filter(|(at, _)| lower[*at..].starts_with(&one.to_ascii_lowercase())).map(move |(at, _)| (at, n)).collect::<Vec<_>>())
                .collect();
            plainly.sort_unstable();
            prop_assert_eq!(NEEDLES.places(&text).collect::<Vec<_>>(), plainly.clone());
            prop_assert_eq!(NEEDLES.any(&text), !plainly.is_empty());
            prop_assert_eq!(NEEDLES.first(&text), plainly.iter().map(|(_, n)| *n).min().map(|n| TEXTS[n]));
        }
    }
}
