//! The sparse index of work: what has a time, in the order of time, page by page; and the claims that guard each sending.

use std::collections::BTreeSet;

use domain::alert::{Alert, AlertId, Cause, Planned, State, Step};
use jiff::{SignedDuration, Timestamp};
use store::{Claim, Commit, WORK_SHARDS, Work};

use super::{ID, bundle, letter, one};
use crate::world::World;

/// All that is due, from pages of this length, in the order of each shard.
async fn due(world: &World, now: Timestamp, limit: i32) -> Vec<Work> {
    let mut all = Vec::new();
    for shard in 0..WORK_SHARDS {
        let mut from = None;
        for page in 0.. {
            assert!(page < 100, "the index does not end");
            let found = world.store.work(shard, now, now, from, limit).await.unwrap();
            assert!(found.work.len() <= usize::try_from(limit).unwrap());
            assert!(found.unknown.is_empty(), "{:?}", found.unknown);
            all.extend(found.work.into_iter().map(|due| due.work));
            from = found.next;
            if from.is_none() {
                break;
            }
        }
    }
    all
}

fn planned(opening: &str) -> Planned {
    let id = AlertId { opening: opening.to_owned(), cause: Cause::OurTurn, step: Step::Nth(1) };
    Planned { id, request: 0, standing: true, skipped: 0, reminder: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_a_time_is_in_it_and_only_from_that_time_on() {
    let world = World::new().await;
    let mut read = one(&world).await;
    let at = read.look_at.unwrap();
    let second = SignedDuration::from_secs(1);
    assert!(due(&world, at - second, 10).await.is_empty());
    assert_eq!(due(&world, at, 10).await, [Work::Bundle(read.address.clone())], "at that very time");
    assert_eq!(world.store.next_work().await.unwrap(), Some(at));

    assert_eq!(world.store.look_again(&mut read, None).await.unwrap(), Commit::Done);
    assert!(due(&world, at + second, 10).await.is_empty(), "without a time it is not in it");
    assert_eq!(world.store.next_work().await.unwrap(), None);
    assert_eq!(world.store.look_again(&mut read, Some(at + second)).await.unwrap(), Commit::Done);
    assert!(due(&world, at, 10).await.is_empty());
    assert_eq!(due(&world, at + second, 10).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_due_comes_first_and_pages_of_any_length_show_each_once() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let start: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
    let mut times = Vec::new();
    for n in 0..13 {
        world.mail(&letter(n).bytes()).await;
        let mut read = bundle(&world, &super::id(n)).await;
        // In another order than they came, two of them at the same time.
        let at = start + SignedDuration::from_mins(i64::try_from(n * 7 % 12).unwrap());
        assert_eq!(world.store.look_again(&mut read, Some(at)).await.unwrap(), Commit::Done);
        times.push((read.address, at));
    }
    let at_of = |work: &Work| match work {
        Work::Bundle(address) => times.iter().find(|(a, _)| a == address).unwrap().1,
        other => panic!("{other:?}"),
    };
    for limit in [1, 2, 5, 100] {
        let all = due(&world, start + SignedDuration::from_hours(1), limit).await;
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), 13, "limit {limit}");
        let steps_back = all.windows(2).filter(|w| at_of(&w[0]) > at_of(&w[1])).count();
        assert!(steps_back < usize::from(WORK_SHARDS), "limit {limit}: in order within each shard");
        let half = start + SignedDuration::from_mins(5);
        let some: BTreeSet<Timestamp> = due(&world, half, limit).await.iter().map(at_of).collect();
        assert!(some.len() == 6 && some.iter().all(|at| *at <= half), "limit {limit}: {some:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_ahead_sees_whether_an_alert_waits_and_nothing_as_due_before_its_time() {
    let world = World::new().await;
    let mut read = one(&world).await;
    let minutes = |n| world.now() + SignedDuration::from_mins(n);
    assert_eq!(world.store.look_again(&mut read, Some(minutes(5))).await.unwrap(), Commit::Done);
    let ahead = async |until, limit| {
        let (mut work, mut waits) = (0, false);
        for shard in 0..WORK_SHARDS {
            let found = world.store.work(shard, world.now(), until, None, limit).await.unwrap();
            assert!(found.next.is_none(), "what is not due yet is not paged through");
            work += found.work.len();
            waits |= found.waits;
        }
        (work, waits)
    };
    assert_eq!(ahead(minutes(10), 10).await, (0, false), "a request that will be looked at is no alert");
    let Claim::Won(alert) = world.store.claim(&mut read, &planned("x"), "one", Some(minutes(5)), world.now()).await.unwrap() else {
        panic!("nobody else claims")
    };
    assert_eq!(ahead(minutes(1), 10).await, (0, false), "its lease ends later");
    assert_eq!(ahead(minutes(10), 10).await, (0, true));
    let place = read.alert(&alert.id).unwrap().0.clone();
    assert_eq!(world.store.settle(&place, &alert, State::Retry { at: minutes(7) }).await.unwrap(), Commit::Done);
    assert_eq!(ahead(minutes(10), 10).await, (0, true), "behind the request");
    assert_eq!(ahead(minutes(10), 1).await, (0, true), "what was not read may be one");
    let Commit::Done = world.store.settle(&place, &Alert { state: State::Retry { at: minutes(7) }, ..alert }, sent(&world)).await.unwrap()
    else {
        panic!("nobody else settles")
    };
    assert_eq!(ahead(minutes(10), 10).await, (0, false), "what was sent does not wait");
}

fn sent(world: &World) -> State {
    State::Sent { at: world.now() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_on_an_old_version_is_lost() {
    let world = World::new().await;
    let mut read = one(&world).await;
    let mut stale = read.clone();
    assert_eq!(world.store.look_again(&mut read, None).await.unwrap(), Commit::Done);
    assert_eq!(world.store.look_again(&mut stale, None).await.unwrap(), Commit::Lost);
    assert_eq!(world.store.look_again(&mut read, Some(world.now())).await.unwrap(), Commit::Done);
    let claim = world.store.claim(&mut stale, &planned("x"), "one", None, world.now()).await.unwrap();
    assert_eq!(claim, Claim::Lost);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_claims_at_once_one_wins_and_after_the_lease_another_may() {
    let world = World::new().await;
    let read = one(&world).await;
    let (mut a, mut b) = (read.clone(), read);
    let plan = planned("x");
    let (one, two) = tokio::join!(
        world.store.claim(&mut a, &plan, "one", None, world.now()),
        world.store.claim(&mut b, &plan, "two", None, world.now())
    );
    let claims = [one.unwrap(), two.unwrap()];
    assert_eq!(claims.iter().filter(|c| **c == Claim::Lost).count(), 1, "{claims:?}");
    let mut read = bundle(&world, ID).await;
    let first = read.alerts[0].clone();
    assert!(matches!(first.state, State::Sending { .. }) && first.attempts == 1, "the attempt is recorded before it is made: {first:?}");

    // After its lease it is claimed again, under the same identity; whoever was slow settles nothing.
    let later = world.now() + SignedDuration::from_secs(91);
    let place = read.alert(&first.id).unwrap().0.clone();
    let claim = world.store.claim(&mut read, &plan, "three", None, later).await.unwrap();
    let Claim::Won(second) = claim else { panic!("{claim:?}") };
    assert_eq!((second.attempts, &second.id), (2, &first.id));
    assert_eq!(world.store.settle(&place, &first, State::Sent { at: later }).await.unwrap(), Commit::Lost);
    assert_eq!(world.store.settle(&place, &second, State::Sent { at: later }).await.unwrap(), Commit::Done);
    assert_eq!(world.store.settle(&place, &second, State::Sent { at: later }).await.unwrap(), Commit::Lost, "once");
    let read = bundle(&world, ID).await;
    assert!(read.alerts.len() == 1 && matches!(read.alerts[0].state, State::Sent { .. }));
    assert!(due(&world, later + SignedDuration::from_hours(1), 10).await.is_empty(), "what was sent is no work");
}
