//! What people say of a mail, taken as an entry that points at the mail's: released, judged anew, dismissed, moved or taken apart.
//!
//! [`find_mail`] names the mail, [`belongs`] the request, [`judge`] writes. A mail that is no entry yet becomes one in the same
//! transaction; its caller reads it again from the bucket.

use domain::classify::Meaning;
use domain::filing::{Ending, judged_claims, judged_lookups};
use domain::ids::{AwsId, EntryId, Key, hash_hex};
use domain::policy::Policy;
use domain::request::{Act, Action, Belongs, Entry, Fact, MailFact, Reference, Request, ShownId};
use domain::text::{cut, one_line};
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, BundleChange, Change, Commit, Found, Gathered, Probe, Release, Store, StoreError, StoredMail};

use super::{ActError, BY_MAX, DECISIONS_MAX, said};
use crate::request::find;

/// What a person says of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it means; `None`: what it means already.
    pub meaning: Option<Meaning>,
    /// Where it belongs; `None`: where it is.
    pub request: Option<Belongs>,
    /// Who says so.
    pub by: String,
    /// Why.
    pub why: Option<String>,
    /// The idempotency key; `None` derives one, so that the same word on top of the same word is said once.
    pub key: Option<String>,
    /// The version of the mail's request that the person saw; it must still have it. `None`: whatever it has become.
    pub expected: Option<u64>,
}

/// What became of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The judged mail's entry.
    pub entry: EntryId,
    /// What it means now.
    pub meaning: Meaning,
    /// The requests that have it now.
    pub requests: Vec<ShownId>,
    /// It became an entry with this word.
    pub released: bool,
    /// Nothing was written: it was said before.
    pub said_before: bool,
}

/// The mail that a name means.
///
/// # Errors
/// When there is none, or the table cannot be reached.
pub async fn find_mail(store: &Store, name: &str) -> Result<StoredMail, ActError> {
    store.mail(name).await?.ok_or_else(|| ActError::UnknownMail(cut(&one_line(name), BY_MAX)))
}

/// Whether a mail is an entry already.
pub fn is_entry(mail: &StoredMail) -> bool {
    [Ending::Applied, Ending::Released(String::new())].iter().any(|ending| mail.ending == ending.as_str())
}

/// Where the request that a name means is: by AWS's ID (also one that no mail named yet), else by the Message-ID behind our key.
/// `new` takes the mail apart.
///
/// # Errors
/// When no request answers, or the table cannot be reached.
pub async fn belongs(store: &Store, name: &str) -> Result<Belongs, ActError> {
    if name.trim().eq_ignore_ascii_case("new") {
        return Ok(Belongs::Apart);
    }
    let unknown = || ActError::UnknownRequest(cut(&one_line(name), BY_MAX));
    let Some(shown) = find(store, name).await? else { return AwsId::parse(name).map(Belongs::Aws).ok_or_else(unknown) };
    match &shown.request.id {
        ShownId::Aws(id) => Ok(Belongs::Aws(id.clone())),
        ShownId::Key(key) => {
            let named = shown.request.message_ids.iter().find(|m| Key::of(m) == *key);
            named.or_else(|| shown.request.message_ids.first()).cloned().map(Belongs::With).ok_or_else(unknown)
        }
    }
}

