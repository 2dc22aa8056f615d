//! People's corrections: a mail is released, judged anew, dismissed, moved or taken apart, and the history says who and why.

use api::act::{ActError, Word, belongs, find_mail, is_entry};
use domain::classify::Meaning;
use domain::request::{Belongs, Outcome, Turn, Why};

use crate::world::{Letter, World};

const ID: &str = "170000000070001";

fn received(id: &str, aws_id: &str, at: &str) -> Letter {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {aws_id}\r\n");
    Letter::aws(id, at, "Your request", &text)
}

fn plain(id: &str, at: &str) -> Letter {
    Letter::aws(id, at, "Your request", "We have received your request to remove the port 25 email sending limitations.")
}

fn word(meaning: Meaning) -> Word {
    Word { meaning: Some(meaning), request: None, by: "ann".to_owned(), why: Some("asked by phone".to_owned()), key: None, expected: None }
}

fn moved(request: Belongs) -> Word {
    Word { meaning: None, request: Some(request), ..word(Meaning::Unclear) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_quarantine_is_released_with_its_own_time_and_the_history_says_by_whom_and_why() {
    let world = World::new().await;
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-20T12:00:00Z");
    let broken = Letter::aws("two@amazon", "2026-11-20T11:55:00Z", "Your request", "We have granted your request.")
        .answers(&["one@amazon"])
        .forged();
    assert_eq!(world.mail(&broken.bytes()).await.ending.as_str(), "quarantined");
    assert!(matches!(world.request(ID).await.turn, Turn::Aws { .. }), "a forgery changes nothing");

    world.advance_to("2026-11-20T12:30:00Z");
    let taken = world.judge("two@amazon", &word(Meaning::Approved)).await;
    assert!(taken.released && taken.requests.iter().any(|id| id.as_str() == ID), "{taken:?}");
    let request = world.request(ID).await;
    let since = "2026-11-20T11:55:00Z".parse().unwrap();
    assert_eq!(request.turn, Turn::Settled { since, outcome: Outcome::Approved }, "it counts from its own time");
    let mail = find_mail(&world.store, "two@amazon").await.unwrap();
    assert_eq!((mail.ending.as_str(), mail.why.as_str(), is_entry(&mail)), ("released", "judged approved by ann", true));
    let history = world.get(&format!("/v1/requests/{ID}")).await.text;
    assert!(
        history.contains("means approved\"") && history.contains("\"why\":\"asked by phone\"") && history.contains("\"by\":\"ann\""),
        "{history}"
    );

    world.sweep().await;
    world.expect_alert("APPROVED");
    // The summary of the hour has nothing left to tell.
    world.advance_to("2026-11-20T13:01:00Z");
    assert_eq!(world.sweep().await.withdrawn, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_word_twice_and_at_once_is_one_entry_and_another_one_overrides_it() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-20T12:00:00Z");
    let approved = word(Meaning::Approved);
    let (a, b) = tokio::join!(world.judge("one@amazon", &approved), world.judge("one@amazon", &approved));
    assert_eq!([a.said_before, b.said_before].iter().filter(|before| **before).count(), 1, "{a:?} {b:?}");
    assert!(world.judge("one@amazon", &approved).await.said_before);
    assert_eq!(world.request(ID).await.steps.len(), 2);
    // In the same instant: the later word is the later one.
    world.judge("one@amazon", &word(Meaning::Denied)).await;
    assert!(matches!(world.request(ID).await.turn, Turn::Settled { outcome: Outcome::Denied, .. }));
    world.judge("one@amazon", &approved).await;
    let request = world.request(ID).await;
    assert!(matches!(request.turn, Turn::Settled { outcome: Outcome::Approved, .. }));
    assert_eq!(request.steps.len(), 4);
    // By an idempotency key: whatever was said since then, it is done.
    let keyed = Word { key: Some("click-1".to_owned()), ..word(Meaning::Question) };
    assert!(!world.judge("one@amazon", &keyed).await.said_before);
    world.judge("one@amazon", &approved).await;
    assert!(world.judge("one@amazon", &keyed).await.said_before);
    assert!(matches!(world.request(ID).await.turn, Turn::Settled { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_nobody_understood_is_judged_and_its_alert_is_resolved() {
    let world = World::new().await;
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-20T12:00:00Z");
    world
        .mail(&Letter::aws("two@amazon", "2026-11-20T11:59:00Z", "Your request", "Purple monkeys.").answers(&["one@amazon"]).bytes())
        .await;
    assert_eq!(world.request(ID).await.why(), Some(Why::Unclear));
    world.sweep().await;
    world.expect_alert("UNCLEAR");
    world.advance_to("2026-11-20T12:10:00Z");
    let entry = world.request(ID).await.steps[1].entry.to_string();
    world.judge(&entry, &word(Meaning::Progress)).await;
    assert!(matches!(world.request(ID).await.turn, Turn::Aws { since } if since.to_string() == "2026-11-20T11:59:00Z"));
    world.sweep().await;
    world.expect_alert("RESOLVED");
    assert_eq!(world.sweep().await.looked, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_before_the_alert_went_out_withdraws_it() {
    let world = World::new().await;
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world
        .mail(&Letter::aws("two@amazon", "2026-11-20T10:00:00Z", "Your request", "Purple monkeys.").answers(&["one@amazon"]).bytes())
        .await;
    world.judge("two@amazon", &word(Meaning::Irrelevant)).await;
    assert_eq!(world.sweep().await.withdrawn, 1);
    world.expect_silence();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dismissed_changes_nothing_and_a_request_of_dismissed_mail_is_closed_and_stays_to_be_seen() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    let before = world.request(ID).await;
    let spam = received("spam@evil", ID, "2026-11-20T10:00:00Z").forged();
    let alone = received("alone@evil", "170000000079999", "2026-11-20T10:00:00Z").forged();
    world.mail(&spam.bytes()).await;
    world.mail(&alone.bytes()).await;
    world.advance_to("2026-11-20T11:00:00Z");
    for id in ["spam@evil", "alone@evil"] {
        let taken = world.judge(id, &word(Meaning::Irrelevant)).await;
        assert!(taken.released);
    }
    let request = world.request(ID).await;
    assert_eq!((request.turn, &request.opened_by, request.last_trust), (before.turn, &before.opened_by, before.last_trust));
    assert!(world.find("170000000079999").await.is_none(), "spam makes no request");
    let from = "2026-11-20T00:00:00Z".parse().unwrap();
    assert!(world.store.mails(store::MailList::Quarantined, from, world.now(), 10).await.unwrap().is_empty());
    // It can still be released.
    world.judge("alone@evil", &word(Meaning::Received)).await;
    assert!(matches!(world.request("170000000079999").await.turn, Turn::Aws { .. }));

    world.judge("one@amazon", &word(Meaning::Irrelevant)).await;
    let request = world.request(ID).await;
    assert!(matches!(request.turn, Turn::Settled { outcome: Outcome::Closed, .. }), "{:?}", request.turn);
    assert!(request.steps.iter().any(|s| s.meaning.is_none()), "with who closed it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_ignored_is_judged_like_any_other() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-20T12:00:00Z");
    let mut stranger = Letter::aws("agency@shop", "2026-11-20T11:00:00Z", "Your mail", "AWS told us by phone what is missing.").forged();
    stranger.from = "office@agency.example".to_owned();
    assert_eq!(world.mail(&stranger.bytes()).await.ending.as_str(), "ignored");
    let place = belongs(&world.store, ID).await.unwrap();
    let taken = world.judge("agency@shop", &Word { request: Some(place), ..word(Meaning::Question) }).await;
    assert!(taken.released && taken.requests.iter().any(|id| id.as_str() == ID), "{taken:?}");
    let since: jiff::Timestamp = "2026-11-20T11:00:00Z".parse().unwrap();
    assert!(matches!(world.request(ID).await.turn, Turn::Ours { since: at, .. } if at == since), "from its own time");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_that_one_mail_joined_are_two_again_and_later_mails_find_theirs() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    world.mail(&plain("a@amazon", "2026-11-20T10:00:00Z").bytes()).await;
    world.mail(&plain("b@amazon", "2026-11-20T10:10:00Z").bytes()).await;
    world.mail(&plain("c@amazon", "2026-11-20T10:20:00Z").answers(&["a@amazon", "b@amazon"]).bytes()).await;
    let count = async || world.get("/v1/requests?limit=200").await.json()["items"].as_array().unwrap().len();
    assert_eq!(count().await, 1);
    let taken = world.judge("c@amazon", &moved(Belongs::Apart)).await;
    assert_eq!((taken.meaning, count().await), (Meaning::Received, 3));
    world
        .mail(&Letter::aws("d@amazon", "2026-11-20T11:00:00Z", "Re", "Please provide us with details.").answers(&["a@amazon"]).bytes())
        .await;
    assert_eq!(count().await, 3);
    assert!(matches!(world.request("a@amazon").await.turn, Turn::Ours { .. }));
    assert!(matches!(world.request("b@amazon").await.turn, Turn::Aws { .. }));
    // And back into one of them, by the key that people see.
    let key = world.request("b@amazon").await.key.to_string();
    let place = belongs(&world.store, &key).await.unwrap();
    world.judge("c@amazon", &moved(place)).await;
    assert_eq!(count().await, 2);
    assert!(world.request("b@amazon").await.answers_to("c@amazon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_moves_between_requests_that_never_met() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.advance_to("2026-11-20T12:00:00Z");
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.mail(&plain("lost@amazon", "2026-11-20T10:30:00Z").bytes()).await;
    let place = belongs(&world.store, ID).await.unwrap();
    let taken = world.judge("lost@amazon", &moved(place)).await;
    assert_eq!(taken.requests.iter().map(|id| id.as_str()).collect::<Vec<_>>(), [ID]);
    assert!(matches!(world.request(ID).await.turn, Turn::Aws { since } if since.to_string() == "2026-11-20T10:30:00Z"));
    assert_eq!(world.get("/v1/requests?limit=200").await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_said_with_what_to_do() {
    let world = World::new().await;
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    let unknown = find_mail(&world.store, "nobody@nowhere").await.unwrap_err();
    assert!(matches!(&unknown, ActError::UnknownMail(name) if name == "nobody@nowhere"), "{unknown}");
    assert!(unknown.to_string().contains("give a Message-ID"), "{unknown}");
    let unknown = belongs(&world.store, "p25-aaaaaaaaaa").await.unwrap_err();
    assert!(unknown.to_string().contains("no request answers"), "{unknown}");
    // Each of its names finds a mail.
    let mail = find_mail(&world.store, "<one@amazon>").await.unwrap();
    let entry = domain::ids::EntryId::of_mail(mail.trust, &mail.message_id);
    for name in [mail.object.as_str(), entry.as_str()] {
        assert_eq!(find_mail(&world.store, name).await.unwrap(), mail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_a_wrong_word_withdrew_is_told_when_it_is_put_right() {
    let world = World::new().await;
    world.mail(&received("one@amazon", ID, "2026-11-20T10:00:00Z").bytes()).await;
    world.advance_to("2026-11-20T12:00:00Z");
    let granted =
        Letter::aws("two@amazon", "2026-11-20T12:00:00Z", "Your request", "We have granted your request.").answers(&["one@amazon"]);
    world.mail(&granted.bytes()).await;
    // Somebody misreads it before the sweep comes.
    world.judge("two@amazon", &word(Meaning::Denied)).await;
    assert_eq!(world.sweep().await.withdrawn, 1);
    world.expect_alert("DENIED");
    world.advance_to("2026-11-20T12:05:00Z");
    world.judge("two@amazon", &word(Meaning::Approved)).await;
    world.sweep().await;
    world.expect_alert("APPROVED");
    world.advance_to("2026-11-20T12:06:00Z");
    world.sweep().await;
    world.expect_silence();
}
