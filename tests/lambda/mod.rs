//! The three functions as the processes that Lambda runs: a Runtime API, the embedded engine behind a proxy, an S3, an SQS and an SNS.

mod story;
mod bad_events;
mod calls;
mod at_once;
mod crash;
mod audit;
mod watching;
mod start;
mod tls;
mod logs;
mod door;
mod faults;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use api::access::secret;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use port25::engine::Engine;
use port25_tests::bootstraps::{self, Process};
use port25_tests::runtime_api::{Invocation, RuntimeApi};
use port25_tests::stand_ins::{DynamoProxy, Published, S3, Ses, Sns, Sqs};
use serde_json::{Value, json};
use store::Scope;

use crate::world::{Letter, notification, stored_by_ses};

const TABLE: &str = "lambda";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alerts";
/// The topic of what is critical.
const CRITICAL: &str = "arn:aws:sns:eu-west-1:111122223333:critical";
/// The bucket of `world::notification`.
const BUCKET: &str = "mail";
/// The longest that anything may take; nothing here comes near it on a machine that works.
const LIMIT: Duration = Duration::from_secs(60);

/// Everything around the functions.
struct Cloud {
    client: aws_sdk_dynamodb::Client,
    dynamo: DynamoProxy,
    s3: S3,
    sqs: Sqs,
    sns: Sns,
    ses: Ses,
    engine: Engine,
}

/// A function in its process.
struct Function {
    process: Process,
    api: RuntimeApi,
    invoked: AtomicUsize,
    token: String,
}

/// What the table holds.
#[derive(Debug, PartialEq, Eq, Default, Clone, Copy)]
struct Counts {
    heads: usize,
    entries: usize,
    alerts: usize,
    mails: usize,
    objects: usize,
}

impl Cloud {
    async fn new() -> Self {
        let engine = Engine::in_memory().await.unwrap();
        let client = boot::aws::local_dynamodb(&engine.endpoint());
        store::table::create(&client, TABLE).await.unwrap();
        let dynamo = DynamoProxy::start(&engine.endpoint()).await.unwrap();
        let (s3, sqs, sns, ses) = tokio::try_join!(S3::start(), Sqs::start(), Sns::start(), Ses::start()).unwrap();
        Self { client, dynamo, s3, sqs, sns, ses, engine }
    }

    fn env(&self) -> Vec<(String, String)> {
        let own = [
            ("TABLE_NAME", TABLE.to_owned()),
            ("ALERT_TOPIC_ARN", TOPIC.to_owned()),
            ("CRITICAL_TOPIC_ARN", CRITICAL.to_owned()),
            ("MAIL_BUCKET", BUCKET.to_owned()),
            ("OWN_ADDRESSES", port25::demo::OWN_ADDRESS.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamo.endpoint()),
            ("AWS_ENDPOINT_URL_S3", self.s3.endpoint()),
            ("AWS_ENDPOINT_URL_SQS", self.sqs.endpoint()),
            ("AWS_ENDPOINT_URL_SNS", self.sns.endpoint()),
            ("AWS_ENDPOINT_URL_SESV2", self.ses.endpoint()),
        ];
        lambdas_own().into_iter().chain(own).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A function whose INIT is over.
    async fn start(&self, name: &str) -> Function {
        self.start_with(name, &[]).await
    }

    /// The same, with more in its environment.
    async fn start_with(&self, name: &str, more: &[(&str, &str)]) -> Function {
        let api = RuntimeApi::start().await.unwrap();
        let env: Vec<_> = self.env().into_iter().chain(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).collect();
        let process = bootstraps::spawn(name, &api, &env).unwrap();
        assert!(within(api.ready()).await, "{name} ended during INIT: {:?}", process.lines());
        Function { process, api, invoked: AtomicUsize::new(0), token: self.token().await }
    }

    /// A token that may look and act.
    async fn token(&self) -> String {
        let store = store::Store::new(boot::aws::local_service(&self.engine.endpoint()), TABLE);
        secret::new_token(&store, "test", Scope::Write, 1, boot::world::now()).await.unwrap().0
    }

    /// Puts a mail where SES puts it.
    fn mail(&self, key: &str, bytes: &[u8]) {
        self.s3.put(BUCKET, key, &stored_by_ses(key, bytes));
    }

    async fn items(&self) -> Vec<HashMap<String, AttributeValue>> {
        let pages = self.client.scan().table_name(TABLE).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.unwrap()
    }

    async fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for item in self.items().await {
            match (text(&item, "pk"), text(&item, "sk")) {
                (pk, _) if pk.starts_with("M#") => counts.mails += 1,
                (pk, _) if pk.starts_with("O#") => counts.objects += 1,
                (_, sk) if sk.starts_with("HEAD") => counts.heads += 1,
                (_, sk) if sk.starts_with("E#") => counts.entries += 1,
                (_, sk) if sk.starts_with("A#") => counts.alerts += 1,
                _ => {}
            }
        }
        counts
    }

