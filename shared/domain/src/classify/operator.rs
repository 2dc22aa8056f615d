//! What an operator adds to the compiled-in phrases: rules of low confidence, matched as those are, sentence by sentence, and only
//! where there are any.
//!
//! They can only make a mail louder. A question of theirs is our turn; an approval, a denial, a receipt or progress is a hint that
//! decides nothing alone: beside what the compiled-in rules are sure of it raises a doubt, or the mail is unclear and people read it.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use super::lexicon::Lexicon;
use super::phrase::{self, PhraseError};
use super::sets::Bits;
use super::stems::{reach, words_of};
use super::tokens::Sentences;
use super::vocabulary::Step;
use super::{Meaning, japanese, rules};

/// Most rules of an operator: each is tried on every sentence of every mail.
pub const MAX_RULES: usize = 50;
/// Most different words of all rules together: each has a bit of [`Bits`].
pub(super) const MAX_WORDS: usize = 512;
/// How the ids begin, so that they are never those of compiled-in rules, also later ones.
const PREFIX: &str = "own.";
/// Longest id, in bytes.
const MAX_ID: usize = 60;
/// Length of a text that is looked for as it stands, in characters.
const TEXT: std::ops::RangeInclusive<usize> = 2..=100;
/// What a rule may say; the rest would take a mail out of people's sight.
const MEANINGS: [Meaning; 6] =
    [Meaning::Question, Meaning::Approved, Meaning::Denied, Meaning::Received, Meaning::Progress, Meaning::Unclear];

/// One rule of an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorRule {
    id: String,
    means: Meaning,
    looks_for: LooksFor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum LooksFor {
    Phrase { steps: Vec<phrase::Step>, unless: Vec<String> },
    Text(String),
}

/// What is wrong with a rule; it says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError(Wrong);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    Id(String),
    Builtin(String),
    Meaning(String),
    Phrase(PhraseError),
    Unless(PhraseError),
    Text,
    TextLength(usize),
    Rules(usize),
    Twice(String),
    Words,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Wrong::Id(id) => write!(
                f,
                "the id is {id:?}: it begins with \"{PREFIX}\" and has small letters, digits, dots and hyphens, at most {MAX_ID}, such as \"{PREFIX}limits-freed\""
            ),
            Wrong::Builtin(id) => write!(f, "{id:?} is a compiled-in rule: choose an id that begins with \"{PREFIX}\""),
            Wrong::Meaning(word) => {
                let words: Vec<&str> = MEANINGS.iter().map(|m| m.as_str()).collect();
                write!(f, "it means {word:?}: a rule can mean {}", words.join(", "))
            }
            Wrong::Phrase(error) => write!(f, "the phrase cannot be used: {error}"),
            Wrong::Unless(error) => write!(f, "\"unless\" cannot be used: {error}"),
            Wrong::Text => f.write_str(
                "a text is for languages that put no spaces between words, and needs at least one letter beyond ASCII: write other words as a phrase",
            ),
            Wrong::TextLength(n) => {
                write!(f, "the text has {n} characters: it must have {} to {}, without spaces around it", TEXT.start(), TEXT.end())
            }
            Wrong::Rules(n) => write!(f, "there are {n} rules: {MAX_RULES} are the most"),
            Wrong::Twice(id) => write!(f, "the id {id:?} is there twice: give one of the rules another"),
            Wrong::Words => write!(f, "the rules have more than {MAX_WORDS} different words together: take some out"),
        }
    }
}

impl std::error::Error for RuleError {}

impl OperatorRule {
    /// A rule that looks for a phrase (see `docs/RULES.md`), except in sentences that have one of the words of `unless` (`if|once`).
    ///
    /// # Errors
    /// When any of it cannot be used.
    pub fn phrase(id: &str, means: &str, phrase: &str, unless: Option<&str>) -> Result<Self, RuleError> {
        let (id, means) = name(id, means)?;
        let steps = phrase::parse(phrase).map_err(|e| RuleError(Wrong::Phrase(e)))?;
        let unless = unless.map(|words| phrase::alternatives(words.trim()).map_err(|e| RuleError(Wrong::Unless(e))));
        Ok(Self { id, means, looks_for: LooksFor::Phrase { steps, unless: unless.transpose()?.unwrap_or_default() } })
    }

