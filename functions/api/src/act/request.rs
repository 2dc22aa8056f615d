//! What people do with a request: answered AWS, seen it, put it off, settled it, opened it again, noted something.

use domain::ids::{EntryId, hash_hex};
use domain::policy::Policy;
use domain::request::{ACK_DEFAULT, Act, Entry, Fact, Outcome, Reference, Request, SNOOZE_MAX, ShownId, Turn};
use domain::text::{clean, cut, one_line};
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, BundleChange, Change, Commit, Store, StoreError};

use super::{ActError, BY_MAX, DECISIONS_MAX, SAME_WORD, said};
use crate::request::find_bundle;

/// Longest note that is kept, in bytes.
pub const NOTE_MAX: usize = 2_000;

/// What a person does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub what: What,
    /// Who.
    pub by: String,
    /// Why.
    pub why: Option<String>,
    /// The idempotency key; `None` derives one, so that the same word on top of the same state is said once.
    pub key: Option<String>,
    /// The version of the request that the person saw; it must still have it. `None`: whatever it has become.
    pub expected: Option<u64>,
}

/// What can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// AWS was answered on a way that we do not see: its clock starts again.
    Replied,
    /// Seen: no repeats until then (24 hours, where nothing is said).
    Ack(Option<Until>),
    /// Put off: no repeats until then.
    Snooze(Until),
    /// It is over.
    Settle(Outcome),
    /// It is not over.
    Reopen,
    /// A remark.
    Note(String),
}

/// The end of an acknowledgement or snooze, as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At this time.
    At(Timestamp),
    /// After this time.
    For(SignedDuration),
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// The request.
    pub request: ShownId,
    /// The entry that says it.
    pub entry: EntryId,
    /// Whose turn it is now.
    pub turn: Turn,
    /// When the acknowledgement or snooze ends, if it was one.
    pub until: Option<Timestamp>,
    /// Nothing was written: it was said before, or is so already.
    pub said_before: bool,
    /// The version that the request has now.
    pub version: u64,
}