    /// Lets the time come at which the items in this state must be looked at. Says how many there were.
    async fn make_due(&self, state: &str) -> usize {
        let past = format!("{:.3}", boot::world::now() - SignedDuration::from_secs(1));
        let mut made = 0;
        for mut item in self.items().await {
            if text(&item, "state") == state && item.contains_key("work_at") {
                item.insert("work_at".to_owned(), AttributeValue::S(past.clone()));
                self.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
                made += 1;
            }
        }
        made
    }

    /// The messages since the last look, by subject without its prefix, in the order of the alphabet.
    fn subjects(&self) -> Vec<String> {
        let mut subjects: Vec<String> = self.sns.take().into_iter().map(|p| subject(&p)).collect();
        subjects.sort();
        subjects
    }

    async fn close(self) {
        self.engine.close().await;
    }
}

impl Function {
    async fn call(&self, event: Vec<u8>) -> Invocation {
        self.invoked.fetch_add(1, Ordering::Relaxed);
        self.api.invoke(event, LIMIT).await
    }

    async fn invoke(&self, event: &Value) -> Value {
        match self.call(event.to_string().into_bytes()).await {
            Invocation::Response(body) => serde_json::from_slice(&body).unwrap(),
            other => panic!("{other:?}; it wrote {:#?}", self.process.lines()),
        }
    }

    /// Hands these records to `ingest`; the ids of those that failed.
    async fn ingest(&self, event: &Value) -> Vec<String> {
        let answer = self.invoke(event).await;
        let failures = answer["batchItemFailures"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
        failures.map(|f| f["itemIdentifier"].as_str().unwrap().to_owned()).collect()
    }

    /// Lets `alert` sweep, with the event that the scheduler sends.
    async fn sweep(&self) {
        let event = json!({"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}});
        assert_eq!(self.invoke(&event).await, Value::Null);
    }

    /// `GET path?query` through `api`, as API Gateway asks it: status, headers and body.
    async fn get(&self, path: &str, query: &str, accept: &str) -> (u64, Value, String) {
        self.ask(&self.asked(path, query, accept)).await
    }

    /// The event of that; a test may change it.
    fn asked(&self, path: &str, query: &str, accept: &str) -> Value {
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": {"accept": accept, "authorization": format!("Bearer {}", self.token), "host": "abc123.execute-api.eu-west-1.amazonaws.com"},
            "requestContext": {
                "accountId": "111122223333", "apiId": "abc123", "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "abc123", "requestId": "r", "routeKey": "$default", "stage": "$default",
                "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"},
                "time": "20/Nov/2026:10:00:00 +0000", "timeEpoch": 1_795_168_800_000_u64,
            },
            "isBase64Encoded": false,
        })
    }

    async fn ask(&self, event: &Value) -> (u64, Value, String) {
        let answer = self.invoke(event).await;
        let body = answer["body"].as_str().unwrap_or_default().to_owned();
        (answer["statusCode"].as_u64().unwrap(), answer["headers"].clone(), body)
    }

