//! What went wrong, as clients read it: RFC 9457 `application/problem+json`, or a page for people. The only file with HTTP status
//! codes of errors.
//!
//! | `type` `urn:port25:problem:…` | Status | When |
//! |---|---|---|
//! | `parameter` | 400 | A query parameter is unknown, given twice, or has a value that is not accepted |
//! | `cursor` | 400 | The cursor was not made by this version, or was changed |
//! | `cursor-mismatch` | 400 | The cursor belongs to a list with another filter |
//! | `request-not-found` | 404 | No request is known under this reference |
//! | `no-draft` | 409 | There is no mail to answer; `detail` says what to do instead |
//! | `not-found` | 404 | There is nothing at this path |
//! | `method-not-allowed` | 405 | The path exists, the method does not |
//! | `address-too-long` | 414 | The path or the query is longer than anything here needs |
//! | `refused` | 4xx | Anything else about what was asked |
//! | `store` | 503 | The table cannot be reached; ask again after `Retry-After` |
//! | `internal` | 500 | Something is broken here; the log says what |

use axum::extract::Extension;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use boot::log::chain;
use domain::reply::NoDraft;
use domain::text::{cut, one_line};
use serde::Serialize;
use store::StoreError;

use crate::page;

/// Longest piece of what was asked that is said back, in bytes.
const ECHO_MAX: usize = 80;
/// When a client should ask again after the table failed, in seconds.
const RETRY_SECONDS: u16 = 5;

/// What went wrong, in our words.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    word: &'static str,
    pub(crate) title: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) detail: String,
    parameter: Option<String>,
    retry_after: Option<u16>,
    /// For the log alone: the error with its causes.
    cause: Option<String>,
}

/// The cause of a problem, on its way to the one line that the frame logs.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) String);

/// Who asked for what, as far as it decides the form of the answer.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) html: bool,
}

/// The JSON of a problem.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
}

impl Problem {
    fn new(word: &'static str, status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { word, title, status, detail: detail.into(), parameter: None, retry_after: None, cause: None }
    }

    /// A query parameter that cannot be used; `what` says why and what is accepted.
    pub(crate) fn parameter(name: &str, what: &str) -> Self {
        let name = echo(name);
        let detail = format!("{name}: {what}");
        Self { parameter: Some(name), ..Self::new("parameter", StatusCode::BAD_REQUEST, "A query parameter cannot be used", detail) }
    }

    pub(crate) fn cursor() -> Self {
        let detail = "cursor: it was cut, changed, or made by another version; begin again without it";
        let problem = Self::new("cursor", StatusCode::BAD_REQUEST, "The cursor cannot be read", detail);
        Self { parameter: Some("cursor".to_owned()), ..problem }
    }

    pub(crate) fn cursor_mismatch(made_for: &str) -> Self {
        let made_for = if made_for.is_empty() { "no filter".to_owned() } else { echo(made_for) };
        let detail = format!("cursor: it was made for {made_for}; give the same filter with it, or begin again without it");
        let problem = Self::new("cursor-mismatch", StatusCode::BAD_REQUEST, "The cursor belongs to another list", detail);
        Self { parameter: Some("cursor".to_owned()), ..problem }
    }

    pub(crate) fn request_not_found(reference: &str) -> Self {
        let detail = format!(
            "No request is known as “{}”. Give AWS's ID, our p25- key, or a Message-ID with /, % and ? percent-encoded. \
             If its mail is not here yet, let AWS's own mail be delivered here, or look through the list of requests.",
            echo(reference)
        );
        Self::new("request-not-found", StatusCode::NOT_FOUND, "No such request", detail)
    }

    /// There is no mail to answer; the reason says what to do instead.
    pub(crate) fn no_draft(why: &NoDraft) -> Self {
        let detail = format!("There is no mail to answer: {why}.");
        Self::new("no-draft", StatusCode::CONFLICT, "No mail to answer", detail)
    }

    pub(crate) fn no_route() -> Self {
        let detail = "There is nothing at this path. The API begins at /v1/requests, the page at /.";
        Self::new("not-found", StatusCode::NOT_FOUND, "Nothing here", detail)
    }

