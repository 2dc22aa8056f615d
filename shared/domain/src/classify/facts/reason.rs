//! The reason of a denial: the sentences near it that say why, in AWS's words.
//!
//! A sentence says why by its words ("because", "due to", "the reason is") or by what it finds wanting: the use case, the protection
//! from unwanted mail, the billing history, the age of the account. Thanks, instructions, questions, and sentences that say that no
//! reason is given are none. What does not stand there is not made up.

use super::words::{Sentence, Word, sentences, words};
use crate::text::{cut, one_line};

/// Sentences looked at before the denial, and from it on.
const BEFORE: usize = 6;
const BEHIND: usize = 8;
/// Sentences that a reason has at most.
const SENTENCES_MAX: usize = 4;
/// Words of a sentence that are looked at.
const WORDS_MAX: usize = 120;

/// What is found wanting, and the words that find it so.
const WANTING: &[(&[&str], &[&str])] = &[
    (
        &["case", "cases", "use-case", "purpose", "website", "domain"],
        &[
            "not",
            "unclear",
            "vague",
            "no",
            "lacks",
            "lacking",
            "insufficient",
            "incomplete",
            "invalid",
            "missing",
            "without",
            "nothing",
            "unable",
            "cannot",
        ],
    ),
    (
        &[
            "unwanted",
            "unsolicited",
            "spam",
            "abuse",
            "abusive",
            "bounces",
            "bounce",
            "complaints",
            "complaint",
            "opt-in",
            "consent",
            "recipients",
        ],
        &[
            "not",
            "unclear",
            "no",
            "lacks",
            "lacking",
            "insufficient",
            "missing",
            "without",
            "nothing",
            "unable",
            "cannot",
            "risk",
            "high",
            "too",
        ],
    ),
    (
        &["billing", "payment", "payments", "card", "invoice", "invoices", "balance", "bill", "bills", "charges"],
        &[
            "not",
            "no",
            "unverified",
            "unpaid",
            "overdue",
            "past",
            "outstanding",
            "declined",
            "bad",
            "poor",
            "failed",
            "limited",
            "short",
            "lacks",
            "insufficient",
            "issue",
            "issues",
            "problem",
            "problems",
            "cannot",
        ],
    ),
    (
        &["account", "accounts"],
        &["new", "newly", "young", "recently", "suspended", "unverified", "verified", "standing", "history", "related", "linked", "age"],
    ),
    (
        &["history", "usage", "reputation"],
        &["not", "no", "insufficient", "limited", "short", "low", "bad", "poor", "negative", "enough", "lacks", "without"],
    ),
    (
        &["information", "details", "description", "explanation", "answer", "answers", "response"],
        &["insufficient", "incomplete", "missing", "unclear", "vague", "enough", "sufficient"],
    ),
    (&["impact", "interruptions", "deliverability"], &["negative", "negatively", "prevent", "our", "other"]),
];

/// The reason that stands near the denials that begin at these places.
pub(super) fn find(text: &str, denials: &[usize], max: usize) -> Option<String> {
    let first = denials.iter().copied().min()?;
    let mut before: Vec<Sentence<'_>> = Vec::new();
    let mut near: Vec<Sentence<'_>> = Vec::new();
    for sentence in sentences(text) {
        if sentence.start + sentence.text.len() <= first {
            before.push(sentence);
            if before.len() > BEFORE {
                before.remove(0);
            }
        } else if near.len() < BEHIND {
            near.push(sentence);
        } else {
            break;
        }
    }
    let denies = |s: &Sentence<'_>| denials.iter().any(|at| (s.start..s.start + s.text.len()).contains(at));
    let mut found: Vec<&str> = Vec::new();
    let refers = near.first().is_some_and(|s| {
        Words::of(s.text).has(&["therefore", "thus", "consequently", "hence", "accordingly"]) || Words::of(s.text).follows("this", "reason")
    });
    let is_item = |s: &Sentence<'_>| s.text.starts_with(['-', '*', '•', '·', '+']) || s.text.starts_with(|c: char| c.is_ascii_digit());
    let mut led = false;
    for (n, sentence) in before.iter().enumerate() {
        let words = Words::of(sentence.text);
        // "This account has been identified as having one of the following:" leads a list of reasons.
        let says = (led && is_item(sentence)) || words.find_wanting() || (refers && n + 1 == before.len());
        let taken = says && !words.is_no_reason(sentence.text);
        if taken {
            found.push(sentence.text);
        }
        led = taken && (sentence.text.ends_with(':') || (led && is_item(sentence)));
    }
    // Behind "for these reasons:" comes a sentence or a list of them.
    led = false;
    for sentence in &near {
        let words = Words::of(sentence.text);
        let item = is_item(sentence);
        let why = !denies(sentence) || words.has(&["as", "since"]);
        let says = led || words.gives_cause() || (why && words.find_wanting());
        let taken = says && !words.is_no_reason(sentence.text);
        if taken {
            found.push(sentence.text);
        }
        led = taken && (sentence.text.ends_with(':') || (led && item));
        if found.len() >= SENTENCES_MAX {
            break;
        }
    }
    let reason = cut(&one_line(&found.join(" ")), max);
    (!reason.is_empty()).then_some(reason)
}

/// The words of a sentence, in lower case.
struct Words(Vec<String>);

