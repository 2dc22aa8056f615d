//! The phrases: constant tables of stem sequences, each with its id, what it says and how sure that is.
//!
//! A step is the number of words that may stand before it, and its alternatives; `*` at the end of a word matches any ending.
//! A sequence never crosses the end of a sentence. Rules generalise phrases of AWS's real mail; what matches none is
//! unclear and goes to a person. The tables: `rules_denying`, `rules_refusing` and `rules_keeping` (all deny), `rules_asking`,
//! `rules_inquiring`, `rules_lacking` and `rules_awaiting` (all ask), `rules_granting`, `rules_raising`, `rules_leaving`, `rules_pointing`,
//! `rules_lifting` and `rules_opening` (all approve, unless words of `rules_voiding` stand there), `rules_receiving`, `rules_reporting` (progress),
//! `rules_doubting` (what contradicts good news).

use super::Meaning;
use super::rules_asking::QUESTION;
use super::rules_awaiting::AWAITED;
use super::rules_denying::DENIED;
use super::rules_doubting::CONFLICT;
use super::rules_granting::APPROVED;
use super::rules_inquiring::INQUIRY;
use super::rules_keeping::KEPT;
use super::rules_lacking::LACKING;
use super::rules_leaving::LEFT;
use super::rules_lifting::LIFTED;
use super::rules_opening::OPENED;
use super::rules_pointing::POINTED;
use super::rules_raising::RAISED;
use super::rules_receiving::RECEIVED;
use super::rules_refusing::REFUSED;
use super::rules_reporting::PROGRESS;

/// The most words that may stand before it, and its alternatives.
pub(super) type Step = (usize, &'static [&'static str]);

