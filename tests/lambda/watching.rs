//! What the deployment's alarms stand on: the sweep's line of metrics, and the canary through SES and ingest as processes.

use port25_tests::bootstraps;
use port25_tests::runtime_api::RuntimeApi;
use port25_tests::stand_ins::Fault;
use serde_json::{Value, json};

use super::{BUCKET, Cloud, Function, TABLE, event, within};
use crate::world::stored_by_ses;

const FROM: &str = "canary@track.corp.example";
const TO: &str = "port25@track.corp.example";

impl Cloud {
    /// `alert`, with a canary.
    async fn watcher(&self) -> Function {
        let api = RuntimeApi::start().await.unwrap();
        let mut env = self.env();
        env.extend([("CANARY_FROM".to_owned(), FROM.to_owned()), ("CANARY_TO".to_owned(), TO.to_owned())]);
        let process = bootstraps::spawn("alert", &api, &env).unwrap();
        assert!(within(api.ready()).await, "alert ended during INIT: {:?}", process.lines());
        Function { process, api, invoked: std::sync::atomic::AtomicUsize::new(0), token: self.token().await }
    }
}

/// The metrics of a line: their names, and that each has its value.
fn metrics(line: &Value) -> Vec<String> {
    let directives = line["_aws"]["CloudWatchMetrics"].as_array().unwrap_or_else(|| panic!("no metrics: {line}"));
    assert_eq!(directives.len(), 1, "{line}");
    assert!(line["_aws"]["Timestamp"].is_i64(), "{line}");
    assert_eq!((&directives[0]["Namespace"], &directives[0]["Dimensions"]), (&json!("port25"), &json!([["Table"]])));
    assert_eq!(line["Table"], TABLE);
    let names = directives[0]["Metrics"].as_array().unwrap().iter().map(|metric| metric["Name"].as_str().unwrap().to_owned());
    names.inspect(|name| assert!(line[name].is_i64(), "{name} of {line}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_canary_goes_through_ses_and_ingest_and_the_metrics_say_so() {
    let cloud = Cloud::new().await;
    for (n, filter) in [None, Some("{&quot;kind&quot;:[&quot;overdue&quot;]}"), None].into_iter().enumerate() {
        cloud.sns.subscribe(&format!("arn:aws:sns:eu-west-1:111122223333:alerts:{n}"), filter);
    }
    cloud.sns.subscribe("PendingConfirmation", None);
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.watcher());
    alert.sweep().await;
    let sent = cloud.ses.take();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!((&sent[0]["FromEmailAddress"], &sent[0]["Destination"]["ToAddresses"]), (&json!(FROM), &json!([TO])));
    let subject = sent[0]["Content"]["Simple"]["Subject"]["Data"].as_str().unwrap();
    let mail = format!("From: {FROM}\r\nTo: {TO}\r\nMessage-ID: <c@eu-west-1.amazonses.com>\r\nSubject: {subject}\r\n\r\nA canary.\r\n");
    cloud.s3.put(BUCKET, "c1", &stored_by_ses("c1", mail.as_bytes()));
    assert!(ingest.ingest(&event("c1")).await.is_empty());
    assert!(ingest.ingest(&event("c1")).await.is_empty());
    alert.sweep().await;
    assert!(cloud.ses.take().is_empty(), "once an hour");
    let counts = cloud.counts().await;
    assert_eq!((counts.heads, counts.entries, counts.mails), (0, 0, 1), "it made no request");

    let lines = alert.one_line_each().await;
    assert_eq!(metrics(&lines[0]), ["OldestUnsentAlertSeconds", "CanaryAgeSeconds", "ConfirmedSubscriptions"]);
    assert_eq!((&lines[0]["ConfirmedSubscriptions"], &lines[0]["OldestUnsentAlertSeconds"]), (&json!(2), &json!(0)));
    assert_eq!(metrics(&lines[1]), ["OldestUnsentAlertSeconds", "CanaryAgeSeconds"], "who hears the alerts is asked once an hour");
    let records: Vec<Value> = ingest.one_line_each().await.iter().map(|line| line["records"][0]["outcome"].clone()).collect();
    assert_eq!(records, ["ignored", "duplicate"]);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_canary_there_is_none_and_what_cannot_be_asked_stops_no_sweep() {
    let cloud = Cloud::new().await;
    let alert = cloud.start("alert").await;
    let _met = cloud.sns.calls().plan("ListSubscriptionsByTopic", 1, Fault::Refuse(403, "AuthorizationError"));
    alert.sweep().await;
    assert_eq!(cloud.ses.calls().count("SendEmail"), 0);
    let lines = alert.one_line_each().await;
    assert_eq!(metrics(&lines[0]), ["OldestUnsentAlertSeconds"]);
    assert!(lines[0]["errors"][0].as_str().unwrap().starts_with("nobody knows how many hear the alerts: "), "{}", lines[0]);
    assert_eq!(lines[0]["level"], "ERROR");
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_ses_refuses_is_an_error_and_its_age_grows_from_then_on() {
    let cloud = Cloud::new().await;
    let alert = cloud.watcher().await;
    let _met = cloud.ses.calls().plan("SendEmail", 1, Fault::Refuse(400, "MessageRejected"));
    alert.sweep().await;
    let lines = alert.one_line_each().await;
    assert!(lines[0]["errors"][0].as_str().unwrap().starts_with("no canary was sent: "), "{}", lines[0]);
    assert!(metrics(&lines[0]).contains(&"CanaryAgeSeconds".to_owned()), "{}", lines[0]);
    cloud.close().await;
}
