//! `/v1/quarantine`: mail that nothing proves, in pages, and what people decide of it. The pages: what named an open request when it came stands first, then the rest, each newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use domain::classify::Meaning;
use domain::ids::EntryId;
use domain::text::one_line;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{MailFilter, MailList, Store, StoreError, StoredMail};
use utoipa::ToSchema;

use crate::App;
use crate::access::Caller;
use crate::act::{self, Word};
use crate::acts::{Judged, Plain, judged};
use crate::body::Body;
use crate::openapi::{Change, Refused};
use crate::problem::Problem;
use crate::redact::seen_by;
use crate::view::time;
use crate::writing::Writing;

/// How often the table is read for one page: mail that names no open request may stand in front of the few that do.
const READS_MAX: usize = 10;

/// A page of mail in quarantine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Quarantine {
    /// The mails.
    pub items: Vec<Quarantined>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
}

/// A mail in quarantine, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quarantined {
    /// The id that its entry would have.
    pub id: String,
    /// Its Message-ID.
    pub message_id: String,
    /// The key of its object.
    pub object: String,
    /// When it came.
    pub stored: String,
    /// Who sent it, as it says.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// Why it is kept apart.
    pub why: String,
    /// Whether it named an open request when it came.
    pub names_open: bool,
}

/// What a mail in quarantine is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseBody {
    /// `received`, `question`, `approved`, `denied`, `progress`, `unclear`, `ours` or `note`: it counts as that from now on.
    #[schema(pattern = "^(received|question|approved|denied|progress|unclear|ours|note)$")]
    meaning: String,
    /// The request it belongs to, by any reference, or `new` for one of its own; `null`: where its own references lead.
    request: Option<String>,
    /// The person in whose name the token acts; the history names both.
    by: Option<String>,
    /// Why, for the history.
    why: Option<String>,
}

/// Mails that nothing proves: those that named an open request first, each part newest first.
#[utoipa::path(get, operation_id = "list_quarantine", path = "/v1/quarantine", tag = "quarantine",
    params(("limit" = Option<u8>, Query, description = "Mails of a page", nullable = false, minimum = 1, maximum = 200),
           ("cursor" = Option<String>, Query, description = "Where the page begins: `next` of the page before", nullable = false)),
    responses((status = 200, body = Quarantine), Refused))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Quarantine>, Problem> {
    let (mut limit, mut cursor) = (50, None);
    for (i, (name, value)) in pairs.iter().enumerate() {
        match name.as_str() {
            _ if pairs[..i].iter().any(|(earlier, _)| earlier == name) => return Err(Problem::parameter(name, "it is given twice")),
            "limit" => {
                let number = value.parse().ok().filter(|n| (1..=200).contains(n));
                limit = number.ok_or_else(|| Problem::parameter(name, "give a number from 1 to 200"))?;
            }
            // An empty one is the beginning.
            "cursor" => cursor = Some(value.as_str()).filter(|cursor| !cursor.is_empty()),
            _ => return Err(Problem::parameter(name, "this parameter is unknown; there are limit and cursor")),
        }
    }
    let listed = page(&app.store, cursor, limit, app.now()).await.map_err(|error| match error {
        QuarantineError::Place(_) => Problem::cursor(),
        QuarantineError::Store(error) => Problem::store(error),
    })?;
    Ok(Json(Quarantine { items: seen_by(&caller, listed.items), ..listed }))
}

/// The mail counts as what the caller says: an entry of a request, as if it were proven.
#[utoipa::path(post, operation_id = "release_mail", path = "/v1/quarantine/{mail}/release", tag = "quarantine", request_body = ReleaseBody,
    params(("mail" = String, Path, description = "The mail: the id of its entry, its Message-ID, or the key of its object"), Change),
    responses((status = 200, body = Judged), Refused))]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    Path(mail): Path<String>,
    writing: Writing,
    Body(body): Body<ReleaseBody>,
) -> Result<Json<Judged>, Problem> {
    let wrong = || Problem::validation("/meaning", "give received, question, approved, denied, progress, unclear, ours or note");
    let meaning = Meaning::parse(&body.meaning).filter(|meaning| *meaning != Meaning::Irrelevant).ok_or_else(wrong)?;
    let request = match &body.request {
        Some(name) => Some(act::belongs(&app.store, name).await.map_err(|error| Problem::act(error, &mail))?),
        None => None,
    };
    let by = writing.caller.by(body.by.as_deref());
    let word = Word { meaning: Some(meaning), request, by, why: body.why, key: writing.key, expected: None };
    decide(&app, &mail, &word).await.map(Json)
}

