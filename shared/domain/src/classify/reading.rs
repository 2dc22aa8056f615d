//! [`read`]: what a mail means, in the fixed order, with the rules and the text that say so.

use super::facts::{self, Facts};
use super::stems::Match;
use super::subject::Subject;
use super::{Evidence, Family, Meaning, Place, Reading, account, family, japanese, own_id, region, stems};
use crate::mail::{Mail, Problem};
use crate::policy::Policy;
use crate::text::is_plain_line;
use crate::trust::{self, Judgement, Trust};

/// Longest text kept of a match, in characters.
pub(super) const MAX_MATCHED: usize = 200;
/// Rules kept of one mail.
pub(super) const MAX_EVIDENCE: usize = 20;

/// Classifies a mail, whatever its trust: a forgery's meaning is shown to people, and what follows from it is decided elsewhere.
pub fn read(mail: &Mail, judgement: &Judgement, policy: &Policy) -> Reading {
    // Who only passes on mail is read by what it passes on; the trust stays that of the one who does.
    let outer = mail;
    let inner = passed_on(mail, judgement.trust);
    let mail = inner.as_ref().unwrap_or(mail);
    let subject = Subject::of(&mail.subject);
    let kind = family::of(mail, &subject, policy);
    let family = kind.family;
    let account = [&mail.subject, &mail.newest, &mail.quoted].into_iter().find_map(|text| account::find(text));
    let (own_id, mentions) = own_id::find(mail, &subject, family, judgement.trust, account.as_ref());
    let mut regions = region::find(&mail.subject, &mail.newest);
    if regions.is_empty() {
        regions = region::find("", &mail.quoted);
    }
    let said = if judgement.trust == Trust::Own { from_us(mail) } else { from_aws(mail, &subject, kind, policy) };
    Reading {
        trust: judgement.trust,
        trust_why: judgement.why,
        meaning: said.meaning,
        also_denied: said.also_denied,
        family,
        own_id,
        mentions,
        account,
        regions,
        facts: facts_of(mail, &subject, family, &said),
        evidence: said.evidence,
        claims_aws: trust::claims_aws(outer, policy),
        problems: mail.problems.clone(),
    }
}

/// The mail that is read instead of the one that passes it on. One that nothing proves is shown as it reads, and changes nothing.
fn passed_on(mail: &Mail, trust: Trust) -> Option<Mail> {
    matches!(trust, Trust::Forwarded | Trust::Unverified).then(|| crate::mail::inner(mail)).flatten()
}

/// The text that [`read`] judges: what AWS wrote now, without quoted text, the words of who passed it on, and boilerplate below it.
pub fn judged_words(mail: &Mail, trust: Trust) -> String {
    let inner = passed_on(mail, trust);
    crate::mail::without_footer(judged_text(inner.as_ref().unwrap_or(mail)).0).to_owned()
}

/// A meaning and its reasons.
struct Said {
    meaning: Meaning,
    also_denied: bool,
    evidence: Vec<Evidence>,
    /// Where the denials begin in the judged text.
    denials: Vec<usize>,
}

impl Said {
    fn because(meaning: Meaning, evidence: Evidence) -> Self {
        Self { meaning, also_denied: false, evidence: vec![evidence], denials: Vec::new() }
    }
}

/// What else the mail names. What strangers typed into AWS's mail names nothing.
fn facts_of(mail: &Mail, subject: &Subject<'_>, family: Family, said: &Said) -> Facts {
    if matches!(family, Family::AlertEcho | Family::Carrier) {
        return Facts::default();
    }
    // Behind AWS's token stands a title that anybody may have typed.
    let own = family.answered_by_mail() && subject.token.is_none();
    let texts = facts::Texts { subject: if own { subject.whole } else { "" }, newest: judged_text(mail).0, quoted: &mail.quoted };
    let says = match said.meaning {
        Meaning::Approved => facts::Says::Approves,
        Meaning::Denied => facts::Says::Denies(&said.denials),
        Meaning::Question if said.also_denied => facts::Says::Denies(&said.denials),
        _ => facts::Says::Else,
    };
    facts::find(&texts, &says)
}

