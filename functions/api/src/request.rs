//! `GET /v1/requests/{id}`: one request with its history. `{id}` is any reference: AWS's ID, our key, or a Message-ID.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderName, HeaderValue};
use domain::alert::Alert;
use domain::ids::{AwsId, Key, MessageId};
use domain::request::{Entry, Request, fold};
use store::{Bundle, Store, StoreError};

use crate::App;
use crate::access::Caller;
use crate::openapi::{Id, Refused};
use crate::problem::Problem;
use crate::redact::seen_by;
use crate::view::{self, Detail};
use crate::writing::etag;

/// A request with everything that lies in its bundle.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The request.
    pub request: Request,
    /// The entries of its bundle; those of a tangled bundle are of several requests.
    pub entries: Vec<Entry>,
    /// The alerts of its bundle.
    pub alerts: Vec<Alert>,
    /// The edition of its history: it grows with every mail and every act, not with an alert.
    pub version: u64,
}

/// One request with its history. The ETag names its stored state: times that pass do not change it.
#[utoipa::path(get, operation_id = "get_request", path = "/v1/requests/{id}", tag = "requests", params(Id),
    responses((status = 200, body = Detail, headers(("ETag" = String, description = "For If-Match of changes"))), Refused))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(caller): Extension<Caller>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Detail>), Problem> {
    let shown = shown(&app, &id).await?;
    let detail = view::detail(&shown.request, &shown.entries, &shown.alerts, &app.policy, app.now());
    Ok(([etag(shown.version)], Json(seen_by(&caller, detail))))
}

/// The request that a path names.
pub(crate) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    find(&app.store, id).await.map_err(Problem::store)?.ok_or_else(|| Problem::request_not_found(id))
}

/// The request that a reference, or an id that was once shown, leads to.
///
/// # Errors
/// When the table cannot be reached, or an item has a form that this version does not know.
pub async fn find(store: &Store, reference: &str) -> Result<Option<Shown>, StoreError> {
    let found = find_bundle(store, reference).await?;
    Ok(found.map(|(request, bundle)| Shown { request, version: bundle.edition(), entries: bundle.entries, alerts: bundle.alerts }))
}

/// The same, with the bundle as a change needs it.
pub(crate) async fn find_bundle(store: &Store, reference: &str) -> Result<Option<(Request, Bundle)>, StoreError> {
    let Some(address) = store.find(reference).await? else { return Ok(None) };
    let Some(bundle) = store.bundle(&address).await? else { return Ok(None) };
    Ok(meant(fold(&bundle.entries), &bundle.entries, reference).map(|request| (request, bundle)))
}

/// Which request of a bundle a reference means: the one that answers to it, else the one with the mail that carries it, else the
/// only one.
fn meant(mut requests: Vec<Request>, entries: &[Entry], reference: &str) -> Option<Request> {
    let (aws, key, message) = (AwsId::parse(reference), Key::parse(reference), MessageId::parse(reference));
    let ids = [key.as_ref().map(Key::as_str), aws.as_ref().map(AwsId::as_str), message.as_ref().map(MessageId::as_str)];
    let answers = |r: &Request| ids.iter().flatten().any(|id| r.answers_to(id));
    let carries = |r: &Request| {
        r.message_ids.iter().any(|m| key.as_ref() == Some(&Key::of(m)))
            || entries.iter().filter(|e| r.step(&e.id).is_some()).filter_map(Entry::mail).any(|mail| {
                message.as_ref().is_some_and(|m| mail.message_id == *m || mail.thread.contains(m))
                    || aws.as_ref().is_some_and(|id| mail.own_id.as_ref().is_some_and(|own| own.id == *id))
            })
    };
    let only = (requests.len() == 1).then_some(0);
    let index = requests.iter().position(answers).or_else(|| requests.iter().position(carries)).or(only)?;
    Some(requests.swap_remove(index))
}
