//! What went wrong, as clients read it: RFC 9457 `application/problem+json`, or a page for people. The only file with HTTP status
//! codes of errors.
//!
//! The form is here; what can go wrong, in its own words, is in [`catalog`] and (for acts) in [`acts`].
//!
//! | `type` `urn:port25:problem:…` | Status | When |
//! |---|---|---|
//! | `parameter` | 400 | A query parameter is unknown, given twice, or has a value that is not accepted |
//! | `cursor` | 400 | The cursor was not made by this version, or was changed |
//! | `cursor-mismatch` | 400 | The cursor belongs to a list with another filter |
//! | `header` | 400 | `If-Match` or `Idempotency-Key` has a form that is not accepted |
//! | `body` | 400 | The body is no JSON object, or a form that is not the page's |
//! | `validation` | 422 | A member of the body is missing, unknown or not accepted; `errors` has a JSON Pointer (RFC 6901) for each |
//! | `unauthenticated` | 401 | Nobody known asks: no token, or one that is wrong, ended or taken away |
//! | `forbidden` | 403 | The caller may look, but not do this |
//! | `csrf` | 403 | A form without the secret of the session: load the page again |
//! | `origin` | 403 | A page of another site sent it |
//! | `host` | 421 | It was asked under a name that is not ours |
//! | `request-not-found` | 404 | No request is known under this reference |
//! | `mail-not-found` | 404 | No mail is known under this name |
//! | `conflict` | 409 | As the request is, the act would do nothing or wrong; `detail` says why and what to do |
//! | `key-reused` | 409 | The `Idempotency-Key` was used for something else |
//! | `changed` | 412 | The request is not as `If-Match` says: read it again |
//! | `body-too-large` | 413 | The body is larger than anything here needs |
//! | `media-type` | 415 | The body is not `application/json` |
//! | `no-draft` | 409 | There is no mail to answer; `detail` says what to do instead |
//! | `not-found` | 404 | There is nothing at this path |
//! | `method-not-allowed` | 405 | The path exists, the method does not |
//! | `address-too-long` | 414 | The path or the query is longer than anything here needs |
//! | `refused` | 4xx | Anything else about what was asked |
//! | `store` | 503 | The table cannot be reached; ask again after `Retry-After` |
//! | `internal` | 500 | Something is broken here; the log says what |

mod acts;
mod catalog;

use axum::extract::Extension;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::text::{cut, one_line};
use serde::Serialize;
use utoipa::ToSchema;

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
    fault: Option<Box<Fault>>,
    retry_after: Option<u16>,
    /// For the log alone: the error with its causes.
    cause: Option<String>,
}

/// What is wrong with one member of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Where it is (JSON Pointer, RFC 6901; empty: the body itself).
    pub(crate) pointer: String,
    /// What is wrong, and what is accepted.
    pub(crate) detail: String,
}

/// The cause of a problem, on its way to the one line that the frame logs.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) String);

/// Who asked for what, as far as it decides the form of the answer.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) html: bool,
}

/// What went wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Body<'a> {
    /// `urn:port25:problem:…`: stable, for programs.
    r#type: String,
    /// The same for people.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    /// What is wrong here, and what to do.
    detail: &'a str,
    /// The path that was asked.
    instance: &'a str,
    /// The query parameter or header that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    /// What is wrong with a body.
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    errors: &'a [Fault],
}

impl Problem {
    fn new(word: &'static str, status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { word, title, status, detail: detail.into(), parameter: None, fault: None, retry_after: None, cause: None }
    }

    fn internal() -> Self {
        let detail = "Something is broken on this side; the log says what. Nothing was changed.";
        Self::new("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something is broken", detail)
    }

    /// In one line for who runs this on a table of their own: with the cause, which clients do not hear.
    pub(crate) fn said_here(&self) -> String {
        self.cause.as_ref().map_or_else(|| self.detail.clone(), |cause| format!("{} ({cause})", self.detail))
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
            // A page of ours says it itself: the form for a token, after a wrong one.
            None if is_page(&answer) => return answer,
            None if status.is_client_error() || status.is_server_error() => Self::of_status(status),
            None => return answer,
        };
        let mut shown = if asked.html {
            let page = match problem.status {
                StatusCode::UNAUTHORIZED => page::login::wanted(&asked.path),
                _ => page::problem(&problem, &asked.path),
            };
            (problem.status, page).into_response()
        } else {
            let json = serde_json::to_string(&problem.body(&asked.path)).unwrap_or_default();
            (problem.status, [(CONTENT_TYPE, "application/problem+json")], json).into_response()
        };
        if let Some(seconds) = problem.retry_after {
            shown.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if problem.status == StatusCode::UNAUTHORIZED {
            shown.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"port25\""));
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
            errors: self.fault.as_deref().map(std::slice::from_ref).unwrap_or_default(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

/// Whether an answer is a page; what the framework refuses is none.
fn is_page(answer: &Response) -> bool {
    answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with("text/html"))
}

/// What was asked, short and clean enough to say back.
fn echo(text: &str) -> String {
    cut(&one_line(text), ECHO_MAX)
}

#[cfg(test)]
mod tests {
    use store::StoreError;

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
