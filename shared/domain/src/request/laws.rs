//! The laws of the fold, as property tests: any order, any repetition, and nothing forged quiets anything.
//!
//! The mails are drawn from a small world (few threads, few ids), so that they meet, tangle and contradict each other. They are
//! filed into bundles by the same rules as in production, with a map instead of the table.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use proptest::prelude::*;

use crate::classify::{Facts, Family, Meaning, OwnId, Place};
use crate::filing;
use crate::ids::{AwsId, EntryId, MessageId};
use crate::trust::Trust;

use super::*;

fn mid(n: u8) -> MessageId {
    MessageId::parse(&format!("m{n}@aws.example")).unwrap()
}

fn aws_id(n: u8) -> AwsId {
    AwsId::parse(&format!("17000000000010{n}")).unwrap()
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + minutes * 60).unwrap()
}

fn mail(n: u8, thread: Vec<u8>, trust: Trust, meaning: Meaning, own: Option<(u8, Place)>, minutes: i64, to_aws: bool) -> Entry {
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
    fn any_mail()(
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

prop_compose! {
    fn any_action()(key in 0u16..200, about in 0u8..10, kind in 0u8..7, minutes in 0i64..5_000, target in any_mail(), meaning in 0usize..4) -> Entry {
        let meanings = [Meaning::Received, Meaning::Approved, Meaning::Irrelevant, Meaning::Question];
        let act = match kind {
            0 => Act::Replied,
            1 => Act::Settle(Outcome::Closed),
            2 => Act::Reopen,
            3 => Act::Ack { until: at(minutes + 600) },
            4 => Act::Snooze { until: at(minutes + 2_000) },
            5 => Act::Note("seen".to_owned()),
            _ => Act::Judge { target: target.id, meaning: meanings[meaning], own_id: None },
        };
        Entry::of_action(&format!("key-{key}"), Action { by: "test".to_owned(), about: Reference::Message(mid(about)), act }, at(minutes))
    }
}

/// Mails with distinct Message-IDs for each trust (two copies of one mail are the same entry), and actions with distinct keys.
fn any_world() -> impl Strategy<Value = Vec<Entry>> {
    let entries = proptest::collection::vec(prop_oneof![4 => any_mail(), 1 => any_action()], 1..14);
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

/// The table in small: references lead to bundles, bundles hold entries.
#[derive(Default)]
struct Shelf {
    references: HashMap<Reference, usize>,
    bundles: Vec<Vec<Entry>>,
    merged: HashMap<usize, usize>,
}

impl Shelf {
    fn root(&self, mut bundle: usize) -> usize {
        while let Some(next) = self.merged.get(&bundle) {
            bundle = *next;
        }
        bundle
    }

    fn file(&mut self, entry: &Entry) {
        let Some(fact) = entry.mail() else { return };
        let lookups = filing::lookups(fact);
        let found: Vec<usize> = lookups.iter().filter_map(|r| self.references.get(r)).map(|b| self.root(*b)).collect();
        let place = filing::place(&found);
        let home = place.home.unwrap_or_else(|| {
            self.bundles.push(Vec::new());
            self.bundles.len() - 1
        });
        for other in place.absorb {
            let entries = std::mem::take(&mut self.bundles[other]);
            self.bundles[home].extend(entries);
            self.merged.insert(other, home);
        }
        if !self.bundles[home].iter().any(|e| e.id == entry.id) {
            self.bundles[home].push(entry.clone());
        }
        for claim in filing::claims(fact) {
            self.references.entry(claim).or_insert(home);
        }
    }

    /// People act on what they see: their actions come to the bundle that their reference leads to.
    fn act(&mut self, entry: &Entry) {
        let Fact::Action(action) = &entry.fact else { return };
        if let Some(bundle) = self.references.get(&action.about).map(|b| self.root(*b))
            && !self.bundles[bundle].iter().any(|e| e.id == entry.id)
        {
            self.bundles[bundle].push(entry.clone());
        }
    }

    fn requests(&self) -> BTreeMap<String, Request> {
        self.bundles.iter().flat_map(|b| fold(b)).map(|r| (r.id.to_string(), r)).collect()
    }
}

fn shelve<'a>(entries: impl IntoIterator<Item = &'a Entry> + Clone) -> BTreeMap<String, Request> {
    let mut shelf = Shelf::default();
    for entry in entries.clone() {
        shelf.file(entry);
    }
    for entry in entries {
        shelf.act(entry);
    }
    shelf.requests()
}

fn shuffled(entries: &[Entry]) -> impl Strategy<Value = Vec<Entry>> + use<> {
    Just(entries.to_vec()).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Promise 8 on the fold alone: a set of entries has one meaning.
    #[test]
    fn any_order_and_any_repetition_fold_to_the_same_requests(
        (entries, other) in any_world().prop_flat_map(|e| { let s = shuffled(&e); (Just(e), s) })
    ) {
        let mut twice = other.clone();
        twice.extend(entries.iter().cloned());
        prop_assert_eq!(fold(&entries), fold(&other));
        prop_assert_eq!(fold(&entries), fold(&twice));
    }

    /// Promise 8 with the filing: mails find each other in whatever order they come, also when a thread's first mail comes last.
    #[test]
    fn any_order_of_arrival_files_the_same_requests(
        (entries, other) in any_world().prop_flat_map(|e| { let s = shuffled(&e); (Just(e), s) })
    ) {
        let mails: Vec<Entry> = entries.iter().filter(|e| e.mail().is_some()).cloned().collect();
        let others: Vec<Entry> = other.iter().filter(|e| e.mail().is_some()).cloned().collect();
        prop_assert_eq!(shelve(&mails), shelve(&others));
    }

    /// Promise 3: an unverified entry in a bundle (which filing never makes) would still change nothing.
    #[test]
    fn no_unverified_mail_changes_anything(entries in any_world(), n in 20u8..30, thread in proptest::collection::vec(0u8..10, 0..3),
        meaning in 0usize..9, own in proptest::option::of(0u8..3), minutes in 0i64..5_000)
    {
        let own = own.map(|id| (id, Place::Subject));
        let forged = mail(n, thread, Trust::Unverified, Meaning::ALL[meaning], own, minutes, true);
        let mut with = entries.clone();
        with.push(forged.clone());
        let state = |rs: Vec<Request>| -> Vec<(ShownId, Turn, EntryId, Option<Hold>)> {
            rs.into_iter().map(|r| (r.id, r.turn, r.opened_by, r.hold)).collect()
        };
        prop_assert_eq!(state(fold(&entries)), state(fold(&with)));
    }

    /// Promise 3: what was only forwarded never settles a request and never moves a turn to AWS that was ours.
    #[test]
    fn forwarded_mail_never_makes_a_loud_request_quiet(entries in any_world(), n in 20u8..30,
        thread in proptest::collection::vec(0u8..10, 0..3), meaning in 0usize..9, own in proptest::option::of(0u8..3))
    {
        let own = own.map(|id| (id, Place::Subject));
        let late = mail(n, thread, Trust::Forwarded, Meaning::ALL[meaning], own, 6_000, true);
        let before: HashMap<ShownId, Turn> = fold(&entries).into_iter().map(|r| (r.id, r.turn)).collect();
        let mut with = entries.clone();
        with.push(late);
        for after in fold(&with) {
            match (before.get(&after.id), after.turn) {
                (Some(Turn::Ours { .. }), Turn::Aws { .. }) => prop_assert!(false, "moved to AWS"),
                (Some(Turn::Aws { since: a }), Turn::Aws { since: b }) => prop_assert_eq!(*a, b, "the clock was restarted"),
                // A new request can only be settled by people.
                (None, Turn::Settled { .. }) => prop_assert!(after.steps.iter().any(|s| s.meaning.is_none()), "settled"),
                (Some(Turn::Aws { .. } | Turn::Ours { .. }), Turn::Settled { .. }) => prop_assert!(false, "settled"),
                _ => {}
            }
        }
    }

    /// A reply of ours that did not go to AWS moves no turn.
    #[test]
    fn no_mail_of_ours_without_an_aws_recipient_moves_a_turn(entries in any_world(), n in 20u8..30,
        thread in proptest::collection::vec(0u8..10, 1..3))
    {
        let aside = mail(n, thread, Trust::Own, Meaning::Ours, None, 6_000, false);
        let mut with = entries.clone();
        with.push(aside);
        let state = |rs: Vec<Request>| -> Vec<(ShownId, Turn, EntryId)> { rs.into_iter().map(|r| (r.id, r.turn, r.opened_by)).collect() };
        prop_assert_eq!(state(fold(&entries)), state(fold(&with)));
    }
}

#[test]
fn a_thread_with_two_aws_ids_is_two_requests_and_people_hear_of_it() {
    let a = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    let b = mail(2, vec![1], Trust::Verified, Meaning::Received, Some((2, Place::Subject)), 10, false);
    let reply = mail(3, vec![1, 2], Trust::Verified, Meaning::Question, None, 20, false);
    let requests = fold(&[reply, b.clone(), a]);
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|r| r.tangled));
    let first = requests.iter().find(|r| r.id.as_str() == aws_id(1).as_str()).unwrap();
    let second = requests.iter().find(|r| r.id.as_str() == aws_id(2).as_str()).unwrap();
    assert!(matches!(first.turn, Turn::Aws { .. }), "the first keeps its turn");
    assert_eq!(first.step(&b.id).and_then(|s| s.news), Some(News::Unclear), "the stray mail is told");
    assert!(matches!(second.turn, Turn::Ours { .. }), "a mail without an id goes to the nearest above it");
}

