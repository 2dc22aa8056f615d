//! `GET /v1/requests/{id}/events` and `/messages`: the history of a request, and its mails alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::access::Caller;
use crate::history::{Event, MailEvent};
use crate::openapi::{Id, Refused};
use crate::problem::Problem;
use crate::redact::seen_by;
use crate::request::shown;
use crate::view;

/// The history of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Events {
    /// Every mail, action and alert by time, with what it did.
    items: Vec<Event>,
}

/// The mails of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Messages {
    /// By time, with trust, facts and what each did.
    items: Vec<MailEvent>,
}

/// The history of a request: every mail, action and alert by time, with what it did.
#[utoipa::path(get, operation_id = "list_events", path = "/v1/requests/{id}/events", tag = "requests", params(Id), responses((status = 200, body = Events), Refused))]
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Events>, Problem> {
    Ok(Json(Events { items: history(&app, &id, &caller).await? }))
}

/// The mails of a request: who sent each, how far it is believed, what it means and names. Their words only on demand.
#[utoipa::path(get, operation_id = "list_messages", path = "/v1/requests/{id}/messages", tag = "requests",
    params(Id, ("excerpts" = Option<bool>, Query, description = "With the beginning of each mail's text (write tokens only)", nullable = false)),
    responses((status = 200, body = Messages), Refused))]
pub(crate) async fn messages(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Messages>, Problem> {
    let excerpts = match pairs.as_slice() {
        [] => false,
        [(name, value)] if name == "excerpts" => value.parse().map_err(|_| Problem::parameter(name, "give true or false"))?,
        [(name, _), ..] if name != "excerpts" => return Err(Problem::parameter(name, "this parameter is unknown; there is excerpts")),
        _ => return Err(Problem::parameter("excerpts", "it is given twice")),
    };
    if excerpts && !caller.sees_all() {
        return Err(Problem::forbidden("The words of mails need a token with the scope write."));
    }
    let mail = |event| match event {
        Event::Mail(mail) => Some(*mail),
        Event::Action(_) | Event::HoldEnded(_) | Event::Alert(_) => None,
    };
    let mut items: Vec<MailEvent> = history(&app, &id, &caller).await?.into_iter().filter_map(mail).collect();
    if !excerpts {
        items.iter_mut().for_each(|mail| mail.excerpt = None);
    }
    Ok(Json(Messages { items }))
}

async fn history(app: &App, id: &str, caller: &Caller) -> Result<Vec<Event>, Problem> {
    let shown = shown(app, id).await?;
    Ok(seen_by(caller, view::detail(&shown.request, &shown.entries, &shown.alerts, &app.policy, app.now()).history))
}
