//! People's acts on a request: answered, seen, put off, settled, opened again, noted; each once, with who and why, and the history
//! says how every silence ended.

use api::act::{ActError, Until, What};
use domain::request::{Outcome, Turn, Why};
use jiff::SignedDuration;

use crate::world::{Letter, World, deed};

const ID: &str = "170000000080001";
const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations.";

fn received() -> Letter {
    Letter::aws("one@amazon", "2026-11-20T10:00:00Z", "Your request", &format!("{RECEIVED}\r\n\r\nRequest ID: {ID}\r\n"))
}

fn hours(hours: i64) -> Until {
    Until::For(SignedDuration::from_hours(hours))
}

async fn history(world: &World) -> String {
    world.get(&format!("/v1/requests/{ID}")).await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn replied_restarts_the_clock_and_said_twice_it_is_one_entry() {
    let world = World::new().await;
    world.mail(&received().bytes()).await;
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    let overdue = world.expect_alert("OVERDUE 48h");

    world.advance_to("2026-11-22T11:00:00Z");
    let replied = deed(What::Replied);
    let (a, b) = tokio::join!(world.act(ID, &replied), world.act(ID, &replied));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!([a.said_before, b.said_before].iter().filter(|before| **before).count(), 1, "{a:?} {b:?}");
    world.advance_to("2026-11-22T11:20:00Z");
    assert!(world.act("one@amazon", &replied).await.unwrap().said_before, "by any of its references");
    let request = world.request(ID).await;
    assert_eq!((request.steps.len(), request.turn), (2, Turn::Aws { since: "2026-11-22T11:00:00Z".parse().unwrap() }));
    world.sweep().await;
    assert_eq!(world.expect_alert("RESOLVED").dedup_key, overdue.dedup_key);

    world.advance_to("2026-11-24T10:59:59Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-24T11:00:00Z");
    world.sweep().await;
    world.expect_alert("OVERDUE 48h");
    // Two days later it is another answer.
    assert!(!world.act(ID, &replied).await.unwrap().said_before);
    assert_eq!(world.request(ID).await.steps.len(), 3);
    world.sweep().await;
    world.expect_alert("RESOLVED");
    let history = history(&world).await;
    assert!(history.contains("\"act\":\"replied\"") && history.contains("\"by\":\"ann\"") && history.contains("\"why\":\"by phone\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_is_one_entry_whatever_happened_since() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received().bytes()).await;
    let keyed = api::act::Deed { key: Some("click-1".to_owned()), ..deed(What::Replied) };
    assert!(!world.act(ID, &keyed).await.unwrap().said_before);
    world.advance_to("2026-11-23T10:00:00Z");
    world.act(ID, &deed(What::Note("seen".to_owned()))).await.unwrap();
    assert!(world.act(ID, &keyed).await.unwrap().said_before);
    assert_eq!(world.request(ID).await.steps.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_holds_back_repeats_and_never_the_first_alert_and_says_when_it_ended() {
    let world = World::new().await;
    world.mail(&received().bytes()).await;
    world.advance_to("2026-11-21T10:00:00Z");
    let acted = world.act(ID, &deed(What::Ack(Some(hours(72))))).await.unwrap();
    assert_eq!(acted.until, "2026-11-24T10:00:00Z".parse().ok());
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    world.expect_alert("OVERDUE 48h");
    world.advance_to("2026-11-24T09:59:59Z");
    world.sweep().await;
    world.expect_silence();
    assert!(!history(&world).await.contains("hold-ended"));
    world.advance_to("2026-11-24T10:00:00Z");
    world.sweep().await;
    world.expect_alert("OVERDUE 96h");
    assert!(history(&world).await.contains("the ack of ann ended by itself"));
    // The default is a day.
    let acted = world.act(ID, &deed(What::Ack(None))).await.unwrap();
    assert_eq!(acted.until, "2026-11-25T10:00:00Z".parse().ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_is_in_the_future_and_thirty_days_at_most_and_aws_wakes_it() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&received().bytes()).await;
    world.advance_to("2026-11-21T10:00:00Z");
    for past in ["2026-11-21T10:00:00Z", "2026-11-20T10:00:00Z"] {
        let refused = world.act(ID, &deed(What::Snooze(Until::At(past.parse().unwrap())))).await.unwrap_err();
        assert!(matches!(refused, ActError::Past(_)) && refused.to_string().contains("--for 3d"), "{refused}");
    }
    let far = Until::At("2026-12-21T10:00:01Z".parse().unwrap());
    for far in [far, hours(24 * 31), hours(i64::from(u32::MAX))] {
        let refused = world.act(ID, &deed(What::Snooze(far))).await.unwrap_err();
        assert!(matches!(refused, ActError::TooFar(_)) && refused.to_string().contains("30 days"), "{refused}");
    }
    assert_eq!(world.request(ID).await.steps.len(), 1, "what is refused is not written");
    let last = Until::At("2026-12-21T10:00:00Z".parse().unwrap());
    let acted = world.act(ID, &deed(What::Snooze(last))).await.unwrap();
    assert_eq!(acted.until, "2026-12-21T10:00:00Z".parse().ok());

    world.advance_to("2026-11-21T12:00:00Z");
    let working = Letter::aws("two@amazon", "2026-11-21T12:00:00Z", "Your request", "We are still working on your request.");
    world.mail(&working.answers(&["one@amazon"]).bytes()).await;
    assert!(world.request(ID).await.hold.is_none());
    assert!(history(&world).await.contains("the snooze of ann ended: AWS wrote"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settled_is_quiet_and_reopened_is_our_turn_and_what_would_do_nothing_says_so() {
    let world = World::new().await;
    world.mail(&received().bytes()).await;
    let open = world.act(ID, &deed(What::Reopen)).await.unwrap_err();
    assert!(open.to_string().contains("it is AWS's turn"), "{open}");
    world.advance_to("2026-11-20T12:00:00Z");
    world.act(ID, &deed(What::Settle(Outcome::Closed))).await.unwrap();
    assert!(world.act(ID, &deed(What::Settle(Outcome::Closed))).await.unwrap().said_before);
    for what in [What::Ack(None), What::Snooze(hours(1)), What::Replied] {
        let refused = world.act(ID, &deed(what)).await.unwrap_err();
        assert!(refused.to_string().starts_with("the request is settled (closed), "), "{refused}");
        assert!(refused.to_string().contains("port25 reopen"), "{refused}");
    }
    assert!(matches!(world.act(ID, &deed(What::Note(" \r\n\u{200B}".to_owned()))).await, Err(ActError::EmptyNote)));
    world.advance_to("2026-11-24T12:00:00Z");
    world.sweep().await;
    world.expect_silence();

    world.act(ID, &deed(What::Reopen)).await.unwrap();
    let request = world.request(ID).await;
    assert_eq!((request.why(), request.steps.len()), (Some(Why::Reopened), 3));
    let unknown = world.act("170000000089999", &deed(What::Reopen)).await.unwrap_err();
    assert!(unknown.to_string().contains("port25 list shows them"), "{unknown}");
    world.act(ID, &deed(What::Settle(Outcome::Denied))).await.unwrap();
    world.act(ID, &deed(What::Replied)).await.unwrap();
    assert!(matches!(world.request(ID).await.turn, Turn::Aws { .. }), "a denial is appealed by an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_a_request_without_an_aws_id_stays_with_it_when_it_gets_one() {
    let mut world = World::new().await;
    world.ignore_alerts();
    world.mail(&Letter::aws("one@amazon", "2026-11-20T10:00:00Z", "Your request", RECEIVED).bytes()).await;
    let key = world.request("one@amazon").await.key.to_string();
    world.advance_to("2026-11-20T12:00:00Z");
    let acted = world.act(&key, &deed(What::Note("日本語 note".to_owned()))).await.unwrap();
    assert_eq!(acted.request.as_str(), key);
    let asked = format!("Please provide us with details about your use case.\r\n\r\nRequest ID: {ID}\r\n");
    world.mail(&Letter::aws("two@amazon", "2026-11-20T11:59:00Z", "Your request", &asked).answers(&["one@amazon"]).bytes()).await;
    let request = world.request(ID).await;
    assert!(request.step(&acted.entry).is_some(), "{:?}", request.steps);
    assert!(history(&world).await.contains("日本語 note"));
}
