//! The matcher: sequences of stems with bounded gaps, looked for in sentences of tokens.
//!
//! Every word that a rule names has one bit. A token knows which of them it is, so that matching is a few tests of bits per token and
//! linear in the text, with nothing to compile but the table of words (made once, in microseconds). Most rules are never tried: a
//! sentence that lacks a word of one cannot match it, and is not looked at for it again.

use super::lexicon::{Known, Lexicon};
use super::rules::Rule;
use super::tokens::{Sentences, Token};
use super::vocabulary::{Bits, Compiled, RuleSet, Steps, TABLE};

/// A sequence spans at most this many tokens, one bit each.
pub(super) const WINDOW: usize = 64;

/// A rule that matched, and the bytes of the text that it matched.
pub(super) struct Match {
    pub(super) rule: &'static Rule,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every rule that matches, each once, in the order of the text.
pub(super) fn matches(text: &str) -> Vec<Match> {
    let (mut found, mut tokens, mut done) = (Vec::new(), Vec::new(), RuleSet::default());
    let mut sentences = Sentences::new(text, &TABLE.words);
    while let Some(asked) = sentences.next(&mut tokens) {
        match_sentence(&mut tokens, asked, &mut done, &mut found);
    }
    found
}

fn match_sentence(tokens: &mut [Token], asked: bool, done: &mut RuleSet, found: &mut Vec<Match>) {
    weigh(tokens);
    let all = words_of(tokens, &TABLE.words);
    // What this sentence cannot match (any more).
    let mut out = *done;
    out.join(if asked { &TABLE.only_told } else { &TABLE.only_asked });
    let mut voided: Vec<(usize, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut open = beginning_with(token).without(&out);
        while let Some(place) = open.take_first() {
            let Some(rule) = TABLE.rules.get(place) else { continue };
            if !rule.steps.iter().all(|(_, words)| all.meets(words)) {
                out.add(place);
                continue;
            }
            let Some(end) = reach(tokens, at, &rule.steps, &TABLE.words) else { continue };
            // Of two beginnings the later one never ends sooner. So what stands before this end stands before all later ones, and
            // until an end lies behind the last word that voids, none is worth a look: each rule reads a sentence twice at most.
            if voided.iter().any(|(other, until)| *other == place && end < *until) {
                continue;
            }
            match around(rule, &all, tokens, end) {
                Around::Nothing => {
                    done.add(place);
                    out.add(place);
                    let last = tokens.get(end).unwrap_or(token);
                    found.push(Match { rule: rule.rule, start: token.start(), end: last.end() });
                }
                Around::Before => out.add(place),
                Around::After(until) => voided.push((place, until)),
            }
        }
    }
}

fn beginning_with(token: &Token) -> RuleSet {
    let mut rules = TABLE.beginning_with(TABLE.words.numbers(token.known));
    if token.also != Known::default() {
        rules.join(&TABLE.beginning_with(TABLE.words.numbers(token.also)));
    }
    rules
}

/// What voids a match.
enum Around {
    Nothing,
    /// A word before its end.
    Before,
    /// Words behind it, the last of them here.
    After(usize),
}

fn around(rule: &Compiled, all: &Bits, tokens: &[Token], end: usize) -> Around {
    let is = |token: &Token, words: &Bits| is_any(token, words, &TABLE.words);
    let (before, after) = (tokens.get(..end).unwrap_or_default(), tokens.get(end + 1..).unwrap_or_default());
    if all.meets(&rule.before) && before.iter().any(|token| is(token, &rule.before)) {
        return Around::Before;
    }
    let last = if all.meets(&rule.after) { after.iter().rposition(|token| is(token, &rule.after)) } else { None };
    last.map_or(Around::Nothing, |n| Around::After(end + 1 + n))
}

/// Whether a token is one of the words.
fn is_any<W: AsRef<str> + Clone>(token: &Token, words: &Bits, lexicon: &Lexicon<W>) -> bool {
    words.has_any(lexicon.numbers(token.known)) || (token.also != Known::default() && words.has_any(lexicon.numbers(token.also)))
}

/// All rule words of a sentence.
pub(super) fn words_of<W: AsRef<str> + Clone>(tokens: &[Token], lexicon: &Lexicon<W>) -> Bits {
    let mut all = Bits::default();
    for number in tokens.iter().flat_map(|token| [token.known, token.also]).flat_map(|known| lexicon.numbers(known)) {
        all.set(usize::from(*number));
    }
    all
}

/// The token on which the sequence that starts at `at` ends soonest, if it starts there.
pub(super) fn reach<W: AsRef<str> + Clone>(tokens: &[Token], at: usize, steps: &[(usize, Bits)], lexicon: &Lexicon<W>) -> Option<usize> {
    let window = tokens.get(at..)?;
    let (_, first) = steps.first()?;
    if !is_any(window.first()?, first, lexicon) {
        return None;
    }
    let mut reached = 1u64;
    for (gap, words) in steps.iter().skip(1) {
        let mut candidates =
            (1..=gap + 1).fold(0u64, |sum, step| sum | reached.checked_shl(u32::try_from(step).unwrap_or(64)).unwrap_or(0));
        reached = 0;
        while candidates != 0 {
            let bit = candidates.trailing_zeros() as usize;
            candidates &= candidates - 1;
            if window.get(bit).is_some_and(|token| is_any(token, words, lexicon)) {
                reached |= 1 << bit;
            }
        }
        if reached == 0 {
            return None;
        }
    }
    Some(at + reached.trailing_zeros() as usize)
}

/// Takes the meaning off words that are none here ("we would like to inform you"), and marks those that say "if" in other words.
fn weigh(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if !tokens.get(at).is_some_and(|token| is_any(token, &TABLE.weighed, &TABLE.words)) {
            continue;
        }
        let starts = |steps: &Steps| reach(tokens, at, steps, &TABLE.words).is_some();
        if TABLE.neutral.iter().any(starts) {
            tokens[at].known = Known::default();
        } else if TABLE.means_if.iter().any(starts) {
            tokens[at].also = TABLE.if_itself;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without a thought for time: every rule from every word.
    fn plainly(text: &str) -> Vec<(&'static str, usize, usize)> {
        let (mut found, mut tokens) = (Vec::<(&str, usize, usize)>::new(), Vec::new());
        let mut sentences = Sentences::new(text, &TABLE.words);
        while let Some(asked) = sentences.next(&mut tokens) {
            weigh(&mut tokens);
            let is = |at: usize, words: &Bits| is_any(&tokens[at], words, &TABLE.words);
            for (at, rule) in (0..tokens.len()).flat_map(|at| TABLE.rules.iter().map(move |rule| (at, rule))) {
                let known = found.iter().any(|(id, ..)| *id == rule.rule.id);
                if known || rule.rule.asked.is_some_and(|only| only != asked) || !is(at, &rule.steps[0].1) {
                    continue;
                }
                let mut reached = vec![at];
                for (gap, words) in &rule.steps[1..] {
                    let follows = |to: &usize| reached.iter().any(|from| from < to && to - from <= gap + 1);
                    reached = (0..tokens.len()).filter(|to| is(*to, words) && follows(to)).collect();
                }
                let Some(end) = reached.first().copied() else { continue };
                if !(0..end).any(|n| is(n, &rule.before)) && !(end + 1..tokens.len()).any(|n| is(n, &rule.after)) {
                    found.push((rule.rule.id, tokens[at].start(), tokens[end].end()));
                }
            }
        }
        found
    }

    /// The words of a rule with others between them, so that nearly every text has something that matches or nearly does.
    fn phrase() -> impl Strategy<Value = String> {
        (0..TABLE.rules.len(), prop::collection::vec((0..40usize, 0..12usize), 12)).prop_map(|(rule, choices)| {
            let others = ["x", "if", "not", "we", "once", "until", "request", "your", "please", "to be", "would like to", "have"];
            let steps = TABLE.rules[rule].rule.steps.iter().zip(choices);
            let words = steps.map(|((_, words), (word, other))| {
                let word = words[word % words.len()].replace('*', "s");
                if other < 6 { word } else { format!("{} {word}", others[(other * 7 + words.len()) % others.len()]) }
            });
            words.collect::<Vec<_>>().join(" ")
        })
    }

    proptest! {
        #[test]
        fn what_is_left_out_would_not_have_matched(
            phrases in prop::collection::vec((phrase(), prop::sample::select(vec![" ", " ", ". ", "? ", " if ", ", but not "])), 1..6),
        ) {
            let text: String = phrases.into_iter().flat_map(|(phrase, behind)| [phrase, behind.to_owned()]).collect();
            let found: Vec<_> = matches(&text).into_iter().map(|m| (m.rule.id, m.start, m.end)).collect();
            prop_assert_eq!(found, plainly(&text), "{}", text);
        }
    }

    #[test]
    fn the_rules_fit_their_window() {
        for rule in super::super::rules::all() {
            let span: usize = rule.steps.iter().map(|(gap, _)| gap + 1).sum();
            assert!(!rule.steps.is_empty() && span <= WINDOW, "{}", rule.id);
        }
    }

    #[test]
    fn hostile_repetition_stays_linear() {
        for text in ["we have not ", "please provide us ", "if we are unable to ", "a", "request has been ", ". ", "' "] {
            let long = text.repeat(64 * 1024 / text.len());
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || done.send(matches(&long).len()));
            assert!(ended.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{text}");
        }
    }
}
