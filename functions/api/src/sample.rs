//! Mails of one request, for the tests of this crate.

use domain::classify::{Evidence, Facts, Family, Meaning, OwnId, Place};
use domain::ids::{AccountId, AwsId, EntryId, MessageId, Region};
use domain::request::{Entry, Fact, MailFact};
use domain::trust::Trust;
use jiff::Timestamp;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The `n`th mail of AWS in the thread of request 170000000100123.
pub(crate) fn mail(n: u8, meaning: Meaning, when: &str) -> Entry {
    mail_with(n, meaning, when, |_| {})
}

pub(crate) fn mail_with(n: u8, meaning: Meaning, when: &str, change: impl Fn(&mut MailFact)) -> Entry {
    let message_id = MessageId::parse(&format!("mail-{n}@amazonses.com")).unwrap();
    let mut fact = MailFact {
        message_id,
        thread: MessageId::parse("mail-1@amazonses.com").into_iter().filter(|_| n > 1).collect(),
        trust: Trust::Verified,
        meaning,
        also_denied: false,
        family: Family::Port25,
        own_id: AwsId::parse("170000000100123").map(|id| OwnId { id, place: Place::Subject }),
        mentions: Vec::new(),
        account: AccountId::parse("123456789012"),
        regions: Region::parse("eu-west-1").into_iter().collect(),
        facts: Facts::default(),
        expected: true,
        from: "trustandsafety@support.aws.com".to_owned(),
        reply_to: None,
        mailbox: Some("ops@example.com".to_owned()),
        alias: None,
        recipients: vec!["ops@example.com".to_owned()],
        to_aws: false,
        subject: "Your request".to_owned(),
        excerpt: "Hello".to_owned(),
        evidence: vec![Evidence { rule: "received-1".to_owned(), matched: "we have received".to_owned(), place: Place::Newest }],
        object: format!("mail/{n}"),
        rules: 1,
    };
    change(&mut fact);
    let id = EntryId::of_mail(fact.trust, &fact.message_id);
    Entry { id, at: at(when), stored: at(when), fact: Fact::Mail(Box::new(fact)) }
}
