//! A phrase as an operator writes it: `we have ~2 freed|lifted ~6 limit*`.
//!
//! Words stand in their order; `a|b` is one of several, `limit*` any word that begins so, `~2` at most two words in between (without
//! it none). Only this form is understood: a mistake is an error that says what to write instead, never a phrase that matches
//! something else.

use std::fmt;

use super::stems::WINDOW;
use super::tokens::MAX_WORD;

/// Longest phrase, in bytes.
const MAX_PHRASE: usize = 300;
/// Most words of a phrase, and most alternatives of each.
const MAX_STEPS: usize = 12;
const MAX_ALTERNATIVES: usize = 16;
/// Most words between two.
const MAX_GAP: usize = 8;
/// A shorter beginning than this, in letters, would match words of every kind.
const MIN_STEM: usize = 3;

/// The most words that may stand before it, and its alternatives, in lower case, `*` at the end of a stem.
pub(super) type Step = (usize, Vec<String>);

/// What is wrong with a phrase; it says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PhraseError {
    Empty,
    TooLong(usize),
    TooManyWords(usize),
    TooWide(usize),
    Gap(String),
    LooseGap,
    TooManyAlternatives(usize),
    Word(String),
    ShortStem(String),
    LongWord(String),
    Cannot,
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it has no words: write the words to look for, such as \"we have ~2 lifted ~6 limit*\""),
            Self::TooLong(n) => write!(f, "it is {n} bytes long: {MAX_PHRASE} are the most"),
            Self::TooManyWords(n) => write!(f, "it has {n} words: {MAX_STEPS} are the most; leave out what need not be there"),
            Self::TooWide(n) => write!(f, "with its gaps it spans {n} words: {WINDOW} are the most"),
            Self::Gap(gap) => write!(f, "{gap:?} is no gap: write ~ and a number from 1 to {MAX_GAP}, the most words in between"),
            Self::LooseGap => {
                f.write_str("a gap stands between two words: one at the beginning, at the end or beside another has no meaning")
            }
            Self::TooManyAlternatives(n) => write!(f, "a word has {n} alternatives: {MAX_ALTERNATIVES} are the most"),
            Self::Word(word) => {
                write!(
                    f,
                    "{word:?} is no single word: use letters and digits, * only at the end, and write \"can not\" for can't, \"e mail\" for e-mail"
                )
            }
            Self::ShortStem(stem) => write!(f, "{stem:?} would match too much: at least {MIN_STEM} letters stand before *"),
            Self::LongWord(word) => write!(f, "{word:?} is longer than any word that is looked at ({MAX_WORD} bytes)"),
            Self::Cannot => f.write_str("\"cannot\" is read as two words: write \"can not\""),
        }
    }
}

/// Reads a phrase.
pub(super) fn parse(phrase: &str) -> Result<Vec<Step>, PhraseError> {
    if phrase.len() > MAX_PHRASE {
        return Err(PhraseError::TooLong(phrase.len()));
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut gap = None;
    for piece in phrase.split_whitespace() {
        if let Some(number) = piece.strip_prefix('~') {
            if gap.is_some() || steps.is_empty() {
                return Err(PhraseError::LooseGap);
            }
            let plain = number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit());
            let words = number.parse().ok().filter(|words| plain && (1..=MAX_GAP).contains(words));
            gap = Some(words.ok_or_else(|| PhraseError::Gap(piece.to_owned()))?);
        } else {
            steps.push((gap.take().unwrap_or(0), alternatives(piece)?));
        }
    }
    let span: usize = steps.iter().map(|(gap, _)| gap + 1).sum();
    match steps.len() {
        0 => Err(PhraseError::Empty),
        _ if gap.is_some() => Err(PhraseError::LooseGap),
        n if n > MAX_STEPS => Err(PhraseError::TooManyWords(n)),
        _ if span > WINDOW => Err(PhraseError::TooWide(span)),
        _ => Ok(steps),
    }
}

/// The words of `a|b|stem*`.
pub(super) fn alternatives(piece: &str) -> Result<Vec<String>, PhraseError> {
    let words: Vec<&str> = piece.split('|').collect();
    if words.len() > MAX_ALTERNATIVES {
        return Err(PhraseError::TooManyAlternatives(words.len()));
    }
    words.into_iter().map(word).collect()
}

fn word(written: &str) -> Result<String, PhraseError> {
    let lower = written.to_lowercase();
    let stem = lower.strip_suffix('*');
    let letters = stem.unwrap_or(&lower);
    if letters.is_empty() || !letters.chars().all(char::is_alphanumeric) {
        return Err(PhraseError::Word(written.to_owned()));
    }
    if lower.len() > MAX_WORD {
        return Err(PhraseError::LongWord(written.to_owned()));
    }
    if stem.is_some() && letters.chars().count() < MIN_STEM {
        return Err(PhraseError::ShortStem(written.to_owned()));
    }
    if letters == "cannot" {
        return Err(PhraseError::Cannot);
    }
    Ok(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stems_alternatives_and_gaps_are_read() {
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            parse("We have ~2 lifted|Freed  ~8 limit*"),
            Ok(vec![(0, words(&["we"])), (0, words(&["have"])), (2, words(&["lifted", "freed"])), (8, words(&["limit*"]))])
        );
        assert_eq!(parse("Genehmigt"), Ok(vec![(0, words(&["genehmigt"]))]));
    }

    #[test]
    fn a_mistake_is_an_error_of_its_own() {
        let many = "a ".repeat(13);
        let wide = "a ~8 ".repeat(8) + "a";
        for (phrase, expected) in [
            ("", PhraseError::Empty),
            (" \t", PhraseError::Empty),
            ("~2", PhraseError::LooseGap),
            ("a ~2", PhraseError::LooseGap),
            ("~2 a", PhraseError::LooseGap),
            ("a ~1 ~1 b", PhraseError::LooseGap),
            ("a ~0 b", PhraseError::Gap("~0".into())),
            ("a ~9 b", PhraseError::Gap("~9".into())),
            ("a ~+1 b", PhraseError::Gap("~+1".into())),
            ("a ~ b", PhraseError::Gap("~".into())),
            ("can't", PhraseError::Word("can't".into())),
            ("e-mail", PhraseError::Word("e-mail".into())),
            ("a||b", PhraseError::Word(String::new())),
            ("*", PhraseError::Word("*".into())),
            ("lim*it", PhraseError::Word("lim*it".into())),
            ("li*", PhraseError::ShortStem("li*".into())),
            ("Cannot", PhraseError::Cannot),
            (&many, PhraseError::TooManyWords(13)),
            (&wide, PhraseError::TooWide(73)),
            (&"a|".repeat(17), PhraseError::TooManyAlternatives(18)),
            (&"x".repeat(41), PhraseError::LongWord("x".repeat(41))),
            (&"x".repeat(301), PhraseError::TooLong(301)),
        ] {
            assert_eq!(parse(phrase), Err(expected), "{phrase}");
        }
    }
}
