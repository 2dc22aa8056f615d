//! One sweep: due work, claim, send, settle. An idempotent function of the table and `now`; overlapping sweeps are safe.

use std::collections::HashSet;
use std::error::Error;

use boot::log::chain;
use domain::alert::{Alert, State, plan};
use domain::policy::Policy;
use domain::request::fold;
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, Claim, Commit, Store, StoreError, WORK_SHARDS, Work};

use crate::audit::AuditReport;
use crate::message::{self, Message};
use crate::notify::Notifier;

/// How many index entries one look at a shard reads.
const LOOK_LIMIT: i32 = 100;
/// After a failure at one bundle it is looked at again this much later, so that it never stands in front of the others.
const PUSH_BACK: SignedDuration = SignedDuration::from_mins(5);

/// Time left before the end of an invocation that a claim, a sending and a settling may need.
const RESERVE: SignedDuration = SignedDuration::from_secs(5);

/// Whether there is time for one more piece of work before an invocation's deadline (in milliseconds of Unix time, as Lambda says it).
pub fn in_time(deadline: u64, clock: impl Fn() -> Timestamp) -> impl Fn() -> bool {
    let end = i64::try_from(deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    move || end.is_none_or(|end| end.duration_since(clock()) > RESERVE)
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Bundles and summaries that were looked at.
    pub looked: u32,
    /// Alerts sent, also inside digests.
    pub sent: u32,
    /// Digests among what was sent.
    pub digests: u32,
    /// Alerts withdrawn, because their cause was gone.
    pub withdrawn: u32,
    /// Alerts that wait for the delivery window from now on.
    pub shifted: u32,
    /// Claims lost to another sweep or to a change; the next sweep looks again.
    pub lost: u32,
    /// Alerts that could not be sent now and are retried.
    pub failed: u32,
    /// Alerts of those that have failed for over an hour, or in a way that no retry cures.
    pub stuck: u32,
    /// Looks that found nothing to do.
    pub idle: u32,
    /// Bundles that could not be read or written; pushed back and looked at later.
    pub broken: u32,
    /// Whether the time was up before everything due was looked at.
    pub unfinished: bool,
    /// Whether the hourly audit is due: whoever swept makes it.
    pub audit_due: bool,
    /// What the audit found, if there was one.
    pub audit: Option<AuditReport>,
    /// What went wrong, for the log: ids and causes, no words of mails. At most [`ERRORS_MAX`].
    pub errors: Vec<String>,
}

/// How many errors of one sweep are kept for the log; the counts tell of the others.
const ERRORS_MAX: usize = 20;

impl SweepReport {
    pub(crate) fn note(&mut self, what: &str, error: &dyn Error) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(format!("{what}: {}", chain(error)));
        }
    }

    /// Logs the sweep in one line, with what an audit found.
    pub fn log(&self) {
        let Self { looked, sent, digests, withdrawn, shifted, lost, failed, stuck, idle, broken, unfinished, audit_due: _, audit, errors } =
            self;
        let none = AuditReport::default();
        let AuditReport { looked: audited, again: refiled, missing, errors: more, .. } = audit.as_ref().unwrap_or(&none);
        let errors: Vec<&String> = errors.iter().chain(more).collect();
        macro_rules! line {
            ($level:ident, $says:literal) => {
                tracing::$level!(
                    looked,
                    sent,
                    digests,
                    withdrawn,
                    shifted,
                    lost,
                    failed,
                    stuck,
                    idle,
                    broken,
                    unfinished,
                    audited,
                    refiled,
                    ?missing,
                    ?errors,
                    $says
                )
            };
        }
        match (errors.is_empty(), missing.is_empty()) {
            (false, _) => line!(error, "swept, with failures"),
            (true, false) => line!(warn, "swept; mail without an ending was found"),
            (true, true) => line!(info, "swept"),
        }
    }
}

/// Sweeps once. `owner` names this sweep in its claims; `in_time` says whether there is time for one more piece of work.
///
/// # Errors
/// When the table cannot even be asked what is due. One broken bundle never stops a sweep.
pub async fn sweep(
    store: &Store,
    notifier: &Notifier,
    policy: &Policy,
    owner: &str,
    now: Timestamp,
    in_time: impl Fn() -> bool,
) -> Result<SweepReport, StoreError> {
    let sweep = Sweep { store, notifier, policy, owner, now };
    let mut report = SweepReport::default();
    let mut seen: HashSet<Work> = HashSet::new();
    let first = u8::try_from((now.as_second() / 60).rem_euclid(i64::from(WORK_SHARDS))).unwrap_or(0);
    for shard in (0..WORK_SHARDS).map(|n| (first + n) % WORK_SHARDS) {
        let mut from = None;
        loop {
            let due = store.work(shard, now, from, LOOK_LIMIT).await?;
            for work in due.work {
                if seen.contains(&work) {
                    continue;
                }
                if work == Work::Audit {
                    report.audit_due = true;
                    continue;
                }
                if !in_time() {
                    report.unfinished = true;
                    return Ok(report);
                }
                report.looked += 1;
                sweep.one(&work, &mut report).await;
                seen.insert(work);
            }
            from = due.next;
            if from.is_none() {
                break;
            }
        }
    }
    Ok(report)
}