/// The mail is none of ours: it leaves the quarantine and changes nothing.
#[utoipa::path(post, operation_id = "dismiss_mail", path = "/v1/quarantine/{mail}/dismiss", tag = "quarantine", request_body = Option<Plain>,
    params(("mail" = String, Path, description = "The mail: the id of its entry, its Message-ID, or the key of its object"), Change),
    responses((status = 200, body = Judged), Refused))]
pub(crate) async fn dismiss(
    State(app): State<Arc<App>>,
    Path(mail): Path<String>,
    writing: Writing,
    Body(body): Body<Plain>,
) -> Result<Json<Judged>, Problem> {
    let by = writing.caller.by(body.by.as_deref());
    let word = Word { meaning: Some(Meaning::Irrelevant), request: None, by, why: body.why, key: writing.key, expected: None };
    decide(&app, &mail, &word).await.map(Json)
}

/// Takes a word on a mail that ended without an entry: it is read again from its object.
pub(crate) async fn decide(app: &App, name: &str, word: &Word) -> Result<Judged, Problem> {
    let mail = act::find_mail(&app.store, name).await.map_err(|error| Problem::act(error, name))?;
    let read = match &app.mails {
        _ if act::is_entry(&mail) => None,
        Some(mails) => Some(mails.entry(&mail).await.map_err(Problem::unread)?),
        None => return Err(Problem::no_mails()),
    };
    let taken = act::judge(&app.store, &app.policy, &mail, read.as_ref(), word, app.now()).await;
    taken.map(judged).map_err(|error| Problem::act(error, name))
}

/// Why a page cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The place is none that a page gave.
    #[error("the place {0:?} is none: give what the page before says, or nothing for the first page")]
    Place(String),
    /// The table could not be read.
    #[error("the quarantine could not be read")]
    Store(#[from] StoreError),
}

/// A page of at most `limit` mails behind `after`.
///
/// # Errors
/// When `after` is no place that a page gave, or the table cannot be reached.
pub async fn page(store: &Store, after: Option<&str>, limit: usize, now: Timestamp) -> Result<Quarantine, QuarantineError> {
    let (mut open, mut place) = match after {
        None => (true, None),
        Some(text) => read_place(text).ok_or_else(|| QuarantineError::Place(domain::text::cut(&one_line(text), 60)))?,
    };
    let until = now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now);
    let mut items = Vec::new();
    for _ in 0..READS_MAX {
        let filter = MailFilter { which: MailList::Quarantined, names_open: Some(open), from: Timestamp::UNIX_EPOCH, until };
        let page = store.mail_page(&filter, place.as_deref(), limit - items.len()).await?;
        items.extend(page.items.iter().map(view));
        place = page.next;
        if place.is_none() {
            if !open {
                return Ok(Quarantine { items, next: None });
            }
            open = false;
        }
        if items.len() >= limit {
            break;
        }
    }
    let next = format!("{}:{}", if open { "open" } else { "rest" }, place.unwrap_or_default());
    Ok(Quarantine { items, next: Some(next) })
}

fn read_place(text: &str) -> Option<(bool, Option<String>)> {
    let (section, place) = text.split_once(':')?;
    let open = match section {
        "open" => true,
        "rest" => false,
        _ => return None,
    };
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '#');
    (place.len() <= 60 && place.chars().all(good)).then(|| (open, Some(place.to_owned()).filter(|p| !p.is_empty())))
}

/// A mail as it is shown.
pub(crate) fn view(mail: &StoredMail) -> Quarantined {
    Quarantined {
        id: EntryId::of_mail(mail.trust, &mail.message_id).to_string(),
        message_id: mail.message_id.to_string(),
        object: mail.object.clone(),
        stored: time(mail.stored),
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        why: mail.why.clone(),
        names_open: mail.names_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else() {
        let place = "2026-11-20T10:30:00.000Z#00ff";
        assert_eq!(read_place(&format!("open:{place}")), Some((true, Some(place.to_owned()))));
        assert_eq!(read_place("rest:"), Some((false, None)));
        for bad in ["", "open", "else:x", "open:a b", "rest:\u{1b}[31m", &format!("rest:{}", "x".repeat(61))] {
            assert_eq!(read_place(bad), None, "{bad:?}");
        }
    }
}
