//! Which alerts go out, how urgent they are, and when: repeats, severity, delivery windows, digests, and what never goes through.

use alert::Notifier;
use alert::notify::TopicKind;
use domain::alert::Severity;
use domain::classify::Family;
use domain::ids::AccountId;
use domain::policy::{Policy, Whose};
use domain::window::Window;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use port25_tests::stand_ins::{DynamoProxy, Fault};
use store::Store;

use crate::world::{Letter, World};

/// Friday the 20th of November 2026.
const RECEIVED: &str = "2026-11-20T10:00:00Z";

fn id(n: usize) -> String {
    format!("1700000000{n:05}")
}

fn received(n: usize, at: &str) -> Letter {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {}", id(n));
    Letter::aws(&format!("received-{n}@amazon"), at, "Your request", &text)
}

fn question(n: usize, at: &str) -> Letter {
    let text = format!("Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: {}", id(n));
    Letter::aws(&format!("question-{n}@amazon"), at, "Your request", &text)
}

/// A world whose people read alerts on weekdays from eight to eight, in Central European Time.
async fn office_hours() -> World {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    World::with(Policy { zone, window: Window::parse("mon-fri 08:00-20:00"), ..Policy::default() }).await
}

/// Sweeps each hour of these days; what was told, as hours after the beginning, the first words of the subject, and severity.
async fn hours(world: &World, hours: i64) -> Vec<(i64, String, Severity)> {
    let start = world.now();
    let mut told = Vec::new();
    for hour in 0..=hours {
        world.advance_to(&(start + SignedDuration::from_hours(hour)).to_string());
        world.sweep().await;
        while let Some(message) = world.alerts.next() {
            let subject: Vec<&str> = message.subject.split(' ').skip(1).take(2).collect();
            told.push((hour, subject.join(" "), message.severity));
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_daily_for_a_week_then_weekly_and_gets_critical_after_the_third() {
    let world = World::new().await;
    world.mail(&received(1, RECEIVED).bytes()).await;
    let told = hours(&world, 48 + 24 * 30).await;
    let days: Vec<i64> = told.iter().map(|(hour, ..)| (hour - 48) / 24).collect();
    assert_eq!(days, [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28]);
    assert!(told.iter().all(|(hour, ..)| hour % 24 == 0));
    let severity: Vec<Severity> = told.iter().map(|(_, _, severity)| *severity).collect();
    assert_eq!(severity[..3], [Severity::Warning; 3]);
    assert_eq!(severity[3..], [Severity::Critical; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_a_family_have_deadlines_of_their_own() {
    let account = AccountId::parse("111122223333").unwrap();
    let hours_ = SignedDuration::from_hours;
    let deadlines = [(Whose::Account(account), hours_(24)), (Whose::Family(Family::Port25), hours_(72))].into();
    let world = World::with(Policy { deadlines, ..Policy::default() }).await;
    let mut letter = received(1, RECEIVED);
    letter.body.push_str("\r\nAccount: 111122223333");
    world.mail(&letter.bytes()).await;
    world.mail(&received(2, RECEIVED).bytes()).await;
    let told = hours(&world, 72).await;
    let first: Vec<(i64, &str)> = told.iter().map(|(hour, subject, _)| (*hour, subject.as_str())).collect();
    assert_eq!(first, [(24, "OVERDUE 24h"), (48, "OVERDUE 48h"), (72, "OVERDUE 72h"), (72, "OVERDUE 72h")]);
    let list = world.get("/v1/requests?overdue=true").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_shifts_what_can_wait_and_drops_nothing() {
    let world = office_hours().await;
    // Overdue on Sunday at 10:00 UTC; the window opens on Monday at 08:00 in Berlin.
    world.mail(&received(1, RECEIVED).bytes()).await;
    world.advance_to("2026-11-22T10:00:00Z");
    assert_eq!(world.sweep().await.sent, 0);
    let looked = world.sweep().await.looked;
    assert_eq!(looked, 0, "it is not looked at each minute of the weekend");
    world.advance_to("2026-11-23T06:59:59Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-23T07:00:00Z");
    world.sweep().await;
    let alert = world.expect_alert("OVERDUE 69h");
    assert_eq!((alert.event, alert.severity), ("trigger", Severity::Warning));
    world.sweep().await;
    world.expect_silence();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ours_to_do_waits_for_no_window_and_good_news_does() {
    let world = office_hours().await;
    world.mail(&received(1, RECEIVED).bytes()).await;
    world.advance_to("2026-11-20T22:00:00Z");
    world.mail(&question(1, "2026-11-20T22:00:00Z").bytes()).await;
    world.sweep().await;
    world.expect_alert("OUR TURN");
    // The approval of Saturday resolves at once, and is told on Monday.
    world.advance_to("2026-11-21T09:00:00Z");
    let text = format!("We have granted your request.\r\n\r\nRequest ID: {}", id(1));
    let approved = Letter::aws("approved@amazon", "2026-11-21T09:00:00Z", "Your request", &text).answers(&["received-1@amazon"]);
    world.mail(&approved.bytes()).await;
    world.sweep().await;
    world.expect_alert("RESOLVED");
    world.expect_silence();
    assert_eq!(world.sweep().await.looked, 0, "the news waits without being looked at");
    world.advance_to("2026-11-23T07:00:00Z");
    world.sweep().await;
    world.expect_alert("APPROVED");
}

#[tokio::test(flavor = "multi_thread")]
async fn critical_alerts_wait_for_no_window() {
    let world = office_hours().await;
    // Overdue on Wednesday noon: told on Wednesday, Thursday and Friday, and on Saturday although nobody is there.
    world.advance_to("2026-11-23T11:00:00Z");
    world.mail(&received(1, "2026-11-23T11:00:00Z").bytes()).await;
    let told = hours(&world, 24 * 6).await;
    let days: Vec<(i64, Severity)> = told.iter().map(|(hour, _, severity)| (hour / 24, *severity)).collect();
    let (warning, critical) = (Severity::Warning, Severity::Critical);
    assert_eq!(days, [(2, warning), (3, warning), (4, warning), (5, critical), (6, critical)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_critical_has_a_topic_of_its_own_and_its_end_goes_to_both() {
    let world = World::new().await;
    world.alerts.add_critical_topic();
    world.mail(&received(1, RECEIVED).bytes()).await;
    let mut topics = Vec::new();
    for hour in [48, 72, 96, 120] {
        let at: Timestamp = RECEIVED.parse().unwrap();
        world.advance_to(&(at + SignedDuration::from_hours(hour)).to_string());
        world.sweep().await;
        topics.push(world.alerts.next_with_topics().unwrap().1);
    }
    let (main, critical) = (vec![TopicKind::Main], vec![TopicKind::Critical]);
    assert_eq!(topics, [main.clone(), main.clone(), main.clone(), critical]);
    world.mail(&question(1, "2026-11-25T10:00:30Z").bytes()).await;
    world.advance_to("2026-11-25T10:01:00Z");
    world.sweep().await;
    let told: Vec<_> = std::iter::from_fn(|| world.alerts.next_with_topics()).map(|(m, topics)| (m.word, topics)).collect();
    assert_eq!(told, [("OUR TURN", main), ("RESOLVED", vec![TopicKind::Main, TopicKind::Critical])]);
    // A test goes everywhere.
    let test = alert::message::test(world.now(), &world.policy);
    let notifier = alert::Notifier::Captured(world.alerts.clone());
    notifier.send(&test, world.now()).await.unwrap();
    assert_eq!(world.alerts.next_with_topics().unwrap().1, [TopicKind::Main, TopicKind::Critical]);
}

#[tokio::test(flavor = "multi_thread")]
async fn above_ten_of_a_kind_the_rest_is_one_digest_with_every_identity() {
    let world = World::new().await;
    for n in 0..14 {
        let at: Timestamp = RECEIVED.parse().unwrap();
        world.mail(&received(n, &(at - SignedDuration::from_mins(i64::try_from(n).unwrap())).to_string()).bytes()).await;
    }
    world.mail(&question(20, RECEIVED).bytes()).await;
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    let mut singles = 0;
    let mut digest = None;
    while let Some(message) = world.alerts.next() {
        match message.event {
            "digest" => digest = Some(message),
            _ => singles += 1,
        }
    }
    assert_eq!(singles, 10 + 1, "ten that are overdue, and the question");
    let digest = digest.unwrap();
    assert_eq!(digest.subject, "[port25] OVERDUE 4 requests, oldest 48h");
    world.sweep().await;
    world.expect_silence();

    // A day later all are repeated under their own identities; a digest that fails is told again.
    world.advance_to("2026-11-23T10:00:00Z");
    world.alerts.fail(12);
    let failed = world.sweep().await;
    assert_eq!((failed.failed, failed.sent), (15, 0), "{failed:?}");
    world.advance_to("2026-11-23T10:02:00Z");
    let report = world.sweep().await;
    assert_eq!((report.sent, report.digests, report.lost), (15, 1, 0), "{report:?}");
    while let Some(message) = world.alerts.next() {
        assert!(matches!(message.event, "remind" | "digest"), "{message:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_goes_through_is_told_once_a_day_and_never_given_up() {
    let world = World::new().await;
    world.mail(&question(1, RECEIVED).bytes()).await;
    let start = world.now();
    world.alerts.fail(8);
    let mut stuck = 0;
    for minute in 0..120 {
        world.advance_to(&(start + SignedDuration::from_mins(minute)).to_string());
        stuck += world.sweep().await.stuck;
        if world.alerts.waiting() > 0 {
            break;
        }
    }
    assert_eq!(stuck, 1, "for over an hour it did not go out");
    let told = world.expect_alert("SYSTEM");
    assert!(told.severity == Severity::Critical && told.body.contains(":our-turn:1"), "{}", told.body);
    world.advance_to(&(start + SignedDuration::from_mins(120)).to_string());
    world.sweep().await;
    world.expect_alert("OUR TURN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_out_of_time_says_what_it_left_and_the_next_one_goes_on() {
    let world = World::new().await;
    for n in 0..6 {
        world.mail(&question(n, RECEIVED).bytes()).await;
    }
    let report = world.sweep_in(only(2)).await;
    assert_eq!((report.looked, report.left), (2, 4), "{report:?}");
    world.sweep().await;
    let told: Vec<String> = std::iter::from_fn(|| world.alerts.next()).map(|message| message.subject).collect();
    assert_eq!(told.len(), 6, "{told:?}");
}

/// Time for so many pieces of work.
fn only(pieces: u32) -> impl Fn() -> bool {
    let looks = std::sync::atomic::AtomicU32::new(0);
    move || looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < pieces
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_out_of_time_has_done_the_most_urgent_whichever_shard_it_is_in() {
    let world = World::new().await;
    // Silent for longer and longer, in both shards; then two questions.
    let start: Timestamp = RECEIVED.parse().unwrap();
    for n in 0..8 {
        world.mail(&received(n, &(start - SignedDuration::from_hours(i64::try_from(n).unwrap())).to_string()).bytes()).await;
    }
    world.advance_to("2026-11-22T10:00:00Z");
    for n in [20, 21] {
        world.mail(&question(n, "2026-11-22T09:59:30Z").bytes()).await;
    }
    let mut told = Vec::new();
    for (pieces, left) in [(3, 7), (2, 5), (5, 0)] {
        let report = world.sweep_in(only(pieces)).await;
        assert_eq!((report.sent, report.left), (pieces, left), "{report:?}");
        told.extend(std::iter::from_fn(|| world.alerts.next()).map(|message| message.subject));
    }
    let words: Vec<String> = told.iter().map(|subject| subject.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")).collect();
    let silent = (48..56).rev().map(|hours| format!("OVERDUE {hours}h"));
    let want: Vec<String> = ["OUR TURN".to_owned(), "OUR TURN".to_owned()].into_iter().chain(silent).collect();
    assert_eq!(words, want, "what is ours to do, then the longest silence");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_claimed_goes_out_also_when_the_table_cannot_be_asked_for_more() {
    let world = World::new().await;
    for n in 0..30 {
        world.mail(&question(n, RECEIVED).bytes()).await;
    }
    let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
    let store = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
    let first = u8::try_from((world.now().as_second() / 60).rem_euclid(i64::from(store::WORK_SHARDS))).unwrap();
    let there = world.store.work(first, world.now(), world.now(), None, 100).await.unwrap().work.len();
    assert!((11..30).contains(&there), "{there} in the first shard: both have some, and the first more than go out one by one");
    // The second shard cannot be asked.
    drop(proxy.calls().plan("Query", 2, Fault::Refuse(400, "AccessDeniedException")));
    let notifier = Notifier::Captured(world.alerts.clone());
    alert::sweep(&store, &notifier, &world.policy, "sweep", world.now(), || true).await.unwrap_err();
    assert_eq!(world.alerts.waiting(), 10 + 1, "ten, and the digest of the others");
    let report = world.sweep().await;
    assert_eq!(usize::try_from(report.sent).unwrap(), 30 - there, "nothing is told again, and nothing left out");
    while world.alerts.next().is_some() {}
}
