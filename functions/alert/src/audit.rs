//! The audit: objects of the mail bucket against the table. What came and has no ending is brought to ingest again.
//!
//! An hourly task of the sweep looks at one page of keys, behind a stored cursor; the claim is recorded first, so no object is brought
//! again twice in one hour. An object younger than [`AGE`] may be on its way still. Bringing one again is harmless: filing a mail
//! twice changes nothing.

use std::error::Error;

use boot::log::chain;
use domain::canary::Nonce;
use domain::policy::Policy;
use jiff::{SignedDuration, Timestamp};
use store::{AuditClaim, Store, StoreError};

use crate::notify::Notifier;
use crate::report::SweepReport;
use crate::sweep::sweep_until;
use crate::watch::{Outside, OutsideError, Watch};

/// An object is looked for only when it is older: the queue may still bring it.
pub const AGE: SignedDuration = SignedDuration::from_mins(15);
/// Keys of one run: what one call of S3 lists.
pub const PAGE: usize = 1_000;
/// SES writes this object itself when receiving is set up; nobody is told of it, and it is no mail to read.
const SETUP: &str = "AMAZON_SES_SETUP_NOTIFICATION";
/// How many errors and keys of one run are kept for the log; the counts tell of the others.
const KEPT_MAX: usize = 20;

/// The bucket and the way to ingest.
pub trait Mailroom: Sync {
    /// At most `limit` objects behind a key, in the order of their keys.
    fn page(&self, after: Option<&str>, limit: usize) -> impl Future<Output = Result<ObjectPage, MailroomError>> + Send;
    /// Brings an object to ingest again.
    fn again(&self, key: &str) -> impl Future<Output = Result<(), MailroomError>> + Send;
}

/// Some objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectPage {
    /// In the order of their keys.
    pub objects: Vec<Object>,
    /// The key behind which the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// An object of the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// When it was written.
    pub modified: Timestamp,
}

