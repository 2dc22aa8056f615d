//! Ingest: writes what is true.
//!
//! A mail's object is fetched ([`inbox`], named by the events of [`event`]), read, believed or not, and understood
//! (`domain::{mail, trust, classify}`), and filed ([`file()`]) in one transaction with everything it causes. Nothing is published here.
//! The same functions run in Lambda (`main.rs`), in the local program and in tests.

pub mod event;
pub mod file;
pub mod inbox;

use boot::log::{Level, Line, chain};
use domain::policy::Policy;
use domain::text::{cut, one_line};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::Store;

pub use file::{Delivery, Filed, IngestError, Origin, Signatures, file};

use event::Incoming;
use inbox::{Inbox, InboxError};

/// Of an object's key at most this much is logged: S3 takes 1024 bytes.
const KEY_MAX: usize = 1024;

/// What became of one record of a batch.
#[derive(Debug)]
pub struct Record {
    /// The SQS message id.
    pub message: String,
    /// The key of the object that it names.
    pub object: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a record ended. Only what a retry can cure is [`Outcome::Failed`]; poison is an outcome that people can see.
#[derive(Debug)]
pub enum Outcome {
    /// The mail was filed.
    Filed(Filed),
    /// The record can never be processed: logged, and not tried again.
    Poison(String),
    /// A retry may cure it: reported back to the queue.
    Failed(IngestError),
}

/// Handles the records of one SQS batch, one after the other.
pub async fn handle(inbox: &Inbox, store: &Store, policy: &Policy, records: Vec<(String, Option<String>)>, now: Timestamp) -> Vec<Record> {
    let mut done = Vec::with_capacity(records.len());
    for (message, body) in records {
        let (object, outcome) = match event::read(body.as_deref().unwrap_or_default()) {
            Ok(incoming) => {
                let outcome = one(inbox, store, policy, &incoming, now).await;
                (Some(incoming.key), outcome)
            }
            Err(error) => (None, Outcome::Poison(error.to_string())),
        };
        done.push(Record { message, object, outcome });
    }
    done
}

/// An invocation in one line of the log: endings and ids, never a mail's words or addresses. `mail` is the id that alerts name as
/// their opening entry, `requests` are those that the mail is an entry of.
pub fn line(done: &[Record]) -> Line {
    let failures = done.iter().any(|record| !matches!(record.outcome, Outcome::Filed(_)));
    let records: Vec<Value> = done.iter().map(logged).collect();
    let fields = [("records".to_owned(), Value::from(records))].into_iter().collect();
    // Poison can never be processed; what failed is brought again by the queue.
    if failures {
        Line { level: Level::ERROR, message: "ingested, with failures", fields }
    } else {
        Line { level: Level::INFO, message: "ingested", fields }
    }
}

fn logged(record: &Record) -> Value {
    let object = record.object.as_deref().map(|key| cut(&one_line(key), KEY_MAX));
    let mut logged = match &record.outcome {
        Outcome::Filed(filed) => json!({
            "outcome": filed.ending.as_str(),
            "mail": filed.mail.as_str(),
            "meaning": filed.meaning.as_str(),
            "trust": filed.trust.as_str(),
            "requests": filed.requests.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        }),
        Outcome::Poison(why) => json!({"outcome": "poison", "error": why}),
        Outcome::Failed(error) => json!({"outcome": "failed", "error": chain(error)}),
    };
    logged["message"] = record.message.as_str().into();
    logged["object"] = object.into();
    logged
}

async fn one(inbox: &Inbox, store: &Store, policy: &Policy, incoming: &Incoming, now: Timestamp) -> Outcome {
    let fetched = match inbox.fetch(incoming.bucket.as_deref(), &incoming.key).await {
        Ok(fetched) => fetched,
        Err(error @ InboxError::Gone { .. }) => return Outcome::Poison(error.to_string()),
        Err(error) => return Outcome::Failed(IngestError::Inbox(error)),
    };
    let (bytes, truncated) = (&fetched.bytes, fetched.truncated);
    let delivery = Delivery {
        object: &incoming.key,
        bytes,
        truncated,
        verdicts: incoming.verdicts,
        origin: Origin::Ses,
        signatures: Signatures::default(),
    };
    match file(store, policy, &delivery, now).await {
        Ok(filed) => Outcome::Filed(filed),
        Err(error) => Outcome::Failed(error),
    }
}