/// Our own mail: a reply by a person in a thread is ours, all else a note. Whether it went to AWS about this request is seen
/// where the request is known.
fn from_us(mail: &Mail) -> Said {
    let note = |why: &str| Said::because(Meaning::Note, evidence("note", why, Place::Header));
    match (mail.automatic, mail.forward, mail.thread.is_empty()) {
        (Some(sign), ..) => note(sign),
        (None, true, _) => note("a forward"),
        (None, false, true) => note("no thread"),
        (None, false, false) => Said::because(Meaning::Ours, evidence("ours", "a reply in a thread", Place::Header)),
    }
}

fn from_aws(mail: &Mail, subject: &Subject<'_>, kind: family::Found, policy: &Policy) -> Said {
    let family = kind.family;
    if matches!(family, Family::AlertEcho | Family::Carrier | Family::Notice) {
        let evidence = kind.evidence.into_iter().collect();
        return Said { meaning: Meaning::Irrelevant, also_denied: false, evidence, denials: Vec::new() };
    }
    if kind.announces_case {
        // The notice carries what the opener typed: whatever it says, it means that a case exists.
        return Said::because(Meaning::Received, evidence("received.case-notice", &mail.subject, Place::Subject));
    }
    let (text, place) = judged_text(mail);
    let mut found = Signals::of(text, place, policy);
    if subject.bare.starts_with("[action required]") {
        found.add(Meaning::Question, true, evidence("question.action-required-subject", "[Action Required]", Place::Subject));
    }
    let cut = mail
        .problems
        .iter()
        .any(|p| matches!(p, Problem::TextCut | Problem::TooLarge | Problem::Truncated | Problem::TooDeep | Problem::HeaderCut));
    let (meaning, also_denied) = found.decide(family, cut);
    Said { meaning, also_denied, evidence: found.evidence, denials: found.denials }
}

/// What is judged: the newest part. Only a forward without a word of its own is judged by the mail that it passes on.
fn judged_text(mail: &Mail) -> (&str, Place) {
    if mail.forward && !mail.newest.contains(char::is_alphanumeric) {
        (crate::mail::newest_of_forwarded(&mail.quoted), Place::Quoted)
    } else {
        (&mail.newest, Place::Newest)
    }
}

/// What the rules found: how often each meaning was said surely, and vaguely.
#[derive(Default)]
struct Signals {
    sure: Vec<Meaning>,
    vague: Vec<Meaning>,
    evidence: Vec<Evidence>,
    denials: Vec<usize>,
}

impl Signals {
    fn of(text: &str, place: Place, policy: &Policy) -> Self {
        let mut signals = Self::default();
        // What AWS's boilerplate asks is not about the request; whatever speaks against good news counts wherever it stands.
        let footer = crate::mail::footer_start(text);
        let counts = |says, start| start < footer || matches!(says, Meaning::Denied | Meaning::Unclear);
        for Match { rule, start, end } in stems::matches(text).into_iter().filter(|found| counts(found.rule.says, found.start)) {
            if rule.says == Meaning::Denied && rule.sure {
                signals.denials.push(start);
            }
            signals.add(rule.says, rule.sure, evidence(rule.id, &text[start..end], place));
        }
        for (id, says, range) in japanese::matches(text).into_iter().filter(|(_, says, range)| counts(*says, range.start)) {
            signals.add(says, says == Meaning::Question, evidence(id, &text[range], place));
        }
        // An operator's rule can make a mail loud. What would let people rest, it only hints at.
        for (rule, range) in policy.rules.matches(text) {
            signals.add(rule.means(), rule.means() == Meaning::Question, evidence(rule.id(), &text[range], place));
        }
        signals
    }

    fn add(&mut self, says: Meaning, sure: bool, evidence: Evidence) {
        if sure { &mut self.sure } else { &mut self.vague }.push(says);
        if self.evidence.len() < MAX_EVIDENCE {
            self.evidence.push(evidence);
        }
    }

