//! Tombstones: what is forgotten leads nowhere, whoever had read it before loses, and half a forgetting is found again.

use domain::ids::MessageId;
use domain::request::Reference;
use store::{Commit, Work};

use super::{ID, adds, bundle, change, commit, letter, note, one};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_tombstone_ends_every_change_that_was_decided_before() {
    let mut world = World::new().await;
    world.ignore_alerts();
    let read = one(&world).await;
    let (begin, write) = (world.store.begin_forgetting(&read, ID, "ann", world.now()), change(&read, note(&world, "late")));
    let (a, b) = tokio::join!(begin, world.store.commit(&write));
    let mut ends = [a.unwrap(), b.unwrap()];
    ends.sort_by_key(|end| *end == Commit::Lost);
    assert_eq!(ends, [Commit::Done, Commit::Lost], "one of them");
    if world.store.bundle(&read.address).await.unwrap().is_some() {
        let now = bundle(&world, ID).await;
        assert_eq!(world.store.begin_forgetting(&now, ID, "ann", world.now()).await.unwrap(), Commit::Done);
    }
    assert!(world.store.bundle(&read.address).await.unwrap().is_none());
    assert_eq!(world.store.commit(&write).await.unwrap(), Commit::Lost);
    let mut stale = read.clone();
    assert_eq!(world.store.look_again(&mut stale, None).await.unwrap(), Commit::Lost);
}

/// More mails than one batch get or one transaction holds; and a forgetting that stopped is in the index of work.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_bundle_is_forgotten_whole_and_an_unfinished_one_is_due() {
    let mut world = World::new().await;
    world.ignore_alerts();
    one(&world).await;
    for n in 0..30 {
        let mut mail = letter(0);
        mail.id = format!("more-{n}@amazon");
        world.mail(&mail.bytes()).await;
    }
    let read = bundle(&world, ID).await;
    let mut claims = adds(&read, vec![note(&world, "names")]);
    claims.claims = (0..20).map(|n| Reference::Message(MessageId::parse(&format!("named-{n}@amazon")).unwrap())).collect();
    assert_eq!(commit(&world, claims).await, Commit::Done);
    let read = bundle(&world, ID).await;
    assert_eq!(world.store.begin_forgetting(&read, ID, "ann", world.now()).await.unwrap(), Commit::Done);

    world.advance_to("2026-11-20T10:01:00Z");
    let mut due = Vec::new();
    for shard in 0..store::WORK_SHARDS {
        let found = world.store.work(shard, world.now(), world.now(), None, 10).await.unwrap();
        due.extend(found.work.into_iter().map(|due| due.work));
    }
    assert_eq!(due, [Work::Bundle(read.address.clone())]);
    let erased = world.store.finish_forgetting(&read.address).await.unwrap().unwrap();
    assert_eq!((erased.objects.len(), erased.entries), (31, 32));
    assert!(world.store.finish_forgetting(&read.address).await.unwrap().is_none(), "nothing is left");
    for name in [ID, "m0@amazon", "more-29@amazon"] {
        assert!(world.store.find(name).await.unwrap().is_none(), "{name}");
        assert!(name == ID || world.store.mail(name).await.unwrap().unwrap().is_forgotten(), "{name}");
    }
    assert_eq!(world.store.next_work().await.unwrap(), None);
    let begun_by = read.entries.iter().find(|e| store::Address::beginning_with(&e.id) == read.address).unwrap();
    assert_eq!(world.store.forgotten_at(&begun_by.id).await.unwrap(), Some("2026-11-20T10:00:00Z".parse().unwrap()));
}
