//! `GET /v1/status`: whether the tracker itself is well, so that silence is provably AWS's.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::App;
use crate::openapi::Refused;
use crate::problem::Problem;
use crate::view::time;

/// A sweep runs every minute and is noted every four: after this long without one nobody is told anything.
pub(crate) const SWEEP_LATE: SignedDuration = SignedDuration::from_mins(10);
/// An alert that is due for longer than this is stuck: a sweep sends it within two minutes, and a retry takes some more.
const ALERT_LATE: SignedDuration = SignedDuration::from_mins(10);
/// A mail is filed within seconds.
const MAIL_LATE: SignedDuration = SignedDuration::from_mins(10);

/// Whether the tracker itself is well.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Status {
    /// `ok`, or `late`: `problems` says what.
    pub status: &'static str,
    /// What is not as it should be, in words.
    pub problems: Vec<String>,
    /// When a sweep last ended well, to four minutes; `null`: never.
    #[schema(format = DateTime)]
    pub last_sweep: Option<String>,
    /// When a mail last got an outcome, whatever it was; `null`: never.
    #[schema(format = DateTime)]
    pub last_mail: Option<String>,
    /// Since when the oldest mail waits that has no outcome yet; `null`: none does, or it cannot be seen from here (on AWS the age
    /// of the queue's oldest message says it).
    #[schema(format = DateTime)]
    pub oldest_mail_without_outcome: Option<String>,
    /// Since when the oldest alert is due that is not sent; `null`: none is.
    #[schema(format = DateTime)]
    pub oldest_unsent_alert: Option<String>,
    /// How many alerts are due and not sent.
    pub unsent_alerts: usize,
    /// The version of the program.
    pub version: &'static str,
}

/// Whether the tracker itself is well: its sweeps, its mail, its alerts.
#[utoipa::path(get, operation_id = "get_status", path = "/v1/status", tag = "status", responses((status = 200, body = Status), Refused))]
pub(crate) async fn get(State(app): State<Arc<App>>) -> Result<Json<Status>, Problem> {
    read(&app).await.map(Json).map_err(Problem::store)
}

/// Reads it.
///
/// # Errors
/// When the table cannot be reached.
pub async fn read(app: &App) -> Result<Status, StoreError> {
    let now = app.now();
    let (sweep, mail, unsent) = tokio::try_join!(app.store.last_sweep(), app.store.last_mail(), app.store.unsent(now))?;
    let waiting = app.mails.as_ref().and_then(|mails| mails.oldest_waiting());
    let due = unsent.items.iter().filter_map(|unsent| unsent.alert.work_at()).min();
    Ok(of(now, sweep, mail, waiting, (due, unsent.items.len(), unsent.unreadable)))
}

fn of(
    now: Timestamp,
    sweep: Option<Timestamp>,
    mail: Option<Timestamp>,
    waiting: Option<Timestamp>,
    (due, unsent_alerts, unreadable): (Option<Timestamp>, usize, usize),
) -> Status {
    let older = |at: Timestamp, than: SignedDuration| now.duration_since(at) > than;
    let mut problems = Vec::new();
    match sweep {
        None => problems.push("No sweep has ended yet: nobody is told anything.".to_owned()),
        Some(at) if older(at, SWEEP_LATE) => problems.push("No sweep has ended for over 10 minutes: nobody is told anything.".to_owned()),
        Some(_) => {}
    }
    if due.is_some_and(|at| older(at, ALERT_LATE)) {
        problems.push("An alert is due for over 10 minutes and not sent.".to_owned());
    }
    if unreadable > 0 {
        problems.push(format!("{unreadable} due alerts have a form that this version of port25 does not know: they are not sent."));
    }
    if waiting.is_some_and(|at| older(at, MAIL_LATE)) {
        problems.push("A mail waits for over 10 minutes to be filed.".to_owned());
    }
    Status {
        status: if problems.is_empty() { "ok" } else { "late" },
        problems,
        last_sweep: sweep.map(time),
        last_mail: mail.map(time),
        oldest_mail_without_outcome: waiting.map(time),
        oldest_unsent_alert: due.map(time),
        unsent_alerts,
        version: env!("CARGO_PKG_VERSION"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn what_is_late_is_said() {
        let now = at("2026-11-20T12:00:00Z");
        let ago = |minutes| Some(now - SignedDuration::from_mins(minutes));
        let well = of(now, ago(4), None, None, (ago(1), 1, 0));
        assert_eq!((well.status, well.problems.len(), well.unsent_alerts), ("ok", 0, 1));
        let ill = of(now, ago(11), ago(60), ago(11), (ago(11), 2, 1));
        assert_eq!((ill.status, ill.problems.len()), ("late", 4));
        assert_eq!(of(now, None, None, None, (None, 0, 0)).problems.len(), 1);
    }
}