    /// The fixed order: denied, question, approved, received, progress, else unclear. What would let people rest is only
    /// believed when nothing speaks against it.
    fn decide(&self, family: Family, cut: bool) -> (Meaning, bool) {
        let sure = |meaning| self.sure.contains(&meaning);
        let vague = |meaning| self.vague.contains(&meaning);
        let denied = sure(Meaning::Denied);
        if sure(Meaning::Question) {
            return (Meaning::Question, denied);
        }
        // Without AWS's structure the words may be anybody's.
        if family == Family::Other {
            return (Meaning::Unclear, false);
        }
        if denied {
            return (Meaning::Denied, false);
        }
        let doubt = vague(Meaning::Denied) || vague(Meaning::Unclear);
        if sure(Meaning::Approved) {
            return (if doubt || cut || sure(Meaning::Unclear) { Meaning::Unclear } else { Meaning::Approved }, false);
        }
        if doubt || vague(Meaning::Approved) {
            return (Meaning::Unclear, false);
        }
        if sure(Meaning::Received) || (vague(Meaning::Received) && sure(Meaning::Progress)) {
            return (Meaning::Received, false);
        }
        (if sure(Meaning::Progress) { Meaning::Progress } else { Meaning::Unclear }, false)
    }
}

/// Evidence, with the text as one clean line.
pub(super) fn evidence(rule: &str, matched: &str, place: Place) -> Evidence {
    if matched.len() <= MAX_MATCHED && is_plain_line(matched) {
        return Evidence { rule: rule.to_owned(), matched: matched.to_owned(), place };
    }
    let words = matched.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    let is_bidi =
        |c: &char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}');
    let (mut line, mut left) = (String::new(), MAX_MATCHED);
    for (n, word) in words.enumerate() {
        for c in (if n > 0 { " " } else { "" }).chars().chain(word.chars()).filter(|c| !is_bidi(c)).take(left) {
            line.push(c);
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    Evidence { rule: rule.to_owned(), matched: line, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(body: &str) -> (Meaning, bool) {
        let headers = "From: no-reply-aws@amazon.com\nSubject: RE:[CASE 172300000000111] please grant, we are unable to grant your request";
        let mail = crate::mail::read(format!("{headers}\n\n{body}").as_bytes());
        let judgement = Judgement { trust: Trust::Verified, why: "" };
        let reading = read(&mail, &judgement, &Policy::default());
        (reading.meaning, reading.also_denied)
    }

    #[track_caller]
    fn all(expected: Meaning, bodies: &[&str]) {
        for body in bodies {
            assert_eq!(meaning(body), (expected, false), "{body}");
        }
    }

    #[test]
    fn the_phrases_of_real_mail() {
        all(Meaning::Received, &["Hello, we have received your request and will review it."]);
        all(
            Meaning::Question,
            &[
                "To continue, please provide the following information:\n- use case",
                "Please reply directly to this message with a description of your mail.",
                "Once this has been received we can process the removal.",
                "We would like to gather more information about your use case.",
                "Please provide us with details on how you handle bounces.",
                "[Action Required] Your answer is missing.",
            ],
        );
        all(
            Meaning::Approved,
            &[
                "We have configured the reverse DNS record(s) you requested.",
                "We've granted your request.",
                "We have moved your account out of the Amazon SES sandbox.",
                "Your new sending quota is 70,000 messages per day.",
                "This takes effect immediately in the US East (N. Virginia) region.",
                "The limit increase you asked for was implemented.",
            ],
        );
        all(
            Meaning::Denied,
            &[
                "Thank you for your patience. Regrettably we are unable to process your request at this time.",
                "We are unable to grant your request at this time.",
                "We are denying this request.",
                "Thank you for providing us with additional information. We are unable to approve an increase at this time.",
                "At this time we are unable to approve your service quota increase request.",
            ],
        );
    }

    #[test]
    fn the_traps_of_real_mail() {
        all(
            Meaning::Question,
            &[
                "Thank you for your wish to have the email sending limit removed from your account. Please provide us with details, and we'll grant your request within this 24-hour period.",
                "Please provide the following information so that your request is approved.",
                "We are unable to process your request until you tell us more.",
            ],
        );
        assert_eq!(
            meaning("We are unable to grant your request. Please provide the following information to appeal."),
            (Meaning::Question, true)
        );
    }

    #[test]
    fn other_words_of_the_same_kind() {
        all(
            Meaning::Denied,
            &[
                "We're not able to increase your limits right now.",
                "After careful review we have decided not to grant this request.",
                "Your request cannot be approved.",
                "Your account is not eligible for this increase.",
                "We must decline your request.",
                "We will not be removing the restriction.",
                "Your request has been denied.",
                "We can't fulfil this request.",
                "It is not possible to remove the restriction from your account.",
            ],
        );
        all(
            Meaning::Approved,
            &[
                "I would like to inform you that your request has been approved.",
                "After reviewing it, we have approved your request.",
                "We have raised your sending limits.",
                "The reverse DNS record for your address has been set.",
            ],
        );
        all(
            Meaning::Question,
            &[
                "How many messages do you plan to send per day?",
                "We need additional information about your mail.",
                "Could you confirm the address?",
            ],
        );
        all(Meaning::Progress, &["Our team is currently reviewing your case.", "We have forwarded your case to the service team."]);
    }

    #[test]
    fn what_is_not_done_is_never_approved() {
        for body in [
            "We will grant your request.",
            "If your request is approved, we will write.",
            "Once we have granted your request you can send.",
            "Your request has not yet been approved.",
            "Your request should be approved soon.",
            "We would have granted your request.",
            "Unless your request was granted, do nothing.",
            "Before we have approved your request, do not send.",
            "You said that your request was approved.",
            "Your previous request was approved.",
            "We have granted your request if the card is valid.",
            "Has your request been approved?",
            "Everything is fine now, enjoy.",
            "Any port 25 email sending limits have been removed.",
            "We have granted your request. Unfortunately the account is suspended.",
            "We have paused your sending. This takes effect immediately in the eu-west-1 region. Your account has been suspended.",
            "We have never approved your request.",
            "No request has been granted.",
        ] {
            assert_ne!(meaning(body).0, Meaning::Approved, "{body}");
        }
    }

    #[test]
    fn vague_words_alone_are_unclear_and_shown() {
        all(
            Meaning::Unclear,
            &[
                "Any port 25 email sending limits have been removed.",
                "You did not state a clear and valid use case.",
                "Thank you for submitting your request.",
                "お申し込みは承認されました。",
            ],
        );
        all(Meaning::Question, &["詳細をお知らせください。"]);
    }

    #[test]
    fn evidence_is_clean_and_short() {
        let found = evidence("r", &format!("a\u{202e}\n\u{7}b{}", "x".repeat(500)), Place::Newest);
        assert!(found.matched.starts_with("a bx") && found.matched.chars().count() == MAX_MATCHED, "{}", found.matched);
    }

    proptest::proptest! {
        /// Which rule was written first, and how often a thing was said, decides nothing.
        #[test]
        fn any_order_of_the_rules_decides_the_same(
            said in proptest::collection::vec((0..Meaning::ALL.len(), proptest::bool::ANY), 0..8),
            turned in 0..8usize,
            cut: bool,
        ) {
            let decide = |said: &[(usize, bool)]| {
                let mut signals = Signals::default();
                for (meaning, sure) in said {
                    signals.add(Meaning::ALL[*meaning], *sure, evidence("r", "x", Place::Newest));
                }
                [Family::SupportCase, Family::Other].map(|family| signals.decide(family, cut))
            };
            let mut other: Vec<(usize, bool)> = said.iter().rev().chain(&said).copied().collect();
            other.rotate_left(turned.min(said.len()));
            proptest::prop_assert_eq!(decide(&said), decide(&other));
        }
    }
}
