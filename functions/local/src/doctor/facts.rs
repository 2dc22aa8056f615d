//! What the doctor saw of a deployment: values, without a judgement.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use store::{Canary, Pulse};

use crate::aws::queue::QueueFacts;

/// One look at something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Look<T> {
    /// It was seen.
    Seen(T),
    /// Nothing named it: this option does.
    NotNamed(&'static str),
    /// It could not be looked at.
    Failed(String),
}

/// What the things are called, for commands that a person copies. Unknown ones stand as placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// The Region.
    pub region: String,
    /// The domain that mail comes to.
    pub domain: Option<String>,
    /// The receipt rule set of the deployment.
    pub rule_set: Option<String>,
    /// The bucket of raw mail.
    pub bucket: Option<String>,
    /// The URL of the mail queue.
    pub queue: Option<String>,
    /// The URL of its dead-letter queue.
    pub dead_letters: Option<String>,
    /// The ARN of the alert topic.
    pub topic: Option<String>,
    /// The table.
    pub table: Option<String>,
}

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// SES's identity of the domain; `None`: there is none.
    pub identity: Look<Option<Identity>>,
    /// The hosts that take the domain's mail, the preferred one first.
    pub mx: Look<Vec<String>>,
    /// SES's active rule set; `None`: none is active.
    pub rules: Look<Option<RuleSet>>,
    /// The bucket's policy; `None`: it has none.
    pub policy: Look<Option<Value>>,
    /// The mail queue.
    pub queue: Look<QueueFacts>,
    /// The dead-letter queue.
    pub dead_letters: Look<QueueFacts>,
    /// Who hears the alerts.
    pub subscriptions: Look<Subscriptions>,
    /// The table's definition; `None`: it is not there.
    pub table: Look<Option<TableFacts>>,
    /// What the sweep said of itself.
    pub pulse: Look<Option<Pulse>>,
    /// What is known of the canary; `None`: none was ever sent.
    pub canary: Look<Option<Canary>>,
    /// Now.
    pub now: Timestamp,
}

/// A domain as SES knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    /// Whether it is verified.
    pub verified: bool,
    /// SES's word for how far it is (`SUCCESS`, `PENDING`, …).
    pub status: String,
}

/// A receipt rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSet {
    /// Its name.
    pub name: String,
    /// Its rules, in their order.
    pub rules: Vec<Rule>,
}

/// A receipt rule, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rule {
    /// Its name.
    pub name: String,
    /// Whether it is on.
    pub enabled: bool,
    /// Addresses and domains; none: all of the account's.
    pub recipients: Vec<String>,
    /// Whether spam and viruses are looked for.
    pub scan: bool,
    /// Whether mail without TLS is refused.
    pub tls: bool,
    /// Its S3 action: the bucket, whether a topic hears of it, and whether SES encrypts the object for its reader.
    pub s3: Option<(String, bool, bool)>,
}

/// The subscriptions of the alert topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subscriptions {
    /// Confirmed, without a filter policy.
    pub hears_all: usize,
    /// Confirmed, with one.
    pub filtered: usize,
    /// Not confirmed.
    pub pending: usize,
}

/// The table, as DynamoDB describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableFacts {
    /// `ACTIVE`, or what it is on the way to.
    pub status: String,
    /// The keys of the table (under the empty name) and of each index: partition and sort attribute.
    pub keys: BTreeMap<String, (String, String)>,
    /// Whether it cannot be deleted by mistake.
    pub protected: bool,
    /// The attribute by which items go by themselves, if that is on.
    pub ttl: Option<String>,
    /// Whether it can be restored to any second.
    pub restorable: bool,
}
