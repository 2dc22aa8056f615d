//! Entries: the immutable facts of a request, each with a derived id.

use jiff::Timestamp;

use crate::classify::{Evidence, Facts, Family, Meaning, OwnId, RULES_VERSION, Reading};
use crate::ids::{AccountId, AwsId, EntryId, MessageId, Region};
use crate::mail::{MAX_THREAD, Mail};
use crate::policy::Policy;
use crate::text::{cut, one_line};
use crate::trust::Trust;

use super::registered::Submitted;
use super::turn::Outcome;

/// At most this much (bytes) of a mail's newest text is kept with its entry; the raw mail stays in the bucket.
pub const EXCERPT_MAX: usize = 1_900;
/// Longest subject kept, in bytes.
pub(super) const SUBJECT_MAX: usize = 300;
/// How many recipients are kept, for the question whether a mail of ours went to AWS.
const RECIPIENTS_MAX: usize = 20;
/// How many mentioned ids are kept.
const MENTIONS_MAX: usize = 20;
/// How many pieces of evidence are kept.
const EVIDENCE_MAX: usize = 8;

/// One immutable fact of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Derived from what the entry is, so that storing it twice is storing it once.
    pub id: EntryId,
    /// The effective time: its place in the order.
    pub at: Timestamp,
    /// When it was first stored; decides only what is old news and what is dormant.
    pub stored: Timestamp,
    /// What it says.
    pub fact: Fact,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A mail, as it was judged once.
    Mail(Box<MailFact>),
    /// A person's action.
    Action(Action),
}

/// What is kept of a mail: enough to fold, to show and to answer. Judged once, with the version of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFact {
    /// Its Message-ID (or the one derived from its bytes).
    pub message_id: MessageId,
    /// References and In-Reply-To, oldest first.
    pub thread: Vec<MessageId>,
    /// How far it is believed.
    pub trust: Trust,
    /// What it means.
    pub meaning: Meaning,
    /// A question that denies as well.
    pub also_denied: bool,
    /// What kind of AWS mail.
    pub family: Family,
    /// The one ID it is about.
    pub own_id: Option<OwnId>,
    /// Other IDs in it.
    pub mentions: Vec<AwsId>,
    /// The account it names.
    pub account: Option<AccountId>,
    /// The Regions it names.
    pub regions: Vec<Region>,
    /// What else it names: addresses, reverse-DNS names, resources, granted limits, a denial's reason.
    pub facts: Facts,
    /// Whether it names an account that is expected (true while no accounts are configured).
    pub expected: bool,
    /// The sender's address.
    pub from: String,
    /// The first Reply-To address.
    pub reply_to: Option<String>,
    /// The mailbox that received it.
    pub mailbox: Option<String>,
    /// The account that its recipients name by an alias: a hint for where the text names none.
    pub alias: Option<AccountId>,
    /// To and Cc, lower case.
    pub recipients: Vec<String>,
    /// Whether one of the recipients is an AWS address.
    pub to_aws: bool,
    /// The subject, cleaned and cut.
    pub subject: String,
    /// The beginning of the newest text, cleaned and cut.
    pub excerpt: String,
    /// Why it means what it means.
    pub evidence: Vec<Evidence>,
    /// The key of the raw mail in the bucket.
    pub object: String,
    /// The version of the rules that judged it.
    pub rules: u32,
}

/// What leads to a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// AWS's ID.
    Aws(AwsId),
    /// A Message-ID of its thread.
    Message(MessageId),
}

/// A person's action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Who, as the face that took the action names them.
    pub by: String,
    /// The request it is about: by its AWS ID, else by the Message-ID of one of its mails (so that it stays with that mail), else by
    /// the one that stands for its registration.
    pub about: Reference,
    /// What was done.
    pub act: Act,
    /// Why, in the person's words.
    pub why: Option<String>,
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answered AWS on a way that we do not see.
    Replied,
    /// Says that it is over.
    Settle(Outcome),
    /// Says that it is not over.
    Reopen,
    /// Has seen it: no repeats until then.
    Ack {
        /// When the acknowledgement ends by itself.
        until: Timestamp,
    },
    /// Wants quiet until then.
    Snooze {
        /// When it ends by itself; at most 30 days ahead.
        until: Timestamp,
    },
    /// A remark.
    Note(String),
    /// Submitted it to AWS by hand, before or without a mail. Its AWS ID, if it has one, is what the action is about; the entry's
    /// effective time is when it was submitted.
    Register(Box<Submitted>),
    /// Says which ID AWS gave to what was registered by hand without one; the action is about the Message-ID that stands for the
    /// registration. The last one counts.
    Identify(AwsId),
    /// Says what a mail means, and optionally which request it belongs to. Releases a quarantined mail, dismisses one
    /// (meaning `irrelevant`), or moves one; the target keeps its own time.
    Judge {
        /// The entry that is judged.
        target: EntryId,
        /// What it means.
        meaning: Meaning,
        /// Where it belongs, where the person says so; what was said before stays else.
        request: Option<Belongs>,
    },
}

/// Where a mail belongs, as a person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// To the request with this AWS id, as if AWS had written the id into the mail.
    Aws(AwsId),
    /// Into the request that this Message-ID leads to (one without an AWS id).
    With(MessageId),
    /// To none of those it was put with: it begins a request of its own, and what answers it follows.
    Apart,
}

