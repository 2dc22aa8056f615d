//! One sweep: due work, claim, send, settle. An idempotent function of the table and `now`; overlapping sweeps are safe.

use std::collections::HashSet;

use domain::alert::{State, first as alert_first, plan};
use domain::policy::Policy;
use domain::request::fold;
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, Claim, Commit, DueWork, Spot, Store, StoreError, WORK_SHARDS, Work};

use crate::message;
use crate::notify::Notifier;
use crate::outbox::Outbox;
use crate::report::SweepReport;

/// How many index entries one look at a shard reads.
const LOOK_LIMIT: i32 = 100;
/// What cannot be read is looked at again this much later.
const PUSH_BACK: SignedDuration = SignedDuration::from_mins(5);
/// What failed in a way that a retry may cure is looked at again this much later.
const NEXT_SWEEP: SignedDuration = SignedDuration::from_mins(1);

/// Time left before the end of an invocation that a claim, a sending and a settling may need.
const RESERVE: SignedDuration = SignedDuration::from_secs(5);

/// Whether there is time for one more piece of work before an invocation's deadline (in milliseconds of Unix time, as Lambda says it).
pub fn in_time(deadline: u64, clock: impl Fn() -> Timestamp) -> impl Fn() -> bool {
    let end = i64::try_from(deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    move || end.is_none_or(|end| end.duration_since(clock()) > RESERVE)
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
    sweep_until(store, notifier, policy, owner, now, now, in_time).await
}

/// The same, and looks ahead: the report says whether alerts wait between now and `until`. What is due then is not yet done.
pub(crate) async fn sweep_until(
    store: &Store,
    notifier: &Notifier,
    policy: &Policy,
    owner: &str,
    now: Timestamp,
    until: Timestamp,
    in_time: impl Fn() -> bool,
) -> Result<SweepReport, StoreError> {
    let mut sweep = Sweep { store, notifier, policy, owner, now, until, report: SweepReport::default(), outbox: Outbox::default() };
    let asked = sweep.all(in_time).await;
    // What is claimed goes out now, also when the table could not be asked for more.
    sweep.flush().await;
    sweep.tell_of_stuck().await;
    asked.map(|()| sweep.report)
}

/// One sweep.
pub(crate) struct Sweep<'a> {
    pub(crate) store: &'a Store,
    pub(crate) notifier: &'a Notifier,
    pub(crate) policy: &'a Policy,
    pub(crate) owner: &'a str,
    pub(crate) now: Timestamp,
    until: Timestamp,
    pub(crate) report: SweepReport,
    pub(crate) outbox: Outbox,
}

impl Sweep<'_> {
    /// Everything that is due, the most urgent first: a page of each shard, then the next page of those that have one.
    ///
    /// What was read is done, also when the other shard cannot be asked.
    async fn all(&mut self, in_time: impl Fn() -> bool) -> Result<(), StoreError> {
        let mut seen: HashSet<Work> = HashSet::new();
        let first = u8::try_from((self.now.as_second() / 60).rem_euclid(i64::from(WORK_SHARDS))).unwrap_or(0);
        let mut pages: Vec<_> = (0..WORK_SHARDS).map(|n| ((first + n) % WORK_SHARDS, None)).collect();
        let mut asked = Ok(());
        while asked.is_ok() && !pages.is_empty() {
            let mut due: Vec<DueWork> = Vec::new();
            for (shard, from) in std::mem::take(&mut pages) {
                match self.store.work(shard, self.now, self.until, from, LOOK_LIMIT).await {
                    Ok(page) => {
                        due.extend(page.work.into_iter().filter(|due| !seen.contains(&due.work)));
                        self.report.waits |= page.waits;
                        pages.extend(page.next.map(|next| (shard, Some(next))));
                        for (error, spot) in page.unknown {
                            self.broken(&error, &[spot]).await;
                        }
                    }
                    Err(error) => {
                        asked = Err(error);
                        break;
                    }
                }
            }
            due.sort_by_key(|due| (!due.waiting.iter().any(|cause| alert_first(*cause)), due.since));
            let mut works = due.into_iter();
            while let Some(due) = works.next() {
                if due.work == Work::Audit {
                    self.report.audit_due = true;
                } else if in_time() {
                    self.report.looked += 1;
                    self.one(&due).await;
                    seen.insert(due.work);
                } else {
                    // The next sweep begins with them: they are the most urgent then.
                    self.report.left = u32::try_from(works.len() + 1).unwrap_or(u32::MAX);
                    return asked;
                }
            }
        }
        asked
    }

    async fn one(&mut self, due: &DueWork) {
        let done = match &due.work {
            Work::Bundle(address) => match self.store.bundle(address).await {
                Ok(Some(bundle)) => self.bundle(bundle).await,
                // A forget that a crash ended early leaves its tombstone due.
                Ok(None) => self.store.finish_forgetting(address).await.map(drop),
                Err(error) => Err(error),
            },
            Work::Summary(cause, name) => self.summary(*cause, name).await,
            Work::Audit => Ok(()),
        };
        if let Err(error) = done {
            self.broken(&error, &due.spots).await;
        }
    }

    /// What failed waits, so that it never stands in front of the others: what a retry may cure for the next sweep, where it is the
    /// last one then; what cannot be read for longer, and people are told that something does not go out.
    async fn broken(&mut self, error: &StoreError, spots: &[Spot]) {
        self.report.broken += 1;
        self.report.note("something due could not be looked at", error);
        if !error.curable() {
            self.report.unreadable();
        }
        let wait = if error.curable() { NEXT_SWEEP } else { PUSH_BACK };
        let Ok(until) = self.now.checked_add(wait) else { return };
        for spot in spots {
            // Where this fails too, it stays due.
            drop(self.store.push_back(spot, until).await);
        }
    }

    async fn bundle(&mut self, mut bundle: Bundle) -> Result<(), StoreError> {
        let requests = fold(&bundle.entries);
        let plan = plan(&requests, &bundle.alerts, self.policy, self.now);
        let nothing = plan.send.is_empty() && plan.withdraw.is_empty() && plan.shift.is_empty();
        for (n, planned) in plan.send.iter().enumerate() {
            let Some(request) = requests.get(planned.request) else { continue };
            // While more are to be sent the bundle stays due: a crash in between loses none of them.
            let look_at = if n + 1 < plan.send.len() { Some(self.now) } else { plan.look_at };
            let Claim::Won(alert) = self.store.claim(&mut bundle, planned, self.owner, look_at, self.now).await? else {
                self.report.lost += 1;
                return Ok(());
            };
            let message = message::compose(request, &bundle.entries, &bundle.alerts, planned, self.policy, self.now);
            self.deliver(&bundle, alert, message).await?;
        }
        // Last, so that a crash before leaves them in the index: their end may be owed, or what replaces them.
        for (id, why) in &plan.withdraw {
            let Some((place, alert)) = bundle.alert(id) else { continue };
            let state = State::Withdrawn { at: self.now, why: (*why).to_owned() };
            self.report.withdrawn += u32::from(self.settle(place, alert, state).await?);
        }
        for (id, opens) in &plan.shift {
            let Some((place, alert)) = bundle.alert(id) else { continue };
            self.report.shifted += u32::from(self.settle(place, alert, alert.shifted(*opens)).await?);
        }
        if nothing {
            self.report.idle += 1;
        }
        // A claim has stored the next look already.
        if plan.send.is_empty() && bundle.look_at != plan.look_at && self.store.look_again(&mut bundle, plan.look_at).await? == Commit::Lost
        {
            self.report.lost += 1;
        }
        Ok(())
    }
}