impl Words {
    fn of(sentence: &str) -> Self {
        let lower = |word: Word<'_>| word.text.to_lowercase();
        // An apostrophe parts words here: "isn't" is "isn" and "t".
        let mut list: Vec<String> = words(sentence).take(WORDS_MAX).map(lower).collect();
        for at in 1..list.len() {
            if list[at] == "t" && list[at - 1].ends_with('n') {
                list[at] = "not".to_owned();
            }
        }
        Self(list)
    }

    fn has(&self, any: &[&str]) -> bool {
        self.0.iter().any(|word| any.contains(&word.as_str()))
    }

    fn follows(&self, first: &str, second: &str) -> bool {
        self.0.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    }

    fn begins(&self, any: &[&str]) -> bool {
        self.0.first().is_some_and(|word| any.contains(&word.as_str()))
    }

    /// "Because", "due to", "since your account …", "as we could not …", "the reason is".
    fn gives_cause(&self) -> bool {
        let clause = |word: &str| ["your", "it", "we", "there", "this"].iter().any(|next| self.follows(word, next));
        self.has(&["because"])
            || self.follows("due", "to")
            || self.follows("owing", "to")
            || self.follows("given", "that")
            || self.follows("given", "the")
            || self.follows("given", "your")
            || self.follows("based", "on")
            || (self.has(&["reason", "reasons"]) && self.has(&["is", "was", "are", "were", "following"]))
            || clause("since")
            || clause("as")
            || self.0.iter().any(|word| word.starts_with("violat"))
    }

    fn find_wanting(&self) -> bool {
        WANTING.iter().any(|(what, how)| self.has(what) && self.has(how))
    }

    /// Thanks, instructions, questions, what people said themselves, what will be, and reasons that are not given.
    fn is_no_reason(&self, sentence: &str) -> bool {
        let withheld = self.has(&["disclose", "share", "provide", "reveal", "discuss", "give", "comment"])
            && self.has(&["we", "our", "us"])
            && self.has(&["unable", "cannot", "not"])
            && self.has(&[
                "details",
                "detail",
                "specifics",
                "specific",
                "information",
                "criteria",
                "reason",
                "reasons",
                "further",
                "additional",
            ])
            && !self.has(&["you", "because"]);
        sentence.ends_with(['?', '？'])
            || self.begins(&[
                "thank",
                "thanks",
                "please",
                "if",
                "once",
                "hello",
                "dear",
                "hi",
                "kind",
                "best",
                "regards",
                "sincerely",
                "for",
            ]) && !self.has(&["because", "reason", "reasons"])
            || self.begins(&["thank", "thanks", "please", "if", "hello", "dear"])
            || self.begins(&["you"]) && self.has(&["can", "may", "wrote", "said", "stated", "mentioned", "told", "will"])
            || self.has(&["will", "appeal", "reconsider", "reopen", "contact"])
            || withheld
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Option<String> {
        let denial = text.find("unable").or_else(|| text.find("denying")).or_else(|| text.find("denied"));
        find(text, &denial.into_iter().collect::<Vec<_>>(), 500)
    }

    #[test]
    fn the_sentences_that_say_why_are_the_reason() {
        for (text, why) in [
            (
                "Hello,\n\nWe are unable to grant your request because your account is new. Thank you for using AWS.",
                "We are unable to grant your request because your account is new.",
            ),
            (
                "We are unable to process your request at this time. The use case\nwas not clear to us. You can appeal at any time.",
                "The use case was not clear to us.",
            ),
            ("We're denying this request. Nothing shows how unwanted mail is prevented.", "Nothing shows how unwanted mail is prevented."),
            (
                "We are unable to approve it. Your billing history is too short, and a card is unverified.",
                "Your billing history is too short, and a card is unverified.",
            ),
            (
                "Your answers do not say how you handle bounces. Therefore we are unable to grant your request.",
                "Your answers do not say how you handle bounces.",
            ),
            ("Your request was denied. This isn't a valid use case.", "This isn't a valid use case."),
            (
                "We are unable to grant your request for the following reasons:\n- The use case is vague.\n- The account was opened last week.\n\nBest regards,\nAWS",
                "We are unable to grant your request for the following reasons: - The use case is vague. - The account was opened last week.",
            ),
            (
                "Since your account was opened recently, we are unable to grant it.",
                "Since your account was opened recently, we are unable to grant it.",
            ),
            (
                "We are unable to approve the removal at this time, as the use case doesn't mention how recipients can unsubscribe.",
                "We are unable to approve the removal at this time, as the use case doesn't mention how recipients can unsubscribe.",
            ),
        ] {
            assert_eq!(reason(text).as_deref(), Some(why), "{text}");
        }
    }

    #[test]
    fn no_reason_is_invented() {
        for text in [
            "Thank you for your patience. We are unable to grant your request at this time.",
            "Thank you for providing us with additional information about how unwanted mail is not sent. We are unable to grant your request.",
            "We are unable to grant your request. We cannot share further details about this decision.",
            "We are unable to grant your request. Please tell us more about your use case if it is not clear.",
            "You wrote that your account sends no spam. We are unable to grant your request.",
            "We are unable to grant your request. Is your use case not clear?",
            "We are unable to grant your request. We will not be able to change this for your account and its history.",
            "We are unable to grant your request. If you have no payment card, write to us.",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
        assert_eq!(find("It is because of this.", &[], 500), None);
    }

    #[test]
    fn a_long_reason_is_cut() {
        let text = format!("We are unable to grant it because {}.", "it is not clear ".repeat(100));
        assert!(reason(&text).is_some_and(|r| r.len() <= 500 && r.ends_with('…')));
    }
}