/// Takes a person's act on the request that a reference means.
///
/// # Errors
/// When no request answers, the act would do nothing, its end is no usable time, or the table cannot be read or written.
pub async fn on_request(store: &Store, policy: &Policy, name: &str, deed: &Deed, now: Timestamp) -> Result<Acted, ActError> {
    for _ in 0..DECISIONS_MAX {
        let unknown = || ActError::NoRequest(cut(&one_line(name), BY_MAX));
        let (request, bundle) = find_bundle(store, name).await?.ok_or_else(unknown)?;
        let (entry, act) = match decide(&request, &bundle, deed, now)? {
            Decided::Before(entry) => return Ok(acted(&request, entry, now, true, bundle.edition())),
            Decided::New(entry, act) => (entry, act),
        };
        let about = about(&request, &bundle.entries).ok_or_else(unknown)?;
        let new = Entry::of_action(&entry, said(about, act, &deed.by, deed.why.as_deref()), after_all(&request, now));
        let id = new.id.clone();
        let version = bundle.edition() + 1;
        let bundle = BundleChange::of(Some(bundle), Vec::new(), vec![new], Vec::new(), policy, now);
        let request = bundle.requests.iter().find(|r| r.step(&id).is_some()).unwrap_or(&request).clone();
        if store.commit(&Change { bundle: Some(bundle), ..Change::default() }).await? == Commit::Done {
            return Ok(acted(&request, id, now, false, version));
        }
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

/// What is to be written.
enum Decided {
    /// Nothing: this entry says it.
    Before(EntryId),
    /// An entry with this key and act.
    New(String, Act),
}

fn decide(request: &Request, bundle: &Bundle, deed: &Deed, now: Timestamp) -> Result<Decided, ActError> {
    let last = request.steps.last();
    let on = |step: Option<&domain::request::Step>| derived(request, &deed.what, step.map_or("", |s| s.entry.as_str()));
    let changed = || deed.expected.is_some_and(|expected| expected != bundle.edition());
    match &deed.key {
        Some(key) => {
            let id = EntryId::of_action(key);
            if let Some(entry) = bundle.entries.iter().find(|e| e.id == id) {
                return if says(entry, &deed.what) { Ok(Decided::Before(id)) } else { Err(ActError::KeyReused) };
            }
        }
        // Without a key nobody can say that this is the same once more.
        None if changed() => return Err(ActError::Changed),
        None => {
            let before_last = request.steps.len().checked_sub(2).and_then(|i| request.steps.get(i));
            let again = last.filter(|s| s.entry == EntryId::of_action(&on(before_last)) && now.duration_since(s.stored) < SAME_WORD);
            if let Some(step) = again {
                return Ok(Decided::Before(step.entry.clone()));
            }
        }
    }
    if changed() {
        return Err(ActError::Changed);
    }
    let key = deed.key.clone().unwrap_or_else(|| on(last));
    let settled = match request.turn {
        Turn::Settled { outcome, .. } => Some(outcome),
        Turn::Aws { .. } | Turn::Ours { .. } => None,
    };
    let act = match (&deed.what, settled) {
        // What AWS denied is appealed by an answer; what is granted or closed has no clock to restart.
        (What::Replied, Some(outcome)) if outcome != Outcome::Denied => {
            return Err(ActError::Settled { outcome, why: "and an answer starts no clock" });
        }
        (What::Ack(_) | What::Snooze(_), Some(outcome)) => {
            return Err(ActError::Settled { outcome, why: "so nothing is repeated and there is nothing to hold back" });
        }
        (What::Settle(wanted), Some(outcome)) if *wanted == outcome => return Ok(Decided::Before(request.opened_by.clone())),
        (What::Reopen, None) => return Err(ActError::Open { ours: matches!(request.turn, Turn::Ours { .. }) }),
        (What::Replied, _) => Act::Replied,
        (What::Ack(until), None) => Act::Ack { until: end(until.unwrap_or(Until::For(ACK_DEFAULT)), now)? },
        (What::Snooze(until), None) => Act::Snooze { until: end(*until, now)? },
        (What::Settle(outcome), _) => Act::Settle(*outcome),
        (What::Reopen, Some(_)) => Act::Reopen,
        (What::Note(text), _) => match cut(&clean(text), NOTE_MAX) {
            text if text.trim().is_empty() => return Err(ActError::EmptyNote),
            text => Act::Note(text),
        },
    };
    Ok(Decided::New(key, act))
}

/// The end as a time: after now, and not farther than anything may stay quiet.
fn end(until: Until, now: Timestamp) -> Result<Timestamp, ActError> {
    let at = match until {
        Until::At(at) => at,
        Until::For(span) => now.checked_add(span).map_err(|_| ActError::TooFar(Timestamp::MAX))?,
    };
    if at <= now {
        Err(ActError::Past(at))
    } else if at.duration_since(now) > SNOOZE_MAX {
        Err(ActError::TooFar(at))
    } else {
        Ok(at)
    }
}

/// The key of a word on top of an entry. Who says it is no part of it: two people who say the same say it once.
fn derived(request: &Request, what: &What, on: &str) -> String {
    let end = |until: &Option<Until>| match until {
        None => String::new(),
        Some(Until::At(at)) => at.to_string(),
        Some(Until::For(span)) => span.to_string(),
    };
    let (kind, argument) = match what {
        What::Replied => ("replied", String::new()),
        What::Ack(until) => ("ack", end(until)),
        What::Snooze(until) => ("snooze", end(&Some(*until))),
        What::Settle(outcome) => ("settle", outcome.as_str().to_owned()),
        What::Reopen => ("reopen", String::new()),
        What::Note(text) => ("note", text.clone()),
    };
    hash_hex(&[kind.as_bytes(), request.key.as_str().as_bytes(), argument.as_bytes(), on.as_bytes()], 16)
}

/// How the entry names its request: by AWS's ID, else by its first mail, so that it stays with that mail.
fn about(request: &Request, entries: &[Entry]) -> Option<Reference> {
    if let ShownId::Aws(id) = &request.id {
        return Some(Reference::Aws(id.clone()));
    }
    let first = request.first_mail.as_ref().and_then(|id| entries.iter().find(|e| e.id == *id)).and_then(Entry::mail);
    let id = first.map(|mail| &mail.message_id).or_else(|| request.message_ids.first())?;
    Some(Reference::Message(id.clone()))
}

/// Later than everything that the person could see, whatever the clock says.
pub(super) fn after_all(request: &Request, now: Timestamp) -> Timestamp {
    let after = request.steps.last().and_then(|s| s.at.checked_add(SignedDuration::from_millis(1)).ok());
    after.map_or(now, |after| now.max(after))
}

/// Whether an entry is this word. Ends are compared where they were given as times: a span ends elsewhere each time.
fn says(entry: &Entry, what: &What) -> bool {
    let Fact::Action(action) = &entry.fact else { return false };
    match (&action.act, what) {
        (Act::Replied, What::Replied) | (Act::Reopen, What::Reopen) => true,
        (Act::Ack { until }, What::Ack(Some(Until::At(at)))) | (Act::Snooze { until }, What::Snooze(Until::At(at))) => until == at,
        (Act::Ack { .. }, What::Ack(_)) | (Act::Snooze { .. }, What::Snooze(_)) => true,
        (Act::Settle(was), What::Settle(wanted)) => was == wanted,
        (Act::Note(was), What::Note(text)) => *was == cut(&clean(text), NOTE_MAX),
        _ => false,
    }
}

pub(super) fn acted(request: &Request, entry: EntryId, now: Timestamp, said_before: bool, version: u64) -> Acted {
    let until = request.hold.as_ref().filter(|hold| hold.by == entry && now < hold.until).map(|hold| hold.until);
    Acted { request: request.id.clone(), entry, turn: request.turn, until, said_before, version }
}