impl Entry {
    /// The entry of a mail. `object` is its key in the bucket, `stored` the time at which the object came to us.
    pub fn of_mail(mail: &Mail, reading: &Reading, policy: &Policy, object: &str, stored: Timestamp) -> Self {
        let message_id = mail.message_id.clone().unwrap_or_else(|| MessageId::of_bytes(object.as_bytes()));
        let mut recipients: Vec<String> = mail.recipients.iter().map(|a| a.address.clone()).filter(|a| !a.is_empty()).collect();
        let to_aws = recipients.iter().any(|a| policy.is_aws(a));
        // What is longer is no address (RFC 5321 ends at 254), and an item of the table has its limits.
        recipients.retain(|a| a.len() <= SUBJECT_MAX);
        recipients.truncate(RECIPIENTS_MAX);
        let alias = policy.account_of_recipient(mail).cloned();
        // Either is enough: what is unexpected is told once only, and that must not befall mail to an address of ours.
        let expected = policy.expects_any() || alias.is_some() || reading.account.as_ref().is_some_and(|a| policy.expects(a));
        Self {
            id: EntryId::of_mail(reading.trust, &message_id),
            // What was passed on happened when its author sent it.
            at: if reading.trust == Trust::Forwarded { mail.forwarded_time(stored) } else { mail.effective_time(stored) },
            stored,
            fact: Fact::Mail(Box::new(MailFact {
                message_id,
                thread: thread(mail, reading.trust),
                trust: reading.trust,
                meaning: reading.meaning,
                also_denied: reading.also_denied,
                family: reading.family,
                own_id: reading.own_id.clone(),
                mentions: reading.mentions.iter().take(MENTIONS_MAX).cloned().collect(),
                account: reading.account.clone(),
                regions: reading.regions.clone(),
                facts: reading.facts.clone(),
                expected,
                from: mail.from.first().map(|a| cut(&one_line(&a.address), SUBJECT_MAX)).unwrap_or_default(),
                reply_to: mail.reply_to.first().map(|a| cut(&one_line(&a.address), SUBJECT_MAX)).filter(|a| !a.is_empty()),
                mailbox: mail.delivered_to.as_deref().map(|a| cut(&one_line(a), SUBJECT_MAX)),
                alias,
                recipients,
                to_aws,
                subject: cut(&one_line(&mail.subject), SUBJECT_MAX),
                excerpt: cut(&crate::text::clean(crate::mail::without_footer(&mail.newest)), EXCERPT_MAX),
                evidence: reading.evidence.iter().take(EVIDENCE_MAX).cloned().collect(),
                object: object.to_owned(),
                rules: RULES_VERSION,
            })),
        }
    }

    /// The entry of an action, named by the idempotency key that its maker chose.
    pub fn of_action(idempotency_key: &str, action: Action, now: Timestamp) -> Self {
        Self { id: EntryId::of_action(idempotency_key), at: now, stored: now, fact: Fact::Action(action) }
    }

    /// The entry of a request that was registered by hand: `about` AWS's ID where the person knows it, else the Message-ID that
    /// stands for it. It takes effect when it was submitted.
    pub fn of_registration(
        idempotency_key: &str,
        aws_id: Option<AwsId>,
        submitted: Submitted,
        said: impl FnOnce(Reference, Act) -> Action,
        since: Timestamp,
        now: Timestamp,
    ) -> Self {
        let id = EntryId::of_action(idempotency_key);
        let about = aws_id.map_or_else(|| Reference::Message(MessageId::of_registration(&id)), Reference::Aws);
        Self { id, at: since, stored: now, fact: Fact::Action(said(about, Act::Register(Box::new(submitted)))) }
    }

    /// The mail, if it is one.
    pub fn mail(&self) -> Option<&MailFact> {
        match &self.fact {
            Fact::Mail(mail) => Some(mail),
            Fact::Action(_) => None,
        }
    }
}

/// The thread of a mail, and of the mail that it has attached: that leads a forward to its request. Not of AWS's own mails, whose
/// references bind: what they carry may be an outsider's.
fn thread(mail: &Mail, trust: Trust) -> Vec<MessageId> {
    let mut thread = mail.thread.clone();
    let inner = mail.inner.iter().filter(|_| trust != Trust::Verified).flat_map(|inner| &inner.ids);
    for id in inner {
        if thread.len() < MAX_THREAD && !thread.contains(id) && mail.message_id.as_ref() != Some(id) {
            thread.push(id.clone());
        }
    }
    thread
}

impl MailFact {
    /// Whether its references bind requests together: only what AWS and we wrote does. Other mails are filed by theirs.
    pub(super) fn binds(&self) -> bool {
        match self.trust {
            Trust::Verified => true,
            Trust::Own => self.meaning == Meaning::Ours && self.to_aws,
            Trust::Forwarded | Trust::Unverified => false,
        }
    }

    /// Every Message-ID it carries: its own, then its thread.
    pub(super) fn message_ids(&self) -> impl Iterator<Item = &MessageId> {
        std::iter::once(&self.message_id).chain(&self.thread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_those_of_the_documentation() {
        crate::documented::are(
            "Entry",
            &[
                ("EXCERPT_MAX", EXCERPT_MAX),
                ("SUBJECT_MAX", SUBJECT_MAX),
                ("RECIPIENTS_MAX", RECIPIENTS_MAX),
                ("MENTIONS_MAX", MENTIONS_MAX),
                ("EVIDENCE_MAX", EVIDENCE_MAX),
            ],
        );
    }
}