/// One phrase.
#[derive(Debug)]
pub(super) struct Rule {
    /// Stable: stored with the mails it judged.
    pub(super) id: &'static str,
    /// What it says. [`Meaning::Unclear`]: it contradicts good news.
    pub(super) says: Meaning,
    /// Whether it decides alone; if not, people are asked. What contradicts good news: whether it speaks against nothing else.
    pub(super) sure: bool,
    pub(super) steps: &'static [Step],
    /// Words that void it when they stand before its end in the sentence.
    pub(super) unless_before: &'static [&'static [&'static str]],
    /// Words that void it when they stand behind it in the sentence.
    pub(super) unless_after: &'static [&'static [&'static str]],
    /// Whether the sentence must (or must not) end in a question mark.
    pub(super) asked: Option<bool>,
}

const TABLES: [&[Rule]; 16] = [
    DENIED, REFUSED, KEPT, QUESTION, INQUIRY, LACKING, AWAITED, APPROVED, RAISED, LEFT, POINTED, LIFTED, OPENED, RECEIVED, PROGRESS,
    CONFLICT,
];
/// How many rules there are.
pub(super) const COUNT: usize = {
    let (mut sum, mut table) = (0, 0);
    while table < TABLES.len() {
        sum += TABLES[table].len();
        table += 1;
    }
    sum
};
/// Every rule. The order does not matter: the order of judgement is that of the meanings.
pub(super) const ALL: [&Rule; COUNT] = {
    let mut all = [&TABLES[0][0]; COUNT];
    let (mut at, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut n = 0;
        while n < TABLES[table].len() {
            all[at] = &TABLES[table][n];
            at += 1;
            n += 1;
        }
        table += 1;
    }
    all
};

/// Every rule, one after the other.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.into_iter()
}

/// Sequences whose first word does not mean what it says: "after careful review", "we would like to inform you".
pub(super) const NEUTRAL: &[&[Step]] = &[
    &[
        (0, &["would", "will"]),
        (1, &["like"]),
        (0, &["to"]),
        (1, &["inform", "let", "confirm", "notify", "advise", "tell", "share", "thank"]),
    ],
    &[(0, &["wanted"]), (0, &["to"]), (0, &["inform", "let", "confirm", "notify", "tell", "share", "thank"])],
    &[(0, &["after", "upon"]), (4, &["review*", "consider*", "investigat*", "evaluat*", "discuss*", "examin*", "look"])],
    &[(0, &["once", "again"]), (0, &["again", "more"])],
    &[(0, &["please"]), (0, &["note", "be", "find", "see"])],
    &[(0, &["if"]), (1, &["you"]), (0, &["have"]), (0, &["any", "further", "additional", "other", "more", "questions"])],
    &[(0, &["not"]), (0, &["hesitate"])],
    // "To help us evaluate it, could you…" is no offer of help.
    &[(0, &["help"]), (0, &["us", "me", "the"]), (2, &["evaluat*", "assess*", "process*", "review*", "expedite", "proceed", "decide"])],
    // "I will update you once I hear from them" waits for nobody outside.
    &[
        (0, &["once", "when", "soon"]),
        (1, &["i", "we"]),
        (0, &["hear", "have", "receive", "get"]),
        (4, &["them", "team", "update", "news", "more", "answer*"]),
    ],
    &[(0, &["as"]), (0, &["soon"]), (0, &["as"]), (0, &["they", "there", "possible"])],
    &[
        (0, &["as"]),
        (0, &["soon"]),
        (0, &["as"]),
        (0, &["i", "we"]),
        (1, &["hear", "have", "receive", "get"]),
        (3, &["them", "team", "update", "news", "decision"]),
    ],
    // "Please let us know whether it works" asks for nothing that the request waits for; "have you considered SES?" neither.
    &[(0, &["let"]), (0, &["us", "me"]), (0, &["know"]), (0, &["if", "whether", "that"]), (4, &["works", "working"])],
    &[
        (0, &["let"]),
        (0, &["us", "me"]),
        (0, &["know"]),
        (0, &["how"]),
        (1, &["it", "that", "this", "things"]),
        (1, &["goes", "went", "works", "going"]),
    ],
    &[(0, &["could", "can", "would"]), (2, &["check", "test"]), (12, &["works", "working"])],
    &[(0, &["could", "can", "would"]), (0, &["you"]), (1, &["mind"]), (0, &["trying", "testing", "checking", "giving"])],
    &[(0, &["could", "can", "would"]), (0, &["you"]), (1, &["try", "test", "retry"])],
    &[(0, &["could", "can", "would"]), (0, &["you"]), (1, &["take", "spare"]), (1, &["minute", "moment"])],
    &[(0, &["when"]), (0, &["you"]), (0, &["have", "get"]), (1, &["minute", "moment", "chance", "time"])],
    &[
        (0, &["let"]),
        (0, &["us", "me"]),
        (0, &["know"]),
        (0, &["if", "whether"]),
        (0, &["you"]),
        (1, &["like", "want", "need"]),
        (0, &["me", "us"]),
    ],
    &[(0, &["have", "did"]), (0, &["you"]), (1, &["consider*", "tried", "try"])],
    &[(0, &["is"]), (0, &["there"]), (0, &["anything"])],
    &[(0, &["hear"]), (1, &["from"]), (0, &["them", "the"])],
    // "Limits that were increased may be lowered" increases none.
    &[
        (0, &["request*", "limit*", "quota*", "increase*", "appeal*", "restriction*", "removal*", "approval*", "exception*", "exemption*"]),
        (0, &["that", "which"]),
        (0, &["have", "has", "had", "was", "were", "is", "are"]),
        (1, &["increased", "raised", "granted", "approved", "removed", "lifted", "given", "made", "submitted", "sent", "opened"]),
    ],
    // "Requests are approved within two days" is a policy.
    &[(0, &["requests", "increases", "appeals", "applications"]), (1, &["are"])],
    &[(0, &["not"]), (0, &["only"])],
    // "Approved 0 of the 3 increases"
    &[(0, &["granted", "approved"]), (0, &["0", "zero", "none", "some", "part", "parts", "half", "one"]), (0, &["of"])],
    // "Tell us if you still see an issue" comes with good news.
    &[(0, &["tell"]), (0, &["us", "me"]), (0, &["if", "whether"]), (0, &["you"]), (0, &["still"])],
    &[(0, &["know"]), (0, &["if", "whether"]), (0, &["you"]), (0, &["still"]), (0, &["see", "have", "face", "experience", "get"])],
    &[(0, &["please", "kindly"]), (0, &["disregard", "ignore"])],
    &[(0, &["please", "kindly"]), (0, &["do"]), (0, &["not"])],
    &[(0, &["correct"]), (0, &["me"])],
    // "It won't be throttled any more" denies nothing.
    &[(0, &["not"]), (0, &["be"]), (0, &["throttled", "blocked", "restricted", "limited"]), (0, &["any", "anymore"])],
    &[(0, &["how"]), (0, &["did", "do"]), (0, &["we", "i"])],
    // What is granted "per Region" in general.
    &[(0, &["granted", "approved", "lifted", "removed"]), (0, &["per"]), (0, &["region", "account", "request", "customer"])],
    // "We reversed our earlier decision" is no hearsay.
    &[(0, &["earlier", "previous", "first", "original"]), (0, &["decision", "denial", "refusal", "answer", "assessment"])],
    &[(0, &["closed"]), (1, &["the", "this", "your"]), (1, &["report", "case", "ticket"])],
    // "We have granted our team access to your request", "granted an additional review", "approved to move to the next queue"
    &[(0, &["granted", "approved"]), (0, &["our", "ourselves", "priority", "expedited", "read", "view", "limited", "special"])],
    &[(0, &["granted", "approved"]), (0, &["a", "an", "another"]), (0, &["additional", "further", "second", "extra", "extension"])],
    &[(0, &["granted", "approved"]), (0, &["to"]), (0, &["move", "proceed", "go", "continue", "be", "enter"])],
    &[(0, &["raised"]), (0, &["as", "with"]), (0, &["a", "an", "the", "them", "our"])],
    // Not the request that anybody waits for; and an exemption that is taken away.
    &[
        (0, &["request*"]),
        (0, &["for"]),
        (1, &["call", "callback", "refund", "invoic*", "billing", "time", "credit", "meeting", "extension", "information", "details"]),
    ],
    &[(0, &["lifted"]), (0, &["the", "your", "this", "that", "an"]), (1, &["exemption*", "exception*"])],
    // "Your limits request", "the restricted list": not what holds mail back.
    &[
        (0, &["limit*", "quota*", "restriction*", "throttl*", "block"]),
        (0, &["request*", "list", "lists", "case*", "policy", "form", "alarm*", "notice*", "warning*", "question*"]),
    ],
    // "We have updated your reverse DNS request" sets up nothing.
    &[(0, &["reverse"]), (0, &["dns"]), (1, &["request", "case", "ticket", "form", "section", "field"])],
    &[(0, &["rdns", "ptr*"]), (1, &["request", "case", "ticket", "form"])],
    &[(0, &["port"]), (0, &["25"]), (1, &["case", "ticket", "form"])],
];

/// Sequences whose last word does not mean what it says: "the information that you have provided" sets no condition.
pub(super) const NEUTRAL_END: &[&[Step]] = &[
    &[(0, &["you", "information", "detail*", "have", "has", "was", "were", "been", "document*", "answer*", "as"]), (0, &["provided"])],
    &[(0, &["all", "any"]), (0, &["other"])],
    // "No longer subject to" sets no condition.
    &[(0, &["no"]), (0, &["longer"]), (0, &["subject"])],
    &[(0, &["not"]), (0, &["subject"])],
    &[(0, &["at"]), (0, &["once"])],
    // "Is there anything else? If so, please provide the details"
    &[(0, &["if"]), (0, &["so"]), (1, &["please"])],
    // "Should you need more, please reply" comes with good news.
    &[(0, &["should", "if"]), (0, &["you"]), (0, &["need", "require"]), (0, &["more", "further", "higher"]), (6, &["please"])],
    &[(0, &["should", "if"]), (0, &["you"]), (0, &["need", "require"]), (0, &["more", "further", "higher"]), (8, &["reply", "respond"])],
    // "If you'd like to appeal, please reopen this case": who is refused may, and need not.
    &[
        (0, &["if"]),
        (0, &["you"]),
        (2, &["like", "want", "wish", "choose", "decide"]),
        (0, &["to"]),
        (0, &["appeal", "dispute", "contest", "challenge"]),
        (10, &["please"]),
    ],
    &[(0, &["in"]), (0, &["case"]), (0, &["you"]), (0, &["see", "have", "face", "experience", "encounter"]), (20, &["please"])],
    &[(0, &["in"]), (0, &["case"]), (0, &["you"]), (0, &["see", "have", "face", "experience", "encounter"]), (20, &["respond", "reply"])],
    &[(0, &["you", "they", "customer"]), (0, &["approved", "granted"])],
    &[(0, &["so"]), (0, &["that"]), (0, &["i", "we"]), (0, &["can"]), (0, &["help", "assist"])],
    &[(0, &["all"]), (0, &["two", "three"])],
    &[(0, &["accounts", "customers", "those", "senders"]), (0, &["that", "which", "who"]), (0, &["have", "has"])],
    &[(0, &["to"]), (0, &["have"])],
    &[(0, &["or"]), (0, &["not"])],
    &[(0, &["was", "were", "is"]), (0, &["what"])],
    &[(0, &["you", "they", "customer"]), (0, &["removed", "lifted"])],
    &[(0, &["you", "customer"]), (0, &["have", "had", "already"]), (0, &["removed", "lifted"])],
    &[(0, &["quick", "prompt", "fast", "swift", "speedy"]), (0, &["reply", "response", "answer"])],
    // "If mail still does not flow, please send us" asks for nothing yet.
    &[(0, &["if"]), (1, &["mail", "email", "it", "this"]), (0, &["still"]), (12, &["please"])],
    &[(0, &["if"]), (0, &["you"]), (0, &["still"]), (0, &["see", "have", "face", "experience", "encounter", "are"]), (12, &["please"])],
    &[(0, &["not"]), (0, &["only"])],
    // "On the basis of what you told us, we have granted": not what the reader only says.
    &[(0, &["basis", "light", "view"]), (0, &["of"]), (0, &["what"]), (0, &["you"]), (1, &["told", "said", "wrote", "mention*"])],
    &[(0, &["reviewed", "considered", "read"]), (0, &["what"]), (0, &["you"]), (1, &["told", "said", "wrote", "mention*"])],
    &[(0, &["of", "from", "with", "reviewed", "considered", "read"]), (0, &["what"])],
    // "Although we were unable to approve it last week" is what was so then.
    &[(0, &["although", "though", "while"]), (0, &["we", "i"]), (0, &["were", "could", "was"]), (0, &["unable", "not"])],
    // "The restriction that we had placed"
    &[(0, &["that", "which"]), (0, &["we"]), (0, &["had"])],
    &[(0, &["extension", "refund", "credit", "callback", "support"]), (0, &["request*"])],
    &[(0, &["you", "have"]), (1, &["kindly", "already", "since", "just"]), (0, &["provided"])],
    // "We told you that we were unable to" is what was so then.
    &[
        (0, &["told", "informed", "wrote", "said", "advised", "notified"]),
        (1, &["you"]),
        (1, &["that"]),
        (0, &["we", "i"]),
        (0, &["were", "was", "had", "could", "would"]),
        (1, &["unable", "not", "denied", "declined", "rejected"]),
    ],
];

/// Sequences that say "if" in other words; their first word then counts as one.
pub(super) const MEANS_IF: &[&[Step]] = &[
    &[(0, &["in"]), (0, &["case"]), (0, &["we", "you", "your", "the", "it", "of", "this", "that"])],
    &[(0, &["in"]), (0, &["the"]), (0, &["event"])],
    &[(0, &["as"]), (0, &["soon", "long"]), (0, &["as"])],
    &[(0, &["on", "under"]), (1, &["condition"])],
    &[(0, &["in"]), (0, &["the"]), (0, &["past"])],
    &[(0, &["the"]), (0, &["first", "last", "previous", "other"]), (0, &["time"])],
    &[(0, &["under", "in"]), (0, &["which"])],
    &[(0, &["with"]), (0, &["an", "any"]), (0, &["approved", "accepted"])],
    &[(0, &["their"]), (0, &["request*", "appeal", "account", "limit*", "quota*"])],
    &[(0, &["asked"]), (0, &["us", "me"]), (0, &["to"]), (0, &["confirm", "check", "verify"])],
    &[(0, &["to"]), (0, &["change"]), (2, &["address*", "contact", "owner", "name", "severity", "email"])],
    // "The first of two approvals", "our own test account", "your other account"
    &[(0, &["first", "two", "three", "most", "some", "none"]), (0, &["of"])],
    &[(0, &["on", "at"]), (0, &["their"]), (0, &["side", "end"])],
    &[(0, &["one"]), (0, &["of"]), (0, &["the"]), (0, &["two", "three"])],
    &[(0, &["to"]), (0, &["add"]), (3, &["colleague*", "contact*", "recipient*"])],
    &[(0, &["our", "their"]), (0, &["own"])],
    &[(0, &["other"]), (0, &["account*", "region*", "request*"])],
    &[(0, &["should"]), (0, &["you", "your", "the", "we", "i", "this", "there", "any"])],
    // For a time, or of something else.
    &[(0, &["for"]), (3, &["days", "weeks", "months"])],
    &[(0, &["separate"]), (0, &["case", "request", "ticket"])],
    // What others did.
    &[(0, &["by"]), (0, &["you", "your", "someone", "somebody"])],
    // What the reader told us, and what is asked without a question mark.
    &[(0, &["telling", "confirming", "letting", "reporting"]), (2, &["that"])],
    &[
        (0, &["has", "have", "was", "were", "is"]),
        (0, &["the", "your", "this"]),
        (6, &["limit*", "quota*", "restriction*", "throttl*", "block", "request", "appeal", "increase*"]),
        (2, &["been", "removed", "lifted", "approved", "granted", "increased"]),
    ],
    // "approved for review", "with the service team for final approval"
    &[
        (0, &["for"]),
        (
            1,
            &[
                "review",
                "consideration",
                "further",
                "processing",
                "evaluation",
                "final",
                "approval",
                "decision",
                "escalat*",
                "next",
                "assessment",
                "submission",
            ],
        ),
    ],
    &[(0, &["to"]), (0, &["be"]), (1, &["review*", "consider*", "process*", "evaluat*", "decided"])],
    // What the reader's own people approved.
    &[(0, &["your"]), (1, &["team", "colleague*", "manager", "administrator*"])],
    // "granted your request to close the case" grants nothing that anybody waits for.
    &[
        (0, &["to"]),
        (
            0,
            &[
                "speak",
                "talk",
                "reschedule",
                "postpone",
                "transfer",
                "merge",
                "reopen",
                "close",
                "cancel",
                "withdraw",
                "delete",
                "terminate",
                "suspend",
                "limit",
                "restrict",
                "block",
            ],
        ),
    ],
];

pub(super) const WE: &[&str] = &["we", "i", "team", "aws", "amazon", "department", "specialist*", "reviewer*", "they"];
pub(super) const HAVE: &[&str] = &["have", "has"];
/// "has been", "was", "is"; not "have", which also stands in "your request to have it approved".
pub(super) const WAS: &[&str] = &["been", "was", "were", "is", "are"];
pub(super) const WAS_DONE: &[&str] = &["been", "was", "were"];
pub(super) const ASKED: &[&str] = &["request*", "appeal", "increase*", "application", "case", "removal", "change*", "access", "petition"];
/// Any number: a word that begins with a digit.
pub(super) const NUMBER: &[&str] = &["1*", "2*", "3*", "4*", "5*", "6*", "7*", "8*", "9*"];
pub(super) const LIMIT: &[&str] = &["limit*", "quota*", "restriction*", "throttl*", "block", "rate"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_say_their_meaning() {
        let ids: BTreeSet<&str> = all().map(|r| r.id).collect();
        assert_eq!(ids.len(), all().count());
        for rule in all().filter(|r| r.says != Meaning::Unclear) {
            assert!(rule.id.starts_with(rule.says.as_str()), "{}", rule.id);
        }
    }

    #[test]
    fn words_are_lower_case_and_whole() {
        for word in all().flat_map(|r| r.steps.iter().flat_map(|(_, words)| words.iter())) {
            let body = word.strip_suffix('*').unwrap_or(word);
            assert!(body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{word}");
        }
    }
}
