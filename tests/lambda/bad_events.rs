//! Events that can never be processed are an outcome that people see; only what a retry can cure is handed back to the queue.

use port25_tests::runtime_api::Invocation;
use port25_tests::stand_ins::Fault;
use serde_json::{Value, json};

use super::{BUCKET, Cloud, Counts, endings, event, id, question, sqs};
use crate::world::notification;

#[tokio::test(flavor = "multi_thread")]
async fn poison_is_set_aside_with_its_reason_and_never_comes_back() {
    let cloud = Cloud::new().await;
    let ingest = cloud.start("ingest").await;
    let poison: Vec<(&str, String)> = vec![
        ("not-json", "certainly not JSON".to_owned()),
        ("empty", String::new()),
        ("no-fields", "{}".to_owned()),
        ("no-receipt", r#"{"notificationType":"Received","mail":{}}"#.to_owned()),
        ("no-action", r#"{"receipt":{}}"#.to_owned()),
        ("no-object", r#"{"receipt":{"action":{"type":"Lambda","functionArn":"f"}}}"#.to_owned()),
        ("no-notification-inside", r#"{"Type":"Notification","Message":"Hello"}"#.to_owned()),
        ("odd-types", r#"{"receipt":{"action":{"objectKey":17}}}"#.to_owned()),
        ("an-array", "[1,2,3]".to_owned()),
        ("gone", notification("never-was-there")),
    ];
    assert!(ingest.ingest(&sqs(&poison)).await.is_empty(), "poison must not come back");
    // One at a time, as the queue is configured.
    for record in &poison {
        assert!(ingest.ingest(&sqs(std::slice::from_ref(record))).await.is_empty(), "{}", record.0);
    }
    // A record without a body, and an event without records.
    let mut bare = sqs(&[("bare", String::new())]);
    bare["Records"][0].as_object_mut().unwrap().remove("body");
    assert!(ingest.ingest(&bare).await.is_empty());
    assert!(ingest.ingest(&json!({"Records": []})).await.is_empty());

    assert_eq!(cloud.counts().await, Counts::default());
    let lines = ingest.one_line_each().await;
    for (line, (id, _)) in lines[1..].iter().zip(&poison) {
        assert_eq!(line["level"], "ERROR", "{line}");
        assert!(line.to_string().contains(id), "{id} is not in {line}");
    }
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_at_all_is_an_error_and_the_process_lives_on() {
    let cloud = Cloud::new().await;
    let (ingest, api) = tokio::join!(cloud.start("ingest"), cloud.start("api"));
    for event in ["not JSON", "", "17", "{\"Records\":{}}"] {
        let invocation = ingest.call(event.into()).await;
        assert!(matches!(invocation, Invocation::Error(_)), "{event}: {invocation:?}");
        let invocation = api.call(event.into()).await;
        assert!(matches!(invocation, Invocation::Error(_)), "{event}: {invocation:?}");
    }
    cloud.mail("after", &question(1).bytes());
    assert!(ingest.ingest(&event("after")).await.is_empty());
    assert_eq!(cloud.counts().await.entries, 1);
    assert_eq!(api.get("/v1/requests", "", "*/*").await.0, 200);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_records_only_the_one_that_a_retry_can_cure_comes_back() {
    let cloud = Cloud::new().await;
    let ingest = cloud.start("ingest").await;
    for n in 1..=3 {
        cloud.mail(&format!("m{n}"), &question(n).bytes());
    }
    cloud.s3.forbid(BUCKET, "m2");
    let batch = sqs(&[("one", notification("m1")), ("two", notification("m2")), ("three", notification("m3"))]);
    assert_eq!(ingest.ingest(&batch).await, ["two"]);
    assert_eq!((cloud.counts().await.entries, cloud.counts().await.heads), (2, 2));

    // Still forbidden, still a failure; then somebody mends the policy.
    let again = sqs(&[("two", notification("m2"))]);
    assert_eq!(ingest.ingest(&again).await, ["two"]);
    cloud.s3.permit(BUCKET, "m2");
    assert!(ingest.ingest(&again).await.is_empty());
    assert_eq!((cloud.counts().await.entries, cloud.counts().await.heads), (3, 3));

    // The table refuses: the record comes back, and the next one of the batch is tried all the same.
    cloud.mail("m4", &question(4).bytes());
    cloud.mail("m5", &question(5).bytes());
    let _met = cloud.dynamo.calls().plan("BatchGetItem", 1, Fault::Refuse(400, "AccessDeniedException"));
    let batch = sqs(&[("four", notification("m4")), ("five", notification("m5"))]);
    assert_eq!(ingest.ingest(&batch).await, ["four"]);
    assert!(ingest.ingest(&sqs(&[("four", notification("m4"))])).await.is_empty());
    let lines = ingest.end().await;
    for id in ["one", "two", "three", "four", "five"] {
        assert_eq!(endings(&lines)[id], ["applied"], "{id}");
    }
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_bytes_stop_coming_is_a_failure_and_not_half_a_mail() {
    let cloud = Cloud::new().await;
    let ingest = cloud.start("ingest").await;
    cloud.mail("stalled", &question(1).bytes());
    let mut met = cloud.s3.calls().plan("GetObject", 1, Fault::HangInBody);
    assert_eq!(ingest.ingest(&event("stalled")).await, ["stalled"]);
    assert!(met.wait().await);
    assert_eq!(cloud.counts().await, Counts::default());
    assert!(ingest.ingest(&event("stalled")).await.is_empty());
    assert_eq!(cloud.counts().await.entries, 1);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_object_of_many_megabytes_the_beginning_is_read_and_nothing_of_it_settles() {
    let cloud = Cloud::new().await;
    let (ingest, api) = tokio::join!(cloud.start("ingest"), cloud.start("api"));
    for (n, megabytes) in [(1, 1), (2, 6)] {
        let mut letter = question(n);
        letter.body = format!("We have granted your request.\r\n\r\nRequest ID: {}", id(n));
        let plain = "Content-Type: text/plain; charset=utf-8\r\n";
        let parts = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{plain}");
        let attached = "\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        let mail = String::from_utf8(letter.bytes()).unwrap().replace(plain, &parts);
        let mail = format!("{mail}{attached}{}--b--\r\n", format!("{}\r\n", "JVBERi0x".repeat(9)).repeat(megabytes * 1024 * 1024 / 74));
        // Answers AWS's own mail, so that an approval that is read whole settles.
        let mut first = question(n);
        first.id = format!("first-{n}@email.amazon.com");
        cloud.mail(&format!("first{n}"), &first.bytes());
        cloud.mail(
            &format!("m{n}"),
            mail.replace("Content-Type: multipart", &format!("References: <{}>\r\nContent-Type: multipart", first.id)).as_bytes(),
        );
        assert!(ingest.ingest(&event(&format!("first{n}"))).await.is_empty());
        assert!(ingest.ingest(&event(&format!("m{n}"))).await.is_empty());
    }
    let (whole, cut) =
        (api.get(&format!("/v1/requests/{}", id(1)), "", "*/*").await.2, api.get(&format!("/v1/requests/{}", id(2)), "", "*/*").await.2);
    assert!(whole.contains(r#""outcome":"approved""#), "{whole}");
    assert!(cut.contains(r#""turn":"ours""#) && cut.contains(r#""outcome":null"#), "{cut}");
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_takes_a_request_and_stays_silent_is_asked_again() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    cloud.mail("m1", &question(1).bytes());
    let mut silent = cloud.dynamo.calls().plan("BatchGetItem", 1, Fault::HangBefore);
    assert!(ingest.ingest(&event("m1")).await.is_empty());
    assert!(silent.wait().await);
    assert_eq!(cloud.counts().await.entries, 1);
    let mut silent = cloud.sns.calls().plan("Publish", 1, Fault::HangBefore);
    alert.sweep().await;
    assert!(silent.wait().await);
    assert_eq!(cloud.subjects().len(), 1);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alert_does_not_look_at_its_event() {
    let cloud = Cloud::new().await;
    let alert = cloud.start("alert").await;
    for event in [Value::Null, json!({}), json!("now"), json!({"time": "1970-01-01T00:00:00Z", "detail": {"x": []}})] {
        assert_eq!(alert.invoke(&event).await, Value::Null);
    }
    // No time left: it does not begin what it cannot end.
    let ingest = cloud.start("ingest").await;
    cloud.mail("q", &question(1).bytes());
    assert!(ingest.ingest(&event("q")).await.is_empty());
    let short = alert.api.invoke(b"{}".to_vec(), std::time::Duration::from_secs(4)).await;
    assert_eq!(short, Invocation::Response(b"null".to_vec()));
    assert!(cloud.subjects().is_empty());
    alert.sweep().await;
    assert_eq!(cloud.subjects().len(), 1);
    cloud.close().await;
}