    /// A rule that looks for a text as it stands, for languages without spaces between words.
    ///
    /// # Errors
    /// When any of it cannot be used.
    pub fn text(id: &str, means: &str, text: &str) -> Result<Self, RuleError> {
        let (id, means) = name(id, means)?;
        let length = text.chars().count();
        if !TEXT.contains(&length) || text.trim() != text {
            return Err(RuleError(Wrong::TextLength(length)));
        }
        if text.is_ascii() {
            return Err(RuleError(Wrong::Text));
        }
        Ok(Self { id, means, looks_for: LooksFor::Text(text.to_owned()) })
    }

    /// Its id, stored with the mails it matched.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it hints at.
    pub const fn means(&self) -> Meaning {
        self.means
    }
}

fn name(id: &str, means: &str) -> Result<(String, Meaning), RuleError> {
    if rules::all().any(|rule| rule.id == id) || japanese::ids().any(|known| known == id) {
        return Err(RuleError(Wrong::Builtin(id.to_owned())));
    }
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
    if id.len() > MAX_ID || !id.strip_prefix(PREFIX).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(plain)) {
        return Err(RuleError(Wrong::Id(id.to_owned())));
    }
    let means = Meaning::parse(means).filter(|m| MEANINGS.contains(m)).ok_or_else(|| RuleError(Wrong::Meaning(means.to_owned())))?;
    Ok((id.to_owned(), means))
}

/// All rules of an operator, ready to be matched; none by default, which costs a mail nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorRules {
    rules: Vec<Ready>,
    /// The words of all phrases.
    words: Option<Box<Lexicon>>,
}

/// A rule, its steps, and the words that void it.
type Ready = (OperatorRule, Vec<Step>, Bits);

impl OperatorRules {
    /// Makes rules ready.
    ///
    /// # Errors
    /// When there are too many of them or of their words, or two have one id.
    pub fn new(rules: Vec<OperatorRule>) -> Result<Self, RuleError> {
        if rules.len() > MAX_RULES {
            return Err(RuleError(Wrong::Rules(rules.len())));
        }
        if rules.is_empty() {
            return Ok(Self::default());
        }
        for (n, rule) in rules.iter().enumerate() {
            if rules.iter().take(n).any(|other| other.id == rule.id) {
                return Err(RuleError(Wrong::Twice(rule.id.clone())));
            }
        }
        let known: BTreeSet<&str> = rules.iter().flat_map(words).map(String::as_str).collect();
        if known.len() > MAX_WORDS {
            return Err(RuleError(Wrong::Words));
        }
        let mut words = Lexicon::new();
        known.into_iter().for_each(|word| words.add(word));
        let words = Box::new(words.close());
        let set = |list: &[String]| {
            list.iter().fold(Bits::new(), |mut set, word| {
                words.collect(word, &mut set);
                set
            })
        };
        let ready = |rule: OperatorRule| match &rule.looks_for {
            LooksFor::Phrase { steps, unless } => {
                let (steps, unless) = (steps.iter().map(|(gap, list)| (*gap, set(list))).collect(), set(unless));
                (rule, steps, unless)
            }
            LooksFor::Text(_) => (rule, Vec::new(), Bits::new()),
        };
        Ok(Self { rules: rules.into_iter().map(ready).collect(), words: Some(words) })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What the rule of an id hints at.
    pub(super) fn means(&self, id: &str) -> Option<Meaning> {
        self.rules.iter().find(|(rule, ..)| rule.id() == id).map(|(rule, ..)| rule.means())
    }

    /// Every rule that matches, each once, with the bytes that it matched. What takes a mail to an answer is never read out of a
    /// question ("was it approved?").
    pub(super) fn matches(&self, text: &str) -> Vec<(&OperatorRule, Range<usize>)> {
        let mut found = Vec::new();
        let Some(words) = self.words.as_deref() else { return found };
        let mut open: Vec<&Ready> = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            match &rule.0.looks_for {
                LooksFor::Phrase { .. } => open.push(rule),
                LooksFor::Text(part) => found.extend(text.find(part).map(|at| (&rule.0, at..at + part.len()))),
            }
        }
        let (mut sentences, mut tokens) = (Sentences::new(text, words), Vec::new());
        while let Some(asked) = sentences.next(&mut tokens).filter(|_| !open.is_empty()) {
            let all = words_of(&tokens);
            open.retain(|(rule, steps, unless)| {
                let answers = !matches!(rule.means, Meaning::Question | Meaning::Unclear);
                // Most sentences lack a word of most rules.
                if (answers && asked) || all.meets(unless) || !steps.iter().all(|(_, words)| all.meets(words)) {
                    return true;
                }
                let matched = tokens.iter().enumerate().find_map(|(at, token)| {
                    let last = reach(&tokens, at, steps)?;
                    Some(token.start()..tokens.get(last)?.end())
                });
                let goes_on = matched.is_none();
                found.extend(matched.map(|range| (rule, range)));
                goes_on
            });
        }
        found
    }
}

