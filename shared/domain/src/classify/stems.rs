//! The matcher: sequences of stems with bounded gaps, looked for in sentences of tokens.
//!
//! A token knows which rule word it is, and a step which words it can be, so that matching is a bit per token and linear in the text,
//! with nothing to compile: the table is made with the program. Most rules are never tried: only where a word begins one of which the
//! sentence has words for the second and the last step as well.

use super::lexicon::Known;
use super::rules::Rule;
use super::sets::{Bits, RuleSet};
use super::tokens::{Sentences, Token};
use super::vocabulary::{Compiled, Step, TABLE, Weighing};

/// A sequence spans at most this many tokens, one bit each.
pub(super) const WINDOW: usize = 64;

/// Tokens for which room is made at once: few sentences have more. Doubled again and again it is just the most that a text can have,
/// a letter and a space for each.
const FEW_TOKENS: usize = 64;

/// A rule that matched, and the bytes of the text that it matched.
pub(super) struct Match {
    pub(super) rule: &'static Rule,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every rule that matches, each once, in the order of the text.
pub(super) fn matches(text: &str) -> Vec<Match> {
    let (mut found, mut tokens, mut done) = (Vec::new(), Vec::with_capacity(FEW_TOKENS), RuleSet::new());
    let mut sentences = Sentences::new(text, &TABLE.words);
    while let Some(asked) = sentences.next(&mut tokens) {
        match_sentence(&mut tokens, asked, &mut done, &mut found);
    }
    found
}

fn match_sentence(tokens: &mut [Token], asked: bool, done: &mut RuleSet, found: &mut Vec<Match>) {
    weigh(tokens);
    let mut open = possible(tokens).without(done).without(if asked { &TABLE.only_told } else { &TABLE.only_asked });
    if open == RuleSet::new() {
        return;
    }
    let all = words_of(tokens);
    let mut voided: Vec<(usize, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let mut here = TABLE.with(token.known)[0].and(&open);
        if token.also != Known::default() {
            here.join(&TABLE.with(token.also)[0].and(&open));
        }
        while let Some(place) = here.take_first() {
            let Some((rule, steps)) = TABLE.rule(place) else { continue };
            let Some(end) = reach(tokens, at, steps) else { continue };
            // Of two beginnings the later one never ends sooner. So what stands before this end stands before all later ones, and
            // until an end lies behind the last word that voids, none is worth a look: each rule reads a sentence twice at most.
            if voided.iter().any(|(other, until)| *other == place && end < *until) {
                continue;
            }
            match around(rule, &all, tokens, end) {
                Around::Nothing => {
                    done.add(place);
                    open.remove(place);
                    let last = tokens.get(end).unwrap_or(token);
                    found.push(Match { rule: rule.rule, start: token.start(), end: last.end() });
                }
                Around::Before => open.remove(place),
                Around::After(until) => voided.push((place, until)),
            }
        }
    }
}

/// The rules for whose first, second and last step a sentence has words.
fn possible(tokens: &[Token]) -> RuleSet {
    let mut sums = [RuleSet::new(); 3];
    for known in tokens.iter().flat_map(|token| [token.known, token.also]).filter(|known| *known != Known::default()) {
        for (sum, rules) in sums.iter_mut().zip(TABLE.with(known)) {
            sum.join(rules);
        }
    }
    let [first, second, last] = sums;
    first.and(&second).and(&last)
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
    let (before, after) = (tokens.get(..end).unwrap_or_default(), tokens.get(end + 1..).unwrap_or_default());
    if all.meets(&rule.before) && before.iter().any(|token| is_any(token, &rule.before)) {
        return Around::Before;
    }
    let last = if all.meets(&rule.after) { after.iter().rposition(|token| is_any(token, &rule.after)) } else { None };
    last.map_or(Around::Nothing, |n| Around::After(end + 1 + n))
}

/// Whether a token is one of the words.
fn is_any(token: &Token, words: &Bits) -> bool {
    words.has(token.known.place()) || words.has(token.also.place())
}

/// All rule words of a sentence.
pub(super) fn words_of(tokens: &[Token]) -> Bits {
    let mut all = Bits::new();
    tokens.iter().flat_map(|token| [token.known, token.also]).for_each(|known| all.set(known.place()));
    all
}

/// The token on which the sequence that starts at `at` ends soonest, if it starts there.
pub(super) fn reach(tokens: &[Token], at: usize, steps: &[Step]) -> Option<usize> {
    let window = tokens.get(at..)?;
    let (_, first) = steps.first()?;
    if !is_any(window.first()?, first) {
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
            if window.get(bit).is_some_and(|token| is_any(token, words)) {
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
        let Some(known) = tokens.get(at).map(|token| token.known) else { return };
        let mut nothing = false;
        for (how, steps) in TABLE.weighing(known) {
            let Some(end) = reach(tokens, at, steps) else { continue };
            match how {
                Weighing::FirstIsNothing => nothing = true,
                Weighing::LastIsNothing => tokens.get_mut(end).into_iter().for_each(|token| token.known = Known::default()),
                Weighing::FirstIsIf => tokens.get_mut(at).into_iter().for_each(|token| token.also = TABLE.if_itself),
            }
        }
        // Last, because it begins the other sequences, too.
        if nothing && let Some(token) = tokens.get_mut(at) {
            token.known = Known::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rules::{ALL, COUNT};
    use super::*;

    /// The same without a thought for time: every rule from every word.
    fn plainly(text: &str) -> Vec<(&'static str, usize, usize)> {
        let (mut found, mut tokens) = (Vec::<(&str, usize, usize)>::new(), Vec::new());
        let mut sentences = Sentences::new(text, &TABLE.words);
        while let Some(asked) = sentences.next(&mut tokens) {
            weigh(&mut tokens);
            let is = |at: usize, words: &Bits| is_any(&tokens[at], words);
            for (at, (rule, steps)) in (0..tokens.len()).flat_map(|at| (0..COUNT).filter_map(|n| TABLE.rule(n)).map(move |rule| (at, rule)))
            {
                let known = found.iter().any(|(id, ..)| *id == rule.rule.id);
                if known || rule.rule.asked.is_some_and(|only| only != asked) || !is(at, &steps[0].1) {
                    continue;
                }
                let mut reached = vec![at];
                for (gap, words) in &steps[1..] {
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
        (0..COUNT, prop::collection::vec((0..40usize, 0..12usize), 12)).prop_map(|(rule, choices)| {
            let others = ["x", "if", "not", "we", "once", "until", "request", "your", "please", "to be", "would like to", "have"];
            let steps = ALL[rule].steps.iter().zip(choices);
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

    /// A rule that its own words void would be a promise that nothing keeps.
    #[test]
    fn every_rule_can_match() {
        for rule in ALL {
            let mut phrases = vec![String::new()];
            for (_, words) in rule.steps {
                let longer =
                    phrases.iter().flat_map(|phrase| words.iter().map(move |word| format!("{phrase} {}", word.replace('*', "ed"))));
                phrases = longer.take(3_000).collect();
            }
            let end = if rule.asked == Some(true) { "?" } else { "." };
            let matched = phrases.iter().any(|phrase| matches(&format!("{phrase}{end}")).iter().any(|found| found.rule.id == rule.id));
            assert!(matched, "{} is voided by its own words: {:?}", rule.id, phrases.first());
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
