//! The same scenarios through ingest, api and sweep on the real (embedded) table. Each call of theirs (to the table, and each publishing)
//! may be the last one of a process that dies, may be refused, or be done while its answer is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use alert::message::Message;
use alert::notify::{Captured, Deliver, NotifyError};
use alert::{Notifier, SweepReport, sweep};
use domain::alert::{Alert, State};
use domain::policy::Policy;
use ingest::inbox::Inbox;
use ingest::{Outcome, handle};
use jiff::{SignedDuration, Timestamp};
use port25::engine::Engine;
use port25::simulate::minute_after;
use port25_tests::stand_ins::{Calls, DynamoProxy, Fault};
use store::{BundleChange, Change, Commit, Store, StoreError};

use super::scenario::{Event, ID, Scenario};
use super::told::Watch;
use crate::world::{notification, stored_by_ses, unique_folder};

/// How a call goes wrong. What is refused is refused for good: the SDK gives up, and so does whoever asked.
const WAYS: [(Fault, &str); 4] = [
    (Fault::HangBefore, "dies before"),
    (Fault::HangAfter, "dies after"),
    (Fault::CutAfter, "answer lost"),
    (Fault::Refuse(400, "ValidationException"), "refused"),
];

/// A step that went well this often has gone wrong in each way about ten times.
const COMMON: u32 = 5_000;

/// A call of a job, by the one before it: what lies between two awaits.
type Step = (&'static str, String, String);

/// The calls that were made, and how often each went wrong in which way.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    seen: BTreeMap<Step, u32>,
    met: BTreeMap<(Step, &'static str), u32>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        for (step, times) in other.seen {
            *self.seen.entry(step).or_default() += times;
        }
        for (what, times) in other.met {
            *self.met.entry(what).or_default() += times;
        }
    }

    fn note(&mut self, job: &'static str, log: &[String], fault: Option<(u32, &'static str)>) {
        let mut before = String::new();
        for (call, nth) in log.iter().zip(1..) {
            let step = (job, std::mem::replace(&mut before, call.clone()), call.clone());
            match fault {
                Some((at, way)) if at == nth => *self.met.entry((step, way)).or_default() += 1,
                Some(_) => {}
                None => *self.seen.entry(step).or_default() += 1,
            }
        }
    }

    /// What the undisturbed jobs did how often, and how each step was disturbed.
    pub(crate) fn print(&self) {
        for (step @ (job, before, call), seen) in &self.seen {
            let times = WAYS.map(|(_, way)| format!("{way} {}", self.met.get(&(step.clone(), way)).unwrap_or(&0)));
            let before = if before.is_empty() { "(begins)" } else { before };
            println!("{job:6} {before:18} -> {call:18}  well {seen}, {}", times.join(", "));
        }
    }

    /// Steps that are common in undisturbed jobs, with the ways in which they never went wrong.
    pub(crate) fn missing(&self) -> Vec<String> {
        let common = self.seen.iter().filter(|(_, times)| **times >= COMMON).map(|(step, _)| step);
        let ways = common.flat_map(|step| WAYS.map(|(_, way)| (step.clone(), way)));
        ways.filter(|what| !self.met.contains_key(what))
            .map(|((job, before, call), way)| format!("{job}: {before} -> {call}, {way}"))
            .collect()
    }
}

/// One engine for many scenarios, each with a table of its own.
pub(crate) struct Rig {
    engine: Engine,
    proxy: DynamoProxy,
    /// Past the proxy.
    direct: aws_sdk_dynamodb::Client,
    tally: Tally,
}

/// A table, and what is around it.
struct Stage<'a> {
    calls: Calls,
    store: Store,
    /// The same table; what is asked here counts for nothing.
    aside: Store,
    policy: Policy,
    alerts: Captured,
    notifier: Notifier,
    inbox: Inbox,
    folder: PathBuf,
    rng: fastrand::Rng,
    tally: &'a mut Tally,
}

/// The topic: a call like those to the table.
#[derive(Debug)]
struct Topic {
    calls: Calls,
    taken: Notifier,
}

