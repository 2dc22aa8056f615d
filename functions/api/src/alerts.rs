//! `GET /v1/alerts`: what is not sent yet, or failed; `POST /v1/alerts/test`: a test through everything that a real alert goes through.
//! Alerts that were sent stand in the history of their request.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::alert::{AlertId, Cause, State as AlertState, Step};
use domain::request::fold;
use jiff::SignedDuration;
use serde::Serialize;
use store::{Address, Change, Store, StoreError, Summary, Unsent};
use utoipa::ToSchema;

use crate::App;
use crate::body::Body;
use crate::openapi::Refused;
use crate::problem::Problem;
use crate::view::time;

/// How far ahead alerts are looked for that wait for their delivery window or the end of an hour: a week.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many alerts are shown, the longest due first.
const SHOWN_MAX: usize = 200;

/// Alerts that are not sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// The longest due first; at most 200.
    pub items: Vec<AlertView>,
    /// How many more there are that this version of the program cannot read: a newer one wrote them.
    pub unreadable: usize,
    /// There are more than these.
    pub more: bool,
}

/// An alert that is not sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertView {
    /// Its identity.
    pub id: String,
    /// The request that it is about; `null` for a summary.
    pub request: Option<String>,
    /// What it is about.
    pub cause: &'static str,
    /// `1`, `2`, … or `resolved`.
    pub step: String,
    /// `pending`, `sending` (somebody has claimed it) or `retry` (it failed).
    pub state: &'static str,
    /// When it was made.
    #[schema(format = DateTime)]
    pub made: String,
    /// When it is sent, or tried again.
    #[schema(format = DateTime)]
    pub due: String,
    /// How often sending was begun.
    pub attempts: u32,
}

/// A test alert on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Testing {
    /// Its identity; it stands in `/v1/alerts` until it is sent.
    id: String,
    /// The next sweep sends it: within two minutes.
    #[schema(format = DateTime)]
    due: String,
}

/// No member.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Alerts that are not sent: waiting, being sent, or failed and tried again.
#[utoipa::path(get, operation_id = "list_alerts", path = "/v1/alerts", tag = "alerts", responses((status = 200, body = Alerts), Refused))]
pub(crate) async fn get(State(app): State<Arc<App>>) -> Result<Json<Alerts>, Problem> {
    unsent(&app.store, app.now()).await.map(Json).map_err(Problem::store)
}

/// Sends a test alert to every topic, on the way of a real one.
#[utoipa::path(post, operation_id = "send_test_alert", path = "/v1/alerts/test", tag = "alerts", request_body = Option<Nothing>,
    responses((status = 202, body = Testing), Refused))]
pub(crate) async fn test(State(app): State<Arc<App>>, Body(Nothing {}): Body<Nothing>) -> Result<(StatusCode, Json<Testing>), Problem> {
    let now = app.now();
    let id = order_test(&app.store, now).await.map_err(Problem::store)?;
    Ok((StatusCode::ACCEPTED, Json(Testing { id: id.to_string(), due: time(now) })))
}

/// Writes a test alert; the next sweep sends it. Gives its identity.
///
/// # Errors
/// When the table cannot be reached.
pub async fn order_test(store: &Store, now: jiff::Timestamp) -> Result<AlertId, StoreError> {
    let name = format!("{now:.3}");
    let id = AlertId { opening: name.clone(), cause: Cause::Test, step: Step::Nth(1) };
    let summary = Summary { cause: Cause::Test, hour: name, due: now, made: now };
    store.commit(&Change { summary: Some(summary), ..Change::default() }).await?;
    Ok(id)
}

/// Alerts that are not sent.
///
/// # Errors
/// When the table cannot be reached.
pub async fn unsent(store: &Store, now: jiff::Timestamp) -> Result<Alerts, StoreError> {
    let page = store.unsent(now.checked_add(AHEAD).unwrap_or(now)).await?;
    let more = !page.whole || page.items.len() > SHOWN_MAX;
    let mut items = Vec::new();
    let mut last: Option<(Address, Vec<domain::request::Request>)> = None;
    for unsent in page.items.iter().take(SHOWN_MAX) {
        // Alerts of one request often stand together.
        if let Some(address) = &unsent.address
            && last.as_ref().is_none_or(|(known, _)| known != address)
        {
            // What a newer version wrote of the request hides no alert.
            let bundle = store.bundle(address).await.or_else(|error| if error.curable() { Err(error) } else { Ok(None) })?;
            last = bundle.map(|bundle| (address.clone(), fold(&bundle.entries)));
        }
        let requests = unsent.address.as_ref().and(last.as_ref()).map(|(_, requests)| requests.as_slice()).unwrap_or_default();
        items.push(view(unsent, requests));
    }
    Ok(Alerts { items, unreadable: page.unreadable, more })
}

fn view(unsent: &Unsent, requests: &[domain::request::Request]) -> AlertView {
    let alert = &unsent.alert;
    let request = requests.iter().find(|r| r.steps.iter().any(|s| s.entry.as_str() == alert.id.opening));
    let due = match &alert.state {
        AlertState::Pending { at } | AlertState::Retry { at } | AlertState::Sent { at } | AlertState::Withdrawn { at, .. } => *at,
        AlertState::Sending { until, .. } => *until,
    };
    AlertView {
        id: alert.id.to_string(),
        request: request.map(|r| r.id.to_string()),
        cause: alert.id.cause.as_str(),
        step: alert.id.step.to_string(),
        state: alert.state.as_str(),
        made: time(alert.made),
        due: time(due),
        attempts: alert.attempts,
    }
}
