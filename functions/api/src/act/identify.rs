//! AWS's ID of a request that has none yet, learned otherwise than by a mail: from the console, or by phone.
//!
//! What was registered by hand gets an entry that says it ([`Act::Identify`]); of a request that a mail began, the person's word is one on
//! that mail, as if AWS had written the ID into it. Whatever is known under the ID already becomes the same request.

use domain::filing;
use domain::ids::{AwsId, EntryId, Key, MessageId, hash_hex};
use domain::policy::Policy;
use domain::request::{Act, Action, Belongs, Entry, Fact, Reference, Request, ShownId};
use domain::text::{cut, one_line};
use jiff::Timestamp;
use store::{Bundle, BundleChange, Change, Commit, Found, Gathered, Store, StoreError};

use super::request::{Acted, acted, after_all};
use super::{ActError, BY_MAX, DECISIONS_MAX, Word, find_mail, judge, said};
use crate::request::find_bundle;

/// Which ID AWS gave, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// AWS's ID.
    pub aws_id: AwsId,
    /// Who says so.
    pub by: String,
    /// Why, or where it was seen.
    pub why: Option<String>,
    /// The idempotency key; `None` derives one.
    pub key: Option<String>,
    /// The version of the request that the person saw; it must still have it. `None`: whatever it has become.
    pub expected: Option<u64>,
}

