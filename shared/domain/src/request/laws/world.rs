//! The small world that the laws draw from: few threads, few ids, so that mails meet, tangle and contradict each other.

use std::collections::HashMap;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::classify::{Facts, Family, Meaning, OwnId, Place};
use crate::ids::{AwsId, EntryId, MessageId, Region};
use crate::request::*;
use crate::trust::Trust;

pub(super) fn mid(n: u8) -> MessageId {
    MessageId::parse(&format!("m{n}@aws.example")).unwrap()
}

pub(super) fn aws_id(n: u8) -> AwsId {
    AwsId::parse(&format!("17000000000010{n}")).unwrap()
}

pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + minutes * 60).unwrap()
}

pub(super) fn mail(n: u8, thread: Vec<u8>, trust: Trust, meaning: Meaning, own: Option<(u8, Place)>, minutes: i64, to_aws: bool) -> Entry {
    let message_id = mid(n);
    let from = if trust == Trust::Own { "ops@corp.example" } else { "aws-automation@email.amazon.com" };
    Entry {
        id: EntryId::of_mail(trust, &message_id),
        at: at(minutes),
        stored: at(minutes),
        fact: Fact::Mail(Box::new(MailFact {
            message_id,
            thread: thread.into_iter().filter(|t| *t != n).map(mid).collect(),
            trust,
            meaning,
            also_denied: false,
            family: Family::Port25,
            own_id: own.map(|(id, place)| OwnId { id: aws_id(id), place }),
            mentions: Vec::new(),
            account: None,
            regions: Vec::new(),
            facts: Facts::default(),
            expected: true,
            from: from.to_owned(),
            reply_to: None,
            mailbox: None,
            alias: None,
            recipients: Vec::new(),
            to_aws,
            subject: format!("mail {n}"),
            excerpt: String::new(),
            evidence: Vec::new(),
            object: format!("o{n}"),
            rules: 1,
        })),
    }
}

prop_compose! {
    pub(super) fn any_mail()(
        n in 0u8..10,
        thread in proptest::collection::vec(0u8..10, 0..3),
        kind in 0u8..10,
        meaning in 0usize..6,
        own in proptest::option::of((0u8..3, 0usize..4)),
        minutes in 0i64..5_000,
        to_aws in any::<bool>(),
    ) -> Entry {
        let meanings = [Meaning::Received, Meaning::Question, Meaning::Approved, Meaning::Denied, Meaning::Progress, Meaning::Unclear];
        let places = [Place::Subject, Place::Link, Place::Newest, Place::Quoted];
        let own = own.map(|(id, place)| (id, places[place]));
        match kind {
            0..=5 => mail(n, thread, Trust::Verified, meanings[meaning], own, minutes, false),
            6 | 7 => {
                let meaning = if thread.iter().any(|t| *t != n) { Meaning::Ours } else { Meaning::Note };
                mail(n, thread, Trust::Own, meaning, own, minutes, to_aws)
            }
            _ => mail(n, thread, Trust::Forwarded, meanings[meaning], own, minutes, false),
        }
    }
}

/// The registration of a request that was submitted by hand.
pub(super) fn register(n: u8, aws: Option<u8>, minutes: i64) -> Entry {
    let region = Region::parse("eu-west-1").unwrap();
    let submitted = Submitted::new(Family::Port25, None, &[region], &format!("submitted {n}")).unwrap();
    let said = |about, act| Action { by: "test".to_owned(), about, act, why: None };
    let now = at(minutes + 60);
    Entry::of_registration(&format!("register-{n}"), aws.map(aws_id), submitted, said, at(minutes), now)
}

/// The Message-ID that stands for a registration.
pub(super) fn register_mid(n: u8) -> MessageId {
    MessageId::of_registration(&EntryId::of_action(&format!("register-{n}")))
}

prop_compose! {
    pub(super) fn any_registration()(n in 0u8..3, aws in proptest::option::of(0u8..3), minutes in 0i64..5_000) -> Entry {
        register(n, aws, minutes)
    }
}

prop_compose! {
    pub(super) fn any_action()(key in 0u16..200, about in 0u8..13, kind in 0u8..8, minutes in 0i64..5_000, target in any_mail(), meaning in 0usize..4, place in 0u8..6) -> Entry {
        let meanings = [Meaning::Received, Meaning::Approved, Meaning::Irrelevant, Meaning::Question];
        let mid = |n: u8| if n < 10 { mid(n) } else { register_mid(n - 10) };
        // A word on a mail is about that mail: it is kept where the mail is (`api::act`).
        let judged = target.mail().filter(|_| kind == 6).map(|mail| mail.message_id.clone());
        // A registration gets its ID.
        let of = |n: u8| if kind == 7 { register_mid(n % 3) } else { mid(n) };
        let act = match kind {
            0 => Act::Replied,
            1 => Act::Settle(Outcome::Closed),
            2 => Act::Reopen,
            3 => Act::Ack { until: at(minutes + 600) },
            4 => Act::Snooze { until: at(minutes + 2_000) },
            5 => Act::Note("seen".to_owned()),
            7 => Act::Identify(aws_id(about % 3)),
            _ => {
                let request = match place {
                    0 => Some(Belongs::Apart),
                    1 => Some(Belongs::With(mid(about))),
                    2 => Some(Belongs::Aws(aws_id(about % 3))),
                    _ => None,
                };
                Act::Judge { target: target.id, meaning: meanings[meaning], request }
            }
        };
        Entry::of_action(&format!("key-{key}"), Action { by: "test".to_owned(), about: Reference::Message(judged.unwrap_or_else(|| of(about))), act, why: None }, at(minutes))
    }
}

/// Mails with distinct Message-IDs for each trust (two copies of one mail are the same entry), actions with distinct keys, and
/// registrations.
pub(super) fn any_world() -> impl Strategy<Value = Vec<Entry>> {
    let entries = proptest::collection::vec(prop_oneof![8 => any_mail(), 2 => any_action(), 1 => any_registration()], 1..14);
    entries.prop_map(|entries| {
        let mut seen = HashMap::new();
        for entry in entries {
            seen.entry(entry.id.clone()).or_insert(entry);
        }
        let mut entries: Vec<Entry> = seen.into_values().collect();
        entries.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        entries
    })
}
