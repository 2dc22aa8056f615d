//! A request that a person submitted to AWS by hand, before or without its mail.
//!
//! It becomes an entry that begins a request (`domain::request::Submitted`) and claims AWS's ID, where it has one, in the same
//! transaction: of a registration and AWS's mail that come at once one is written first, and the other meets it there.

use domain::classify::Family;
use domain::filing;
use domain::ids::{AccountId, AwsId, EntryId, MessageId, Region, hash_hex};
use domain::policy::Policy;
use domain::request::{Act, Action, Entry, Fact, Reference, Request, ShownId, Submitted, Turn, fold};
use jiff::Timestamp;
use store::{BundleChange, Change, Commit, Found, Gathered, Store, StoreError};

use super::{ActError, DECISIONS_MAX, SAME_WORD, said};

/// A request that was submitted by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What kind of request: one of [`Submitted::FAMILIES`].
    pub family: Family,
    /// The account it was asked for.
    pub account: Option<AccountId>,
    /// The Regions it was asked for.
    pub regions: Vec<Region>,
    /// What people call it: one line.
    pub subject: String,
    /// AWS's ID, where it is known already.
    pub aws_id: Option<AwsId>,
    /// When it was submitted; `None`: now.
    pub since: Option<Timestamp>,
    /// Who says so.
    pub by: String,
    /// Why.
    pub why: Option<String>,
    /// The idempotency key; `None` derives one, so that the same registration within an hour is one.
    pub key: Option<String>,
}

/// What became of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The request.
    pub request: ShownId,
    /// The entry that says it.
    pub entry: EntryId,
    /// Whose turn it is now.
    pub turn: Turn,
    /// Nothing was written: it was registered before.
    pub said_before: bool,
    /// The version that the request has now.
    pub version: u64,
}

/// Registers a request. One whose AWS ID is known already is refused: it has its clock.
///
/// # Errors
/// When it cannot have been submitted so, AWS's ID is known, the key was used for another one, or the table cannot be read or
/// written.
pub async fn register(store: &Store, policy: &Policy, registration: &Registration, now: Timestamp) -> Result<Registered, ActError> {
    let Registration { family, account, regions, subject, .. } = registration;
    let submitted = Submitted::new(*family, account.clone(), regions, subject)?;
    let since = Submitted::at(registration.since.unwrap_or(now), now)?;
    let mut keys = keys(registration, &submitted, now);
    while let Some(at) = store.forgotten_at(&EntryId::of_action(&keys.new)).await? {
        if registration.key.is_some() {
            return Err(ActError::KeyReused);
        }
        // The same within the hour, but what it was once is gone: this is another one.
        keys.new = hash_hex(&[keys.new.as_bytes(), at.to_string().as_bytes()], 16);
    }
    for _ in 0..DECISIONS_MAX {
        if let Some(registered) = attempt(store, policy, registration, &submitted, since, &keys, now).await? {
            return Ok(registered);
        }
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

/// One decision and its transaction; `None` when somebody else was faster.
async fn attempt(
    store: &Store,
    policy: &Policy,
    registration: &Registration,
    submitted: &Submitted,
    since: Timestamp,
    keys: &Keys,
    now: Timestamp,
) -> Result<Option<Registered>, ActError> {
    let action = |about, act| said(about, act, &registration.by, registration.why.as_deref());
    let new = Entry::of_registration(&keys.new, registration.aws_id.clone(), submitted.clone(), action, since, now);
    let references = filing::registered(&new).unwrap_or_default();
    let before = keys.before.iter().chain([&keys.new]).map(|key| EntryId::of_action(key));
    let before: Vec<(EntryId, Reference)> = before.map(|id| (id.clone(), Reference::Message(MessageId::of_registration(&id)))).collect();
    let mut asked = references.clone();
    asked.extend(before.iter().map(|(_, reference)| reference.clone()));
    asked.sort();
    asked.dedup();
    let places = store.places(&asked).await?;

    for (id, reference) in &before {
        let Some(address) = places.get(reference) else { continue };
        let Some(bundle) = store.bundle(address).await? else { continue };
        let Some(entry) = bundle.entries.iter().find(|e| e.id == *id) else { continue };
        if registration.key.is_some() && !same(entry, &new, registration.since.is_some()) {
            return Err(ActError::KeyReused);
        }
        if registration.key.is_some() || now.duration_since(entry.stored) < SAME_WORD {
            return Ok(registered(&fold(&bundle.entries), id, true, bundle.edition()));
        }
    }

    let found = Found { places, ..Found::default() };
    let Some(Gathered { home: bundle, absorb }) = store.gather(&references, &found).await? else { return Ok(None) };
    if let (Some(id), Some(bundle)) = (&registration.aws_id, &bundle) {
        // What nobody but a note or a dismissed mail names has no clock yet.
        let shown = ShownId::Aws(id.clone());
        if fold(&bundle.entries).iter().any(|r| r.id == shown) {
            return Err(ActError::Known(shown));
        }
    }
    let version = bundle.as_ref().map_or(0, store::Bundle::edition) + 1;
    let claims = references.into_iter().filter(|r| !found.places.contains_key(r)).collect();
    let entry = new.id.clone();
    let change = BundleChange::of(bundle, absorb, vec![new], claims, policy, now);
    let done = registered(&change.requests, &entry, false, version);
    Ok(match store.commit(&Change { bundle: Some(change), ..Change::default() }).await? {
        Commit::Done => done,
        Commit::Lost => None,
    })
}

/// The idempotency keys of a registration.
struct Keys {
    /// That of a new entry.
    new: String,
    /// Another one under which the same was perhaps said a moment ago.
    before: Option<String>,
}

/// The key that was given, in a form of its own: the same key may name a word on another request. A derived one is of the content and
/// the hour, and the hour before is asked for too. Who registers is no part of it: two people who submit the same form once say it once.
fn keys(registration: &Registration, submitted: &Submitted, now: Timestamp) -> Keys {
    if let Some(key) = &registration.key {
        return Keys { new: hash_hex(&[b"register", key.as_bytes()], 16), before: None };
    }
    let hour = now.as_second().div_euclid(SAME_WORD.as_secs());
    let account = submitted.account.as_ref().map_or("", |a| a.as_str());
    let regions: Vec<&str> = submitted.regions.iter().map(Region::as_str).collect();
    let aws_id = registration.aws_id.as_ref().map_or("", |id| id.as_str());
    let since = registration.since.map(|since| since.to_string()).unwrap_or_default();
    let of = |hour: i64| {
        let (hour, regions) = (hour.to_string(), regions.join(" "));
        let parts = ["register", submitted.family.as_str(), account, &regions, &submitted.subject, aws_id, &since, &hour];
        hash_hex(&parts.map(str::as_bytes), 16)
    };
    Keys { new: of(hour), before: Some(of(hour - 1)) }
}

/// Whether two entries register the same. When it was submitted counts only where it was said: else it is another now each time.
fn same(one: &Entry, other: &Entry, with_time: bool) -> bool {
    match (&one.fact, &other.fact) {
        (
            Fact::Action(Action { act: Act::Register(a), about, .. }),
            Fact::Action(Action { act: Act::Register(b), about: other_about, .. }),
        ) => a == b && about == other_about && (!with_time || one.at == other.at),
        _ => false,
    }
}

fn registered(requests: &[Request], entry: &EntryId, said_before: bool, version: u64) -> Option<Registered> {
    let request = requests.iter().find(|r| r.step(entry).is_some())?;
    Some(Registered { request: request.id.clone(), entry: entry.clone(), turn: request.turn, said_before, version })
}
