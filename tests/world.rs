//! The test world: a real engine, the three functions, captured alerts, and a clock. A test fails on an alert nobody asked for.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use alert::audit::Mailroom;
use alert::message::Message;
use alert::notify::Captured;
use alert::watch::{Outside, Watch};
use alert::{Hourly, Notifier, SweepReport, sweep, sweep_and_audit, sweep_and_watch};
use api::access::{Door, secret};
use api::act::{self, ActError, Acted, Deed, Taken, What, Word};
use api::mails::{Mails, Reading, Unread, reread};
use axum::body::Body;
use axum::http::Request as HttpRequest;
use domain::policy::Policy;
use domain::request::Request;
use http_body_util::BodyExt;
use ingest::inbox::Inbox;
use ingest::{Filed, Outcome, handle};
use jiff::Timestamp;
use port25::node::Node;
use store::{Scope, Store, StoredMail};
use tower::ServiceExt;

use crate::engine::Under;

/// Where a story begins: just before its first mail.
const START: &str = "2026-11-20T10:00:00Z";

/// Everything, and nothing real outside this process.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) policy: Policy,
    pub(crate) alerts: Captured,
    pub(crate) client: aws_sdk_dynamodb::Client,
    notifier: Notifier,
    inbox: Inbox,
    folder: PathBuf,
    now: Arc<Mutex<Timestamp>>,
    mails: AtomicU32,
    /// Lives as long as the world.
    pub(crate) engine: Under,
    check: bool,
    pub(crate) door: Door,
    tokens: tokio::sync::Mutex<Vec<(Scope, String)>>,
}

/// The bucket of this world, as the API reads it.
struct Stored {
    folder: PathBuf,
    policy: Policy,
}

impl Mails for Stored {
    fn entry<'a>(&'a self, mail: &'a StoredMail) -> Reading<'a> {
        Box::pin(async move {
            let fetched = Inbox::Folder(self.folder.clone()).fetch(None, &mail.object).await.map_err(|e| Unread(Box::new(e)))?;
            Ok(reread(mail, &fetched, ingest::Origin::Ses, &self.policy))
        })
    }
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("not JSON ({e}): {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let mut policy = Policy::default();
        policy.own_addresses.insert(port25::demo::OWN_ADDRESS.to_owned());
        Self::with(policy).await
    }

