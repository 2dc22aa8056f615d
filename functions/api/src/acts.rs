//! `POST /v1/requests/{id}/…`: what people do with a request, and what they say of one of its mails. Each takes `Idempotency-Key` and
//! `If-Match`, and answers with what became of it; the same again is said once.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use domain::classify::Meaning;
use domain::ids::AwsId;
use domain::request::{Outcome, SNOOZE_MAX};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::act::{self, Acted, Deed, Identity, Taken, Until, What, Word};
use crate::body::{Body, whole_number};
use crate::problem::Problem;
use crate::view::{TurnView, time, turn};
use crate::writing::{Writing, etag};

/// Who acts besides the token, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plain {
    /// The person in whose name the token acts; the history names both.
    pub(crate) by: Option<String>,
    /// Why, for the history.
    pub(crate) why: Option<String>,
}

/// Until when nothing is repeated: `until`, or `seconds` from now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hold {
    /// A time (RFC 3339), at most 30 days ahead.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// From now, at most 30 days.
    #[serde(default, deserialize_with = "whole_number")]
    #[schema(minimum = 1, maximum = 2_592_000)]
    seconds: Option<i64>,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// How it ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    /// `approved`, `denied` or `closed`.
    #[schema(pattern = "^(approved|denied|closed)$")]
    outcome: String,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// A remark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// Its words; at most 2,000 bytes of them are kept.
    #[schema(min_length = 1)]
    text: String,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// What a mail means, or where it belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judge {
    /// The mail: its Message-ID, the key of its object, or the id of its entry.
    #[schema(min_length = 1)]
    mail: String,
    /// `received`, `question`, `approved`, `denied`, `progress`, `unclear`, `ours`, `note` or `irrelevant`; `null`: what it means already.
    #[schema(pattern = "^(received|question|approved|denied|progress|unclear|ours|note|irrelevant)$")]
    meaning: Option<String>,
    /// The request it belongs to, by any reference, or `new` for one of its own; `null`: where it is.
    request: Option<String>,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// AWS's ID of a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identify {
    /// The ID, as AWS shows it.
    #[schema(min_length = 6)]
    aws_id: String,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// What became of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// The request.
    pub(crate) id: String,
    /// The entry of the history that says it.
    pub(crate) entry: String,
    /// Whose turn it is now.
    #[serde(flatten)]
    pub(crate) turn: TurnView,
    /// When the acknowledgement or snooze ends, if it was one.
    #[schema(format = DateTime)]
    pub(crate) until: Option<String>,
    /// Nothing was written: it was said before, or is so already.
    pub(crate) said_before: bool,
}

/// What became of a word on a mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Judged {
    /// The entry of the mail.
    entry: String,
    /// What it means now.
    meaning: &'static str,
    /// The requests that have it now.
    pub(crate) requests: Vec<String>,
    /// It was in quarantine, or ignored, and is an entry of the history now.
    released: bool,
    /// Nothing was written: it was said before.
    said_before: bool,
}

/// An answer with the version that the request has now.
type Answer = Result<([(HeaderName, HeaderValue); 1], Json<Done>), Problem>;

/// AWS was answered on a way that is not seen here: its clock starts again.
#[utoipa::path(post, path = "/v1/requests/{id}/replied", tag = "acts", request_body = Option<Plain>,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn replied(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Plain>) -> Answer {
    on(&app, &id, writing, What::Replied, body).await
}

/// Seen: no repeats for 24 hours, or until the time that is given, or until AWS writes.
#[utoipa::path(post, path = "/v1/requests/{id}/ack", tag = "acts", request_body = Option<Hold>,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn ack(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Hold>) -> Answer {
    let until = body.end()?;
    on(&app, &id, writing, What::Ack(until), body.plain()).await
}

/// Put off: no repeats until then (30 days at most), or until AWS writes.
#[utoipa::path(post, path = "/v1/requests/{id}/snooze", tag = "acts", request_body = Hold,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn snooze(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Hold>) -> Answer {
    let until = body.end()?.ok_or_else(|| Problem::validation("", "give until or seconds: a snooze ends"))?;
    on(&app, &id, writing, What::Snooze(until), body.plain()).await
}

/// It is over.
#[utoipa::path(post, path = "/v1/requests/{id}/settle", tag = "acts", request_body = Settle,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn settle(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Settle>) -> Answer {
    let wrong = || Problem::validation("/outcome", "give approved, denied or closed");
    let outcome = Outcome::parse(&body.outcome).ok_or_else(wrong)?;
    on(&app, &id, writing, What::Settle(outcome), Plain { by: body.by, why: body.why }).await
}

/// It is not over: it is our turn again.
#[utoipa::path(post, path = "/v1/requests/{id}/reopen", tag = "acts", request_body = Option<Plain>,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn reopen(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Plain>) -> Answer {
    on(&app, &id, writing, What::Reopen, body).await
}

