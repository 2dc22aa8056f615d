//! `POST /requests/{id}/…`: the forms of a request's page. Each carries the session's secret, the version that its reader saw and a key
//! that can be used once, does one thing, and leads back to the page.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use domain::ids::{AwsId, hash_hex};
use domain::request::{Outcome, SNOOZE_MAX};
use jiff::{SignedDuration, Timestamp};

use super::url::Base;
use crate::App;
use crate::access::Caller;
use crate::access::login::to;
use crate::access::session::Form;
use crate::act::{self, ActError, Acted, Deed, Identity, Until, What};
use crate::problem::Problem;

/// Longest key that a form may carry: 43 random characters, what it does, and to which mail.
const KEY_MAX: usize = 200;

/// AWS was answered on a way that is not seen here.
pub(crate) async fn replied(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    on(&app, &id, &caller, &form, What::Replied).await
}

/// Seen: no repeats for a while.
pub(crate) async fn ack(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    let until = hours(&form)?;
    on(&app, &id, &caller, &form, What::Ack(until.map(Until::For))).await
}

/// Put off until a time, or for a while.
pub(crate) async fn snooze(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    let until = match form.field("until") {
        Some(text) => Some(Until::At(utc(text)?)),
        None => hours(&form)?.map(Until::For),
    };
    let until = until.ok_or_else(|| Problem::field("Choose for how long, or a time: what is put off comes back."))?;
    on(&app, &id, &caller, &form, What::Snooze(until)).await
}

/// It is over.
pub(crate) async fn settle(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    let outcome = form.field("outcome").and_then(Outcome::parse);
    let outcome = outcome.ok_or_else(|| Problem::field("Choose how it ended: approved, denied or closed."))?;
    on(&app, &id, &caller, &form, What::Settle(outcome)).await
}

/// It is not over.
pub(crate) async fn reopen(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    on(&app, &id, &caller, &form, What::Reopen).await
}

/// A remark.
pub(crate) async fn note(app: State<Arc<App>>, id: Path<String>, caller: Extension<Caller>, form: Form) -> Result<Response, Problem> {
    let text = form.field("text").unwrap_or_default().to_owned();
    on(&app, &id, &caller, &form, What::Note(text)).await
}

/// Which ID AWS gave it.
pub(crate) async fn identify(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(caller): Extension<Caller>,
    form: Form,
) -> Result<Response, Problem> {
    let aws_id = form.field("aws_id").and_then(AwsId::parse);
    let aws_id = aws_id.ok_or_else(|| Problem::field("Give AWS's ID as AWS shows it."))?;
    let expected = Some(version(&form)?);
    let identity =
        Identity { aws_id, by: caller.by(None), why: form.field("why").map(str::to_owned), key: Some(key(&form, &caller)?), expected };
    led(act::identify(&app.store, &app.policy, &id, &identity, app.now()).await, &id)
}

async fn on(app: &App, id: &str, caller: &Caller, form: &Form, what: What) -> Result<Response, Problem> {
    let deed = Deed {
        key: Some(key(form, caller)?),
        expected: Some(version(form)?),
        by: caller.by(None),
        why: form.field("why").map(str::to_owned),
        what,
    };
    led(act::on_request(&app.store, &app.policy, id, &deed, app.now()).await, id)
}

/// The version of the request that the form's reader saw.
fn version(form: &Form) -> Result<u64, Problem> {
    form.field("version").and_then(|version| version.parse().ok()).ok_or_else(Problem::form)
}

/// Back to the page of the request.
fn led(acted: Result<Acted, ActError>, id: &str) -> Result<Response, Problem> {
    match acted {
        // The id that it has now: a word can give it another one.
        Ok(acted) => Ok(to(&Base::of("/requests/id/deed").request(acted.request.as_str()), None)),
        Err(ActError::Past(_)) => Err(Problem::field("That time is over: choose one after now (all times are UTC).")),
        Err(ActError::TooFar(_)) => Err(Problem::field("Nothing may stay quiet for more than 30 days: choose a time before that.")),
        Err(ActError::EmptyNote) => Err(Problem::field("The note is empty: say something.")),
        Err(error) => Err(Problem::act(error, id)),
    }
}

/// The idempotency key of a form: of this caller alone.
pub(crate) fn key(form: &Form, caller: &Caller) -> Result<String, Problem> {
    let key = form.field("key").filter(|key| key.len() <= KEY_MAX).ok_or_else(Problem::form)?;
    Ok(hash_hex(&[b"form", caller.name.as_bytes(), key.as_bytes()], 16))
}

/// The choice of a while.
fn hours(form: &Form) -> Result<Option<SignedDuration>, Problem> {
    let Some(text) = form.field("hours") else { return Ok(None) };
    let hours = text.parse().ok().filter(|hours| (1..=SNOOZE_MAX.as_hours()).contains(hours));
    let hours = hours.ok_or_else(|| Problem::field("Choose one of the times that the form offers."))?;
    Ok(Some(SignedDuration::from_hours(hours)))
}

/// A time of the form's own field, which knows no zone: the page says that it is UTC.
fn utc(text: &str) -> Result<Timestamp, Problem> {
    let wrong = || Problem::field("Give the time as 2026-11-23T09:00, in UTC.");
    format!("{text}Z").parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::at;

    #[test]
    fn a_time_without_a_zone_is_utc() {
        assert_eq!(utc("2026-11-23T09:00").unwrap(), at("2026-11-23T09:00:00Z"));
        assert_eq!(utc("2026-11-23T09:00:30").unwrap(), at("2026-11-23T09:00:30Z"));
        for bad in ["", "tomorrow", "2026-11-23", "2026-11-23T09:00+01:00", "2026-13-23T09:00"] {
            assert!(utc(bad).is_err(), "{bad}");
        }
    }
}