/// All words of a rule.
fn words(rule: &OperatorRule) -> impl Iterator<Item = &String> {
    let (steps, unless): (&[phrase::Step], &[String]) = match &rule.looks_for {
        LooksFor::Phrase { steps, unless } => (steps, unless),
        LooksFor::Text(_) => (&[], &[]),
    };
    steps.iter().flat_map(|(_, list)| list).chain(unless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::trust::{Judgement, Trust};

    fn rules(list: &[(&str, &str, &str)]) -> OperatorRules {
        OperatorRules::new(list.iter().map(|(id, means, phrase)| OperatorRule::phrase(id, means, phrase, None).unwrap()).collect()).unwrap()
    }

    fn found<'t>(rules: &OperatorRules, text: &'t str) -> Vec<&'t str> {
        rules.matches(text).into_iter().map(|(_, range)| &text[range]).collect()
    }

    /// What a verified port 25 mail with this text means under these rules, and the ids of the rules that matched.
    fn meaning(rules: OperatorRules, text: &str) -> (Meaning, Vec<String>) {
        let head = "From: aws-automation@email.amazon.com\nSubject: port 25";
        let mail = crate::mail::read(format!("{head}\n\n{text}").as_bytes());
        let policy = Policy { rules, ..Policy::default() };
        let reading = super::super::read(&mail, &Judgement { trust: Trust::Verified, why: "" }, &policy);
        (reading.meaning, reading.evidence.into_iter().map(|e| e.rule).collect())
    }

    #[test]
    fn phrases_match_in_one_sentence_with_bounded_gaps() {
        let own = rules(&[("own.freed", "approved", "we have ~2 freed|opened ~3 limit*|ports")]);
        assert_eq!(found(&own, "Hi. We've now\nfreed all your limits today."), ["We've now\nfreed all your limits"]);
        for none in ["We have freed it. Limits apply.", "We have now at long last freed the limits.", "Have we freed limits?", "", "?"] {
            assert_eq!(found(&own, none), Vec::<&str>::new(), "{none}");
        }
        let german = rules(&[("own.de", "approved", "antrag ~4 bestätigt|überprüf*")]);
        assert_eq!(found(&german, "Ihr Antrag wurde heute überprüft."), ["Antrag wurde heute überprüft"]);
    }

    #[test]
    fn a_sentence_with_a_word_of_unless_is_passed_over() {
        let rule = OperatorRule::phrase("own.freed", "approved", "limits ~2 freed", Some("once|if")).unwrap();
        let own = OperatorRules::new(vec![rule]).unwrap();
        assert_eq!(found(&own, "The limits are freed once you pay. Limits freed."), ["Limits freed"]);
    }

    #[test]
    fn a_text_is_found_as_it_stands() {
        let own = OperatorRules::new(vec![OperatorRule::text("own.ja", "approved", "開放されました").unwrap()]).unwrap();
        assert_eq!(found(&own, "ポート25は開放されました。"), ["開放されました"]);
    }

    #[test]
    fn an_approval_by_an_operators_rule_alone_is_unclear() {
        let text = "The gates of port 25 stand open for you.";
        let own = || rules(&[("own.gates", "approved", "gates ~3 stand open")]);
        assert_eq!(meaning(OperatorRules::default(), text), (Meaning::Unclear, vec![]));
        assert_eq!(meaning(own(), text), (Meaning::Unclear, vec!["own.gates".to_owned()]));
        // Two rules of the operator are no second signal to each other.
        let two = rules(&[("own.gates", "approved", "gates ~3 stand open"), ("own.open", "approved", "open for you")]);
        assert_eq!(meaning(two, text).0, Meaning::Unclear);
        // What a compiled-in rule is sure of needs no help, and gets no harm.
        assert_eq!(meaning(own(), "We have granted your request. The gates of port 25 stand open.").0, Meaning::Approved);
    }

    #[test]
    fn no_rule_alone_lets_people_rest_and_a_question_is_heard() {
        for means in MEANINGS {
            let expected = if means == Meaning::Question { means } else { Meaning::Unclear };
            assert_eq!(meaning(rules(&[("own.x", means.as_str(), "zebra* graze")]), "Zebras graze.").0, expected, "{means:?}");
        }
        for (means, expected) in [("denied", Meaning::Unclear), ("unclear", Meaning::Unclear), ("question", Meaning::Question)] {
            let text = "We have granted your request. Zebras graze.";
            assert_eq!(meaning(rules(&[("own.x", means, "zebra* graze")]), text).0, expected, "{means}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let rule = |id: &str, means: &str| OperatorRule::phrase(id, means, "a b", None).unwrap_err().0;
        for id in ["", "own.", "Own.x", "own.X", "x.y", "own.x y", &format!("own.{}", "x".repeat(60))] {
            assert_eq!(rule(id, "approved"), Wrong::Id(id.to_owned()));
        }
        for id in ["denied.unable", "question.ja-provide"] {
            assert_eq!(rule(id, "denied"), Wrong::Builtin(id.to_owned()));
        }
        for means in ["", "ours", "note", "irrelevant", "Approved", "granted"] {
            assert_eq!(rule("own.x", means), Wrong::Meaning(means.to_owned()));
        }
        assert_eq!(OperatorRule::phrase("own.x", "denied", "a", Some("")).unwrap_err().0, Wrong::Unless(PhraseError::Word(String::new())));
        assert_eq!(OperatorRule::text("own.x", "denied", "denied").unwrap_err().0, Wrong::Text);
        assert_eq!(OperatorRule::text("own.x", "denied", " 却下").unwrap_err().0, Wrong::TextLength(3));
        let many = |n: usize, phrase: &dyn Fn(usize) -> String| {
            let rule = |n: usize| OperatorRule::phrase(&format!("own.{n}"), "denied", &phrase(n), None).unwrap();
            OperatorRules::new((0..n).map(rule).collect()).map(|rules| rules.len()).map_err(|e| e.0)
        };
        assert_eq!(many(MAX_RULES, &|_| "a".to_owned()), Ok(MAX_RULES));
        assert_eq!(many(MAX_RULES + 1, &|_| "a".to_owned()), Err(Wrong::Rules(MAX_RULES + 1)));
        assert_eq!(many(43, &|n| (0..12).map(|k| format!("w{n}x{k}|v{n}x{k} ")).collect()), Err(Wrong::Words));
        let twice = vec![OperatorRule::phrase("own.x", "denied", "a", None).unwrap(); 2];
        assert_eq!(OperatorRules::new(twice).unwrap_err().0, Wrong::Twice("own.x".into()));
    }
}