/// A remark for the history.
#[utoipa::path(post, path = "/v1/requests/{id}/note", tag = "acts", request_body = Note,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn note(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Note>) -> Answer {
    on(&app, &id, writing, What::Note(body.text), Plain { by: body.by, why: body.why }).await
}

/// What one of its mails means, or which request it belongs to.
#[utoipa::path(post, path = "/v1/requests/{id}/judge", tag = "acts", request_body = Judge,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Judged), crate::openapi::Refused))]
pub(crate) async fn judge(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    writing: Writing,
    Body(body): Body<Judge>,
) -> Result<Json<Judged>, Problem> {
    let problem = |error| Problem::act(error, &id);
    let shown = crate::find(&app.store, &id).await.map_err(Problem::store)?.ok_or_else(|| Problem::request_not_found(&id))?;
    let mail = act::find_mail(&app.store, &body.mail).await.map_err(problem)?;
    // Who says something of a request's mail says it of that request's.
    let entry = domain::ids::EntryId::of_mail(mail.trust, &mail.message_id);
    if shown.request.step(&entry).is_none() {
        return Err(Problem::validation("/mail", "this mail is not one of this request; /v1/quarantine has those that are none's"));
    }
    let wrong =
        || Problem::validation("/meaning", "give received, question, approved, denied, progress, unclear, ours, note or irrelevant");
    let meaning = body.meaning.as_deref().map(|word| Meaning::parse(word).ok_or_else(wrong)).transpose()?;
    let request = match &body.request {
        Some(name) => Some(act::belongs(&app.store, name).await.map_err(problem)?),
        None => None,
    };
    if meaning.is_none() && request.is_none() {
        return Err(Problem::validation("", "give meaning, request or both"));
    }
    let word =
        Word { meaning, request, by: writing.caller.by(body.by.as_deref()), why: body.why, key: writing.key, expected: writing.expected };
    let taken = act::judge(&app.store, &app.policy, &mail, None, &word, app.now()).await.map_err(problem)?;
    Ok(Json(judged(taken)))
}

/// Which ID AWS gave it, learned otherwise than by a mail. What is known under this ID already becomes the same request.
#[utoipa::path(post, operation_id = "identify_request", path = "/v1/requests/{id}/identify", tag = "acts", request_body = Identify,
    params(crate::openapi::Id, crate::openapi::Change), responses((status = 200, body = Done), crate::openapi::Refused))]
pub(crate) async fn identify(State(app): State<Arc<App>>, Path(id): Path<String>, writing: Writing, Body(body): Body<Identify>) -> Answer {
    let aws_id = AwsId::parse(&body.aws_id).ok_or_else(|| Problem::validation("/aws_id", "give AWS's ID as AWS shows it"))?;
    let by = writing.caller.by(body.by.as_deref());
    let identity = Identity { aws_id, by, why: body.why, key: writing.key, expected: writing.expected };
    let acted = act::identify(&app.store, &app.policy, &id, &identity, app.now()).await.map_err(|error| Problem::act(error, &id))?;
    Ok(([etag(acted.version)], Json(done(acted))))
}

/// What became of a word, as JSON.
pub fn judged(taken: Taken) -> Judged {
    Judged {
        entry: taken.entry.to_string(),
        meaning: taken.meaning.as_str(),
        requests: taken.requests.iter().map(ToString::to_string).collect(),
        released: taken.released,
        said_before: taken.said_before,
    }
}

async fn on(app: &App, id: &str, writing: Writing, what: What, plain: Plain) -> Answer {
    let by = writing.caller.by(plain.by.as_deref());
    let deed = Deed { what, by, why: plain.why, key: writing.key, expected: writing.expected };
    let acted = act::on_request(&app.store, &app.policy, id, &deed, app.now()).await.map_err(|error| Problem::act(error, id))?;
    Ok(([etag(acted.version)], Json(done(acted))))
}

/// What became of an act, as JSON.
pub fn done(acted: Acted) -> Done {
    Done {
        id: acted.request.to_string(),
        entry: acted.entry.to_string(),
        turn: turn(acted.turn),
        until: acted.until.map(time),
        said_before: acted.said_before,
    }
}

impl Hold {
    fn end(&self) -> Result<Option<Until>, Problem> {
        match (&self.until, self.seconds) {
            (Some(_), Some(_)) => Err(Problem::validation("", "give until or seconds, not both")),
            (Some(text), None) => {
                let wrong = || Problem::validation("/until", "give a time such as 2026-11-23T09:00:00Z (RFC 3339)");
                Ok(Some(Until::At(text.parse::<Timestamp>().map_err(|_| wrong())?)))
            }
            (None, Some(seconds)) if (1..=SNOOZE_MAX.as_secs()).contains(&seconds) => {
                Ok(Some(Until::For(SignedDuration::from_secs(seconds))))
            }
            (None, Some(_)) => Err(Problem::validation("/seconds", "give 1 to 2592000 (30 days)")),
            (None, None) => Ok(None),
        }
    }

    fn plain(self) -> Plain {
        Plain { by: self.by, why: self.why }
    }
}
