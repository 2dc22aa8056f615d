//! Promise 9, as far as the functions hold it: what the alarms of the deployment look at is true. A canary shows that mail still comes;
//! the metrics say how long alerts wait and how many hear them.

use std::sync::Mutex;

use alert::watch::{Outside, OutsideError, Watch, Watched};
use domain::canary::Nonce;
use domain::filing::Ending;
use jiff::Timestamp;

use crate::world::{Letter, World};

/// What is outside: the mails that SES was given, and how many hear the alerts.
#[derive(Default)]
struct Post {
    nonces: Mutex<Vec<Nonce>>,
    fails: Mutex<bool>,
    counted: Mutex<u32>,
    no_canary: bool,
}

impl Outside for &Post {
    async fn confirmed(&self) -> Result<Option<u32>, OutsideError> {
        *self.counted.lock().unwrap() += 1;
        Ok(Some(2))
    }

    fn has_canary(&self) -> bool {
        !self.no_canary
    }

    async fn send(&self, nonce: &Nonce) -> Result<(), OutsideError> {
        if *self.fails.lock().unwrap() {
            return Err(OutsideError { what: "as the test wants it", source: "no".into() });
        }
        self.nonces.lock().unwrap().push(nonce.clone());
        Ok(())
    }
}

impl Post {
    fn take(&self) -> Vec<Nonce> {
        std::mem::take(&mut self.nonces.lock().unwrap())
    }
}

/// The mail that carries a nonce, as SES sends it from an address of ours.
fn carrying(nonce: &Nonce, id: &str, at: Timestamp) -> Vec<u8> {
    let mut letter = Letter::aws(id, &at.to_string(), &nonce.subject(), "A test of the way of the mail.");
    letter.from = "canary@track.corp.example".to_owned();
    letter.bytes()
}

