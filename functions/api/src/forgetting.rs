//! `DELETE /v1/requests/{id}`: a request goes, with everything that the table holds of it; tombstones keep its mails from coming back.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::act::{self, Forgetting, Forgotten};
use crate::openapi::{Change, Id, Refused};
use crate::problem::Problem;
use crate::writing::Writing;

/// What was forgotten.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Gone {
    /// The requests.
    pub requests: Vec<String>,
    /// How many entries of histories.
    pub entries: usize,
    /// How many alerts.
    pub alerts: usize,
    /// The objects of its mails: they stay in the bucket until its lifecycle removes them.
    pub objects: Vec<String>,
    /// An attempt that had begun before was ended; the numbers are those of what it had left.
    pub resumed: bool,
}

/// Forgets a request. It cannot be undone; a new mail of AWS begins a new request.
#[utoipa::path(delete, operation_id = "forget_request", path = "/v1/requests/{id}", tag = "requests",
    params(Id, Change, ("all" = Option<bool>, Query, nullable = false,
        description = "Also the other requests that hang together with it by their mails; without it several are a conflict")),
    responses((status = 200, body = Gone), Refused))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    writing: Writing,
) -> Result<Json<Gone>, Problem> {
    let all = match pairs.as_slice() {
        [] => false,
        [(name, value)] if name == "all" => value.parse().map_err(|_| Problem::parameter(name, "give true or false"))?,
        [(name, _), ..] if name != "all" => return Err(Problem::parameter(name, "this parameter is unknown; there is all")),
        _ => return Err(Problem::parameter("all", "it is given twice")),
    };
    let wish = Forgetting { by: writing.caller.by(None), all, expected: writing.expected };
    let done = act::forget(&app.store, &id, &wish, app.now()).await.map_err(|error| Problem::act(error, &id))?;
    Ok(Json(view(&done)))
}

/// What was forgotten, as the API shows it.
pub fn view(forgotten: &Forgotten) -> Gone {
    Gone {
        requests: forgotten.requests.iter().map(ToString::to_string).collect(),
        entries: forgotten.entries,
        alerts: forgotten.alerts,
        objects: forgotten.objects.clone(),
        resumed: forgotten.resumed,
    }
}
