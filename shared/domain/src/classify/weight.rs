//! What a rule says and how sure that is, by its id; and in a sentence why a mail means what it means.

use super::{Evidence, Family, Meaning, Reading, japanese, rules};
use crate::mail::Problem;
use crate::policy::Policy;

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// The meaning. [`Meaning::Unclear`]: it contradicts good news.
    pub says: Meaning,
    /// Whether it decides alone; if not, it raises a doubt, and people are asked. What contradicts good news: whether it speaks against
    /// nothing else ("still under review" beside an approval is a doubt, alone it is progress).
    pub sure: bool,
}

/// The weight of a piece of evidence.
pub fn weight(evidence: &Evidence, policy: &Policy) -> Weight {
    let id = evidence.rule.as_str();
    if let Some(rule) = rules::all().find(|rule| rule.id == id) {
        return Weight { says: rule.says, sure: rule.sure };
    }
    if let Some(says) = japanese::says(id) {
        return Weight { says, sure: says == Meaning::Question };
    }
    if let Some(says) = policy.rules.means(id) {
        return Weight { says, sure: says == Meaning::Question };
    }
    // What structure says: `received.case-notice`, `note`, `ours`, `family.carrier`.
    let says = id.split('.').next().and_then(Meaning::parse).unwrap_or(Meaning::Irrelevant);
    Weight { says, sure: true }
}

/// Why a mail means what it means, in one lowercase sentence fragment.
pub fn meaning_why(reading: &Reading, policy: &Policy) -> &'static str {
    let weights: Vec<Weight> = reading.evidence.iter().map(|e| weight(e, policy)).collect();
    let sure = |meaning| weights.iter().any(|w| w.sure && w.says == meaning);
    let cut = [Problem::TextCut, Problem::TooLarge, Problem::Truncated, Problem::TooDeep, Problem::HeaderCut];
    match reading.meaning {
        Meaning::Question if reading.also_denied => "it denies and asks: our turn, shown as both",
        Meaning::Irrelevant => "mail of this kind is no part of a request",
        Meaning::Ours => "our own reply in a thread",
        Meaning::Note => "our own mail that answers nothing",
        Meaning::Unclear if weights.is_empty() => "no rule matches",
        Meaning::Unclear if reading.family == Family::Other => {
            "nothing shows that AWS's request mail has this structure, and words alone decide nothing"
        }
        Meaning::Unclear if sure(Meaning::Approved) && reading.problems.iter().any(|p| cut.contains(p)) => {
            "words of an approval in a mail that was not read whole"
        }
        Meaning::Unclear if sure(Meaning::Approved) => "words of an approval, and others that contradict it",
        Meaning::Unclear => "only rules of low confidence match",
        _ => "a rule of high confidence matches",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::{Judgement, Trust};

    fn why(family: &str, body: &str) -> &'static str {
        let mail = crate::mail::read(format!("From: {family}\nSubject: x\n\n{body}").as_bytes());
        let policy = Policy::default();
        meaning_why(&super::super::read(&mail, &Judgement { trust: Trust::Verified, why: "" }, &policy), &policy)
    }

    #[test]
    fn each_meaning_says_why() {
        let form = "aws-automation@email.amazon.com";
        assert_eq!(why(form, "Port 25: we have granted your request."), "a rule of high confidence matches");
        assert_eq!(
            why(form, "Port 25: we have granted your request. Unfortunately not."),
            "words of an approval, and others that contradict it"
        );
        assert_eq!(why(form, "Any port 25 email sending limits have been removed."), "only rules of low confidence match");
        assert_eq!(why(form, "Port 25: lovely weather."), "no rule matches");
        assert!(why("no-reply-aws@amazon.com", "We have granted your request.").starts_with("nothing shows"));
        assert_eq!(
            why(form, "Port 25: we are unable to grant your request. Please tell us why you need it."),
            "it denies and asks: our turn, shown as both"
        );
    }

    #[test]
    fn every_rule_has_its_weight() {
        let of = |id: &str| {
            weight(&Evidence { rule: id.to_owned(), matched: String::new(), place: super::super::Place::Newest }, &Policy::default())
        };
        for rule in rules::all() {
            assert_eq!(of(rule.id), Weight { says: rule.says, sure: rule.sure }, "{}", rule.id);
        }
        assert_eq!(of("approved.ja-approved"), Weight { says: Meaning::Approved, sure: false });
        assert_eq!(of("received.case-notice"), Weight { says: Meaning::Received, sure: true });
        assert_eq!(of("family.carrier"), Weight { says: Meaning::Irrelevant, sure: true });
    }
}
