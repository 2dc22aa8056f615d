//! What a sweep watches besides: how long alerts wait, how many people hear them, and whether mail still comes. The numbers go into the
//! sweep's log line as metrics; alarms on them reach people on another way than ours.
//!
//! Once an hour, under the same claim as the audit, subscriptions are counted and a canary is sent; each minute the canary's age is
//! read, where there is one. How long alerts wait is asked only where some wait: who does not know whether any do lets the sweep look
//! ahead, and where nothing waits and all that was due went out, the table is asked nothing more.

use std::error::Error;
use std::sync::{Mutex, PoisonError};

use domain::alert::RETRY_MAX;
use domain::canary::Nonce;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use store::{Commit, Store, StoreError};

use crate::report::SweepReport;

/// The namespace of the metrics.
pub const NAMESPACE: &str = "port25";

/// For how long it is believed that nothing waits. Another process may sweep meanwhile, and fail.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(90);

/// What is outside: who hears the alerts, and the way of the mail.
pub trait Outside: Sync {
    /// How many confirmed subscriptions of the alert topic have no filter policy; `None` where there is no topic.
    fn confirmed(&self) -> impl Future<Output = Result<Option<u32>, OutsideError>> + Send;
    /// Whether canaries are to be sent.
    fn has_canary(&self) -> bool;
    /// Sends one.
    fn send(&self, nonce: &Nonce) -> impl Future<Output = Result<(), OutsideError>> + Send;
}

/// Why what is outside cannot be used now. The next hour tries again.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct OutsideError {
    /// What could not be done.
    pub what: &'static str,
    /// The cause.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Why no canary was sent.
#[derive(Debug, thiserror::Error)]
enum CanaryError {
    #[error("the system has no random numbers ({0})")]
    Random(getrandom::Error),
    #[error("the nonce could not be kept")]
    Store(#[from] StoreError),
    #[error("it could not be sent")]
    Outside(#[from] OutsideError),
}

/// What was found. Everything that is not known is left out: its alarm treats that as it must.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// The table: several trackers in one account are several sets of metrics.
    pub table: String,
    /// For how many seconds the oldest unsent alert has been due; 0: none is.
    pub oldest_unsent: Option<i64>,
    /// How many seconds ago a canary last arrived; before the first arrival, how long ago the first one was sent.
    pub canary_age: Option<i64>,
    /// Confirmed subscriptions without a filter policy, counted once an hour.
    pub confirmed: Option<u32>,
}

/// The watch of one process.
#[derive(Debug)]
pub struct Watch<O> {
    outside: O,
    table: String,
    /// When nothing waited the last time; `None` where something did, or nobody knows.
    idle: Mutex<Option<Timestamp>>,
}

impl<O: Outside> Watch<O> {
    /// A watch over the tracker with this table.
    pub fn new(outside: O, table: impl Into<String>) -> Self {
        Self { outside, table: table.into(), idle: Mutex::default() }
    }

    /// What is done once an hour, by whoever claimed it: counts subscriptions, sends a canary. What fails is an error of the report.
    pub(crate) async fn hourly(&self, store: &Store, report: &mut SweepReport, now: Timestamp) -> Option<u32> {
        if self.outside.has_canary()
            && let Err(error) = self.canary(store, now).await
        {
            report.note("no canary was sent", &error);
        }
        match self.outside.confirmed().await {
            Ok(confirmed) => confirmed,
            Err(error) => {
                report.note("nobody knows how many hear the alerts", &error);
                None
            }
        }
    }

    /// What each sweep finds, after it has swept. What cannot be known is an error of the report.
    pub(crate) async fn look(&self, store: &Store, report: &mut SweepReport, confirmed: Option<u32>, now: Timestamp) {
        let mut watched = Watched { table: self.table.clone(), confirmed, ..Watched::default() };
        match self.oldest_unsent(store, report, now).await {
            Ok(oldest) => watched.oldest_unsent = Some(oldest.map_or(0, |since| seconds(since, now))),
            Err(error) => report.note("nobody knows how long alerts wait", &error),
        }
        if self.outside.has_canary() {
            match store.canary().await {
                Ok(canary) => watched.canary_age = canary.map(|canary| seconds(canary.waits_since(), now)),
                Err(error) => report.note("nobody knows whether the canary arrived", &error),
            }
        }
        report.watched = Some(watched);
    }

