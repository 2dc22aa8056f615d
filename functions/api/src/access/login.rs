//! `GET /login` shows a form and changes nothing; `POST /login` takes a token or a login code and opens a session; `POST /logout` ends it.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use store::Scope;

use super::{Access, Caller, known_token, secret, session};
use crate::App;
use crate::page;
use crate::problem::Problem;

/// Where a session ends.
pub(crate) const OUT: &str = "/logout";

/// A query as pairs; one that is none is empty.
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(crate) async fn get(State(app): State<Arc<App>>, query: Pairs) -> Result<Html<String>, Problem> {
    if app.door.access == Access::Iam {
        return Err(Problem::no_route());
    }
    let Query(query) = query.unwrap_or_default();
    let value = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    // Shown in the form only when it can be a code: nothing of a query is put on the page else.
    let code = value("code").filter(|code| secret::code_hash(code).is_some());
    let next = value("next").filter(|next| is_place(next));
    Ok(page::login::form(code.as_deref(), next.as_deref(), None))
}

pub(crate) async fn post(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    if app.door.access == Access::Iam {
        return Err(Problem::no_route());
    }
    let fields = session::fields(request, &()).await?;
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim()).unwrap_or_default();
    let next = Some(field("next")).filter(|next| is_place(next));
    let given = field("secret");
    let cookie = if let Some(hash) = secret::code_hash(given) {
        match app.store.take_code(&hash, app.now()).await.map_err(Problem::store)? {
            Some(name) => Some(session::open(&app, &name, Scope::Write, None).await?),
            None => None,
        }
    } else {
        match known_token(&app, given).await? {
            Some(token) => Some(session::open(&app, &token.name, token.scope, Some((&token.hash, token.ends))).await?),
            None => None,
        }
    };
    Ok(match cookie {
        Some(cookie) => to(&format!("./{}", next.unwrap_or_default()), Some(cookie)),
        None => (StatusCode::UNAUTHORIZED, page::login::form(None, next, Some(page::login::WRONG))).into_response(),
    })
}

pub(crate) async fn out(State(app): State<Arc<App>>, Extension(caller): Extension<Caller>, _: session::Form) -> Result<Response, Problem> {
    if let Some(open) = &caller.session {
        app.store.end_session(&open.hash).await.map_err(Problem::store)?;
    }
    Ok(to("./login", Some(session::gone(app.door.https))))
}

/// Sends the browser to a page of ours (RFC 9110, 303: with GET).
pub(crate) fn to(place: &str, cookie: Option<String>) -> Response {
    let headers = [(LOCATION, place.to_owned())].into_iter().chain(cookie.map(|cookie| (SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, AppendHeaders(headers)).into_response()
}

/// Whether this is a page of ours, seen from the root: no other host, nothing that leads up.
pub(crate) fn is_place(place: &str) -> bool {
    let id = place.strip_prefix("requests/");
    place == "quarantine"
        || id.is_some_and(|id| {
            let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'~' | b'.' | b'%');
            (1..=900).contains(&id.len()) && id.bytes().all(good) && id.bytes().any(|b| b != b'.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_to_a_page_of_ours_only() {
        for good in ["requests/172345678900123", "requests/mail-1%40amazonses.com", "requests/p25-abc", "quarantine"] {
            assert!(is_place(good), "{good}");
        }
        for bad in
            ["", "/evil.example", "//evil.example", "requests/", "requests/..", "requests/../x", "https:evil", "requests/a\r\nx: y", "x"]
        {
            assert!(!is_place(bad), "{bad:?}");
        }
    }
}