impl Deliver for Topic {
    fn deliver<'a>(&'a self, message: &'a Message, now: Timestamp) -> Pin<Box<dyn Future<Output = Result<(), NotifyError>> + Send + 'a>> {
        Box::pin(async move { self.calls.here("Publish", self.taken.send(message, now)).await.unwrap_or(Err(NotifyError::Wanted)) })
    }
}

impl Rig {
    pub(crate) async fn new() -> Self {
        let engine = Engine::in_memory().await.unwrap();
        let proxy = DynamoProxy::start(&engine.endpoint()).await.unwrap();
        let direct = boot::aws::local_dynamodb(&engine.endpoint());
        Self { engine, proxy, direct, tally: Tally::default() }
    }

    pub(crate) async fn close(self) -> Tally {
        self.engine.close().await;
        self.tally
    }

    /// Plays a scenario, with the promises checked on the way.
    pub(crate) async fn play(&mut self, scenario: &Scenario, seed: u64) {
        let name = format!("scenario-{seed}");
        store::table::create(&self.direct, &name).await.unwrap();
        let (folder, alerts, calls) = (unique_folder(), Captured::default(), self.proxy.calls().clone());
        let topic = Topic { calls: calls.clone(), taken: Notifier::Captured(alerts.clone()) };
        let mut stage = Stage {
            calls,
            store: Store::new(boot::aws::local_service(&self.proxy.endpoint()), &name),
            aside: Store::new(boot::aws::local_service(&self.engine.endpoint()), &name),
            policy: scenario.policy(),
            alerts,
            notifier: Notifier::Other(Arc::new(topic)),
            inbox: Inbox::Folder(folder.clone()),
            folder,
            rng: fastrand::Rng::with_seed(seed),
            tally: &mut self.tally,
        };
        stage.play(scenario, seed).await;
        drop(stage);
        self.direct.delete_table().table_name(&name).send().await.unwrap();
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // Also when a promise is broken: five thousand scenarios leave nothing behind.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

impl Stage<'_> {
    async fn play(&mut self, scenario: &Scenario, seed: u64) {
        let mut watch = Watch::new(scenario);
        let mut events = scenario.events.iter().peekable();
        let mut now = scenario.events[0].comes;
        while now <= scenario.end {
            while let Some(event) = events.next_if(|e| e.comes <= now) {
                self.comes(scenario, event, seed, event.comes.max(now)).await;
            }
            let within = |interval: Option<(Timestamp, Timestamp)>| interval.is_some_and(|(from, until)| from <= now && now < until);
            if !within(scenario.idle) {
                let mute = within(scenario.mute);
                self.alerts.fail(if mute { u32::MAX } else { 0 });
                let disturbed = self.sweeps(scenario, now).await;
                while let Some(message) = self.alerts.next() {
                    watch.heard(now, &message.alert_id, disturbed);
                }
                if !disturbed && !mute {
                    watch.check(now, &self.waiting(now).await);
                }
            }
            // The next minute at which anything may happen.
            let due = self.aside.next_work().await.unwrap().map_or(scenario.end + SignedDuration::from_mins(1), |at| at.max(now));
            now = minute_after(now, events.peek().map_or(due, |e| e.comes.min(due)));
        }
        watch.explained(&self.alerts_of_it().await);
    }

    /// Which call goes wrong, and how; most go well.
    fn fault(&mut self, scenario: &Scenario, calls: u32) -> Option<(u32, Fault, &'static str)> {
        let wrong = self.rng.u8(0..100) < scenario.faults;
        wrong.then(|| {
            let (fault, way) = WAYS[self.rng.usize(0..WAYS.len())];
            (self.rng.u32(1..=calls), fault, way)
        })
    }

    /// A mail is stored and its message delivered until ingest takes it; an action is taken until it is written.
    async fn comes(&mut self, scenario: &Scenario, event: &Event, seed: u64, now: Timestamp) {
        let fault = self.fault(scenario, 3);
        let (calls, store, policy) = (self.calls.clone(), self.store.clone(), self.policy.clone());
        if !event.kind.is_mail() {
            drop(disturbed(&calls, "act", fault, self.tally, acts(&store, &policy, event, now)).await);
            return disturbed(&calls, "act", None, self.tally, acts(&store, &policy, event, now)).await.unwrap().unwrap();
        }
        let key = format!("{seed}-{}", event.n);
        std::fs::write(self.folder.join(&key), stored_by_ses(&key, &event.bytes(ID))).unwrap();
        let records = || vec![("m".to_owned(), Some(notification(&key)))];
        if fault.is_some() {
            drop(disturbed(&calls, "ingest", fault, self.tally, handle(&self.inbox, &store, &policy, records(), now)).await);
        }
        let done = disturbed(&calls, "ingest", None, self.tally, handle(&self.inbox, &store, &policy, records(), now)).await;
        let done = done.unwrap().remove(0);
        assert!(matches!(done.outcome, Outcome::Filed(_)), "{:?}", done.outcome);
    }

    /// One sweep, or what becomes of it; whether it was disturbed.
    async fn sweeps(&mut self, scenario: &Scenario, now: Timestamp) -> bool {
        let (store, notifier, policy) = (self.store.clone(), self.notifier.clone(), self.policy.clone());
        let once = async |owner: &'static str| sweep(&store, &notifier, &policy, owner, now, || true).await;
        let calls = self.calls.clone();
        let fault = self.fault(scenario, 9);
        if fault.is_some() && self.rng.u8(0..5) == 0 {
            let (one, two) = tokio::join!(once("one"), once("two"));
            assert_eq!(one.unwrap().broken + two.unwrap().broken, 0);
            return true;
        }
        let swept: Option<Result<SweepReport, StoreError>> = disturbed(&calls, "sweep", fault, self.tally, once("one")).await;
        if fault.is_some_and(|(nth, ..)| calls.log().len() >= nth as usize) {
            return true;
        }
        let report = swept.unwrap().unwrap();
        assert_eq!((report.broken, report.lost), (0, 0), "{report:?}");
        false
    }

    async fn alerts_of_it(&self) -> Vec<Alert> {
        let address = self.aside.find(ID).await.unwrap().unwrap();
        self.aside.bundle(&address).await.unwrap().unwrap().alerts
    }

    /// The causes of which an alert waits for its lease, its next attempt or its window.
    async fn waiting(&self, now: Timestamp) -> BTreeSet<String> {
        let waits = |a: &Alert| !matches!(a.state, State::Sent { .. } | State::Withdrawn { .. }) && !a.claimable(now);
        self.alerts_of_it().await.iter().filter(|a| waits(a)).map(|a| a.id.dedup_key()).collect()
    }
}

/// Runs a job of which one call may go wrong; `None` when it died there.
async fn disturbed<T>(
    calls: &Calls,
    job: &'static str,
    fault: Option<(u32, Fault, &'static str)>,
    tally: &mut Tally,
    work: impl Future<Output = T>,
) -> Option<T> {
    calls.reset();
    let done = match fault {
        None => Some(work.await),
        Some((nth, fault, _)) => {
            let mut met = calls.plan_any(nth, fault);
            tokio::select! {
                done = work => Some(done),
                true = met.wait(), if matches!(fault, Fault::HangBefore | Fault::HangAfter) => None,
            }
        }
    };
    calls.forgive();
    tally.note(job, &calls.log(), fault.map(|(nth, _, way)| (nth, way)));
    done
}

/// What a person does, as api writes it.
async fn acts(store: &Store, policy: &Policy, event: &Event, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let Some(address) = store.find(ID).await? else { return Ok(()) };
        let Some(bundle) = store.bundle(&address).await? else { return Ok(()) };
        let entry = event.entry();
        if bundle.entries.iter().any(|e| e.id == entry.id) {
            return Ok(());
        }
        let change = BundleChange::of(Some(bundle), Vec::new(), vec![entry], Vec::new(), policy, now);
        if store.commit(&Change { bundle: Some(change), ..Change::default() }).await? == Commit::Done {
            return Ok(());
        }
    }
}
