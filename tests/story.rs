//! The story of the demo, scene by scene: what people hear, and what changes nothing.

use domain::request::{Outcome, Turn, Why};

use crate::world::World;

const FIRST: &str = "172345678900123";
const SECOND: &str = "172355555500456";

#[tokio::test(flavor = "multi_thread")]
async fn silence_question_reply_and_approval_are_told_and_a_forgery_is_not() {
    let world = World::new().await;

    world.advance_to("2026-11-20T10:02:30Z");
    let filed = world.story("01-received").await;
    assert_eq!(filed.requests.iter().map(|r| r.as_str()).collect::<Vec<_>>(), [FIRST]);
    world.sweep().await;
    world.expect_silence();
    let request = world.request(FIRST).await;
    assert_eq!(request.account.as_ref().map(|a| a.as_str()), Some("111122223333"));
    assert_eq!(request.regions.iter().map(|r| r.as_str()).collect::<Vec<_>>(), ["eu-west-1"]);

    world.advance_to("2026-11-20T12:00:30Z");
    world.story("06-second-received").await;
    world.advance_to("2026-11-21T16:20:30Z");
    world.story("07-second-denied").await;
    world.sweep().await;
    let denied = world.expect_alert("DENIED 444455556666 us-east-1 172355555500456");
    assert!(denied.body.contains("Answer in Support Center: https://console.aws.amazon.com/support/home#/case/?displayId=172355555500456"));

    // One second before the deadline nothing is said, at the deadline it is.
    world.advance_to("2026-11-22T10:01:59Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-22T10:02:00Z");
    world.sweep().await;
    let overdue = world.expect_alert("OVERDUE 48h 111122223333 eu-west-1 172345678900123");
    assert!(overdue.body.starts_with("Reply to the mail of 2026-11-20 10:02Z from aws-automation@email.amazon.com, from the mailbox "));
    world.sweep().await;
    world.expect_silence();

    world.advance_to("2026-11-22T15:30:30Z");
    world.story("02-question").await;
    world.sweep().await;
    let asked = world.expect_alert("OUR TURN 111122223333 eu-west-1 172345678900123");
    assert!(asked.body.starts_with("Reply to the mail of 2026-11-20 10:02Z from aws-automation@email.amazon.com"), "the first mail");
    let resolved = world.expect_alert("RESOLVED");
    assert_eq!((resolved.event, resolved.dedup_key.as_str()), ("resolve", overdue.dedup_key.as_str()));
    assert!(matches!(world.request(FIRST).await.turn, Turn::Ours { why: Why::Question, .. }));

    world.advance_to("2026-11-22T17:10:30Z");
    world.story("03-our-reply").await;
    world.sweep().await;
    let answered = world.expect_alert("RESOLVED");
    assert_eq!(answered.dedup_key, asked.dedup_key);
    let before = world.request(FIRST).await;
    assert!(matches!(before.turn, Turn::Aws { .. }));

    world.advance_to("2026-11-22T20:00:30Z");
    let forged = world.story("04-forged-approval").await;
    assert_eq!(forged.ending.as_str(), "quarantined");
    assert_eq!(world.request(FIRST).await, before, "the forgery changed something");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-22T21:01:00Z");
    world.sweep().await;
    world.expect_alert("CHECK MAIL 1 in quarantine, 1 naming an open request");

    world.advance_to("2026-11-23T09:45:30Z");
    world.story("05-approved").await;
    world.sweep().await;
    world.expect_alert("APPROVED 111122223333 eu-west-1 172345678900123");
    assert!(matches!(world.request(FIRST).await.turn, Turn::Settled { outcome: Outcome::Approved, .. }));
    assert!(matches!(world.request(SECOND).await.turn, Turn::Settled { outcome: Outcome::Denied, .. }));

    // Nothing is repeated once it is over.
    world.advance_to("2026-12-24T09:45:30Z");
    world.sweep().await;
    world.expect_silence();
}
