//! One transaction on the condition of what was read: all of it or nothing, and a lost race is a value.

use domain::alert::{Alert, AlertId, Cause, State, Step};
use domain::ids::MessageId;
use domain::request::Reference;
use store::{BundleChange, Change, Commit};

use super::{ID, adds, bundle, change, commit, id, letter, note, one};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_an_old_version_is_lost_and_writes_nothing() {
    let world = World::new().await;
    let read = one(&world).await;
    let first = change(&read, note(&world, "one"));
    let second = change(&read, note(&world, "two"));
    let (a, b) = tokio::join!(world.store.commit(&first), world.store.commit(&second));
    let ends = [a.unwrap(), b.unwrap()];
    assert_eq!(ends.iter().filter(|e| **e == Commit::Done).count(), 1, "{ends:?}");
    let after = bundle(&world, ID).await;
    assert_eq!(after.version, read.version + 1);
    assert_eq!(after.entries.len(), read.entries.len() + 1);
    assert_eq!(world.store.commit(&first).await.unwrap(), Commit::Lost, "a repeat is lost too: nothing is doubled");
    assert_eq!(bundle(&world, ID).await, after);
}

/// Six at once, each reading again when it lost: all of them end up in it, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_are_all_kept_when_each_that_lost_reads_again() {
    let world = World::new().await;
    one(&world).await;
    let writer = async |n: usize| {
        let mut lost = 0;
        while commit(&world, adds(&bundle(&world, ID).await, vec![note(&world, &format!("note {n}"))])).await == Commit::Lost {
            lost += 1;
            assert!(lost < 200, "note {n} never gets through");
        }
    };
    tokio::join!(writer(0), writer(1), writer(2), writer(3), writer(4), writer(5));
    let after = bundle(&world, ID).await;
    assert_eq!((after.entries.len(), after.version), (7, 7));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_beginnings_that_claim_one_unseen_reference_do_not_both_win() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let model = one(&world).await;
    let shared = Reference::Message(MessageId::parse("nobody-saw-it@amazon").unwrap());
    let begins = |key: &str| {
        let mut begun = adds(&model, vec![note(&world, key)]);
        begun.before = None;
        begun.claims = vec![shared.clone()];
        Change { bundle: Some(begun), ..Change::default() }
    };
    let (first, second) = (begins("first"), begins("second"));
    let (a, b) = tokio::join!(world.store.commit(&first), world.store.commit(&second));
    let mut ends = [a.unwrap(), b.unwrap()];
    ends.sort_by_key(|end| *end == Commit::Lost);
    assert_eq!(ends, [Commit::Done, Commit::Lost]);
    let winner = bundle(&world, "nobody-saw-it@amazon").await;
    assert_eq!((winner.entries.len(), winner.version), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_moves_nothing_and_is_lost_when_either_side_changed() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&letter(0).bytes()).await;
    world.mail(&letter(1).bytes()).await;
    let (home, other) = (bundle(&world, ID).await, bundle(&world, &id(1)).await);
    let merged = |home: &store::Bundle, other: &store::Bundle, key: &str| {
        let mut both = home.clone();
        both.absorb(other.clone());
        BundleChange { absorb: vec![other.clone()], ..adds(&both, vec![note(&world, key)]) }
    };
    // The absorbed side changes after it was read.
    assert_eq!(world.store.commit(&change(&other, note(&world, "late"))).await.unwrap(), Commit::Done);
    assert_eq!(commit(&world, merged(&home, &other, "stale")).await, Commit::Lost);
    assert_eq!(bundle(&world, ID).await, home, "nothing of it was written");

    let other = bundle(&world, &id(1)).await;
    assert_eq!(commit(&world, merged(&home, &other, "merge")).await, Commit::Done);
    let after = bundle(&world, ID).await;
    assert_eq!(bundle(&world, &id(1)).await, after, "both lead to the survivor");
    assert_eq!((after.address.clone(), after.entries.len()), (home.address.clone(), 4));
    // What was decided on the absorbed one is lost, and so is a second merge.
    assert_eq!(world.store.commit(&change(&other, note(&world, "too late"))).await.unwrap(), Commit::Lost);
    assert_eq!(commit(&world, merged(&home, &other, "again")).await, Commit::Lost);
    let mut absorbed = other.clone();
    assert_eq!(world.store.look_again(&mut absorbed, None).await.unwrap(), Commit::Lost);
    // A third one is followed over two hops.
    world.mail(&letter(2).bytes()).await;
    let third = bundle(&world, &id(2)).await;
    assert_eq!(commit(&world, merged(&third, &after, "third")).await, Commit::Done);
    let last = bundle(&world, &id(1)).await;
    assert_eq!((last.address, last.entries.len()), (third.address, 6));
}

/// More than a transaction of ours holds: the rest stays owed, and the bundle due.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_into_the_transaction_leaves_the_bundle_due() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let read = one(&world).await;
    let mut grown = adds(&read, vec![note(&world, "one")]);
    grown.alerts = (1..=40)
        .map(|n| {
            let id = AlertId { opening: "x".to_owned(), cause: Cause::Test, step: Step::Nth(n) };
            Alert { id, state: State::Pending { at: world.now() }, standing: false, made: world.now(), attempts: 0, skipped: 0 }
        })
        .collect();
    assert_eq!(commit(&world, grown).await, Commit::Done);
    let after = bundle(&world, ID).await;
    assert!(after.alerts.len() > 15 && after.alerts.len() < 25, "{}", after.alerts.len());
    assert_eq!(after.look_at, Some(world.now()));
}
