//! What goes by itself: sessions and login codes, and nothing else. A half-expired request would come back from the dead.

use domain::alert::Cause;
use jiff::{SignedDuration, Timestamp};
use store::{Change, Commit, Scope, Session, Summary, Token};

use super::{ID, bundle, letter, one};
use crate::world::World;

fn token(hash: &str, made: Timestamp) -> Token {
    let ends = made + SignedDuration::from_hours(24 * 366);
    Token { hash: hash.to_owned(), name: "laptop".to_owned(), scope: Scope::Write, made, ends, used: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_sessions_and_login_codes_carry_an_expiry_and_it_is_their_end() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let ends = world.now() + SignedDuration::from_hours(8);
    let session = Session { hash: "s".into(), csrf: "c".into(), name: "ann".into(), scope: Scope::Read, ends, token: None };
    world.store.put_session(&session).await.unwrap();
    world.store.put_code("code", "ann", ends).await.unwrap();
    world.store.put_token(&token("t", world.now())).await.unwrap();
    // Everything else that the product keeps, a tombstone and a merged head included.
    one(&world).await;
    world.mail(&letter(1).bytes()).await;
    world.mail(&letter(2).forged().bytes()).await;
    let gone = bundle(&world, ID).await;
    assert_eq!(world.store.begin_forgetting(&gone, ID, "ann", world.now()).await.unwrap(), Commit::Done);
    let summary = Change { summary: Some(Summary::of(Cause::Quarantine, world.now())), ..Change::default() };
    assert_eq!(world.store.commit(&summary).await.unwrap(), Commit::Done);
    world.advance_to("2026-11-22T10:30:00Z");
    world.sweep().await;
    world.store.plan_audit(world.now()).await.unwrap();

    let pages = world.client.scan().table_name(&world.engine.table).into_paginator().items().send();
    let items = pages.collect::<Result<Vec<_>, _>>().await.unwrap();
    let mut with = 0;
    for item in &items {
        let pk = item["pk"].as_s().unwrap();
        let expires = item.get(store::table::TTL);
        assert_eq!(expires.is_some(), pk.starts_with("T#session#") || pk.starts_with("T#code#"), "{item:?}");
        if let Some(expires) = expires {
            assert_eq!(expires.as_n().unwrap().parse::<i64>().unwrap(), ends.as_second(), "in seconds since 1970");
            with += 1;
        }
    }
    assert_eq!(with, 2);
    assert!(items.len() > 12, "everything was looked at: {}", items.len());
}

/// The engine removes them up to two days late: whoever reads looks at the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once_and_not_after_its_end_and_a_revoked_token_stays_gone() {
    let world = World::new().await;
    let ends = world.now() + SignedDuration::from_mins(10);
    world.store.put_code("one", "ann", ends).await.unwrap();
    let (a, b) = tokio::join!(world.store.take_code("one", world.now()), world.store.take_code("one", world.now()));
    let mut taken = [a.unwrap(), b.unwrap()];
    taken.sort();
    assert_eq!(taken, [None, Some("ann".to_owned())]);
    world.store.put_code("two", "ann", ends).await.unwrap();
    assert_eq!(world.store.take_code("two", ends).await.unwrap(), None, "at its end it is over");

    for n in 0..3 {
        world.store.put_token(&token(&format!("t{n}"), world.now() - SignedDuration::from_mins(n))).await.unwrap();
    }
    let hashes: Vec<String> = world.store.tokens().await.unwrap().into_iter().map(|t| t.hash).collect();
    assert_eq!(hashes, ["t2", "t1", "t0"], "the oldest first");
    let known = world.store.token("t1").await.unwrap().unwrap();
    assert!(world.store.revoke_token("t1").await.unwrap());
    assert!(!world.store.revoke_token("t1").await.unwrap());
    assert_eq!(world.store.token_used(&known, world.now()).await.unwrap(), Commit::Lost);
    assert!(world.store.token("t1").await.unwrap().is_none());
    assert_eq!(world.store.tokens().await.unwrap().len(), 2);
}
