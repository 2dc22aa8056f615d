//! The audit: mail that reached the bucket and never ingest is found within hours, and brought again.

use std::sync::Mutex;

use alert::audit::{Mailroom, MailroomError, Object, ObjectPage, PAGE, audit_all};
use jiff::{SignedDuration, Timestamp};

use crate::world::{Letter, World, notification};

const ID: &str = "170000000080001";

/// A bucket of which ingest may have heard nothing.
struct Room<'a> {
    world: &'a World,
    objects: Vec<Object>,
    /// Keys brought again, in order.
    brought: Mutex<Vec<String>>,
    deaf: bool,
}

impl<'a> Room<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, objects: Vec::new(), brought: Mutex::default(), deaf: false }
    }

    fn put(&mut self, key: &str, at: &str) {
        self.objects.push(Object { key: key.to_owned(), modified: at.parse().unwrap() });
        self.objects.sort_by(|a, b| a.key.cmp(&b.key));
    }

    fn brought(&self) -> Vec<String> {
        std::mem::take(&mut *self.brought.lock().unwrap())
    }
}

impl Mailroom for Room<'_> {
    async fn page(&self, after: Option<&str>, limit: usize) -> Result<ObjectPage, MailroomError> {
        let behind = self.objects.iter().filter(|o| after.is_none_or(|after| o.key.as_str() > after));
        let objects: Vec<Object> = behind.take(limit).cloned().collect();
        let next = objects.last().filter(|_| objects.len() == limit).map(|o| o.key.clone());
        Ok(ObjectPage { objects, next })
    }

    async fn again(&self, key: &str) -> Result<(), MailroomError> {
        self.brought.lock().unwrap().push(key.to_owned());
        if self.deaf {
            return Err(MailroomError("the queue is full".into()));
        }
        if std::path::Path::new(key).extension().is_none() {
            self.world.notify(&notification(key)).await;
        }
        Ok(())
    }
}

fn letter(id: &str) -> Vec<u8> {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {ID}\r\n");
    Letter::aws(id, "2026-11-20T10:00:00Z", "Your request", &text).bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ingest_never_heard_of_is_filed_by_the_hourly_audit() {
    let world = World::new().await;
    world.store.plan_audit(world.now()).await.unwrap();
    world.put_silently("lost", &letter("lost@amazon"));
    world.deliver("known", &letter("known@amazon")).await;
    let mut room = Room::new(&world);
    for key in ["lost", "known", "AMAZON_SES_SETUP_NOTIFICATION", "inbound/AMAZON_SES_SETUP_NOTIFICATION"] {
        room.put(key, "2026-11-20T10:00:00Z");
    }
    // A quarter of an hour may be the queue's.
    world.advance_to("2026-11-20T10:15:00Z");
    let report = world.sweep_with(&room).await.audit.unwrap();
    assert_eq!((report.looked, report.young, report.again), (4, 4, 0));
    for at in ["2026-11-20T10:30:00Z", "2026-11-20T11:00:00Z"] {
        world.advance_to(at);
        assert!(world.sweep_with(&room).await.audit.is_none(), "once an hour, a little after it began");
    }
    world.advance_to("2026-11-20T11:05:00Z");
    let report = world.sweep_with(&room).await.audit.unwrap();
    assert_eq!((report.looked, report.young, report.again, report.missing), (4, 0, 1, vec!["lost".to_owned()]));
    assert_eq!(room.brought(), ["lost"]);
    assert!(world.request("lost@amazon").await.answers_to("lost@amazon"));
    world.advance_to("2026-11-20T12:05:00Z");
    assert_eq!(world.sweep_with(&room).await.audit.unwrap().again, 0, "it has an ending now");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_never_brought_twice_in_one_hour_and_the_cursor_goes_round() {
    let world = World::new().await;
    world.store.plan_audit(world.now()).await.unwrap();
    let mut room = Room::new(&world);
    for n in 0..PAGE + 3 {
        room.put(&format!("object-{n:05}.x"), "2026-11-19T10:00:00Z");
    }
    room.deaf = true;
    let mut seen = Vec::new();
    for minute in 0..200i64 {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        world.advance_to(&(now + SignedDuration::from_mins(minute)).to_string());
        if minute % 5 == 0 {
            let report = world.sweep_with(&room).await;
            seen.extend(report.audit.map(|audit| (minute, audit.looked, audit.failed)));
            let brought = room.brought();
            let mut distinct = brought.clone();
            distinct.dedup();
            assert_eq!(brought, distinct);
        }
    }
    assert_eq!(seen, [(0, PAGE, PAGE), (65, 3, 3), (125, PAGE, PAGE), (185, 3, 3)]);
    let all = audit_all(&world.store, &room, world.now()).await.unwrap();
    assert_eq!((all.looked, all.failed, all.missing.len()), (PAGE + 3, PAGE + 3, 20));
}
