//! One sweep: due work, claim, send, settle. An idempotent function of the table and `now`; overlapping sweeps are safe.

use std::collections::{HashSet, VecDeque};

use domain::alert::{AlertId, State, plan};
use domain::policy::Policy;
use domain::request::fold;
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, Claim, Commit, Store, StoreError, WORK_SHARDS, Work};

use crate::message;
use crate::notify::Notifier;
use crate::outbox::Outbox;
use crate::report::SweepReport;

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
    let mut sweep = Sweep { store, notifier, policy, owner, now, report: SweepReport::default(), outbox: Outbox::default() };
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
    pub(crate) report: SweepReport,
    pub(crate) outbox: Outbox,
}

impl Sweep<'_> {
    /// Everything that is due, the longest due first, page by page of each shard in turn.
    async fn all(&mut self, in_time: impl Fn() -> bool) -> Result<(), StoreError> {
        let mut seen: HashSet<Work> = HashSet::new();
        let first = u8::try_from((self.now.as_second() / 60).rem_euclid(i64::from(WORK_SHARDS))).unwrap_or(0);
        let mut pages: VecDeque<_> = (0..WORK_SHARDS).map(|n| ((first + n) % WORK_SHARDS, None)).collect();
        while let Some((shard, from)) = pages.pop_front() {
            let due = self.store.work(shard, self.now, from, LOOK_LIMIT).await?;
            let mut works = due.work.into_iter().filter(|work| !seen.contains(work)).collect::<VecDeque<_>>();
            while let Some(work) = works.pop_front() {
                if work == Work::Audit {
                    self.report.audit_due = true;
                } else if in_time() {
                    self.report.looked += 1;
                    self.one(&work).await;
                    seen.insert(work);
                } else {
                    // The next sweep begins with them: they are due the longest.
                    self.report.left = u32::try_from(works.len() + 1).unwrap_or(u32::MAX);
                    return Ok(());
                }
            }
            pages.extend(due.next.map(|next| (shard, Some(next))));
        }
        Ok(())
    }

    async fn one(&mut self, work: &Work) {
        let done = match work {
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
            self.report.broken += 1;
            self.report.note("something due could not be looked at", &error);
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
            let alert = match self.store.claim(&mut bundle, planned, self.owner, look_at, self.now).await {
                Ok(Claim::Won(alert)) => alert,
                Ok(Claim::Lost) => {
                    self.report.lost += 1;
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
            self.deliver(&bundle, alert, message).await?;
        }
        // Last, so that a crash before leaves them in the index: their end may be owed, or what replaces them.
        let known = |id: &AlertId| bundle.place_of(id).zip(bundle.alerts.iter().find(|a| a.id == *id));
        for (id, why) in &plan.withdraw {
            let Some((place, alert)) = known(id) else { continue };
            let state = State::Withdrawn { at: self.now, why: (*why).to_owned() };
            self.report.withdrawn += u32::from(self.settle(place, alert, state).await?);
        }
        for (id, opens) in &plan.shift {
            let Some((place, alert)) = known(id) else { continue };
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
