//! The store's contract: conditions that fail, versions that race, pages, unknown ids, and items that come back as they went in.

use std::collections::BTreeSet;

use domain::alert::{Alert, AlertId, Cause, Step};
use domain::classify::{Facts, Family, HostName, Limit, ResourceId};
use domain::ids::{AccountId, AwsId, EntryId, MessageId, Region};
use domain::request::{Act, Action, Belongs, Entry, Outcome, Reference, Submitted, fold};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::{BundleChange, Change, Commit, Filter, ListedTurn};

use crate::world::{Letter, World};

fn letter(n: usize) -> Vec<u8> {
    let text =
        format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: 17000000003{n:04}\r\n");
    Letter::aws(&format!("m{n}@amazon"), "2026-11-20T10:00:00Z", "Your request", &text).bytes()
}

fn action(world: &World, key: &str, act: Act) -> Entry {
    let about = Reference::Aws(AwsId::parse("170000000030000").unwrap());
    Entry::of_action(key, Action { by: "ann".to_owned(), about, act, why: Some("it is spam".into()) }, world.now())
}

async fn one(world: &World) -> store::Bundle {
    world.mail(&letter(0)).await;
    let address = world.store.find("170000000030000").await.unwrap().unwrap();
    world.store.bundle(&address).await.unwrap().unwrap()
}

