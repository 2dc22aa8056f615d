//! Items come back as they went in, in pages as long as they are; what is too large is refused whole.

use domain::alert::{Alert, AlertId, Cause, Step};
use domain::classify::{Facts, Family, HostName, Limit, ResourceId};
use domain::ids::{AccountId, AwsId, EntryId, MessageId, Region};
use domain::request::{Act, Belongs, Entry, Fact, Outcome, Submitted};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::Commit;

use super::{action, adds, bundle, change, commit, one};
use crate::world::World;

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
        let Fact::Mail(fact) = &mut entry.fact else { panic!("a mail") };
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

/// A mail like the first one of this bundle, with an excerpt of this many bytes.
fn long(bundle: &store::Bundle, n: usize, bytes: usize) -> Entry {
    let mut entry = bundle.entries[0].clone();
    let Fact::Mail(fact) = &mut entry.fact else { panic!("a mail") };
    fact.message_id = MessageId::parse(&format!("long-{n}@amazon")).unwrap();
    fact.excerpt = "x".repeat(bytes);
    entry.id = EntryId::of_mail(fact.trust, &fact.message_id);
    entry
}

/// A query gives a megabyte at most, and says where to go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_longer_than_a_page_of_the_engine_is_read_whole_and_in_order() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let mut read = one(&world).await;
    for some in [0..8, 8..16, 16..24] {
        let entries = some.map(|n| long(&read, n, 100_000)).collect();
        assert_eq!(commit(&world, adds(&read, entries)).await, Commit::Done);
        read = bundle(&world, super::ID).await;
    }
    assert_eq!((read.entries.len(), read.version), (25, 4));
    for n in 0..24 {
        assert!(read.entries.contains(&long(&read, n, 100_000)), "{n}");
    }
    // The head comes first, so what is written between two pages makes a change on them a lost one.
    let stale = read.clone();
    assert_eq!(commit(&world, adds(&read, vec![long(&stale, 24, 10)])).await, Commit::Done);
    assert_eq!(commit(&world, adds(&stale, vec![long(&stale, 25, 10)])).await, Commit::Lost);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_just_below_the_engines_limit_is_written_and_one_above_it_is_an_error_that_writes_nothing() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let read = one(&world).await;
    let too_long = change(&read, long(&read, 0, 400 * 1024));
    let error = world.store.commit(&too_long).await.unwrap_err();
    assert!(matches!(error, store::StoreError::Call { .. }), "a refusal is no lost race: {error:?}");
    assert_eq!(bundle(&world, super::ID).await, read, "nothing of it was written");
    let fits = long(&read, 1, 396 * 1024);
    assert_eq!(world.store.commit(&change(&read, fits.clone())).await.unwrap(), Commit::Done);
    assert!(bundle(&world, super::ID).await.entries.contains(&fits));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_names_and_hostile_ones_are_kept_and_found() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let names = [format!("{}@amazon", "a".repeat(990)), "quo\"te'%00\\#R#A#1@amazon".to_owned(), "日本語@amazon".to_owned()];
    for (n, name) in names.iter().enumerate() {
        let mut letter = super::letter(n);
        letter.id.clone_from(name);
        let filed = world.mail(&letter.bytes()).await;
        let entry = filed.entry.unwrap();
        let read = bundle(&world, &super::id(n)).await;
        let mail = read.entries.iter().find(|e| e.id == entry).and_then(Entry::mail).unwrap();
        // Whatever reading made of it, by that it is found.
        let found = world.store.find(mail.message_id.as_str()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&read.address), "{name}");
        assert_eq!(world.store.mail(mail.message_id.as_str()).await.unwrap().map(|m| m.message_id), Some(mail.message_id.clone()));
    }
}
