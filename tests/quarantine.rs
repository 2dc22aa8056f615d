//! Mail in quarantine: listed in pages, told at most once an hour, and once a day when there is much.

use api::quarantine::page;
use domain::alert::{Cause, DAY_MAX};
use domain::ids::MessageId;
use store::{Change, MailRecord, StoredMail, Summary};

use crate::world::World;

/// Mails stored in quarantine at a time, as ingest stores them.
async fn store(world: &World, name: &str, count: usize, at: &str, names_open: bool) {
    let at = at.parse().unwrap();
    for n in 0..count {
        let mail = StoredMail {
            message_id: MessageId::parse(&format!("{name}-{n}@evil")).unwrap(),
            trust: domain::trust::Trust::Unverified,
            ending: "quarantined".into(),
            why: "claims to be AWS".into(),
            object: format!("{name}-{n}"),
            from: "x@evil.example".into(),
            subject: format!("{name} {n}"),
            stored: at,
            names_open,
        };
        let record = MailRecord { mail, supersedes: Vec::new(), object_only: false };
        let change = Change { mail: Some(record), summary: Some(Summary::of(Cause::Quarantine, at)), ..Change::default() };
        world.store.commit(&change).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_an_open_request_stands_first_over_all_pages() {
    let mut world = World::new().await;
    world.ignore_alerts();
    store(&world, "old-open", 3, "2026-11-20T08:00:00Z", true).await;
    store(&world, "new", 7, "2026-11-20T09:00:00Z", false).await;
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    let mut pages = 0;
    loop {
        let page = page(&world.store, after.as_deref(), 2, world.now()).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|mail| (mail.names_open, mail.subject)));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(pages >= 5, "{pages}");
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (10, 10), "each once: {seen:?}");
    assert!(seen.iter().take(3).all(|(open, _)| *open) && seen.iter().skip(3).all(|(open, _)| !open), "{seen:?}");
    assert!(page(&world.store, Some("elsewhere"), 2, world.now()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn above_a_hundred_in_a_day_people_hear_once_more_and_then_of_the_day() {
    let world = World::new().await;
    store(&world, "early", 60, "2026-11-20T10:10:00Z", false).await;
    world.advance_to("2026-11-20T11:01:00Z");
    world.sweep().await;
    assert!(!world.expect_alert("CHECK MAIL 60").body.contains("More than"));
    store(&world, "flood", DAY_MAX - 59, "2026-11-20T11:10:00Z", false).await;
    world.advance_to("2026-11-20T12:01:00Z");
    world.sweep().await;
    assert!(world.expect_alert("CHECK MAIL 41").body.contains("More than 100 came today"));
    // From now on: silence until the day is over, also about one that names an open request.
    store(&world, "later", 1, "2026-11-20T12:10:00Z", true).await;
    store(&world, "last", 1, "2026-11-20T23:10:00Z", false).await;
    for at in ["2026-11-20T13:01:00Z", "2026-11-21T00:01:00Z"] {
        world.advance_to(at);
        assert_eq!(world.sweep().await.withdrawn, 1, "{at}");
        world.expect_silence();
    }
    world.advance_to("2026-11-21T00:02:00Z");
    world.sweep().await;
    let day = world.expect_alert("CHECK MAIL 103 in quarantine, 1 naming");
    assert_eq!(day.alert_id, "2026-11-20:quarantine:1");
    assert!(day.body.find("later 0") < day.body.find("last 0"), "those that name an open request first: {}", day.body);
    // The next day begins anew.
    store(&world, "next", 1, "2026-11-21T00:10:00Z", false).await;
    world.advance_to("2026-11-21T01:01:00Z");
    world.sweep().await;
    world.expect_alert("CHECK MAIL 1 ");
    assert_eq!(world.sweep().await.looked, 0);
}
