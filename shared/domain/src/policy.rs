//! What the operator configures, as values: whom we believe, who we are, and how long we wait.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::classify::{Family, OperatorRules};
use crate::ids::AccountId;
use crate::mail::Mail;
use crate::text::lower;
use crate::window::Window;

/// AWS's own advice: up to 48 hours for an answer.
pub const DEADLINE: SignedDuration = SignedDuration::from_hours(48);
/// How often an alert whose cause stands is repeated.
pub const REPEAT: SignedDuration = SignedDuration::from_hours(24);

/// What a deadline of its own is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The requests of an account.
    Account(AccountId),
    /// The requests of a family.
    Family(Family),
}

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
    /// What a recipient says about the account, lower case: a full address, or the part before the `@` at any domain. AWS's account
    /// e-mails are unique for each account, and people plus-address them (`aws+prod-eu@corp.example`).
    pub aliases: BTreeMap<String, AccountId>,
    /// How long AWS may be silent in its turn before an alert goes out.
    pub deadline: SignedDuration,
    /// Other deadlines for some accounts or families.
    pub deadlines: BTreeMap<Whose, SignedDuration>,
    /// How often an alert is repeated while its cause stands.
    pub repeat: SignedDuration,
    /// The zone in which people read times and the window is meant.
    pub zone: TimeZone,
    /// When alerts that can wait are delivered; `None`: at any time.
    pub window: Option<Window>,
    /// What the operator adds to the compiled-in phrases.
    pub rules: OperatorRules,
    /// The address that answers are sent from, where the mailbox that received AWS's mail is not known or is the tracker itself.
    pub reply_from: Option<String>,
    /// The tracker's address: drafts carry it in Bcc.
    pub tracker: Option<String>,
    /// Where people open the page, with a `/` at its end; `None`: alerts have no links.
    pub page: Option<String>,
    /// The language of alerts, and of drafts unless AWS writes in Japanese.
    pub language: Language,
}

/// A language that alerts and drafts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English: AWS understands it everywhere.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// The tag (BCP 47).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// Reads a tag.
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::English, Self::Japanese].into_iter().find(|language| language.as_str().eq_ignore_ascii_case(tag.trim()))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            aws_addresses: AWS_ADDRESSES.iter().map(|a| (*a).to_owned()).collect(),
            own_addresses: BTreeSet::new(),
            forwarders: BTreeSet::new(),
            trusted_results: BTreeSet::new(),
            accounts: BTreeSet::new(),
            aliases: BTreeMap::new(),
            deadline: DEADLINE,
            deadlines: BTreeMap::new(),
            repeat: REPEAT,
            zone: TimeZone::UTC,
            window: None,
            rules: OperatorRules::default(),
            reply_from: None,
            tracker: None,
            page: None,
            language: Language::default(),
        }
    }
}

impl Policy {
    /// Whether this is one of the addresses AWS writes from.
    pub fn is_aws(&self, address: &str) -> bool {
        self.aws_addresses.contains(&*lower(address))
    }

    /// How long AWS may be silent about such a request: its account's deadline, else its family's, else the common one.
    pub fn deadline_of(&self, family: Family, account: Option<&AccountId>) -> SignedDuration {
        let of = |whose: Whose| self.deadlines.get(&whose).copied();
        account.and_then(|account| of(Whose::Account(account.clone()))).or_else(|| of(Whose::Family(family))).unwrap_or(self.deadline)
    }

    /// The shortest deadline of all: who is silent for less is not overdue.
    pub fn shortest_deadline(&self) -> SignedDuration {
        self.deadlines.values().copied().fold(self.deadline, SignedDuration::min)
    }

    /// Whether this is an address of our own people.
    pub fn is_own(&self, address: &str) -> bool {
        let address = lower(address);
        let domain = address.rfind('@').map(|at| &address[at..]);
        self.own_addresses.contains(&*address) || domain.is_some_and(|d| self.own_addresses.contains(d))
    }

