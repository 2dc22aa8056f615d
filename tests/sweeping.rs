//! Sweeping: at least once, the current step only, never after the cause is gone, and nobody is told twice without need.

use domain::alert::{State, plan};
use domain::request::fold;
use port25_tests::stand_ins::{DynamoProxy, Fault};
use store::Claim;

use crate::world::{Letter, World};

const ID: &str = "170000000020001";

/// A world with one request that AWS confirmed at 10:00 on the 20th.
async fn waiting() -> World {
    let world = World::new().await;
    world.advance_to("2026-11-20T10:00:30Z");
    world.mail(&received("first@amazon", ID, "2026-11-20T10:00:00Z")).await;
    world
}

fn received(id: &str, aws_id: &str, at: &str) -> Vec<u8> {
    let text = format!("We have received your request to remove the port 25 email sending limitations.\r\n\r\nRequest ID: {aws_id}\r\n");
    Letter::aws(id, at, "Your request", &text).bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sweeps_at_once_tell_once() {
    for _ in 0..5 {
        let world = waiting().await;
        world.advance_to("2026-11-22T10:00:00Z");
        let (one, two) = tokio::join!(world.sweep_as("one"), world.sweep_as("two"));
        assert_eq!(one.sent + two.sent, 1, "{one:?} {two:?}");
        world.expect_alert("OVERDUE 48h");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_claim_and_settle_still_tells_under_the_same_identity() {
    let world = waiting().await;
    world.advance_to("2026-11-22T10:00:00Z");
    // A sweep that dies right after its claim: nothing was sent, nothing settled.
    let address = world.store.find(ID).await.unwrap().unwrap();
    let mut bundle = world.store.bundle(&address).await.unwrap().unwrap();
    let planned = plan(&fold(&bundle.entries), &bundle.alerts, &world.policy, world.now());
    let claim = world.store.claim(&mut bundle, &planned.send[0], "dead", planned.look_at, world.now()).await.unwrap();
    let Claim::Won(claimed) = claim else { panic!("{claim:?}") };
    assert!(matches!(claimed.state, State::Sending { .. }));

    world.advance_to("2026-11-22T10:01:29Z");
    world.sweep().await;
    world.expect_silence();
    world.advance_to("2026-11-22T10:01:30Z");
    world.sweep().await;
    let told = world.expect_alert("OVERDUE 48h");
    assert_eq!(told.alert_id, claimed.id.to_string());
    world.sweep().await;
    world.expect_silence();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_is_tried_again_later_and_later() {
    let world = waiting().await;
    world.alerts.fail(2);
    for (at, sent) in [
        ("2026-11-22T10:00:00Z", false),
        ("2026-11-22T10:00:59Z", false),
        ("2026-11-22T10:01:00Z", false),
        ("2026-11-22T10:02:59Z", false),
        ("2026-11-22T10:03:00Z", true),
    ] {
        world.advance_to(at);
        world.sweep().await;
        if sent {
            world.expect_alert("OVERDUE 48h");
        }
        world.expect_silence();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_comes_every_24_hours_and_only_the_current_one_after_an_outage() {
    let world = waiting().await;
    let mut keys = Vec::new();
    for (at, words) in [("2026-11-22T10:00:00Z", "OVERDUE 48h"), ("2026-11-23T10:00:00Z", "OVERDUE 72h")] {
        world.advance_to(at);
        world.sweep().await;
        let told = world.expect_alert(words);
        keys.push(told.dedup_key.clone());
        world.expect_silence();
    }
    world.advance_to("2026-11-24T09:59:59Z");
    world.sweep().await;
    world.expect_silence();
    // Nobody swept for three days: one alert, the current step, and it says what was skipped.
    world.advance_to("2026-11-27T10:00:00Z");
    world.sweep().await;
    let told = world.expect_alert("OVERDUE 168h");
    assert!(told.body.contains("(3 earlier reminder(s)"), "{}", told.body);
    assert!(told.alert_id.ends_with(":6"), "{}", told.alert_id);
    assert!(keys.iter().all(|k| *k == told.dedup_key));
    world.expect_silence();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_before_the_alert_withdraws_it() {
    let world = waiting().await;
    world.alerts.fail(1);
    world.advance_to("2026-11-22T10:00:00Z");
    world.sweep().await;
    world.advance_to("2026-11-22T10:00:30Z");
    let text = "We have received your request for port 25. We are looking into it and will get back to you.";
    world.mail(&Letter::aws("second@amazon", "2026-11-22T10:00:20Z", "Your request", text).answers(&["first@amazon"]).bytes()).await;
    world.advance_to("2026-11-22T10:05:00Z");
    let report = world.sweep().await;
    assert_eq!((report.sent, report.withdrawn), (1, 1), "{report:?}");
    // The attempt may have reached people although it seemed to fail: its end is said.
    world.expect_alert("RESOLVED");
    let history = world.get(&format!("/v1/requests/{ID}")).await.json()["history"].to_string();
    assert!(history.contains("withdrawn"), "the history explains the silence: {history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_mailbox_shows_what_is_overdue_without_telling_old_news() {
    let world = World::new().await;
    world.advance_to("2026-11-20T10:02:00Z");
    // Ten days old: overdue, told once with its current step; not dormant.
    world.mail(&received("ten@amazon", "170000000020010", "2026-11-10T10:00:00Z")).await;
    // Three months old: dormant, in the digest only.
    world.mail(&received("old@amazon", "170000000020090", "2026-08-20T10:00:00Z")).await;
    // An old question is no news, but it is still our turn.
    let question = "Please provide the following information about your use case for port 25.";
    let asked = Letter::aws("asked@amazon", "2026-11-08T10:00:00Z", "Your request", question);
    world.mail(&asked.bytes()).await;
    world.sweep().await;
    let mut told = vec![world.alerts.next().unwrap().subject, world.alerts.next().unwrap().subject];
    told.sort();
    assert!(told[0].starts_with("[port25] OUR TURN"), "{told:?}");
    assert!(told[1].starts_with("[port25] OVERDUE 240h"), "{told:?}");
    world.expect_silence();
    let overdue = world.get("/v1/requests?overdue=true").await.json();
    assert_eq!(overdue["items"].as_array().unwrap().len(), 2, "{overdue}");

    world.advance_to("2026-11-20T11:01:00Z");
    world.sweep().await;
    let digest = world.expect_alert("OVERDUE 1 request, oldest");
    assert_eq!(digest.event, "digest");
    assert!(digest.body.contains("170000000020090"));
    // Dormant means no repeats, until something new comes.
    world.advance_to("2026-11-20T11:02:00Z");
    let update = Letter::aws("woken@amazon", "2026-11-20T11:01:30Z", "Your request", "We are looking into your port 25 request.");
    world.mail(&update.answers(&["old@amazon"]).bytes()).await;
    assert!(!world.request("170000000020090").await.dormant);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_item_that_cannot_be_read_never_stops_the_sweep() {
    use aws_sdk_dynamodb::types::AttributeValue;
    let world = waiting().await;
    world.mail(&received("other@amazon", "170000000020002", "2026-11-20T09:59:00Z")).await;
    // The first due bundle has an entry of a form that this version does not know.
    let broken = world
        .client
        .query()
        .table_name(&world.engine.table)
        .index_name("work")
        .key_condition_expression("#w = :w")
        .expression_attribute_names("#w", "work");
    let mut heads = Vec::new();
    for shard in ["w0", "w1", "w2", "w3"] {
        let found = broken.clone().expression_attribute_values(":w", AttributeValue::S(shard.to_owned())).send().await.unwrap();
        heads.extend(found.items.unwrap());
    }
    assert_eq!(heads.len(), 2);
    let pk = heads[0]["pk"].clone();
    world
        .client
        .put_item()
        .table_name("promises")
        .item("pk", pk.clone())
        .item("sk", AttributeValue::S("E#2026-11-20T10:00:00.000Z#broken".to_owned()))
        .item("fact", AttributeValue::S("from the future".to_owned()))
        .send()
        .await
        .unwrap();
    // And in front of all there is an entry in the index whose name this version does not know.
    let mut unknown = world.client.put_item().table_name("promises");
    for (name, value) in [("pk", "S#from-the-future#2026-11-20T10"), ("sk", "-"), ("work", "w0"), ("work_at", "2026-11-20T10:00:00.000Z")] {
        unknown = unknown.item(name, AttributeValue::S(value.to_owned()));
    }
    unknown.send().await.unwrap();
    world.advance_to("2026-11-22T10:00:00Z");
    let report = world.sweep().await;
    assert_eq!((report.looked, report.broken, report.sent, report.stuck), (2, 2, 2, 2), "{report:?}");
    world.expect_alert("OVERDUE 48h");
    // Whatever the two had to tell does not go out: people hear that, once a day.
    assert!(world.expect_alert("SYSTEM").body.contains("cannot read"));
    // They wait five minutes, so that they never stand in front of the others, and are not forgotten.
    for (at, broken) in [("2026-11-22T10:04:59Z", 0), ("2026-11-22T10:05:00Z", 2)] {
        world.advance_to(at);
        assert_eq!(world.sweep().await.broken, broken, "{at}");
        world.expect_silence();
    }
    // What can be read again is told.
    let gone = world.client.delete_item().table_name("promises").key("pk", pk);
    gone.key("sk", AttributeValue::S("E#2026-11-20T10:00:00.000Z#broken".to_owned())).send().await.unwrap();
    world.advance_to("2026-11-22T10:10:00Z");
    assert_eq!(world.sweep().await.sent, 1);
    world.expect_alert("OVERDUE 48h");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_fails_is_tried_by_the_next_sweep_and_stands_in_front_of_nobody() {
    let world = waiting().await;
    let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
    let store = store::Store::new(boot::aws::local_service(&proxy.endpoint()), "promises");
    world.advance_to("2026-11-22T10:00:00Z");
    drop(proxy.calls().plan("TransactWriteItems", 1, Fault::Refuse(400, "ValidationException")));
    let notifier = alert::Notifier::Captured(world.alerts.clone());
    let report = alert::sweep(&store, &notifier, &world.policy, "sweep", world.now(), || true).await.unwrap();
    assert_eq!((report.broken, report.sent, report.stuck), (1, 0, 0), "{report:?}");
    assert_eq!(world.store.next_work().await.unwrap(), "2026-11-22T10:01:00Z".parse().ok(), "it is the last one then");
    world.advance_to("2026-11-22T10:01:00Z");
    world.sweep().await;
    world.expect_alert("OVERDUE 48h");
}