    /// Until when the sweep is to look for alerts that wait: the longest wait between two attempts ahead, and not ahead where none waited
    /// just now.
    pub(crate) fn until(&self, now: Timestamp) -> Timestamp {
        let idle = *self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let known = idle.is_some_and(|idle| now.duration_since(idle).abs() < KNOWN_FOR);
        if known { now } else { now.checked_add(RETRY_MAX).unwrap_or(now) }
    }

    /// Where nothing waited and all that was due went out, nothing waits now.
    async fn oldest_unsent(&self, store: &Store, report: &SweepReport, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let nothing = !report.waits && report.failed + report.lost + report.broken + report.left == 0;
        let oldest = if nothing {
            Ok(None)
        } else {
            let unsent = store.unsent(now.checked_add(RETRY_MAX).unwrap_or(now)).await;
            unsent.map(|page| page.items.iter().filter_map(|unsent| unsent.alert.unsent_since(now)).min())
        };
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = matches!(oldest, Ok(None)).then_some(now);
        oldest
    }

    /// The nonce is kept before the mail is sent: a mail that arrives is one that was announced.
    async fn canary(&self, store: &Store, now: Timestamp) -> Result<(), CanaryError> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(CanaryError::Random)?;
        let nonce = Nonce::of(&random);
        match store.begin_canary(&nonce.hash(), now).await? {
            Commit::Done => Ok(self.outside.send(&nonce).await?),
            // The transaction was done before, and its answer lost: whoever did it sends it.
            Commit::Lost => Ok(()),
        }
    }
}

impl Watched {
    /// The metrics, as CloudWatch reads them out of a log line (embedded metric format): what they are, and their values.
    pub(crate) fn metrics(&self, at: Timestamp) -> Map<String, Value> {
        let known = [
            ("OldestUnsentAlertSeconds", "Seconds", self.oldest_unsent),
            ("CanaryAgeSeconds", "Seconds", self.canary_age),
            ("ConfirmedSubscriptions", "Count", self.confirmed.map(i64::from)),
        ];
        let known: Vec<(&str, &str, i64)> = known.into_iter().filter_map(|(name, unit, value)| Some((name, unit, value?))).collect();
        if known.is_empty() {
            return Map::new();
        }
        let definitions: Vec<Value> = known.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
        let mut fields: Map<String, Value> = known.into_iter().map(|(name, _, value)| (name.to_owned(), value.into())).collect();
        fields.insert("Table".to_owned(), self.table.as_str().into());
        let directive = json!({"Namespace": NAMESPACE, "Dimensions": [["Table"]], "Metrics": definitions});
        fields.insert("_aws".to_owned(), json!({"Timestamp": at.as_millisecond(), "CloudWatchMetrics": [directive]}));
        fields
    }
}

/// Whole seconds from then to now, never below zero: clocks differ a little.
fn seconds(then: Timestamp, now: Timestamp) -> i64 {
    now.duration_since(then).as_secs().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metrics_are_those_that_are_known_and_three_at_most() {
        let at: Timestamp = "2026-11-20T10:02:00Z".parse().unwrap();
        let all = Watched { table: "port25".to_owned(), oldest_unsent: Some(7), canary_age: Some(3_600), confirmed: Some(2) };
        let fields = Value::Object(all.metrics(at));
        let expected = json!({
            "_aws": {
                "Timestamp": 1_795_168_920_000_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "port25",
                    "Dimensions": [["Table"]],
                    "Metrics": [
                        {"Name": "OldestUnsentAlertSeconds", "Unit": "Seconds"},
                        {"Name": "CanaryAgeSeconds", "Unit": "Seconds"},
                        {"Name": "ConfirmedSubscriptions", "Unit": "Count"},
                    ],
                }],
            },
            "Table": "port25", "OldestUnsentAlertSeconds": 7, "CanaryAgeSeconds": 3_600, "ConfirmedSubscriptions": 2,
        });
        assert_eq!(fields, expected);
        let none = Watched { oldest_unsent: Some(0), canary_age: None, confirmed: None, ..all.clone() };
        let fields = none.metrics(at);
        assert!(fields.len() == 3 && fields["OldestUnsentAlertSeconds"] == 0, "{fields:?}");
        assert!(Watched { oldest_unsent: None, canary_age: None, confirmed: None, ..all }.metrics(at).is_empty());
    }
}
