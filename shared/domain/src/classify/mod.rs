//! What a mail means: family, meaning, ids, account and Region, each with the rule and the text that say so.
//!
//! The order of work: the family by structure (`family`, `subject`), the ids (`own_id`, `account`, `region`), then the
//! phrases of the newest part (`rules` over a `vocabulary` with its `lexicon`, the text cut by `tokens`, matched by `stems`) in the
//! fixed order denied, question, approved, received, progress, else unclear (`reading`). What the operator added to them is
//! `operator`, and how phrases are written there `phrase`; [`expectation`] holds a reading against what was expected of it.

mod reading;
mod subject;
mod needles;
mod family;
mod own_id;
mod account;
mod region;
mod facts;
mod sets;
mod lexicon;
mod vocabulary;
mod tokens;
mod stems;
mod rules;
mod rules_denying;
mod rules_asking;
mod rules_awaiting;
mod rules_inquiring;
mod rules_voiding;
mod rules_granting;
mod rules_lacking;
mod rules_keeping;
mod rules_leaving;
mod rules_lifting;
mod rules_opening;
mod rules_pointing;
mod rules_raising;
mod rules_refusing;
mod rules_receiving;
mod rules_reporting;
mod rules_doubting;
mod japanese;
mod operator;
mod phrase;
mod weight;
pub mod expectation;

pub use facts::{
    Facts, HostName, Limit, MAX_ADDRESSES, MAX_LIMITS, MAX_NAMES, MAX_REASON, MAX_RESOURCES, Period, ResourceId, ResourceKind,
};
pub use operator::{MAX_RULES, OperatorRule, OperatorRules, RuleError};
pub use reading::{judged_words, read};
pub use weight::{Weight, meaning_why, weight};

use crate::ids::{AccountId, AwsId, Region};
use crate::mail::Problem;
use crate::trust::Trust;

/// The version of the rules that judged a mail; stored with it. New rules re-judge nothing by themselves.
pub const RULES_VERSION: u32 = 1;

/// What a mail means for its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// AWS has the request.
    Received,
    /// AWS asks something: our turn.
    Question,
    /// AWS granted it.
    Approved,
    /// AWS refused it.
    Denied,
    /// AWS is working on it.
    Progress,
    /// A real AWS mail that no rule understands: a person looks.
    Unclear,
    /// Our reply to AWS.
    Ours,
    /// Something of ours that changes nothing.
    Note,
    /// AWS mail that is no part of a request's life.
    Irrelevant,
}

impl Meaning {
    /// All meanings.
    pub const ALL: [Self; 9] = [
        Self::Received,
        Self::Question,
        Self::Approved,
        Self::Denied,
        Self::Progress,
        Self::Unclear,
        Self::Ours,
        Self::Note,
        Self::Irrelevant,
    ];

    /// The stable word for JSON, storage and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Question => "question",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Progress => "progress",
            Self::Unclear => "unclear",
            Self::Ours => "ours",
            Self::Note => "note",
            Self::Irrelevant => "irrelevant",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == word)
    }
}

/// The kind of AWS mail; it decides where one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The port 25 and reverse DNS form: answered by replying to the mail.
    Port25,
    /// Trust & Safety, abuse: answered by replying to the mail.
    Abuse,
    /// Support case, SES production access, quota: answered in Support Center only.
    SupportCase,
    /// Account verification: as the mail says.
    Verification,
    /// Health, billing, security, set-up notices: no part of a request's life.
    Notice,
    /// Strangers' words that AWS carries (invitations, confirmations): irrelevant by rule.
    Carrier,
    /// Our own alert coming back through SNS.
    AlertEcho,
    /// None of these.
    Other,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 8] =
        [Self::Port25, Self::Abuse, Self::SupportCase, Self::Verification, Self::Notice, Self::Carrier, Self::AlertEcho, Self::Other];

    /// The stable word for JSON, storage and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Port25 => "port25",
            Self::Abuse => "abuse",
            Self::SupportCase => "support-case",
            Self::Verification => "verification",
            Self::Notice => "notice",
            Self::Carrier => "carrier",
            Self::AlertEcho => "alert-echo",
            Self::Other => "other",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == word)
    }

    /// Whether AWS reads answers to mails of this family (and so whether "request ID" in its text is an own ID).
    pub const fn answered_by_mail(self) -> bool {
        matches!(self, Self::Port25 | Self::Abuse | Self::Verification)
    }
}

/// Where in a mail something stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// AWS's own token in the subject.
    Subject,
    /// A parameter of the footer link.
    Link,
    /// The text that the sender wrote now.
    Newest,
    /// Quoted or forwarded text.
    Quoted,
    /// A header.
    Header,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 5] = [Self::Subject, Self::Link, Self::Newest, Self::Quoted, Self::Header];

    /// The stable word for JSON and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Link => "link",
            Self::Newest => "newest",
            Self::Quoted => "quoted",
            Self::Header => "header",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

/// The one ID that a mail is about, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnId {
    /// AWS's ID.
    pub id: AwsId,
    /// Where it stood: an approval whose ID stands only in the text needs its thread as second signal.
    pub place: Place,
}

/// A rule that matched, and what it matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The rule's stable id.
    pub rule: String,
    /// The text it matched, cleaned of control characters and at most 200 characters long.
    pub matched: String,
    /// Where the text stood.
    pub place: Place,
}

/// What a mail means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How far it is believed.
    pub trust: Trust,
    /// Why.
    pub trust_why: &'static str,
    /// What it means.
    pub meaning: Meaning,
    /// A question whose newest part denies as well: our turn, shown as both.
    pub also_denied: bool,
    /// What kind of AWS mail it is.
    pub family: Family,
    /// The one request ID it is about.
    pub own_id: Option<OwnId>,
    /// Every other ID in it: stored, shown, never a link.
    pub mentions: Vec<AwsId>,
    /// The AWS account it names.
    pub account: Option<AccountId>,
    /// The Regions it names, in order of appearance.
    pub regions: Vec<Region>,
    /// What else it names: addresses, names, resources, limits, a reason.
    pub facts: Facts,
    /// The rules that matched.
    pub evidence: Vec<Evidence>,
    /// It claims to come from AWS by address, display name or Reply-To, whether proven or not.
    pub claims_aws: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_limits_are_those_of_the_documentation() {
        use super::{facts, own_id, reading, region, tokens};
        crate::documented::are(
            "Meaning and facts",
            &[
                ("MAX_TOKENS", tokens::MAX_TOKENS),
                ("MAX_MENTIONS", own_id::MAX_MENTIONS),
                ("MAX_REGIONS", region::MAX_REGIONS),
                ("MAX_EVIDENCE", reading::MAX_EVIDENCE),
                ("MAX_MATCHED", reading::MAX_MATCHED),
                ("MAX_ADDRESSES", facts::MAX_ADDRESSES),
                ("MAX_NAMES", facts::MAX_NAMES),
                ("MAX_RESOURCES", facts::MAX_RESOURCES),
                ("MAX_LIMITS", facts::MAX_LIMITS),
                ("MAX_REASON", facts::MAX_REASON),
            ],
        );
    }
}
