//! What the operator configures, as values: whom we believe, who we are, and how long we wait.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::classify::OperatorRules;
use crate::ids::AccountId;

/// AWS's own advice: up to 48 hours for an answer.
pub const DEADLINE: SignedDuration = SignedDuration::from_hours(48);
/// How often an alert whose cause stands is repeated.
pub const REPEAT: SignedDuration = SignedDuration::from_hours(24);

/// The sender addresses that can be AWS speaking about a request, with the family that each usually carries.
/// Full addresses: Seller Central writes from `amazon.com` too, with the same `RE:[CASE n]` subjects.
pub const AWS_ADDRESSES: &[&str] = &[
    "aws-automation@email.amazon.com",
    "trustandsafety@support.aws.com",
    "ec2-abuse@amazon.com",
    "no-reply-aws@amazon.com",
    "aws-verification@amazon.com",
    "health@aws.com",
    "no-reply@amazonaws.com",
    "aws-receivables-support@email.amazon.com",
    "no-reply@signin.aws",
];

/// Everything the decisions depend on besides the mails and the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Full sender addresses that may be AWS, lower case.
    pub aws_addresses: BTreeSet<String>,
    /// The addresses of our own people, lower case: full ones, or `@domain` for a whole domain.
    pub own_addresses: BTreeSet<String>,
    /// Mailboxes whose (rewritten) forwards are believed as [`crate::trust::Trust::Forwarded`], lower case.
    pub forwarders: BTreeSet<String>,
    /// Authentication servers, besides Amazon SES, whose topmost `Authentication-Results` is believed.
    pub trusted_results: BTreeSet<String>,
    /// The accounts that requests are expected for; empty means any.
    pub accounts: BTreeSet<AccountId>,
    /// How long AWS may be silent in its turn before an alert goes out.
    pub deadline: SignedDuration,
    /// How often an alert is repeated while its cause stands.
    pub repeat: SignedDuration,
    /// What the operator adds to the compiled-in phrases.
    pub rules: OperatorRules,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            aws_addresses: AWS_ADDRESSES.iter().map(|a| (*a).to_owned()).collect(),
            own_addresses: BTreeSet::new(),
            forwarders: BTreeSet::new(),
            trusted_results: BTreeSet::new(),
            accounts: BTreeSet::new(),
            deadline: DEADLINE,
            repeat: REPEAT,
            rules: OperatorRules::default(),
        }
    }
}

impl Policy {
    /// Whether this is one of the addresses AWS writes from.
    pub fn is_aws(&self, address: &str) -> bool {
        self.aws_addresses.contains(&address.to_ascii_lowercase())
    }

    /// Whether this is an address of our own people.
    pub fn is_own(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        let domain = address.rfind('@').map(|at| &address[at..]);
        self.own_addresses.contains(&address) || domain.is_some_and(|d| self.own_addresses.contains(d))
    }

    /// Whether the operator named this mailbox as one that forwards AWS's mail to us.
    pub fn is_forwarder(&self, address: &str) -> bool {
        self.forwarders.contains(&address.to_ascii_lowercase())
    }
}
