//! `GET /v1/requests/{id}/reply`: the draft of an answer, as JSON or (`?format=eml`, or `Accept: message/rfc822`) as a mail to open,
//! change and send. It is never sent from here.
//!
//! [`eml`] writes the mail: unsent (`X-Unsent: 1`), in AWS's thread, without a Message-ID and a Date of its own, which the program
//! that sends it gives.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use domain::policy::Policy;
use domain::reply::{self, Draft, NoDraft};
use domain::request::Request;
use jiff::Timestamp;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::access::Caller;
use crate::openapi::{Id, Refused};
use crate::problem::Problem;
use crate::request::{Shown, shown};

/// The media type of a mail.
const MAIL: &str = "message/rfc822";

/// How AWS is answered, with the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplyView {
    /// `mail`, `support-center` or `nowhere`.
    pub channel: &'static str,
    /// What to do, in one line.
    pub instruction: String,
    /// The address to write to.
    pub to: Option<String>,
    /// The mailbox to send from.
    pub from: Option<String>,
    /// The tracker, so that its clock starts again.
    pub bcc: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The Message-ID of the mail that is answered.
    pub in_reply_to: Option<String>,
    /// The thread, oldest first.
    pub references: Vec<String>,
    /// The words; the person who sends them reads them first.
    pub text: String,
    /// The case in Support Center.
    pub link: Option<String>,
}

/// How a request is answered, and the draft where there is a mail to answer.
pub fn of(shown: &Shown, policy: &Policy, now: Timestamp) -> (ReplyView, Result<Draft, NoDraft>) {
    let (request, entries) = (&shown.request, shown.entries.as_slice());
    let draft = reply::draft(request, entries, policy, now);
    let mut view = ReplyView {
        channel: "nowhere",
        instruction: reply::instruction(&reply::channel(request, entries, policy)),
        to: None,
        from: None,
        bcc: None,
        subject: None,
        in_reply_to: None,
        references: Vec::new(),
        text: reply::text(request, entries, policy, now),
        link: None,
    };
    match &draft {
        Ok(draft) => {
            view = ReplyView {
                channel: "mail",
                to: Some(draft.to.clone()),
                from: draft.from.clone(),
                bcc: draft.bcc.clone(),
                subject: Some(draft.subject.clone()),
                in_reply_to: Some(draft.in_reply_to.to_string()),
                references: draft.references.iter().map(ToString::to_string).collect(),
                ..view
            }
        }
        Err(NoDraft::SupportCenter { link }) => view = ReplyView { channel: "support-center", link: Some(link.clone()), ..view },
        Err(why) => view.instruction = format!("There is no mail to answer: {why}."),
    }
    (view, draft)
}

/// How AWS is answered: the channel, and a draft. As a mail to open with `format=eml` or `Accept: message/rfc822`.
#[utoipa::path(get, operation_id = "get_reply", path = "/v1/requests/{id}/reply", tag = "requests",
    params(Id, ("format" = Option<String>, Query, description = "`json` (default) or `eml`", nullable = false, pattern = "^(json|eml)$")),
    responses((status = 200, content((ReplyView = "application/json"), (String = "message/rfc822"))), Refused))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let as_mail = wants_mail(&query, &headers)?;
    if !caller.sees_all() {
        return Err(Problem::forbidden("A draft quotes AWS's words and names addresses: use a token with the scope write."));
    }
    let shown = shown(&app, &id).await?;
    let (view, draft) = of(&shown, &app.policy, app.now());
    match draft {
        Ok(draft) if as_mail => {
            let headers: [(HeaderName, String); 2] =
                [(CONTENT_TYPE, MAIL.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file_name(&shown.request)))];
            Ok((headers, eml(&draft)).into_response())
        }
        Err(NoDraft::SupportCenter { .. }) if !as_mail => Ok(Json(view).into_response()),
        Ok(_) => Ok(Json(view).into_response()),
        Err(why) => Err(Problem::no_draft(&why)),
    }
}

/// `format` decides, else `Accept`.
fn wants_mail(query: &[(String, String)], headers: &HeaderMap) -> Result<bool, Problem> {
    match query {
        [] => {
            let accepted = headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok());
            Ok(accepted.flat_map(|v| v.split(',')).any(|v| v.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MAIL)))
        }
        [(name, value)] if name == "format" => match value.as_str() {
            "eml" => Ok(true),
            "json" => Ok(false),
            _ => Err(Problem::parameter("format", "give eml or json")),
        },
        [(name, _), ..] if name != "format" => Err(Problem::parameter(name, "this parameter is unknown; there is format")),
        _ => Err(Problem::parameter("format", "it is given twice")),
    }
}

/// The name of the file: a shown id holds letters, digits and dashes.
pub fn file_name(request: &Request) -> String {
    format!("reply-{}.eml", request.id)
}

/// The draft as a mail that a mail program opens to be changed and sent.
pub fn eml(draft: &Draft) -> Vec<u8> {
    let address = |address: &str| HeaderType::from(Address::from(address.to_owned()));
    let mut headers: Vec<(Cow<'_, str>, HeaderType<'_>)> = vec![("X-Unsent".into(), Raw::new("1").into())];
    let mut add = |name: &'static str, value: HeaderType<'static>| headers.push((name.into(), value));
    if let Some(from) = &draft.from {
        add("From", address(from));
    }
    add("To", address(&draft.to));
    if let Some(bcc) = &draft.bcc {
        add("Bcc", address(bcc));
    }
    add("Subject", Text::new(draft.subject.clone()).into());
    add("In-Reply-To", MessageId::new(draft.in_reply_to.to_string()).into());
    add("References", MessageId::new_list(draft.references.iter().map(ToString::to_string)).into());
    add("MIME-Version", Raw::new("1.0").into());
    add("Content-Type", ContentType::new("text/plain").attribute("charset", "utf-8").into());
    let part = MimePart { headers, contents: BodyPart::Text(draft.text.replace('\n', "\r\n").into()) };
    let mut bytes = Vec::new();
    part.write_part(&mut bytes);
    bytes
}
