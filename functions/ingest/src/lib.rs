//! Ingest: writes what is true.
//!
//! A mail's object is fetched ([`inbox`], named by the events of [`event`]), read, believed or not, and understood
//! (`domain::{mail, trust, classify}`), and filed ([`file`]) in one transaction with everything it causes. Nothing is published here.
//! The same functions run in Lambda (`main.rs`), in the local program and in tests.

pub mod event;
pub mod file;
pub mod inbox;

use domain::policy::Policy;
use jiff::Timestamp;
use store::Store;

pub use file::{Delivery, Filed, IngestError, file};

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
        match &outcome {
            Outcome::Filed(filed) => {
                let requests: Vec<&str> = filed.requests.iter().map(|r| r.as_str()).collect();
                tracing::info!(message, ending = filed.ending.as_str(), why = filed.ending.why(), ?requests, "mail filed");
            }
            Outcome::Poison(why) => tracing::error!(message, why, "record set aside: it can never be processed"),
            Outcome::Failed(error) => tracing::warn!(message, error = %chain(error), "record failed: the queue brings it again"),
        }
        done.push(Record { message, outcome });
    }
    done
}

async fn one(inbox: &Inbox, store: &Store, policy: &Policy, incoming: &Incoming, now: Timestamp) -> Outcome {
    let fetched = match inbox.fetch(incoming.bucket.as_deref(), &incoming.key).await {
        Ok(fetched) => fetched,
        Err(error @ InboxError::Gone { .. }) => return Outcome::Poison(error.to_string()),
        Err(error) => return Outcome::Failed(IngestError::Inbox(error)),
    };
    let delivery = Delivery { object: &incoming.key, bytes: &fetched.bytes, truncated: fetched.truncated, verdicts: incoming.verdicts };
    match file(store, policy, &delivery, now).await {
        Ok(filed) => Outcome::Filed(filed),
        Err(error) => Outcome::Failed(error),
    }
}

/// An error with its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