/// Takes a person's word on a mail. `read` is the entry that a mail without one would have (of `ingest::file::entry_of`).
///
/// # Errors
/// When the mail is none, was not read though it is no entry, or the table cannot be read or written.
pub async fn judge(
    store: &Store,
    policy: &Policy,
    mail: &StoredMail,
    read: Option<&Entry>,
    word: &Word,
    now: Timestamp,
) -> Result<Taken, ActError> {
    for _ in 0..DECISIONS_MAX {
        if let Some(taken) = attempt(store, policy, mail, read, word, now).await? {
            return Ok(taken);
        }
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

/// One decision and its transaction; `None` when somebody else was faster.
async fn attempt(
    store: &Store,
    policy: &Policy,
    mail: &StoredMail,
    read: Option<&Entry>,
    word: &Word,
    now: Timestamp,
) -> Result<Option<Taken>, ActError> {
    let target = EntryId::of_mail(mail.trust, &mail.message_id);
    let itself = [Reference::Message(mail.message_id.clone())];
    let known = store.look_up(&Probe { object: &mail.object, message_id: &mail.message_id, references: &itself }).await?;
    let unknown = || ActError::UnknownMail(mail.message_id.to_string());
    let mail = known.twins.get(&mail.trust).ok_or_else(unknown)?;
    if mail.is_forgotten() {
        return Err(ActError::Forgotten);
    }
    let new = if is_entry(mail) { None } else { Some(read.ok_or(ActError::NotRead)?) };
    let home = match known.places.get(&itself[0]) {
        Some(address) => store.bundle(address).await?,
        None => None,
    };
    let stored = home.iter().flat_map(|b| &b.entries).find(|e| e.id == target);
    let fact = stored.or(new).and_then(Entry::mail).ok_or_else(unknown)?;
    if word.request == Some(Belongs::With(fact.message_id.clone())) {
        return Err(ActError::Itself);
    }

    let before = home.as_ref().and_then(|home| last_word(home, &target));
    let meaning = word.meaning.unwrap_or_else(|| before.as_ref().map_or(fact.meaning, |b| b.meaning));
    let same = before.as_ref().is_some_and(|b| b.meaning == meaning && word.request.as_ref().is_none_or(|r| b.request == Some(r)));
    let action = action(word, fact, &target, meaning, before.as_ref(), now);
    let done = home.iter().flat_map(|b| &b.entries).find(|e| e.id == action.id);
    if done.is_some_and(|done| !same_word(done, &action)) {
        return Err(ActError::KeyReused);
    }
    if done.is_none() && word.expected.is_some_and(|expected| home.as_ref().is_none_or(|home| home.version != expected)) {
        return Err(ActError::Changed);
    }
    if same || done.is_some() {
        let requests = home.as_ref().map(|home| with(&domain::request::fold(&home.entries), &target)).unwrap_or_default();
        return Ok(Some(Taken { entry: target, meaning, requests, released: false, said_before: true }));
    }
    let entries = new.into_iter().cloned().chain([action]).collect();
    let Some(bundle) = into_bundle(store, policy, mail, fact, word, meaning, entries, now).await? else { return Ok(None) };
    let requests = with(&bundle.requests, &target);
    let released = new.map(|_| {
        let ending = Ending::Released(format!("judged {} by {}", meaning.as_str(), cut(&one_line(&word.by), BY_MAX)));
        Release {
            before: mail.clone(),
            after: StoredMail { ending: ending.as_str().to_owned(), why: ending.why().to_owned(), ..mail.clone() },
        }
    });
    let taken = Taken { entry: target, meaning, requests, released: released.is_some(), said_before: false };
    let change = Change { bundle: Some(bundle), released, ..Change::default() };
    Ok(match store.commit(&change).await? {
        Commit::Done => Some(taken),
        Commit::Lost => None,
    })
}

fn same_word(one: &Entry, other: &Entry) -> bool {
    match (&one.fact, &other.fact) {
        (Fact::Action(one), Fact::Action(other)) => one.act == other.act,
        _ => false,
    }
}

/// The bundle with the word, and everything that the mail and the word name. `None` when some of it was forgotten since it was
/// looked up.
#[expect(clippy::too_many_arguments, reason = "one decision, in one place")]
async fn into_bundle(
    store: &Store,
    policy: &Policy,
    mail: &StoredMail,
    fact: &MailFact,
    word: &Word,
    meaning: Meaning,
    entries: Vec<Entry>,
    now: Timestamp,
) -> Result<Option<BundleChange>, StoreError> {
    let said = word.request.as_ref();
    let references = judged_lookups(fact, said);
    let found: Found = store.look_up(&Probe { object: &mail.object, message_id: &mail.message_id, references: &references }).await?;
    let Some(Gathered { home, absorb }) = store.gather(&references, &found).await? else { return Ok(None) };
    let claims = judged_claims(fact, said, meaning).into_iter().filter(|r| !found.places.contains_key(r)).collect();
    Ok(Some(BundleChange::of(home, absorb, entries, claims, policy, now)))
}

/// The last word on an entry.
struct Before<'a> {
    id: &'a EntryId,
    at: Timestamp,
    meaning: Meaning,
    request: Option<&'a Belongs>,
}

fn last_word<'a>(bundle: &'a Bundle, target: &EntryId) -> Option<Before<'a>> {
    let mut words: Vec<&Entry> = bundle.entries.iter().collect();
    words.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    words.into_iter().fold(None, |before: Option<Before<'a>>, entry| match &entry.fact {
        Fact::Action(Action { act: Act::Judge { target: of, meaning, request, .. }, .. }) if of == target => {
            let request = request.as_ref().or(before.and_then(|b| b.request));
            Some(Before { id: &entry.id, at: entry.at, meaning: *meaning, request })
        }
        _ => before,
    })
}

fn action(word: &Word, fact: &MailFact, target: &EntryId, meaning: Meaning, before: Option<&Before<'_>>, now: Timestamp) -> Entry {
    let derived = || {
        let request = match &word.request {
            None => String::new(),
            Some(Belongs::Aws(id)) => format!("aws {id}"),
            Some(Belongs::With(id)) => format!("with {id}"),
            Some(Belongs::Apart) => "apart".to_owned(),
        };
        let on = before.map(|b| b.id.as_str()).unwrap_or_default();
        hash_hex(&[b"judge", target.as_str().as_bytes(), meaning.as_str().as_bytes(), request.as_bytes(), on.as_bytes()], 16)
    };
    let act = Act::Judge { target: target.clone(), meaning, request: word.request.clone() };
    let action = said(Reference::Message(fact.message_id.clone()), act, &word.by, word.why.as_deref());
    // Later than what it overrides, whatever the clock says.
    let after = before.and_then(|b| b.at.checked_add(SignedDuration::from_millis(1)).ok());
    Entry::of_action(&word.key.clone().unwrap_or_else(derived), action, after.map_or(now, |after| now.max(after)))
}

fn with(requests: &[Request], entry: &EntryId) -> Vec<ShownId> {
    requests.iter().filter(|r| r.step(entry).is_some()).map(|r| r.id.clone()).collect()
}