    pub(crate) async fn with(policy: Policy) -> Self {
        let engine = Under::new().await;
        let client = boot::aws::local_dynamodb(&engine.endpoint());
        store::table::create(&client, &engine.table).await.unwrap();
        let folder = unique_folder();
        let alerts = Captured::default();
        Self {
            store: Store::new(boot::aws::local_service(&engine.endpoint()), &engine.table),
            policy,
            notifier: Notifier::Captured(alerts.clone()),
            alerts,
            client,
            inbox: Inbox::Folder(folder.clone()),
            folder,
            now: Arc::new(Mutex::new(START.parse().unwrap())),
            mails: AtomicU32::new(0),
            engine,
            check: true,
            door: Door::default(),
            tokens: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    pub(crate) fn advance_to(&self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        assert!(at >= self.now(), "time does not go back");
        *self.now.lock().unwrap() = at;
    }

    /// Lets a mail come in as SES delivers it: an object, and a notification about it in an SNS envelope.
    pub(crate) async fn mail(&self, bytes: &[u8]) -> Filed {
        let n = self.mails.fetch_add(1, Ordering::Relaxed);
        self.deliver(&format!("object-{n}"), bytes).await
    }

    /// The same, under a key that the test chooses.
    pub(crate) async fn deliver(&self, key: &str, bytes: &[u8]) -> Filed {
        self.deliver_as_it_is(key, &stored_by_ses(key, bytes)).await
    }

    /// The same, with nothing written into it.
    pub(crate) async fn deliver_as_it_is(&self, key: &str, bytes: &[u8]) -> Filed {
        std::fs::write(self.folder.join(key), bytes).unwrap();
        match self.notify(&notification(key)).await {
            Outcome::Filed(filed) => filed,
            other => panic!("not filed: {other:?}"),
        }
    }

    /// Says of a stored mail what it means, as a person does.
    pub(crate) async fn judge(&self, name: &str, word: &Word) -> Taken {
        let mail = act::find_mail(&self.store, name).await.unwrap();
        let bytes = std::fs::read(self.folder.join(&mail.object)).unwrap();
        let fetched = ingest::inbox::Fetched { bytes, truncated: false };
        let read = (!act::is_entry(&mail)).then(|| reread(&mail, &fetched, ingest::Origin::Ses, &self.policy));
        act::judge(&self.store, &self.policy, &mail, read.as_ref(), word, self.now()).await.unwrap()
    }

    /// Does something with a request, as a person does.
    pub(crate) async fn act(&self, name: &str, deed: &Deed) -> Result<Acted, ActError> {
        act::on_request(&self.store, &self.policy, name, deed, self.now()).await
    }

    /// Puts an object into the bucket; nobody tells ingest of it.
    pub(crate) fn put_silently(&self, key: &str, bytes: &[u8]) {
        std::fs::write(self.folder.join(key), stored_by_ses(key, bytes)).unwrap();
    }

    /// A sweep with an audit of this bucket, where it is due.
    pub(crate) async fn sweep_with(&self, room: &impl Mailroom) -> SweepReport {
        sweep_and_audit(&self.store, &self.notifier, &self.policy, "sweep", self.now(), || true, Some(room)).await.unwrap()
    }

    /// A sweep that watches.
    pub(crate) async fn sweep_watching(&self, watch: &Watch<impl Outside>) -> SweepReport {
        let hourly = Hourly { room: None::<&Node>, watch: Some(watch) };
        sweep_and_watch(&self.store, &self.notifier, &self.policy, "sweep", self.now(), || true, hourly).await.unwrap()
    }

    /// Hands one SQS body to ingest.
    pub(crate) async fn notify(&self, body: &str) -> Outcome {
        let records = vec![("message".to_owned(), Some(body.to_owned()))];
        let mut done = handle(&self.inbox, &self.store, &self.policy, records, self.now()).await;
        assert_eq!(done.len(), 1);
        done.remove(0).outcome
    }

    /// Lets a mail of the demo's story come in, at the time that its scene has.
    pub(crate) async fn story(&self, name: &str) -> Filed {
        let bytes = story_mail(name);
        self.mail(&bytes).await
    }

    pub(crate) async fn sweep(&self) -> SweepReport {
        self.sweep_as("sweep").await
    }

    /// A sweep that ends early.
    pub(crate) async fn sweep_in(&self, in_time: impl Fn() -> bool) -> SweepReport {
        sweep(&self.store, &self.notifier, &self.policy, "sweep", self.now(), in_time).await.unwrap()
    }

    pub(crate) async fn sweep_as(&self, owner: &str) -> SweepReport {
        sweep_and_audit(&self.store, &self.notifier, &self.policy, owner, self.now(), || true, None::<&Node>).await.unwrap()
    }

    /// The oldest alert that was sent and not yet looked at; its subject begins with these words.
    pub(crate) fn expect_alert(&self, words: &str) -> Message {
        let message = self.alerts.next().unwrap_or_else(|| panic!("no alert was sent, {words} was expected"));
        let subject = message.subject.strip_prefix("[port25] ").unwrap();
        assert!(subject.starts_with(words), "expected {words}, got {}", message.subject);
        message
    }

    pub(crate) fn expect_silence(&self) {
        if let Some(message) = self.alerts.next() {
            panic!("nobody asked for this alert: {}", message.subject);
        }
    }

    /// This test looks at other things than alerts.
    pub(crate) fn ignore_alerts(&mut self) {
        self.check = false;
    }

    /// The request that this reference leads to.
    pub(crate) async fn request(&self, reference: &str) -> Request {
        self.find(reference).await.unwrap_or_else(|| panic!("no request answers to {reference}"))
    }

    pub(crate) async fn find(&self, reference: &str) -> Option<Request> {
        Some(api::find(&self.store, reference).await.unwrap()?.request)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str) -> Reply {
        self.request_of(HttpRequest::builder().method(method).uri(path)).await
    }

    /// With this media type in `Accept`.
    pub(crate) async fn ask_for(&self, accept: &str, path: &str) -> Reply {
        self.request_of(HttpRequest::builder().uri(path).header("accept", accept)).await
    }

    /// With a token that may write.
    async fn request_of(&self, request: axum::http::request::Builder) -> Reply {
        let token = format!("Bearer {}", self.token(Scope::Write).await);
        self.send(request.header("authorization", token), String::new()).await
    }

    /// A token of this world.
    pub(crate) async fn token(&self, scope: Scope) -> String {
        let mut tokens = self.tokens.lock().await;
        if let Some((_, token)) = tokens.iter().find(|(s, _)| *s == scope) {
            return token.clone();
        }
        let made = secret::new_token(&self.store, scope.as_str(), scope, 366, self.now()).await.unwrap().0;
        tokens.push((scope, made.clone()));
        made
    }

    /// A change by the API, with a token that may write.
    pub(crate) async fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        let request = HttpRequest::builder().method("POST").uri(path).header("content-type", "application/json");
        let token = format!("Bearer {}", self.token(Scope::Write).await);
        self.send(request.header("authorization", token), body.to_string()).await
    }

    /// A request as the test writes it.
    pub(crate) async fn send(&self, request: axum::http::request::Builder, body: String) -> Reply {
        let now = Arc::clone(&self.now);
        let app = api::app(api::App {
            store: self.store.clone(),
            policy: Arc::new(self.policy.clone()),
            clock: Arc::new(move || *now.lock().unwrap()),
            mail_to: Some("smtp://127.0.0.1:2525".to_owned()),
            door: self.door.clone(),
            mails: Some(Arc::new(Stored { folder: self.folder.clone(), policy: self.policy.clone() })),
        });
        let response = app.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let text = |v: &axum::http::HeaderValue| String::from_utf8_lossy(v.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(n, v)| (n.to_string(), text(v))).collect();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Reply { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
        if self.check && !std::thread::panicking() {
            self.expect_silence();
        }
    }
}

/// What ann does, for a reason.
pub(crate) fn deed(what: What) -> Deed {
    Deed { what, by: "ann".to_owned(), why: Some("by phone".to_owned()), key: None, expected: None }
}

/// SES's notification about an object, as SNS hands it to SQS.
pub(crate) fn notification(key: &str) -> String {
    let action =
        serde_json::json!({"type": "S3", "topicArn": "arn:aws:sns:eu-west-1:111122223333:mail", "bucketName": "mail", "objectKey": key});
    let inner = serde_json::json!({"notificationType": "Received", "receipt": {"action": action}, "mail": {"messageId": key}});
    serde_json::json!({"Type": "Notification", "MessageId": "m", "Message": inner.to_string()}).to_string()
}

/// A mail as SES stores it under a key: SES's line on top names the object. A mail that has such a line (of when it was written
/// down) gets the key into it.
pub(crate) fn stored_by_ses(key: &str, bytes: &[u8]) -> Vec<u8> {
    const ID: &[u8] = b".amazonaws.com with SMTP id ";
    let found = bytes.windows(ID.len()).position(|w| w == ID).map(|at| at + ID.len());
    let head = bytes.windows(2).position(|w| w == b"\n\n").or_else(|| bytes.windows(4).position(|w| w == b"\r\n\r\n"));
    match found.filter(|at| head.is_none_or(|head| *at < head)) {
        Some(at) => {
            let end = bytes[at..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |n| at + n);
            [&bytes[..at], key.as_bytes(), &bytes[end..]].concat()
        }
        None => [format!("Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id {key}\r\n").as_bytes(), bytes].concat(),
    }
}

/// A mail of the story.
pub(crate) fn story_mail(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("mail/story").join(format!("{name}.eml"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A folder that no other test has.
pub(crate) fn unique_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("port25-promises-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A mail to write by hand: headers of a verified AWS mail, with what the test says on top.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) cc: Option<String>,
    pub(crate) subject: String,
    pub(crate) date: String,
    pub(crate) references: Vec<String>,
    pub(crate) dmarc: &'static str,
    pub(crate) body: String,
}

impl Letter {
    pub(crate) fn aws(id: &str, date: &str, subject: &str, body: &str) -> Self {
        Self {
            id: id.to_owned(),
            from: "aws-automation@email.amazon.com".to_owned(),
            to: "port25@track.corp.example".to_owned(),
            cc: None,
            subject: subject.to_owned(),
            date: rfc2822(date),
            references: Vec::new(),
            dmarc: "pass",
            body: body.to_owned(),
        }
    }

    pub(crate) fn ours(id: &str, date: &str, answers: &str, body: &str) -> Self {
        let mut letter = Self::aws(id, date, "Re: your request", body);
        letter.from = port25::demo::OWN_ADDRESS.to_owned();
        letter.to = "aws-automation@email.amazon.com".to_owned();
        letter.cc = Some("port25@track.corp.example".to_owned());
        letter.references = vec![answers.to_owned()];
        letter
    }

    pub(crate) fn answers(mut self, ids: &[&str]) -> Self {
        self.references = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    pub(crate) fn forged(mut self) -> Self {
        self.dmarc = "fail";
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let domain = self.from.rsplit('@').next().unwrap_or_default();
        let mut text = format!(
            "Authentication-Results: amazonses.com; spf=pass; dmarc={} header.from={domain};\r\nFrom: <{}>\r\nTo: <{}>\r\n",
            self.dmarc, self.from, self.to
        );
        if let Some(cc) = &self.cc {
            text.push_str(&format!("Cc: <{cc}>\r\n"));
        }
        text.push_str(&format!("Subject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\n", self.subject, self.date, self.id));
        if !self.references.is_empty() {
            let references: Vec<String> = self.references.iter().map(|r| format!("<{r}>")).collect();
            text.push_str(&format!("References: {}\r\n", references.join("\r\n ")));
        }
        text.push_str(&format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n", self.body));
        text.into_bytes()
    }
}

fn rfc2822(at: &str) -> String {
    let at: Timestamp = at.parse().unwrap();
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&at).unwrap()
}
