//! `GET /v1/requests`: a page of requests, our turn first, then AWS's, then what is over; the longest waiting first. A page may be short
//! and still have a next one: one call examines at most 500 requests.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Query, State};
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use domain::ids::{AccountId, Region};
use domain::policy::Policy;
use jiff::Timestamp;
use store::{Filter, Head, Store, StoreError};
use utoipa::IntoParams;

use crate::App;
use crate::access::Caller;
use crate::cursor::Cursor;
use crate::listing::Listing;
use crate::openapi::Refused;
use crate::problem::Problem;
use crate::redact::seen_by;
use crate::request::find;
use crate::view::{self, List};

/// How often the table is read for one page of `overdue=false`, which the index cannot express.
const READS_MAX: usize = 5;

/// The parameters, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it is there for the description")]
struct Parameters {
    /// Whose turn: `ours`, `aws` or `settled`.
    #[param(nullable = false, pattern = "^(ours|aws|settled)$")]
    turn: Option<String>,
    /// Another word for `turn`; with two different ones the list is empty.
    #[param(nullable = false, pattern = "^(ours|aws|settled)$")]
    state: Option<String>,
    /// The AWS account.
    #[param(nullable = false, pattern = "^[0-9]{12}$")]
    account: Option<String>,
    /// Requests that name this Region (also codes such as `us-gov-west-1` and `ap-northeast-1`).
    #[param(nullable = false, pattern = "^[a-z]{2}-(north|south|east|west|central)-[1-9]$")]
    region: Option<String>,
    /// What kind of AWS mail it is about.
    #[param(nullable = false, pattern = "^(port25|abuse|support-case|verification|notice|carrier|alert-echo|other)$")]
    family: Option<String>,
    /// Why it is our turn (`question`, `unclear`, …), `waiting`, or how it ended (`approved`, `denied`, `closed`).
    #[param(
        nullable = false,
        pattern = "^(question|denied-question|unclear|confirm-approved|confirm-denied|reopened|waiting|approved|denied|closed)$"
    )]
    kind: Option<String>,
    /// Whether AWS has been silent for the whole deadline.
    #[param(nullable = false)]
    overdue: Option<bool>,
    /// A reference, account, Region, e-mail address, Elastic IP or host name, whole.
    #[param(nullable = false, min_length = 1, max_length = 250)]
    q: Option<String>,
    /// Items of a page.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u8>,
    /// Where the page begins: `next` of the page before, with the same filter.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// Requests: our turn first, then AWS's, then what is over; in each the longest waiting first.
#[utoipa::path(get, operation_id = "list_requests", path = "/v1/requests", tag = "requests", params(Parameters),
    responses((status = 200, body = List, headers(("Link" = String, description = "The next page, `rel=next`"))), Refused))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let listing = Listing::parse(&pairs)?;
    let list = page(&app.store, &app.policy, &listing, app.now()).await?;
    let link = list.next.as_ref().map(|next| [(LINK, format!("<{}>; rel=\"next\"", listing.address(next)))]);
    Ok((link, Json(List { items: seen_by(&caller, list.items), ..list })).into_response())
}

/// Why a page of requests cannot be given: what was asked for and is not accepted, or what the table did wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ListError(String);

/// A page of requests, asked for with the parameters of `GET /v1/requests`: the local program reads them as the API does.
///
/// # Errors
/// When a parameter is not accepted, or the table cannot be reached.
pub async fn list(store: &Store, policy: &Policy, parameters: &[(String, String)], now: Timestamp) -> Result<List, ListError> {
    let said = |problem: Problem| ListError(problem.said_here());
    page(store, policy, &Listing::parse(parameters).map_err(said)?, now).await.map_err(said)
}

async fn page(store: &Store, policy: &Policy, listing: &Listing, now: Timestamp) -> Result<List, Problem> {
    if listing.nothing {
        return Ok(List { items: Vec::new(), next: None });
    }
    let canonical = listing.bound();
    let cursor = listing.cursor.as_deref().map(|text| Cursor::decode(text, &canonical)).transpose()?;
    let mut filter = listing.filter(cursor.as_ref().and_then(|c| c.silent_since), policy, now);
    if let Some(q) = &listing.q {
        match find(store, q).await.map_err(Problem::store)? {
            Some(shown) => {
                let head = Head::from(&shown.request);
                let item = view::item(&head, policy, now);
                let wanted = filter.takes(&head) && listing.overdue.is_none_or(|wanted| item.overdue == wanted);
                return Ok(List { items: Vec::from_iter(wanted.then_some(item)), next: None });
            }
            None if !narrow(&mut filter, q) => return Ok(List { items: Vec::new(), next: None }),
            None => {}
        }
    }
    let mut position = cursor.map(|c| c.position);
    let resumed = position.is_some();
    let mut items = Vec::new();
    let reads = if listing.overdue == Some(false) { READS_MAX } else { 1 };
    for _ in 0..reads {
        let page = store.list(&filter, position.as_ref(), listing.limit - items.len()).await;
        let page = page.map_err(|error| if resumed { of_position(error) } else { Problem::store(error) })?;
        let heads = page.items.iter().map(|head| view::item(head, policy, now));
        items.extend(heads.filter(|item| listing.overdue.is_none_or(|wanted| item.overdue == wanted)));
        position = page.next;
        if position.is_none() || items.len() >= listing.limit {
            break;
        }
    }
    let next = position.map(|position| Cursor { filter: canonical, silent_since: filter.silent_since, position }.encode());
    Ok(List { items, next })
}

/// The table refuses a place that lies outside the list: no cursor of ours names one.
fn of_position(error: StoreError) -> Problem {
    match error {
        StoreError::Call { code, .. } if code == "ValidationException" => Problem::cursor(),
        error => Problem::store(error),
    }
}

/// Narrows a filter by what people look for besides a reference. `false`: nothing can match.
fn narrow(filter: &mut Filter, q: &str) -> bool {
    if let Some(account) = AccountId::parse(q) {
        let same = filter.account.as_ref().is_none_or(|other| *other == account);
        filter.account = Some(account);
        return same;
    }
    if let Some(region) = Region::parse(q) {
        let same = filter.region.as_ref().is_none_or(|other| *other == region);
        filter.region = Some(region);
        return same;
    }
    // As heads keep them: addresses and names in lower case, IPv6 in its short form (RFC 5952).
    let plain = q.trim_matches(['<', '>']).to_ascii_lowercase();
    filter.address = Some(plain.parse::<IpAddr>().map_or(plain, |ip| ip.to_string()));
    true
}
