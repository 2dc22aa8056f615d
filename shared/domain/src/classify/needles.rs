//! Several texts looked for in one pass, whatever the case of their ASCII letters.

/// Texts to look for, of at least two bytes each; 32 at most.
pub(super) struct Needles {
    texts: &'static [&'static str],
    /// By the pair of bytes that one begins with, by five bits of each byte (the case of a letter is none of them): a bit for each text.
    begin: [u32; 1024],
}

impl Needles {
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        let mut begin = [0; 1024];
        let mut at = 0;
        while at < texts.len() {
            let bytes = texts[at].as_bytes();
            begin[pair(bytes[0], bytes[1])] |= 1 << at;
            at += 1;
        }
        Self { texts, begin }
    }

    /// Every place at which one stands, in the order of the text, with its number.
    pub(super) fn places<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let bytes = text.as_bytes();
        let (mut next, mut open) = (0, 0_u32);
        std::iter::from_fn(move || {
            loop {
                while open != 0 {
                    let (at, number) = (next - 1, open.trailing_zeros());
                    open &= open - 1;
                    let needle = self.text(number).as_bytes();
                    if bytes.get(at..at + needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(needle)) {
                        return Some((at, number as usize));
                    }
                }
                let [first, second, ..] = bytes.get(next..)? else { return None };
                open = self.begin.get(pair(*first, *second)).copied().unwrap_or_default();
                next += 1;
            }
        })
    }

    /// A bit for each of them that stands in a text.
    pub(super) fn found(&self, text: &str) -> u32 {
        self.places(text).fold(0, |found, (_, number)| found | 1 << number)
    }

    pub(super) fn text(&self, number: u32) -> &'static str {
        self.texts.get(number as usize).copied().unwrap_or_default()
    }

    /// Whether any of them stands in a text.
    pub(super) fn any(&self, text: &str) -> bool {
        self.places(text).next().is_some()
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
    static NEEDLES: Needles = Needles::new(TEXTS);

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
            prop_assert_eq!(NEEDLES.found(&text), plainly.iter().fold(0, |found, (_, n)| found | 1 << n));
        }
    }
}
