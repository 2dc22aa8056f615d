//! What is to be said to AWS now, and in which language.

use jiff::Timestamp;

use crate::classify::Meaning;
use crate::ids::EntryId;
use crate::policy::{Language, Policy};
use crate::request::{Act, Effect, Entry, Fact, MailFact, Outcome, Request, Step, Turn, Why};
use crate::trust::Trust;

use super::questions::questions;

/// What is to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Situation {
    /// AWS is silent after its own mail.
    FollowUp,
    /// AWS never answered what was submitted by hand at this time.
    Submitted(Timestamp),
    /// AWS is silent after ours of this time.
    SecondFollowUp(Timestamp),
    /// AWS asked, in these words where they could be found.
    Answer {
        /// Its questions.
        questions: Vec<String>,
        /// It denied in the same mail.
        denied: bool,
    },
    /// AWS denied, for this reason where it gave one.
    Appeal(Option<String>),
    /// A person knows.
    Other,
}

/// The situation of a request. `reason` is what AWS gave as its reason for a denial.
pub fn situation(request: &Request, entries: &[Entry], reason: Option<&str>) -> Situation {
    match request.turn {
        Turn::Aws { .. } => match last_of_ours(request, entries) {
            Some(step) if is_registration(&step.entry, entries) => Situation::Submitted(step.at),
            Some(step) => Situation::SecondFollowUp(step.at),
            None => Situation::FollowUp,
        },
        Turn::Ours { why: why @ (Why::Question | Why::DeniedQuestion), .. } => {
            let asking = entries.iter().find(|e| e.id == request.opened_by).and_then(Entry::mail);
            let questions = asking.map(|mail| questions(&mail.excerpt)).unwrap_or_default();
            Situation::Answer { questions, denied: why == Why::DeniedQuestion }
        }
        Turn::Ours { why: Why::ConfirmDenied, .. } | Turn::Settled { outcome: Outcome::Denied, .. } => {
            Situation::Appeal(reason.map(str::to_owned))
        }
        Turn::Ours { .. } | Turn::Settled { .. } => Situation::Other,
    }
}

/// What we last wrote to AWS since its last mail, if we did: a mail that counts, or what a person said that they did.
fn last_of_ours<'r>(request: &'r Request, entries: &[Entry]) -> Option<&'r Step> {
    let counted = request.steps.iter().rev().filter(|step| !matches!(step.effect, Effect::Nothing(_)));
    let ours = |step: &Step| match entries.iter().find(|e| e.id == step.entry).map(|e| e.mail()) {
        Some(Some(mail)) => step.meaning.unwrap_or(mail.meaning) == Meaning::Ours,
        // A step that counts and is no mail is a person's act; only an answer of ours, or a form, leaves AWS its turn.
        _ if step.effect != Effect::Opened => false,
        _ => matches!(step.turn, Some(Turn::Aws { since }) if since == step.at),
    };
    let from_aws = |step: &&Step| step.meaning.is_some() && !ours(step);
    counted.take_while(|step| !from_aws(step)).find(|step| ours(step))
}

fn is_registration(entry: &EntryId, entries: &[Entry]) -> bool {
    let found = entries.iter().find(|e| e.id == *entry);
    found.is_some_and(|e| matches!(&e.fact, Fact::Action(action) if matches!(action.act, Act::Register(_))))
}

/// Japanese where it is configured or a mail of AWS in the thread is written in it: no other language has its syllables.
pub fn language(request: &Request, entries: &[Entry], policy: &Policy) -> Language {
    let of_request = entries.iter().filter(|e| request.step(&e.id).is_some()).filter_map(Entry::mail);
    let mut from_aws = of_request.filter(|mail: &&MailFact| matches!(mail.trust, Trust::Verified | Trust::Forwarded));
    let japanese = policy.language == Language::Japanese || from_aws.any(|mail| has_kana(&mail.subject) || has_kana(&mail.excerpt));
    if japanese { Language::Japanese } else { Language::English }
}

/// Hiragana and katakana, also half as wide; without the dot and the dash that others use as ornaments.
fn has_kana(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{FF66}'..='\u{FF6F}' | '\u{FF71}'..='\u{FF9D}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_is_japanese_and_ornaments_are_not() {
        assert!(has_kana("ポート 25") && has_kana("です") && has_kana("ﾎﾟｰﾄ"));
        for other in ["port 25", "端口 25", "포트 25", "・ item ー"] {
            assert!(!has_kana(other), "{other}");
        }
    }
}
