//! What can go wrong with a question, in its own words.

use axum::http::StatusCode;
use boot::log::chain;
use domain::reply::NoDraft;
use store::StoreError;

use crate::mails::Unread;

use super::{Fault, Problem, RETRY_SECONDS, echo};

impl Problem {
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
            StoreError::Item { .. } | StoreError::Newer { .. } => Self { cause, ..Self::internal() },
            StoreError::Call { .. } | StoreError::Contended(_) => {
                let detail = "The table cannot be reached at the moment. Nothing was changed; ask again.";
                let problem = Self::new("store", StatusCode::SERVICE_UNAVAILABLE, "The table cannot be reached", detail);
                Self { retry_after: Some(RETRY_SECONDS), cause, ..problem }
            }
        }
    }

    /// Nobody known asks.
    pub(crate) fn unauthenticated() -> Self {
        let detail = "Give a token: “Authorization: Bearer p25r_…”. port25 token makes one; the page takes it at /login.";
        Self::new("unauthenticated", StatusCode::UNAUTHORIZED, "Who are you?", detail)
    }

    /// The caller is known, and may not do this.
    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::new("forbidden", StatusCode::FORBIDDEN, "Not allowed", detail)
    }

    pub(crate) fn csrf() -> Self {
        let detail = "This form does not belong to your session. Load the page again and send it from there; nothing was changed.";
        Self::new("csrf", StatusCode::FORBIDDEN, "The form is too old", detail)
    }

    pub(crate) fn origin() -> Self {
        let detail = "A page of another site sent this. Nothing was changed.";
        Self::new("origin", StatusCode::FORBIDDEN, "Sent from another site", detail)
    }

    pub(crate) fn host() -> Self {
        let detail = "This address is not answered under that name; use the one that port25 serve prints.";
        Self::new("host", StatusCode::MISDIRECTED_REQUEST, "Another name", detail)
    }

    pub(crate) fn header(name: &str, what: &str) -> Self {
        let detail = format!("{name}: {what}");
        let problem = Self::new("header", StatusCode::BAD_REQUEST, "A header cannot be used", detail);
        Self { parameter: Some(name.to_owned()), ..problem }
    }

    pub(crate) fn changed() -> Self {
        let detail = "Somebody or something changed the request since you read it. Read it again and decide again.";
        Self::new("changed", StatusCode::PRECONDITION_FAILED, "The request has changed", detail)
    }

    pub(crate) fn form() -> Self {
        let detail = "This is no form of the page; nothing was changed.";
        Self::new("body", StatusCode::BAD_REQUEST, "The form cannot be read", detail)
    }

    /// A field of a form of the page that cannot be used; `detail` says what is accepted.
    pub(crate) fn field(detail: &str) -> Self {
        Self::new("validation", StatusCode::UNPROCESSABLE_ENTITY, "That cannot be used", format!("{detail} Nothing was written."))
    }

    pub(crate) fn bad_body(detail: &str) -> Self {
        Self::new("body", StatusCode::BAD_REQUEST, "The body cannot be read", detail)
    }

    /// A member of the body that cannot be used.
    pub(crate) fn validation(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let fault = Fault { pointer: pointer.into(), detail: detail.into() };
        let place = if fault.pointer.is_empty() { "the body" } else { fault.pointer.as_str() };
        let detail = format!("{place}: {}", fault.detail);
        let problem = Self::new("validation", StatusCode::UNPROCESSABLE_ENTITY, "The body is not accepted", detail);
        Self { fault: Some(Box::new(fault)), ..problem }
    }

    pub(crate) fn media_type() -> Self {
        let detail = "Send the body as application/json.";
        Self::new("media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail)
    }

    pub(crate) fn body_too_large(max: usize) -> Self {
        let detail = format!("The body may have {max} bytes.");
        Self::new("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large", detail)
    }

    /// The object of a mail could not be read.
    pub(crate) fn unread(error: Unread) -> Self {
        let detail = "The stored mail cannot be read at the moment. Nothing was changed; ask again.";
        let problem = Self::new("store", StatusCode::SERVICE_UNAVAILABLE, "The mail cannot be read", detail);
        Self { retry_after: Some(RETRY_SECONDS), cause: Some(chain(&error)), ..problem }
    }

    /// This place has no way to the stored mails.
    pub(crate) fn no_mails() -> Self {
        let detail = "This function has no way to the stored mails (MAIL_BUCKET is not set), so it can release none.";
        Self::new("conflict", StatusCode::CONFLICT, "No way to the mails", detail)
    }

    /// The system has no random numbers, so there is no session.
    pub(crate) fn random(error: getrandom::Error) -> Self {
        Self { cause: Some(error.to_string()), ..Self::internal() }
    }
}
