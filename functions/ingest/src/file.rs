//! Filing one mail: read, judge, decide, and write the decision in one transaction; a lost race is decided again.

use domain::alert::Cause;
use domain::canary::{self, Nonce};
use domain::classify::{self, Evidence, Meaning, Place, Reading};
use domain::filing::{self, Ending, Filing};
use domain::ids::EntryId;
use domain::mail::{self, Mail, Problem};
use domain::policy::Policy;
use domain::request::{Entry, MailFact, Reference, Request, ShownId, Turn, fold};
use domain::trust::{self, Trust, Verdict, Verdicts};
use jiff::Timestamp;
use store::{Arrival, BundleChange, Change, Commit, Found, Gathered, MailRecord, Probe, Store, StoreError, StoredMail, Summary};

use crate::inbox::InboxError;

/// How often a decision is made again after losing a race.
const DECISIONS_MAX: u32 = 5;

/// A mail as it was delivered.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// The key of its object.
    pub object: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Whether the object holds more than was read.
    pub truncated: bool,
    /// What the receiving service found; `None` lets the object's own headers decide.
    pub verdicts: Option<Verdicts>,
    /// Where the bytes come from.
    pub origin: Origin,
    /// What a later check of signatures found (the local program makes such checks). It raises, and never lowers.
    pub signatures: Signatures,
}

/// What a check of signatures proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// The mail's own sender: a DMARC pass.
    pub sender: bool,
    /// The mail that is attached to it: AWS signed that one, and it was filed as a mail of its own. What passes it on is a note then.
    pub original: bool,
}

/// Where the bytes of a mail come from: it decides what its own headers must show before they are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An object that Amazon SES stored: the id in SES's `Received` line must be the object's key.
    Ses,
    /// A file that somebody handed over, or the local listener: there is no key to compare.
    ByHand,
}

/// How a mail was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The id of the mail: its entry's, or the one that it would have.
    pub mail: EntryId,
    /// Its ending.
    pub ending: Ending,
    /// The requests that have it as an entry.
    pub requests: Vec<ShownId>,
    /// Its entry, if it became one.
    pub entry: Option<EntryId>,
    /// How far it is believed.
    pub trust: Trust,
    /// What it means.
    pub meaning: Meaning,
}

/// What a retry can cure.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The object could not be read.
    #[error("the mail could not be fetched")]
    Inbox(#[source] InboxError),
    /// The table could not be read or written.
    #[error("the mail could not be filed")]
    Store(#[from] StoreError),
}

/// What one mail says, and how it was judged: pure, without the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The mail as read.
    pub mail: Mail,
    /// What it means.
    pub reading: Reading,
}

/// Reads and judges a mail.
pub fn judge(delivery: &Delivery<'_>, policy: &Policy) -> Judged {
    let mut mail = mail::read(delivery.bytes);
    if delivery.truncated {
        // Before it is judged: a mail of which only the beginning is known approves nothing.
        mail.problems.push(Problem::Truncated);
    }
    let written = match delivery.origin {
        Origin::Ses => trust::from_headers_of(&mail, delivery.object, policy),
        Origin::ByHand => trust::from_headers(&mail, policy),
    };
    // The notification names no signer's domain; the header that the same service wrote does.
    let verdicts = delivery.verdicts.map_or(written, |told| Verdicts { dkim_aligned: written.dkim_aligned, ..told });
    let verdicts = if delivery.signatures.sender { Verdicts { dmarc: Verdict::Pass, ..verdicts } } else { verdicts };
    let judgement = trust::judge(&mail, &verdicts, policy);
    let mut reading = classify::read(&mail, &judgement, policy);
    if delivery.signatures.original && reading.trust == Trust::Forwarded {
        reading.meaning = Meaning::Note;
        reading.evidence = vec![Evidence { rule: "original-filed".to_owned(), matched: String::new(), place: Place::Header }];
    }
    Judged { mail, reading }
}

/// The entry of a mail that ended without one, read again: its trust is that of its first judgement, and it keeps its own time.
pub fn entry_of(delivery: &Delivery<'_>, stored: &StoredMail, policy: &Policy) -> Entry {
    let Judged { mail, mut reading } = judge(delivery, policy);
    reading.trust = stored.trust;
    Entry::of_mail(&mail, &reading, policy, &stored.object, stored.stored)
}

/// Files a mail. Every mail ends somewhere visible; filing it again changes nothing.
///
/// # Errors
/// When the table cannot be read or written; the mail is then to be delivered again.
pub async fn file(store: &Store, policy: &Policy, delivery: &Delivery<'_>, now: Timestamp) -> Result<Filed, IngestError> {
    let judged = judge(delivery, policy);
    let entry = Entry::of_mail(&judged.mail, &judged.reading, policy, delivery.object, now);
    // A canary is to prove the way through SES: one that somebody hands over proves nothing.
    let nonce = (delivery.origin == Origin::Ses).then(|| Nonce::in_mail(&judged.mail)).flatten();
    for _ in 0..DECISIONS_MAX {
        if let Some(filed) = attempt(store, policy, &judged, &entry, nonce.as_ref(), now).await? {
            return Ok(filed);
        }
    }
    Err(StoreError::Contended(DECISIONS_MAX).into())
}

