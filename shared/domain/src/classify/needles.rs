//! Several texts looked for in one pass, whatever the case of their ASCII letters.

/// Texts to look for, of at least two bytes each; 32 at most.
pub(super) struct Needles {
    texts: &'static [&'static str],
    /// By the pair of bytes that one begins with, by five bits of each byte (the case of a letter is none of them): a bit for each text.
    begin: [u32; 1024],
    /// How each begins: most pairs begin something else.
    heads: [Head; 32],
}

/// The first eight bytes of a text, without the bit that is the case of a letter, and which of them count.
#[derive(Clone, Copy)]
struct Head {
    bytes: u64,
    mask: u64,
}

impl Needles {
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        let (mut begin, mut heads) = ([0; 1024], [Head { bytes: 0, mask: 0 }; 32]);
        let mut at = 0;
        while at < texts.len() {
            let bytes = texts[at].as_bytes();
            begin[pair(bytes[0], bytes[1])] |= 1 << at;
            heads[at] = Head::of(bytes);
            at += 1;
        }
        Self { texts, begin, heads }
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
                    if self.stands_at(bytes.get(at..).unwrap_or_default(), number) {
                        return Some((at, number as usize));
                    }
                }
                let begins = |two: &[u8]| if let [first, second] = two { self.begin[pair(*first, *second)] } else { 0 };
                next += bytes.get(next..)?.windows(2).position(|two| begins(two) != 0)? + 1;
                open = begins(bytes.get(next - 1..next + 1)?);
            }
        })
    }

    /// Whether one stands at the beginning of this.
    fn stands_at(&self, bytes: &[u8], number: u32) -> bool {
        let head = self.heads.get(number as usize).is_some_and(|head| head.begins(bytes));
        let needle = self.text(number).as_bytes();
        head && bytes.get(..needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(needle))
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

impl Head {
    /// The bit that tells upper from lower case, in each byte. It is left out of other characters, too: [`Self::begins`] only excludes.
    const CASE: u64 = 0x2020_2020_2020_2020;

    const fn of(text: &[u8]) -> Self {
        let (mut bytes, mut mask, mut at) = ([0; 8], [0; 8], 0);
        while at < text.len() && at < 8 {
            (bytes[at], mask[at]) = (text[at], 0xff);
            at += 1;
        }
        let mask = u64::from_le_bytes(mask) & !Self::CASE;
        Self { bytes: u64::from_le_bytes(bytes) & mask, mask }
    }

    /// Whether a text may begin so.
    fn begins(self, text: &[u8]) -> bool {
        let mut first = [0; 8];
        match text.first_chunk() {
            Some(eight) => first = *eight,
            None => first.iter_mut().zip(text).for_each(|(to, from)| *to = *from),
        }
        u64::from_le_bytes(first) & self.mask == self.bytes
    }
}

const fn pair(first: u8, second: u8) -> usize {
    ((first & 31) as usize) << 5 | (second & 31) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXTS: &[&str] = &["ab", "bab", "a b", "caba", "逆引き", "Bc", "b-", "abcabc-a", "bc bc bc b"];
    static NEEDLES: Needles = Needles::new(TEXTS);

    proptest! {
        #[test]
        fn they_are_found_as_one_by_one(text in "([abcABC逆引き 🦀-]{0,30}(abcABC-a|bc bc Bc B)?){0,2}") {
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