/// Gives the request that a reference means AWS's ID. One that a person gave it before is corrected so; one that AWS wrote stays.
///
/// # Errors
/// When no request answers, it has an ID that AWS wrote, it is not as it was seen, or the table cannot be read or written.
pub async fn identify(store: &Store, policy: &Policy, name: &str, identity: &Identity, now: Timestamp) -> Result<Acted, ActError> {
    let unknown = || ActError::NoRequest(cut(&one_line(name), BY_MAX));
    for _ in 0..DECISIONS_MAX {
        let (request, bundle) = find_bundle(store, name).await?.ok_or_else(unknown)?;
        let known = request.id == ShownId::Aws(identity.aws_id.clone());
        let before = match &identity.key {
            Some(key) => bundle.entries.iter().find(|e| e.id == EntryId::of_action(key)),
            None => None,
        };
        if let Some(entry) = before {
            return if says(entry, &identity.aws_id) {
                Ok(acted(&request, entry.id.clone(), now, true, bundle.edition()))
            } else {
                Err(ActError::KeyReused)
            };
        }
        if identity.expected.is_some_and(|expected| expected != bundle.edition()) {
            return Err(ActError::Changed);
        }
        if known {
            let entry = last(&bundle, &request).map_or_else(|| request.opened_by.clone(), |entry| entry.id.clone());
            return Ok(acted(&request, entry, now, true, bundle.edition()));
        }
        if let Some(registration) = registration(&bundle, &request, name) {
            if let Some(done) = of_registration(store, policy, &bundle, &request, &registration, identity, now).await? {
                return Ok(done);
            }
            continue;
        }
        if matches!(request.id, ShownId::Aws(_)) {
            return Err(ActError::Identified(request.id));
        }
        let first = request.first_mail.iter().find_map(|id| bundle.entries.iter().find(|e| e.id == *id)).and_then(Entry::mail);
        let mail = find_mail(store, first.map_or(name, |mail| mail.message_id.as_str())).await?;
        let Identity { aws_id, by, why, key, expected } = identity.clone();
        let word = Word { meaning: None, request: Some(Belongs::Aws(aws_id.clone())), by, why, key, expected };
        let taken = judge(store, policy, &mail, None, &word, now).await?;
        let (request, bundle) = find_bundle(store, aws_id.as_str()).await?.ok_or_else(unknown)?;
        return Ok(acted(&request, taken.entry, now, taken.said_before, bundle.edition()));
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

/// The entry on a registration and its transaction; `None` when somebody else was faster.
async fn of_registration(
    store: &Store,
    policy: &Policy,
    seen: &Bundle,
    request: &Request,
    registration: &MessageId,
    identity: &Identity,
    now: Timestamp,
) -> Result<Option<Acted>, ActError> {
    let on = last(seen, request).map_or("", |entry| entry.id.as_str());
    let derived = || hash_hex(&[b"identify", registration.as_str().as_bytes(), identity.aws_id.as_str().as_bytes(), on.as_bytes()], 16);
    let action =
        said(Reference::Message(registration.clone()), Act::Identify(identity.aws_id.clone()), &identity.by, identity.why.as_deref());
    let new = Entry::of_action(&identity.key.clone().unwrap_or_else(derived), action, after_all(request, now));
    let references = filing::identified(&new).unwrap_or_default();
    let found = Found { places: store.places(&references).await?, ..Found::default() };
    let Some(Gathered { home, absorb }) = store.gather(&references, &found).await? else { return Ok(None) };
    // Decided on what was seen: the registration's bundle, whichever of the two survives, still is as it was.
    let as_seen = |b: &Bundle| b.address == seen.address && b.version == seen.version;
    if !home.iter().chain(&absorb).any(as_seen) {
        return Ok(None);
    }
    let claims = references.into_iter().filter(|r| !found.places.contains_key(r)).collect();
    let entry = new.id.clone();
    let change = BundleChange::of(home, absorb, vec![new], claims, policy, now);
    let Some(after) = change.requests.iter().find(|r| r.step(&entry).is_some()).cloned() else { return Ok(None) };
    let version = change.before.as_ref().map_or(0, Bundle::edition) + 1;
    Ok(match store.commit(&Change { bundle: Some(change), ..Change::default() }).await? {
        Commit::Done => Some(acted(&after, entry, now, false, version)),
        Commit::Lost => None,
    })
}

/// The registration of a request to which a person may give an ID: the one that is named, else one that has none of AWS's own.
fn registration(bundle: &Bundle, request: &Request, name: &str) -> Option<MessageId> {
    let nameless = |e: &&Entry| matches!(&e.fact, Fact::Action(Action { act: Act::Register(_), about: Reference::Message(_), .. }));
    let open = bundle.entries.iter().filter(|e| request.step(&e.id).is_some()).filter(nameless);
    let mut ids: Vec<MessageId> = open.map(|e| MessageId::of_registration(&e.id)).collect();
    if matches!(request.id, ShownId::Aws(_)) {
        // What a mail of AWS brought is AWS's word.
        ids.retain(|id| of(bundle, id).is_some());
    }
    let named = ids.iter().position(|id| id.as_str() == name || Some(Key::of(id)) == Key::parse(name));
    let index = named.or((!ids.is_empty()).then_some(0))?;
    Some(ids.swap_remove(index))
}

/// The last word on the ID of a registration.
fn of<'a>(bundle: &'a Bundle, registration: &MessageId) -> Option<&'a Entry> {
    let words = bundle.entries.iter().filter(|e| match &e.fact {
        Fact::Action(Action { act: Act::Identify(_), about: Reference::Message(id), .. }) => id == registration,
        Fact::Action(_) | Fact::Mail(_) => false,
    });
    words.max_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)))
}

/// The last word on the ID of a request.
fn last<'a>(bundle: &'a Bundle, request: &Request) -> Option<&'a Entry> {
    let words = bundle.entries.iter().filter(|e| matches!(&e.fact, Fact::Action(Action { act: Act::Identify(_), .. })));
    words.filter(|e| request.step(&e.id).is_some()).max_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)))
}

fn says(entry: &Entry, aws_id: &AwsId) -> bool {
    match &entry.fact {
        Fact::Action(Action { act: Act::Identify(id), .. }) => id == aws_id,
        Fact::Action(Action { act: Act::Judge { request: Some(Belongs::Aws(id)), .. }, .. }) => id == aws_id,
        Fact::Action(_) | Fact::Mail(_) => false,
    }
}
