//! One sweep: due work, claim, send, settle. An idempotent function of the table and `now`; overlapping sweeps are safe.

use std::collections::HashSet;
use std::error::Error;

use boot::log::chain;
use domain::alert::{Alert, AlertId, Cause, State, plan};
use domain::policy::Policy;
use domain::request::fold;
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, Claim, Commit, Filter, ListedTurn, MailList, Store, StoreError, WORK_SHARDS, Work};

use crate::message::{self, Message};
use crate::notify::Notifier;

/// How many index entries one look at a shard reads.
const LOOK_LIMIT: i32 = 100;
/// After a failure at one bundle it is looked at again this much later, so that it never stands in front of the others.
const PUSH_BACK: SignedDuration = SignedDuration::from_mins(5);
/// How many mails or requests a summary reads; more are "at least".
const SUMMARY_MAX: usize = 200;

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Bundles and summaries that were looked at.
    pub looked: u32,
    /// Alerts sent.
    pub sent: u32,
    /// Alerts withdrawn, because their cause was gone.
    pub withdrawn: u32,
    /// Claims lost to another sweep or to a change; the next sweep looks again.
    pub lost: u32,
    /// Alerts that could not be sent now and are retried.
    pub failed: u32,
    /// Looks that found nothing to do.
    pub idle: u32,
    /// Bundles that could not be read or written; pushed back and looked at later.
    pub broken: u32,
    /// Whether the time was up before everything due was looked at.
    pub unfinished: bool,
    /// What went wrong, for the log: ids and causes, no words of mails. At most [`ERRORS_MAX`].
    pub errors: Vec<String>,
}

/// How many errors of one sweep are kept for the log; the counts tell of the others.
const ERRORS_MAX: usize = 20;

impl SweepReport {
    fn note(&mut self, what: &str, error: &dyn Error) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(format!("{what}: {}", chain(error)));
        }
    }

    /// Logs the sweep in one line.
    pub fn log(&self) {
        let Self { looked, sent, withdrawn, lost, failed, idle, broken, unfinished, errors } = self;
        if errors.is_empty() {
            tracing::info!(looked, sent, withdrawn, lost, failed, idle, broken, unfinished, "swept");
        } else {
            tracing::error!(looked, sent, withdrawn, lost, failed, idle, broken, unfinished, ?errors, "swept, with failures");
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

struct Sweep<'a> {
    store: &'a Store,
    notifier: &'a Notifier,
    policy: &'a Policy,
    owner: &'a str,
    now: Timestamp,
}

impl Sweep<'_> {
    async fn one(&self, work: &Work, report: &mut SweepReport) {
        let done = match work {
            Work::Bundle(address) => match self.store.bundle(address).await {
                Ok(Some(bundle)) => self.bundle(bundle, report).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            },
            Work::Summary(cause, hour) => self.summary(*cause, hour, report).await,
        };
        if let Err(error) = done {
            report.broken += 1;
            report.note("something due could not be looked at", &error);
        }
    }

    async fn bundle(&self, mut bundle: Bundle, report: &mut SweepReport) -> Result<(), StoreError> {
        let requests = fold(&bundle.entries);
        let plan = plan(&requests, &bundle.alerts, self.policy, self.now);
        let nothing = plan.send.is_empty() && plan.withdraw.is_empty();
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
            let message = message::compose(request, &bundle.entries, planned, self.policy, self.now);
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

    async fn send(&self, message: &Message, alert: &Alert, report: &mut SweepReport) -> State {
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

    async fn summary(&self, cause: Cause, hour: &str, report: &mut SweepReport) -> Result<(), StoreError> {
        let Some((place, alert)) = self.store.summary(cause, hour).await? else { return Ok(()) };
        if !alert.claimable(self.now) {
            report.idle += 1;
            return Ok(());
        }
        // Claimed before it is read: what is added afterwards makes it owed again.
        let Claim::Won(alert) = self.store.claim_summary(&place, &alert, self.owner, self.now).await? else {
            report.lost += 1;
            return Ok(());
        };
        let message = match cause {
            Cause::Quarantine => self.quarantine(hour, &alert.id).await?,
            Cause::Dormant => self.dormant(&alert.id).await?,
            _ => None,
        };
        let state = if let Some(message) = message {
            self.send(&message, &alert, report).await
        } else {
            report.withdrawn += 1;
            State::Withdrawn { at: self.now, why: "there is nothing left to tell".to_owned() }
        };
        if self.store.settle(&place, &alert, state).await? == Commit::Lost {
            report.lost += 1;
        }
        Ok(())
    }

    async fn quarantine(&self, hour: &str, id: &AlertId) -> Result<Option<Message>, StoreError> {
        let Ok(from) = format!("{hour}:00:00Z").parse::<Timestamp>() else { return Ok(None) };
        let until = from.checked_add(SignedDuration::from_hours(1)).unwrap_or(from);
        let limit = i32::try_from(SUMMARY_MAX).unwrap_or(i32::MAX);
        let mails = self.store.mails(MailList::Quarantined, from, until, limit).await?;
        Ok((!mails.is_empty()).then(|| message::quarantine(id, &mails, mails.len() == SUMMARY_MAX)))
    }

    async fn dormant(&self, id: &AlertId) -> Result<Option<Message>, StoreError> {
        let mut heads = Vec::new();
        for turn in [ListedTurn::Aws, ListedTurn::Ours] {
            let filter = Filter { turn: Some(turn), ..Filter::default() };
            let page = self.store.list(&filter, None, SUMMARY_MAX).await?;
            heads.extend(page.items.into_iter().filter(|h| h.dormant));
        }
        Ok((!heads.is_empty()).then(|| message::dormant(id, &heads, self.now)))
    }
}