/// Why the bucket, or the way to ingest, cannot be used now. The next audit tries again.
#[derive(Debug, thiserror::Error)]
#[error("the bucket or its queue cannot be used")]
pub struct MailroomError(#[source] pub Box<dyn Error + Send + Sync>);

/// Why an audit ended early.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The bucket could not be listed.
    #[error("the audit could not list the bucket")]
    Bucket(#[source] MailroomError),
    /// The table could not be asked.
    #[error("the audit could not ask the table")]
    Table(#[from] StoreError),
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Objects that were looked at.
    pub looked: usize,
    /// Objects that are too young to be missed.
    pub young: usize,
    /// Objects without an ending that were brought to ingest again.
    pub again: usize,
    /// Objects without an ending that could not be brought; the next audit that sees them tries again.
    pub failed: usize,
    /// The keys of those without an ending. At most [`KEPT_MAX`].
    pub missing: Vec<String>,
    /// What went wrong. At most [`KEPT_MAX`].
    pub errors: Vec<String>,
}

/// What is done once an hour, by the sweep that claims it.
#[derive(Debug)]
pub struct Hourly<'a, M, O> {
    /// The bucket of the audit; `None`: there is no audit.
    pub room: Option<&'a M>,
    /// What is watched besides; `None` for nothing.
    pub watch: Option<&'a Watch<O>>,
}

/// Nothing is outside of the local program.
enum Nothing {}

impl Outside for Nothing {
    async fn confirmed(&self) -> Result<Option<u32>, OutsideError> {
        match *self {}
    }

    fn has_canary(&self) -> bool {
        match *self {}
    }

    async fn send(&self, _: &Nonce) -> Result<(), OutsideError> {
        match *self {}
    }
}

/// Sweeps, and audits when that is due and there is time; without a bucket to look into there is no audit.
///
/// # Errors
/// As [`sweep`](crate::sweep()). An audit that fails is an error of the report.
pub async fn sweep_and_audit<M: Mailroom>(
    store: &Store,
    notifier: &Notifier,
    policy: &Policy,
    owner: &str,
    now: Timestamp,
    in_time: impl Fn() -> bool,
    room: Option<&M>,
) -> Result<SweepReport, StoreError> {
    sweep_and_watch(store, notifier, policy, owner, now, in_time, Hourly { room, watch: None::<&Watch<Nothing>> }).await
}

/// The same, and watches: once an hour what is outside, each time what waits.
///
/// # Errors
/// As [`sweep`](crate::sweep()). What cannot be known is an error of the report.
pub async fn sweep_and_watch<M: Mailroom, O: Outside>(
    store: &Store,
    notifier: &Notifier,
    policy: &Policy,
    owner: &str,
    now: Timestamp,
    in_time: impl Fn() -> bool,
    hourly: Hourly<'_, M, O>,
) -> Result<SweepReport, StoreError> {
    let Hourly { room, watch } = hourly;
    let until = watch.map_or(now, |watch| watch.until(now));
    let mut report = sweep_until(store, notifier, policy, owner, now, until, &in_time).await?;
    if let Err(error) = store.beat(now).await {
        report.note("the sweep could not be noted", &error);
    }
    let mut confirmed = None;
    if (room.is_some() || watch.is_some()) && report.audit_due && in_time() {
        match store.claim_audit(now).await {
            Ok(Some(claim)) => {
                if let Some(watch) = watch {
                    confirmed = watch.hourly(store, &mut report, now).await;
                }
                if let Some(room) = room {
                    match one_page(store, room, &claim, now).await {
                        Ok(audit) => report.audit = Some(audit),
                        Err(error) => report.note("the audit failed", &error),
                    }
                }
            }
            Ok(None) => {}
            Err(error) => report.note("what is done once an hour could not be claimed", &error),
        }
    }
    if let Some(watch) = watch {
        watch.look(store, &mut report, confirmed, now).await;
    }
    Ok(report)
}

/// One page of the bucket, from where the last one ended.
async fn one_page<M: Mailroom>(store: &Store, room: &M, claim: &AuditClaim, now: Timestamp) -> Result<AuditReport, AuditError> {
    let page = room.page(claim.after.as_deref(), PAGE).await.map_err(AuditError::Bucket)?;
    let mut report = AuditReport::default();
    examine(store, room, &page.objects, now, &mut report).await?;
    store.end_audit(claim, page.next.as_deref(), now).await?;
    Ok(report)
}

/// The whole bucket at once, page by page: what a person asks for. The hourly audit's cursor stays where it is.
///
/// # Errors
/// When the bucket cannot be listed or the table cannot be asked.
pub async fn audit_all<M: Mailroom>(store: &Store, room: &M, now: Timestamp) -> Result<AuditReport, AuditError> {
    let mut report = AuditReport::default();
    let mut after: Option<String> = None;
    loop {
        let page = room.page(after.as_deref(), PAGE).await.map_err(AuditError::Bucket)?;
        examine(store, room, &page.objects, now, &mut report).await?;
        after = page.next;
        if after.is_none() {
            return Ok(report);
        }
    }
}

async fn examine<M: Mailroom>(
    store: &Store,
    room: &M,
    objects: &[Object],
    now: Timestamp,
    report: &mut AuditReport,
) -> Result<(), StoreError> {
    report.looked += objects.len();
    let old = |o: &&Object| now.duration_since(o.modified) > AGE;
    report.young += objects.iter().filter(|o| !old(o)).count();
    let mail = |o: &&Object| o.key.rsplit('/').next() != Some(SETUP);
    let keys: Vec<String> = objects.iter().filter(old).filter(mail).map(|o| o.key.clone()).collect();
    let ended = store.ended(&keys).await?;
    for key in keys.into_iter().filter(|key| !ended.contains(key)) {
        match room.again(&key).await {
            Ok(()) => report.again += 1,
            Err(error) => {
                report.failed += 1;
                if report.errors.len() < KEPT_MAX {
                    report.errors.push(format!("{key}: {}", chain(&error)));
                }
            }
        }
        if report.missing.len() < KEPT_MAX {
            report.missing.push(key);
        }
    }
    Ok(())
}