    pub(crate) fn method_not_allowed() -> Self {
        let detail = "This path does not know this method; the Allow header names those it knows.";
        Self::new("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail)
    }

    pub(crate) fn address_too_long() -> Self {
        let detail = "The path or the query is longer than any reference, filter or cursor of this API.";
        Self::new("address-too-long", StatusCode::URI_TOO_LONG, "The address is too long", detail)
    }

    /// What the table did wrong. The frame logs it, once, with its causes; the client hears none of them.
    pub(crate) fn store(error: StoreError) -> Self {
        let cause = Some(chain(&error));
        match error {
            StoreError::Item { .. } => Self { cause, ..Self::internal() },
            StoreError::Call { .. } | StoreError::Contended(_) => {
                let detail = "The table cannot be reached at the moment. Nothing was changed; ask again.";
                let problem = Self::new("store", StatusCode::SERVICE_UNAVAILABLE, "The table cannot be reached", detail);
                Self { retry_after: Some(RETRY_SECONDS), cause, ..problem }
            }
        }
    }

    fn internal() -> Self {
        let detail = "Something is broken on this side; the log says what. Nothing was changed.";
        Self::new("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something is broken", detail)
    }

    /// What the framework refused by itself.
    fn of_status(status: StatusCode) -> Self {
        if status.is_server_error() {
            return Self { status, ..Self::internal() };
        }
        Self::new("refused", status, status.canonical_reason().unwrap_or("Refused"), "This path cannot be used like that.")
    }

    /// Turns an answer that stands for a problem into the form that was asked for; others pass.
    pub(crate) fn shown(mut answer: Response, asked: Asked) -> Response {
        let status = answer.status();
        let problem = match answer.extensions_mut().remove::<Self>() {
            Some(problem) => problem,
            None if status.is_client_error() || status.is_server_error() => Self::of_status(status),
            None => return answer,
        };
        let mut shown = if asked.html {
            (problem.status, page::problem(&problem, &asked.path)).into_response()
        } else {
            let json = serde_json::to_string(&problem.body(&asked.path)).unwrap_or_default();
            (problem.status, [(CONTENT_TYPE, "application/problem+json")], json).into_response()
        };
        if let Some(seconds) = problem.retry_after {
            shown.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = problem.cause {
            shown.extensions_mut().insert(Cause(cause));
        }
        if let Some(methods) = answer.headers_mut().remove(ALLOW) {
            shown.headers_mut().insert(ALLOW, methods);
        }
        shown
    }

    fn body<'a>(&'a self, instance: &'a str) -> Body<'a> {
        Body {
            r#type: format!("urn:port25:problem:{}", self.word),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            instance,
            parameter: self.parameter.as_deref(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

/// What was asked, short and clean enough to say back.
fn echo(text: &str) -> String {
    cut(&one_line(text), ECHO_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(problem: &Problem) -> serde_json::Value {
        serde_json::to_value(problem.body("/v1/requests")).unwrap()
    }

    #[test]
    fn a_problem_has_the_members_of_the_rfc_and_names_its_parameter() {
        let got = json(&Problem::parameter("limit", "“0” is not accepted; give a number from 1 to 200"));
        let want = serde_json::json!({
            "type": "urn:port25:problem:parameter",
            "title": "A query parameter cannot be used",
            "status": 400,
            "detail": "limit: “0” is not accepted; give a number from 1 to 200",
            "instance": "/v1/requests",
            "parameter": "limit",
        });
        assert_eq!(got, want);
        assert!(json(&Problem::no_route()).get("parameter").is_none());
    }

    #[test]
    fn what_the_table_did_wrong_stays_here() {
        let call = StoreError::Call { doing: "list requests", code: "AccessDenied".into(), source: "arn:aws:secret".into() };
        let got = Problem::store(call);
        assert_eq!((got.status, got.retry_after), (StatusCode::SERVICE_UNAVAILABLE, Some(RETRY_SECONDS)));
        assert!(!json(&got).to_string().contains("secret"), "{got:?}");
        let item = StoreError::Item { pk: "B#1".into(), sk: "HEAD".into(), what: "turn" };
        assert_eq!(json(&Problem::store(item))["type"], "urn:port25:problem:internal");
    }

    #[test]
    fn what_is_said_back_is_short_and_clean() {
        let problem = Problem::request_not_found(&format!("\u{202E}\r\n{}", "x".repeat(500)));
        assert!(problem.detail.len() < 400 && !problem.detail.contains(['\r', '\n', '\u{202E}']), "{}", problem.detail);
    }
}