    /// Kills the process and gives everything that it wrote: JSON, and nothing else.
    async fn end(mut self) -> Vec<Value> {
        within(self.process.kill()).await;
        json_lines(&self.process.lines())
    }

    /// The same, of a function that wrote one line for each invocation.
    async fn one_line_each(self) -> Vec<Value> {
        let invoked = self.invoked.load(Ordering::Relaxed);
        let lines = self.end().await;
        assert_eq!(lines.len(), invoked, "one line for each invocation: {lines:#?}");
        lines
    }
}

/// What Lambda puts into the environment, of that what the functions need.
fn lambdas_own() -> [(&'static str, String); 4] {
    [
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
        ("AWS_SESSION_TOKEN", "example".to_owned()),
    ]
}

async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| panic!("it took longer than {LIMIT:?}"))
}

/// An SQS event: message ids and bodies.
fn sqs(records: &[(&str, String)]) -> Value {
    let records: Vec<Value> = records
        .iter()
        .map(|(id, body)| {
            json!({
                "messageId": id, "receiptHandle": "h", "body": body, "md5OfBody": "0", "eventSource": "aws:sqs", "awsRegion": "eu-west-1",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:111122223333:mail", "messageAttributes": {},
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
            })
        })
        .collect();
    json!({ "Records": records })
}

/// The event that brings the mail under this key; the message has the key's name.
fn event(key: &str) -> Value {
    sqs(&[(key, notification(key))])
}

/// The notification as it is when the subscription delivers raw messages.
fn raw(key: &str) -> String {
    let envelope: Value = serde_json::from_str(&notification(key)).unwrap();
    envelope["Message"].as_str().unwrap().to_owned()
}

/// The mail with all dates in its headers moved so that its Date is this long ago.
fn dated(mail: &[u8], ago: SignedDuration) -> Vec<u8> {
    let text = std::str::from_utf8(mail).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let parse = |text: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let date = head.lines().find_map(|line| parse(line.strip_prefix("Date: ")?)).unwrap();
    let shift = (boot::world::now() - ago).duration_since(date);
    let moved: Vec<String> = head
        .lines()
        .map(|line| {
            let (before, rest) = line.split_at(if line.starts_with("Date: ") { 6 } else { line.len() - line.trim_start().len() });
            parse(rest).map_or_else(|| line.to_owned(), |at| format!("{before}{}", rfc2822(at + shift)))
        })
        .collect();
    format!("{}\n\n{body}", moved.join("\n")).into_bytes()
}

fn rfc2822(at: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&at).unwrap()
}

/// A verified question of AWS on the request `1700000000NNNNN`, an hour old.
fn question(n: u32) -> Letter {
    let at = (boot::world::now() - SignedDuration::from_hours(1)).to_string();
    let text = format!("Please reply directly to this message with the use case of your port 25 request.\r\n\r\nRequest ID: {}", id(n));
    Letter::aws(&format!("question-{n}@email.amazon.com"), &at, "Your request to remove email sending limitations", &text)
}

fn id(n: u32) -> String {
    format!("1700000000{n:05}")
}

fn text<'a>(item: &'a HashMap<String, AttributeValue>, name: &str) -> &'a str {
    item.get(name).and_then(|v| v.as_s().ok()).map_or("", String::as_str)
}

fn subject(published: &Published) -> String {
    published.subject.strip_prefix("[port25] ").unwrap_or_else(|| panic!("{}", published.subject)).to_owned()
}

/// The lines that are JSON objects: all of them.
fn json_lines(lines: &[String]) -> Vec<Value> {
    lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}"))).collect()
}

/// How `ingest` says that messages ended: message id and ending, from all its lines.
fn endings(lines: &[Value]) -> BTreeMap<String, Vec<String>> {
    let mut endings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        for record in line["records"].as_array().into_iter().flatten().filter(|record| record["mail"].is_string()) {
            let word = |name: &str| record[name].as_str().unwrap().to_owned();
            endings.entry(word("message")).or_default().push(word("outcome"));
        }
    }
    endings
}