fn change(bundle: &store::Bundle, entry: Entry) -> Change {
    let mut entries = bundle.entries.clone();
    entries.push(entry.clone());
    let requests = fold(&entries);
    let bundle = BundleChange {
        before: Some(bundle.clone()),
        absorb: Vec::new(),
        entries: vec![entry],
        claims: Vec::new(),
        keys: Vec::new(),
        requests,
        alerts: Vec::new(),
        look_at: None,
    };
    Change { bundle: Some(bundle), ..Change::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_an_old_version_is_lost_and_writes_nothing() {
    let world = World::new().await;
    let bundle = one(&world).await;
    let first = change(&bundle, action(&world, "one", Act::Note("first".to_owned())));
    let second = change(&bundle, action(&world, "two", Act::Note("second".to_owned())));
    let (a, b) = tokio::join!(world.store.commit(&first), world.store.commit(&second));
    let ends = [a.unwrap(), b.unwrap()];
    assert_eq!(ends.iter().filter(|e| **e == Commit::Done).count(), 1, "{ends:?}");
    let after = world.store.bundle(&bundle.address).await.unwrap().unwrap();
    assert_eq!(after.version, bundle.version + 1);
    assert_eq!(after.entries.len(), bundle.entries.len() + 1);
    assert_eq!(world.store.commit(&first).await.unwrap(), Commit::Lost, "a repeat is lost too: nothing is doubled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_on_an_old_version_is_lost() {
    let world = World::new().await;
    let mut bundle = one(&world).await;
    let mut stale = bundle.clone();
    assert_eq!(world.store.look_again(&mut bundle, None).await.unwrap(), Commit::Done);
    assert_eq!(world.store.look_again(&mut stale, None).await.unwrap(), Commit::Lost);
    assert_eq!(world.store.look_again(&mut bundle, Some(world.now())).await.unwrap(), Commit::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_ids_lead_nowhere() {
    let world = World::new().await;
    for unknown in ["170000000099999", "p25-aaaaaaaaaa", "nobody@nowhere", "", "<>", "../../etc", &"x".repeat(3_000)] {
        assert!(world.store.find(unknown).await.unwrap().is_none(), "{unknown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_several_pages_shows_each_request_once() {
    let mut world = World::new().await;
    world.ignore_alerts();
    for n in 0..23 {
        world.mail(&letter(n)).await;
    }
    for limit in [1, 5, 23, 100] {
        let mut seen = BTreeSet::new();
        let mut from = None;
        let mut pages = 0;
        loop {
            let page = world.store.list(&Filter::default(), from.as_ref(), limit).await.unwrap();
            assert!(page.items.len() <= limit);
            for head in page.items {
                assert!(seen.insert(head.id.to_string()), "shown twice");
            }
            pages += 1;
            assert!(pages < 60, "the list does not end");
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 23, "limit {limit}");
    }
    let none = Filter { turn: Some(ListedTurn::Settled), ..Filter::default() };
    assert!(world.store.list(&none, None, 10).await.unwrap().items.is_empty());
}

/// Every kind of action and alert comes back as it went in.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_what_is_read() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let mut bundle = one(&world).await;
    let until = world.now();
    let target = EntryId::of_action("x");
    let regions: Vec<Region> = ["eu-west-1", "us-east-1"].iter().filter_map(|r| Region::parse(r)).collect();
    let acts = [
        Act::Replied,
        Act::Settle(Outcome::Closed),
        Act::Reopen,
        Act::Ack { until },
        Act::Snooze { until },
        Act::Note("日本語 \u{1F600} \"quotes\" \\ ".to_owned()),
        Act::Register(Box::new(Submitted::new(Family::Abuse, AccountId::parse("123456789012"), &regions, "日本語").unwrap())),
        Act::Register(Box::new(Submitted::new(Family::Other, None, &[], "x").unwrap())),
        Act::Judge { target: target.clone(), meaning: domain::classify::Meaning::Denied, request: None },
        Act::Judge { target, meaning: domain::classify::Meaning::Irrelevant, request: AwsId::parse("170000000030009").map(Belongs::Aws) },
    ];
    let mut written = bundle.entries.clone();
    for (n, act) in acts.into_iter().enumerate() {
        let entry = action(&world, &format!("act-{n}"), act);
        written.push(entry.clone());
        let mut change = change(&bundle, entry.clone());
        let id = AlertId {
            opening: entry.id.to_string(),
            cause: Cause::ALL[n],
            step: if n == 0 { Step::Resolved } else { Step::Nth(n as u32) },
        };
        let state = domain::alert::State::Pending { at: world.now() };
        let alert = Alert { id, state, standing: n % 2 == 0, made: world.now(), attempts: n as u32, skipped: 3 };
        change.bundle.as_mut().unwrap().alerts = vec![alert.clone()];
        assert_eq!(world.store.commit(&change).await.unwrap(), Commit::Done);
        bundle = world.store.bundle(&bundle.address).await.unwrap().unwrap();
        assert!(bundle.alerts.contains(&alert));
    }
    let order = |e: &Entry| e.id.clone();
    written.sort_by_key(order);
    bundle.entries.sort_by_key(order);
    assert_eq!(bundle.entries, written);
}

/// Mail entries of any content round-trip through their item.
#[tokio::test(flavor = "multi_thread")]
async fn any_mail_fact_comes_back_as_it_went_in() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let mut bundle = one(&world).await;
    let model = bundle.entries[0].clone();
    let mut runner = TestRunner::deterministic();
    let any = (
        any::<String>(),
        any::<String>(),
        proptest::collection::vec("[a-z]{1,9}@[a-z]{1,9}", 0..12),
        any::<bool>(),
        0usize..9,
        0usize..8,
        0i64..2_000_000_000,
        (
            proptest::collection::vec(any::<std::net::IpAddr>(), 0..16),
            proptest::collection::vec("[a-z]{1,9}\\.[a-z]{2,9}", 0..10),
            proptest::collection::vec("(i|nat|eipalloc)-[0-9a-f]{17}", 0..16),
            proptest::collection::vec("[1-9][0-9]{0,2}(,[0-9]{3})?(| messages)(| per day| per second)", 0..8),
            proptest::option::of(any::<String>()),
        ),
    );
    for n in 0..60 {
        let (subject, excerpt, thread, flag, meaning, family, seconds, (addresses, names, resources, limits, reason)) =
            any.new_tree(&mut runner).unwrap().current();
        let mut entry = model.clone();
        let domain::request::Fact::Mail(fact) = &mut entry.fact else { panic!("a mail") };
        fact.message_id = MessageId::parse(&format!("any-{n}@amazon")).unwrap();
        fact.subject = subject;
        fact.excerpt = excerpt;
        fact.thread = thread.iter().filter_map(|t| MessageId::parse(t)).collect();
        fact.to_aws = flag;
        fact.also_denied = !flag;
        fact.meaning = domain::classify::Meaning::ALL[meaning];
        fact.family = domain::classify::Family::ALL[family];
        // An entry without facts has no attribute of them, as one that was written before there were any.
        fact.facts = Facts {
            addresses,
            names: names.iter().filter_map(|n| HostName::parse(n)).collect(),
            resources: resources.iter().filter_map(|r| ResourceId::parse(r)).collect(),
            limits: limits.iter().filter_map(|l| Limit::parse(l)).collect(),
            reason,
        };
        entry.at = jiff::Timestamp::from_second(seconds).unwrap();
        entry.id = EntryId::of_mail(fact.trust, &fact.message_id);
        assert_eq!(world.store.commit(&change(&bundle, entry.clone())).await.unwrap(), Commit::Done);
        bundle = world.store.bundle(&bundle.address).await.unwrap().unwrap();
        assert!(bundle.entries.contains(&entry));
    }
}