async fn watched(world: &World, watch: &Watch<&Post>) -> Watched {
    let report = world.sweep_watching(watch).await;
    assert_eq!(report.errors, [""; 0]);
    report.watched.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_is_sent_once_an_hour_and_its_arrival_makes_no_request() {
    let world = World::new().await;
    let post = Post::default();
    let (watch, other) = (Watch::new(&post, "promises"), Watch::new(&post, "promises"));
    world.store.plan_audit(world.now()).await.unwrap();
    let at = world.now();
    let (one, two) = tokio::join!(watched(&world, &watch), watched(&world, &other));
    assert_eq!(one.confirmed.into_iter().chain(two.confirmed).collect::<Vec<_>>(), [2], "one of two sweeps counts");
    let nonces = post.take();
    assert_eq!(nonces.len(), 1, "and sends");

    world.advance_to("2026-11-20T10:00:30Z");
    let filed = world.mail(&carrying(&nonces[0], "c1@eu-west-1.amazonses.com", at)).await;
    assert_eq!((filed.ending, filed.requests.len()), (Ending::Ignored("canary".to_owned()), 0));
    let canary = world.store.canary().await.unwrap().unwrap();
    assert_eq!((canary.first, canary.sent, canary.arrived), (at, at, Some(world.now())));
    world.advance_to("2026-11-20T10:01:00Z");
    let now = watched(&world, &watch).await;
    assert_eq!((now.canary_age, now.confirmed), (Some(30), None));
    assert!(world.get("/v1/requests").await.json()["items"].as_array().unwrap().is_empty());

    // The next one goes out in the next hour, a little after it began.
    for at in ["2026-11-20T10:59:00Z", "2026-11-20T11:04:00Z"] {
        world.advance_to(at);
        watched(&world, &watch).await;
    }
    assert!(post.take().is_empty());
    world.advance_to("2026-11-20T11:05:00Z");
    assert_eq!(watched(&world, &watch).await.canary_age, Some(3_870));
    assert_eq!(post.take().len(), 1);
    assert_eq!(*post.counted.lock().unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_like_a_canary_is_the_mail_that_it_is_and_proves_nothing() {
    let world = World::new().await;
    let post = Post::default();
    let watch = Watch::new(&post, "promises");
    world.store.plan_audit(world.now()).await.unwrap();
    watched(&world, &watch).await;
    let nonce = post.take().remove(0);
    let at = world.now();
    let arrived = async || world.store.canary().await.unwrap().unwrap().arrived;

    let unknown = world.mail(&carrying(&Nonce::of(&[7; 32]), "u@evil.example", at)).await;
    assert_eq!(unknown.ending, Ending::Ignored("unrelated".to_owned()), "a nonce that nobody sent");
    // The hash of the nonce, which is what stands in the table.
    let mut bytes = [0; 32];
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&nonce.hash()[2 * n..2 * n + 2], 16).unwrap();
    }
    let hash = world.mail(&carrying(&Nonce::of(&bytes), "h@evil.example", at)).await;
    assert_eq!(hash.ending, Ending::Ignored("unrelated".to_owned()), "who reads the table cannot make one");
    let mut answer = Letter::aws("r@evil.example", &at.to_string(), &nonce.subject(), "x").answers(&["a@b.example"]);
    answer.from = "canary@track.corp.example".to_owned();
    assert_eq!(world.mail(&answer.bytes()).await.ending, Ending::Ignored("unrelated".to_owned()), "it has not the form");
    let claims = Letter::aws("f@evil.example", &at.to_string(), "port25 canary", "x").forged();
    assert!(matches!(world.mail(&claims.bytes()).await.ending, Ending::Quarantined(_)), "what claims to be AWS is kept apart as ever");
    assert_eq!(arrived().await, None);

    let filed = world.mail(&carrying(&nonce, "c@eu-west-1.amazonses.com", at)).await;
    assert_eq!(filed.ending, Ending::Ignored("canary".to_owned()));
    let first = arrived().await;
    assert!(first.is_some());
    world.advance_to("2026-11-20T10:20:00Z");
    let again = world.mail(&carrying(&nonce, "again@evil.example", at)).await;
    assert_eq!(again.ending, Ending::Ignored("unrelated".to_owned()), "a nonce counts once");
    let twin = world.mail(&carrying(&nonce, "c@eu-west-1.amazonses.com", at)).await;
    assert_eq!(twin.ending, Ending::Duplicate);
    assert_eq!(arrived().await, first);

    // The forged one above is in quarantine: it is told, and nothing else is.
    world.advance_to("2026-11-20T11:01:00Z");
    world.sweep().await;
    world.expect_alert("CHECK MAIL");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_does_not_come_shows_as_its_age_and_one_that_comes_a_day_late_proves_nothing() {
    let world = World::new().await;
    let post = Post::default();
    let watch = Watch::new(&post, "promises");
    world.store.plan_audit(world.now()).await.unwrap();
    assert_eq!(watched(&world, &watch).await.canary_age, Some(0));
    let late = post.take().remove(0);
    *post.fails.lock().unwrap() = true;
    world.advance_to("2026-11-20T11:05:00Z");
    let report = world.sweep_watching(&watch).await;
    assert!(report.errors[0].starts_with("no canary was sent: "), "{:?}", report.errors);
    assert_eq!(report.watched.unwrap().confirmed, Some(2), "the rest of the hour is done");
    *post.fails.lock().unwrap() = false;
    world.advance_to("2026-11-20T12:00:00Z");
    assert_eq!(watched(&world, &watch).await.canary_age, Some(7_200), "since the first was sent");
    world.advance_to("2026-11-21T10:00:00Z");
    let at = "2026-11-20T10:00:00Z".parse().unwrap();
    let filed = world.mail(&carrying(&late, "late@eu-west-1.amazonses.com", at)).await;
    assert_eq!(filed.ending, Ending::Ignored("unrelated".to_owned()));
    assert_eq!(watched(&world, &watch).await.canary_age, Some(86_400));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_waits_shows_as_its_age_from_the_first_attempt_on() {
    let world = World::new().await;
    let post = Post { no_canary: true, ..Post::default() };
    let watch = Watch::new(&post, "promises");
    let unsent = async || watched_quietly(&world, &watch).await.oldest_unsent;
    assert_eq!(unsent().await, Some(0));
    let start = world.now();
    let text = "Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: 170000000070001";
    world.mail(&Letter::aws("q@email.amazon.com", &start.to_string(), "Your request", text).bytes()).await;
    world.alerts.fail(3);
    // Attempts at 10:00, 10:01 and 10:03 fail, the one at 10:07 does not; a sweep of a new process knows as much.
    for minute in 0..=7 {
        world.advance_to(&(start + jiff::SignedDuration::from_mins(minute)).to_string());
        let expected = if minute < 7 { 60 * minute } else { 0 };
        assert_eq!(unsent().await, Some(expected), "minute {minute}");
        if minute < 7 {
            let fresh = Watch::new(&post, "promises");
            assert_eq!(watched_quietly(&world, &fresh).await.oldest_unsent, Some(expected), "minute {minute}");
        }
    }
    world.expect_alert("OUR TURN");
    // And an idle sweep asks nothing more than before, one of a new process neither.
    for watch in [&watch, &Watch::new(&post, "promises")] {
        let before = world.store.spent();
        assert_eq!(watched_quietly(&world, watch).await.oldest_unsent, Some(0));
        let idle = world.store.spent() - before;
        assert!(idle <= 0.5 * f64::from(store::WORK_SHARDS), "{idle}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_another_process_could_not_send_is_seen_by_one_that_knew_of_none() {
    let world = World::new().await;
    let post = Post { no_canary: true, ..Post::default() };
    let (idle, other) = (Watch::new(&post, "promises"), Watch::new(&post, "promises"));
    let start = world.now();
    assert_eq!(watched_quietly(&world, &idle).await.oldest_unsent, Some(0));
    let text = "Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: 170000000070001";
    world.mail(&Letter::aws("q@email.amazon.com", &start.to_string(), "Your request", text).bytes()).await;
    world.alerts.fail(4);
    for minute in [0, 1, 3, 7] {
        world.advance_to(&(start + jiff::SignedDuration::from_mins(minute)).to_string());
        assert_eq!(watched_quietly(&world, &other).await.oldest_unsent, Some(60 * minute));
    }
    // Nothing is due now: the next attempt is at 10:15.
    world.advance_to("2026-11-20T10:09:00Z");
    assert_eq!(watched_quietly(&world, &idle).await.oldest_unsent, Some(540));
    world.advance_to("2026-11-20T10:15:00Z");
    assert_eq!(watched_quietly(&world, &idle).await.oldest_unsent, Some(0));
    world.expect_alert("OUR TURN");
}

/// The same where alerts fail, which are errors of the report.
async fn watched_quietly(world: &World, watch: &Watch<&Post>) -> Watched {
    world.sweep_watching(watch).await.watched.unwrap()
}