#[test]
fn an_approval_whose_id_stands_only_in_the_text_needs_its_thread() {
    let received = mail(1, vec![], Trust::Verified, Meaning::Received, Some((1, Place::Subject)), 0, false);
    let alone = mail(2, vec![], Trust::Verified, Meaning::Approved, Some((1, Place::Newest)), 10, false);
    let threaded = mail(3, vec![1], Trust::Verified, Meaning::Approved, Some((1, Place::Newest)), 10, false);
    let weak = fold(&[received.clone(), alone]);
    assert!(matches!(weak[0].turn, Turn::Ours { why: Why::ConfirmApproved, .. }));
    let strong = fold(&[received, threaded]);
    assert!(matches!(strong[0].turn, Turn::Settled { outcome: Outcome::Approved, .. }));
}

#[test]
fn an_acknowledgement_ends_with_the_next_mail_of_aws() {
    let received = mail(1, vec![], Trust::Verified, Meaning::Received, None, 0, false);
    let ack = |minutes| {
        let action = Action { by: "ann".to_owned(), about: Reference::Message(mid(1)), act: Act::Ack { until: at(9_000) } };
        Entry::of_action("k", action, at(minutes))
    };
    let question = mail(2, vec![1], Trust::Verified, Meaning::Question, None, 100, false);
    assert!(fold(&[received.clone(), ack(50)])[0].hold.is_some());
    assert!(fold(&[received.clone(), ack(50), question.clone()])[0].hold.is_none());
    assert!(fold(&[received, ack(150), question])[0].hold.is_some());
}
