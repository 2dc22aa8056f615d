//! Ingest: writes what is true.
//!
//! A mail's object is fetched ([`inbox`], named by the events of [`event`]), read, believed or not, and understood
//! (`domain::{mail, trust, classify}`), and filed ([`file()`]) in one transaction with everything it causes. Nothing is published here.
//! The same functions run in Lambda (`main.rs`), in the local program and in tests.

pub mod event;
pub mod file;
pub mod inbox;

use boot::log::chain;
use domain::policy::Policy;
use jiff::Timestamp;
use store::Store;

pub use file::{Delivery, Filed, IngestError, Origin, Signatures, file};

use event::Incoming;
use inbox::{Inbox, InboxError};

/// What became of one record of a batch.
#[derive(Debug)]
pub struct Record {
    /// The SQS message id.
    pub message: String,
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
        let outcome = match event::read(body.as_deref().unwrap_or_default()) {
            Ok(incoming) => one(inbox, store, policy, &incoming, now).await,
            Err(error) => Outcome::Poison(error.to_string()),
        };
        done.push(Record { message, outcome });
    }
    done
}

/// Logs an invocation in one line: endings and ids, never a mail's words or addresses.
pub fn log(done: &[Record]) {
    let mut filed = Vec::new();
    let (mut poison, mut failed) = (Vec::new(), Vec::new());
    for record in done {
        match &record.outcome {
            Outcome::Filed(f) => {
                let requests: Vec<&str> = f.requests.iter().map(|r| r.as_str()).collect();
                filed.push(format!("{} {} {} [{}]", record.message, f.ending.as_str(), f.meaning.as_str(), requests.join(" ")));
            }
            Outcome::Poison(why) => poison.push(format!("{} {why}", record.message)),
            Outcome::Failed(error) => failed.push(format!("{} {}", record.message, chain(error))),
        }
    }
    if poison.is_empty() && failed.is_empty() {
        tracing::info!(records = done.len(), ?filed, "ingested");
    } else {
        // Poison can never be processed; what failed is brought again by the queue.
        tracing::error!(records = done.len(), ?filed, ?poison, ?failed, "ingested, with failures");
    }
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
