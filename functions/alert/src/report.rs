//! What a sweep did: counts, which alerts went out, and one line for the log.

use std::error::Error;

use boot::log::{Level, Line, chain};
use domain::alert::{AlertId, State};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::audit::AuditReport;
use crate::message::UNREADABLE;
use crate::watch::Watched;

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Bundles and summaries that were looked at.
    pub looked: u32,
    /// Alerts sent, also inside digests.
    pub sent: u32,
    /// Digests among what was sent.
    pub digests: u32,
    /// Alerts withdrawn, because their cause was gone.
    pub withdrawn: u32,
    /// Alerts that wait for the delivery window from now on.
    pub shifted: u32,
    /// Claims lost to another sweep or to a change; the next sweep looks again.
    pub lost: u32,
    /// Alerts that could not be sent now and are retried.
    pub failed: u32,
    /// Alerts of those that have failed for over an hour, or in a way that no retry cures; and items that cannot be read.
    pub stuck: u32,
    /// Looks that found nothing to do.
    pub idle: u32,
    /// What could not be read or written; it waits, and is looked at later.
    pub broken: u32,
    /// What was known to be due and not looked at when the time was up: at least so many. The next sweep begins with them.
    pub left: u32,
    /// Whether alerts wait for their time, as far as the sweep looked ahead.
    pub waits: bool,
    /// Whether the hourly tasks are due: whoever swept does them.
    pub audit_due: bool,
    /// What the audit found, if there was one.
    pub audit: Option<AuditReport>,
    /// What is watched besides, where it is.
    pub watched: Option<Watched>,
    /// The alerts that were handed over. At most [`TOLD_MAX`]; `sent` and `failed` count all.
    pub told: Vec<Told>,
    /// The identities of the stuck ones. At most [`ERRORS_MAX`].
    pub stuck_ids: Vec<String>,
    /// What went wrong, for the log: ids and causes, no words of mails. At most [`ERRORS_MAX`].
    pub errors: Vec<String>,
}

/// An alert that was handed over: what leads from a mail to what people heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its identity. It begins with the id of the entry that opened its cause: a mail's is the one that ingest logs.
    pub id: AlertId,
    /// The request as people see it; `None` for a summary.
    pub request: Option<String>,
    /// What became of it: `sent` or `retry`.
    pub outcome: &'static str,
}

/// How many errors of one sweep are kept for the log; the counts tell of the others.
const ERRORS_MAX: usize = 20;
/// How many alerts of one sweep are named in the log.
const TOLD_MAX: usize = 100;

impl SweepReport {
    pub(crate) fn note(&mut self, what: &str, error: &dyn Error) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(format!("{what}: {}", chain(error)));
        }
    }

    /// An alert that does not go out.
    pub(crate) fn stuck(&mut self, id: &AlertId) {
        self.stuck += 1;
        if self.stuck_ids.len() < ERRORS_MAX {
            self.stuck_ids.push(id.to_string());
        }
    }

    /// Something due that this version cannot read: whatever it has to tell does not go out. The log names it.
    pub(crate) fn unreadable(&mut self) {
        self.stuck += 1;
        let words = UNREADABLE.to_owned();
        if self.stuck_ids.len() < ERRORS_MAX && !self.stuck_ids.contains(&words) {
            self.stuck_ids.push(words);
        }
    }

    /// An alert that was handed over, with the state that it has then.
    pub(crate) fn told(&mut self, id: &AlertId, request: Option<&str>, state: &State) {
        if self.told.len() < TOLD_MAX {
            self.told.push(Told { id: id.clone(), request: request.map(str::to_owned), outcome: state.as_str() });
        }
    }

    /// The sweep in one line of the log, with what an audit found, and the metrics of what is watched.
    pub fn line(&self, at: Timestamp) -> Line {
        let none = AuditReport::default();
        let AuditReport { looked: audited, again: refiled, missing, errors: more, .. } = self.audit.as_ref().unwrap_or(&none);
        let errors: Vec<&String> = self.errors.iter().chain(more).collect();
        let mut fields = match json!({
            "looked": self.looked, "sent": self.sent, "digests": self.digests, "withdrawn": self.withdrawn, "shifted": self.shifted,
            "lost": self.lost, "failed": self.failed, "stuck": self.stuck, "idle": self.idle, "broken": self.broken, "left": self.left,
            "audited": audited, "refiled": refiled,
        }) {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let mut list = |name: &str, values: Vec<Value>| {
            if !values.is_empty() {
                fields.insert(name.to_owned(), values.into());
            }
        };
        list("alerts", self.told.iter().map(Told::json).collect());
        list("missing", missing.iter().map(|key| key.as_str().into()).collect());
        list("errors", errors.iter().map(|error| error.as_str().into()).collect());
        fields.extend(self.watched.iter().flat_map(|watched| watched.metrics(at)));
        let (level, message) = match (errors.is_empty(), missing.is_empty()) {
            (false, _) => (Level::ERROR, "swept, with failures"),
            (true, false) => (Level::WARN, "swept; mail without an ending was found"),
            (true, true) => (Level::INFO, "swept"),
        };
        Line { level, message, fields }
    }
}

impl Told {
    fn json(&self) -> Value {
        json!({"alert": self.id.to_string(), "entry": self.id.opening, "request": self.request, "outcome": self.outcome})
    }
}

#[cfg(test)]
mod tests {
    use domain::alert::{Cause, Step};

    use super::*;

    #[test]
    fn the_line_leads_from_the_alert_to_its_entry_and_request() {
        let mut report = SweepReport { sent: 1, ..SweepReport::default() };
        let at: Timestamp = "2026-11-20T10:02:00Z".parse().unwrap();
        let id = AlertId { opening: "0a1b".to_owned(), cause: Cause::OurTurn, step: Step::Nth(1) };
        for _ in 0..=TOLD_MAX {
            report.told(&id, Some("172345678900123"), &State::Sent { at });
        }
        let line = report.line(at);
        assert_eq!((line.level, line.message), (Level::INFO, "swept"));
        let alerts = line.fields["alerts"].as_array().unwrap();
        assert_eq!(alerts.len(), TOLD_MAX);
        assert_eq!(alerts[0], json!({"alert": "0a1b:our-turn:1", "entry": "0a1b", "request": "172345678900123", "outcome": "sent"}));
        assert!(!line.fields.contains_key("errors") && !line.fields.contains_key("_aws"), "{line:?}");
    }
}