/// One sweep.
pub(crate) struct Sweep<'a> {
    pub(crate) store: &'a Store,
    notifier: &'a Notifier,
    policy: &'a Policy,
    pub(crate) owner: &'a str,
    pub(crate) now: Timestamp,
}

impl Sweep<'_> {
    async fn one(&self, work: &Work, report: &mut SweepReport) {
        let done = match work {
            Work::Bundle(address) => match self.store.bundle(address).await {
                Ok(Some(bundle)) => self.bundle(bundle, report).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            },
            Work::Summary(cause, name) => self.summary(*cause, name, report).await,
            Work::Audit => Ok(()),
        };
        if let Err(error) = done {
            report.broken += 1;
            report.note("something due could not be looked at", &error);
        }
    }

    async fn bundle(&self, mut bundle: Bundle, report: &mut SweepReport) -> Result<(), StoreError> {
        let requests = fold(&bundle.entries);
        let plan = plan(&requests, &bundle.alerts, self.policy, self.now);
        let nothing = plan.send.is_empty() && plan.withdraw.is_empty() && plan.shift.is_empty();
        for (n, planned) in plan.send.iter().enumerate() {
            let Some(request) = requests.get(planned.request) else { continue };
            // While more are to be sent the bundle stays due: a crash in between loses none of them.
            let look_at = if n + 1 < plan.send.len() { Some(self.now) } else { plan.look_at };
            let alert = match self.store.claim(&mut bundle, planned, self.owner, look_at, self.now).await {
                Ok(Claim::Won(alert)) => alert,
                Ok(Claim::Lost) => {
                    report.lost += 1;
                    return Ok(());
                }
                Err(error) => {
                    // Nothing was sent; look later, so that this one never stands in front of the others.
                    let later = self.now.checked_add(PUSH_BACK).ok();
                    drop(self.store.look_again(&mut bundle, later).await);
                    return Err(error);
                }
            };
            let message = message::compose(request, &bundle.entries, &bundle.alerts, planned, self.policy, self.now);
            self.deliver(&bundle, &alert, &message, report).await?;
        }
        // Last, so that a crash before leaves them in the index: their end may be owed, or what replaces them.
        for (id, why) in &plan.withdraw {
            let found = bundle.place_of(id).zip(bundle.alerts.iter().find(|a| a.id == *id));
            let Some((place, alert)) = found else { continue };
            let state = State::Withdrawn { at: self.now, why: (*why).to_owned() };
            match self.store.settle(place, alert, state).await? {
                Commit::Done => report.withdrawn += 1,
                Commit::Lost => report.lost += 1,
            }
        }
        for (id, opens) in &plan.shift {
            let found = bundle.place_of(id).zip(bundle.alerts.iter().find(|a| a.id == *id));
            let Some((place, alert)) = found else { continue };
            match self.store.settle(place, alert, alert.shifted(*opens)).await? {
                Commit::Done => report.shifted += 1,
                Commit::Lost => report.lost += 1,
            }
        }
        if nothing {
            report.idle += 1;
        }
        // A claim has stored the next look already.
        if plan.send.is_empty() && bundle.look_at != plan.look_at && self.store.look_again(&mut bundle, plan.look_at).await? == Commit::Lost
        {
            report.lost += 1;
        }
        Ok(())
    }

    async fn deliver(&self, bundle: &Bundle, alert: &Alert, message: &Message, report: &mut SweepReport) -> Result<(), StoreError> {
        let state = self.send(message, alert, report).await;
        if let Some(place) = bundle.place_of(&alert.id)
            && self.store.settle(place, alert, state).await? == Commit::Lost
        {
            report.lost += 1;
        }
        Ok(())
    }

    pub(crate) async fn send(&self, message: &Message, alert: &Alert, report: &mut SweepReport) -> State {
        match self.notifier.send(message, self.now).await {
            Ok(()) => {
                report.sent += 1;
                State::Sent { at: self.now }
            }
            Err(error) => {
                report.failed += 1;
                report.note(&format!("alert {} not sent, it is tried again (attempt {})", alert.id, alert.attempts), &error);
                Alert::retry(alert.attempts, self.now)
            }
        }
    }
}