/// One decision and its transaction; `None` when somebody else was faster.
async fn attempt(
    store: &Store,
    policy: &Policy,
    judged: &Judged,
    entry: &Entry,
    nonce: Option<&Nonce>,
    now: Timestamp,
) -> Result<Option<Filed>, IngestError> {
    let Some(fact) = entry.mail() else { return Ok(None) };
    let entry_id = &entry.id;
    let references = filing::lookups(fact);
    let found = store.look_up(&Probe { object: &fact.object, message_id: &fact.message_id, references: &references }).await?;
    let ended = |ending: Ending, requests: Vec<ShownId>, entry: Option<EntryId>| Filed {
        mail: entry_id.clone(),
        ending,
        requests,
        entry,
        trust: judged.reading.trust,
        meaning: judged.reading.meaning,
    };
    if found.object.is_some() {
        return Ok(Some(ended(Ending::Duplicate, Vec::new(), None)));
    }
    let (change, filed) = if let Some(ending) = copy_of(fact, &found) {
        let object_only = ending == Ending::Duplicate;
        let mut change = record(fact, &ending, object_only, false, now);
        if let Some(record) = change.mail.as_mut().filter(|_| found.twins.values().any(StoredMail::is_forgotten)) {
            record.mail = record.mail.without_words();
        }
        (change, ended(ending, Vec::new(), None))
    } else if let Some(arrival) = arrival_of(store, nonce, now).await? {
        let ending = Ending::Ignored(canary::RULE.to_owned());
        let mut change = record(fact, &ending, false, false, now);
        change.canary = Some(arrival);
        (change, ended(ending, Vec::new(), None))
    } else {
        let known = !found.places.is_empty();
        match filing::decide(&judged.mail, &judged.reading, known, policy) {
            Filing::End(ending) => {
                let names_open = matches!(ending, Ending::Quarantined(_)) && names_open(store, &references, &found).await?;
                let mut change = record(fact, &ending, false, names_open, now);
                if matches!(ending, Ending::Quarantined(_)) {
                    change.summary = Some(Summary::of(Cause::Quarantine, now));
                }
                (change, ended(ending, Vec::new(), None))
            }
            Filing::File => {
                let Some(bundle) = into_bundle(store, policy, entry, fact, &references, &found, now).await? else { return Ok(None) };
                let holds = |r: &&Request| r.step(&entry.id).is_some();
                let requests: Vec<&Request> = bundle.requests.iter().filter(holds).collect();
                let shown = requests.iter().map(|r| r.id.clone()).collect();
                let sleeping = requests.iter().any(|r| r.dormant && !matches!(r.turn, Turn::Settled { .. }));
                let mut change = record(fact, &Ending::Applied, false, false, now);
                supersede(&mut change, fact, &found);
                change.summary = sleeping.then(|| Summary::of(Cause::Dormant, now));
                change.bundle = Some(bundle);
                (change, ended(Ending::Applied, shown, Some(entry.id.clone())))
            }
        }
    };
    Ok(match store.commit(&change).await? {
        Commit::Done => Some(filed),
        Commit::Lost => None,
    })
}

/// The arrival of a canary, if one with this nonce is on its way. Only a mail in the form of a canary asks the table.
async fn arrival_of(store: &Store, nonce: Option<&Nonce>, now: Timestamp) -> Result<Option<Arrival>, StoreError> {
    let Some(hash) = nonce.map(Nonce::hash) else { return Ok(None) };
    Ok(store.expects_canary(&hash, now).await?.then_some(Arrival { hash, at: now }))
}

/// The ending of another copy: the same mail again, or one that a more trusted copy stands for.
fn copy_of(fact: &MailFact, found: &Found) -> Option<Ending> {
    if found.twins.contains_key(&fact.trust) {
        return Some(Ending::Duplicate);
    }
    found.twins.keys().any(|trust| *trust > fact.trust).then_some(Ending::Superseded)
}

/// The record of how a mail ended.
fn record(fact: &MailFact, ending: &Ending, object_only: bool, names_open: bool, now: Timestamp) -> Change {
    let mail = StoredMail {
        message_id: fact.message_id.clone(),
        trust: fact.trust,
        ending: ending.as_str().to_owned(),
        why: ending.why().to_owned(),
        object: fact.object.clone(),
        from: fact.from.clone(),
        subject: fact.subject.clone(),
        stored: now,
        names_open,
    };
    Change { mail: Some(MailRecord { mail, supersedes: Vec::new(), object_only }), ..Change::default() }
}

/// Less trusted copies of a mail that now counts are no longer anyone's business.
fn supersede(change: &mut Change, fact: &MailFact, found: &Found) {
    let ending = Ending::Superseded.as_str();
    let lesser = found.twins.values().filter(|t| t.trust < fact.trust && t.ending != ending);
    if let Some(record) = &mut change.mail {
        record.supersedes = lesser.map(|t| StoredMail { ending: ending.to_owned(), why: String::new(), ..t.clone() }).collect();
    }
}

/// Whether one of the references leads to a request that is not settled: such mail is shown first.
async fn names_open(store: &Store, references: &[Reference], found: &Found) -> Result<bool, StoreError> {
    let Some(address) = references.iter().find_map(|r| found.places.get(r)) else { return Ok(false) };
    let bundle = store.bundle(address).await?;
    Ok(bundle.is_some_and(|b| fold(&b.entries).iter().any(|r| !matches!(r.turn, Turn::Settled { .. }))))
}

/// The bundle with the new entry: found, merged or begun, folded, with the alerts that are owed now. `None` when what it leads to
/// was forgotten since it was looked up.
async fn into_bundle(
    store: &Store,
    policy: &Policy,
    entry: &Entry,
    fact: &MailFact,
    references: &[Reference],
    found: &Found,
    now: Timestamp,
) -> Result<Option<BundleChange>, StoreError> {
    let Some(Gathered { home, absorb }) = store.gather(references, found).await? else { return Ok(None) };
    let claims = filing::claims(fact).into_iter().filter(|r| !found.places.contains_key(r)).collect();
    Ok(Some(BundleChange::of(home, absorb, vec![entry.clone()], claims, policy, now)))
}