    /// The account that a mail's recipients name: where it was delivered first, else all of To and Cc, if they name one account only.
    ///
    /// An alias is a hint with no permission in it, as anybody can write to it: it names the account of a request, and never leads to one.
    pub fn account_of_recipient(&self, mail: &Mail) -> Option<&AccountId> {
        if self.aliases.is_empty() {
            return None;
        }
        let named = |address: &str| {
            let address = address.to_ascii_lowercase();
            let local = address.rsplit_once('@').map(|(local, _)| local);
            self.aliases.get(&address).or_else(|| self.aliases.get(local?))
        };
        if let Some(account) = mail.delivered_to.as_deref().and_then(named) {
            return Some(account);
        }
        let all: BTreeSet<&AccountId> = mail.recipients.iter().filter_map(|a| named(&a.address)).collect();
        if all.len() == 1 { all.into_iter().next() } else { None }
    }

    /// Whether requests of this account are expected: any, while neither accounts nor aliases are configured.
    pub fn expects(&self, account: &AccountId) -> bool {
        self.expects_any() || self.accounts.contains(account) || self.aliases.values().any(|a| a == account)
    }

    /// Whether nothing says which accounts are ours.
    pub fn expects_any(&self) -> bool {
        self.accounts.is_empty() && self.aliases.is_empty()
    }

    /// Whether the operator named this mailbox as one that forwards AWS's mail to us.
    pub fn is_forwarder(&self, address: &str) -> bool {
        self.forwarders.contains(&*lower(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::read;

    fn account(n: u8) -> AccountId {
        AccountId::parse(&n.to_string().repeat(12)).unwrap()
    }

    fn policy() -> Policy {
        let aliases = [("aws+prod-eu".to_owned(), account(1)), ("aws+dev@corp.example".to_owned(), account(2))];
        Policy { aliases: aliases.into(), ..Policy::default() }
    }

    #[test]
    fn a_recipient_names_the_account() {
        let of = |headers: &str| policy().account_of_recipient(&read(format!("{headers}\n\nx").as_bytes())).cloned();
        assert_eq!(of("To: AWS+Prod-EU@corp.example"), Some(account(1)));
        assert_eq!(of("To: a@b.example\nCc: <aws+prod-eu@elsewhere.example>"), Some(account(1)));
        assert_eq!(of("To: aws+dev@corp.example"), Some(account(2)));
        assert_eq!(of("Delivered-To: aws+dev@corp.example\nTo: aws+prod-eu@corp.example"), Some(account(2)), "where it was delivered");
        for no in [
            "To: aws+dev@elsewhere.example",
            "To: xaws+prod-eu@corp.example",
            "To: aws+prod-eu2@corp.example",
            "To: \"aws+prod-eu@corp.example\" <x@y.example>",
            "To: x@y.example\nCc: aws+dev@corp.example, aws+prod-eu@corp.example",
            "Subject: aws+dev@corp.example",
        ] {
            assert_eq!(of(no), None, "{no}");
        }
    }

    #[test]
    fn an_account_s_deadline_goes_before_its_family_s() {
        let hours = SignedDuration::from_hours;
        let deadlines = [(Whose::Account(account(1)), hours(72)), (Whose::Family(Family::SupportCase), hours(24))].into();
        let policy = Policy { deadlines, ..Policy::default() };
        assert_eq!(policy.deadline_of(Family::SupportCase, Some(&account(1))), hours(72));
        assert_eq!(policy.deadline_of(Family::SupportCase, Some(&account(2))), hours(24));
        assert_eq!(policy.deadline_of(Family::Port25, None), hours(48));
        assert_eq!(policy.shortest_deadline(), hours(24));
    }

    #[test]
    fn accounts_and_aliases_say_what_is_expected() {
        assert!(Policy::default().expects(&account(9)));
        assert!(policy().expects(&account(1)) && policy().expects(&account(2)) && !policy().expects(&account(9)));
        let listed = Policy { accounts: [account(3)].into(), ..policy() };
        assert!(listed.expects(&account(3)) && listed.expects(&account(1)) && !listed.expects(&account(9)));
    }
}
