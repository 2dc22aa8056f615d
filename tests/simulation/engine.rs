//! The same scenarios through ingest and sweep on the real (embedded) table, behind a proxy that loses answers and in front of which
//! calls die.

use std::collections::BTreeSet;
use std::path::PathBuf;

use alert::notify::Captured;
use alert::{Notifier, sweep};
use domain::alert::{Alert, State};
use domain::policy::Policy;
use ingest::inbox::Inbox;
use ingest::{Outcome, handle};
use jiff::{SignedDuration, Timestamp};
use port25::engine::Engine;
use port25::simulate::minute_after;
use port25_tests::stand_ins::{self, DynamoProxy};
use store::{BundleChange, Change, Commit, Store};

use super::scenario::{Event, Fault, ID, Scenario};
use super::told::Watch;
use crate::world::{notification, stored_by_ses, unique_folder};

/// One engine for many scenarios, each with a table of its own.
pub(crate) struct Rig {
    engine: Engine,
    proxy: DynamoProxy,
    folder: PathBuf,
}

/// A table, and what is around it.
struct Stage<'a> {
    rig: &'a Rig,
    store: Store,
    policy: Policy,
    alerts: Captured,
    inbox: Inbox,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        let engine = Engine::in_memory().await.unwrap();
        let proxy = DynamoProxy::start(&engine.endpoint()).await.unwrap();
        Self { engine, proxy, folder: unique_folder() }
    }

    pub(crate) async fn close(self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.engine.close().await;
    }

    /// Plays a scenario, with the promises checked on the way.
    pub(crate) async fn play(&self, scenario: &Scenario, seed: u64) {
        let name = format!("scenario-{seed}");
        let direct = boot::aws::local_dynamodb(&self.engine.endpoint());
        store::table::create(&direct, &name).await.unwrap();
        let stage = Stage {
            rig: self,
            store: Store::new(boot::aws::local_dynamodb(&self.proxy.endpoint()), &name),
            policy: scenario.policy(),
            alerts: Captured::default(),
            inbox: Inbox::Folder(self.folder.clone()),
        };
        stage.play(scenario, seed).await;
        direct.delete_table().table_name(&name).send().await.unwrap();
    }
}

impl Stage<'_> {
    async fn play(&self, scenario: &Scenario, seed: u64) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut watch = Watch::new(scenario);
        let mut events = scenario.events.iter().peekable();
        let mut now = scenario.events[0].comes;
        while now <= scenario.end {
            while let Some(event) = events.next_if(|e| e.comes <= now) {
                let fault = (rng.u8(0..100) < scenario.faults).then(|| rng.u8(0..4));
                self.comes(event, seed, fault, event.comes.max(now)).await;
            }
            let within = |interval: Option<(Timestamp, Timestamp)>| interval.is_some_and(|(from, until)| from <= now && now < until);
            if !within(scenario.idle) {
                self.alerts.fail(if within(scenario.mute) { u32::MAX } else { 0 });
                let fault = (rng.u8(0..100) < scenario.faults).then(|| match rng.u8(0..4) {
                    0 => Fault::AnswerLost,
                    1 => Fault::Overlap,
                    _ => Fault::Dies(rng.u8(0..6)),
                });
                let well = self.sweeps(now, fault).await;
                while let Some(message) = self.alerts.next() {
                    watch.heard(now, &message.alert_id, fault.is_some());
                }
                if well && !within(scenario.mute) {
                    watch.check(now, &self.waiting(now).await);
                }
            }
            // The next minute at which anything may happen.
            let due = self.store.next_work().await.unwrap().map_or(scenario.end + SignedDuration::from_mins(1), |at| at.max(now));
            now = minute_after(now, events.peek().map_or(due, |e| e.comes.min(due)));
        }
    }

    /// A mail is stored and its message delivered until ingest takes it; an action is taken until it is written.
    async fn comes(&self, event: &Event, seed: u64, fault: Option<u8>, now: Timestamp) {
        let calls = self.rig.proxy.calls();
        if !event.kind.is_mail() {
            loop {
                let address = self.store.find(ID).await.unwrap().unwrap();
                let bundle = self.store.bundle(&address).await.unwrap().unwrap();
                let entry = event.entry();
                if bundle.entries.iter().any(|e| e.id == entry.id) {
                    return;
                }
                let change = BundleChange::of(Some(bundle), Vec::new(), vec![entry], Vec::new(), &self.policy, now);
                if self.store.commit(&Change { bundle: Some(change), ..Change::default() }).await.unwrap() == Commit::Done {
                    return;
                }
            }
        }
        let key = format!("{seed}-{}", event.n);
        std::fs::write(self.rig.folder.join(&key), stored_by_ses(&key, &event.bytes(ID))).unwrap();
        let records = || vec![("m".to_owned(), Some(notification(&key)))];
        if let Some(fault) = fault {
            let (operation, fault) = match fault {
                0 => ("TransactWriteItems", stand_ins::Fault::HangBefore),
                1 => ("TransactWriteItems", stand_ins::Fault::HangAfter),
                2 => ("TransactWriteItems", stand_ins::Fault::CutAfter),
                _ => ("BatchGetItem", stand_ins::Fault::HangAfter),
            };
            let mut met = calls.plan(operation, 1, fault);
            tokio::select! {
                _ = handle(&self.inbox, &self.store, &self.policy, records(), now) => {}
                true = met.wait(), if !matches!(fault, stand_ins::Fault::CutAfter) => {}
            }
            calls.forgive();
        }
        let done = handle(&self.inbox, &self.store, &self.policy, records(), now).await.remove(0);
        assert!(matches!(done.outcome, Outcome::Filed(_)), "{:?}", done.outcome);
    }

    /// One sweep, or what becomes of it; whether it went well.
    async fn sweeps(&self, now: Timestamp, fault: Option<Fault>) -> bool {
        let calls = self.rig.proxy.calls();
        let notifier = Notifier::Captured(self.alerts.clone());
        let once = |owner: &'static str| sweep(&self.store, &notifier, &self.policy, owner, now, || true);
        let (operation, nth, kind) = match fault {
            None => return once("one").await.unwrap().failed == 0,
            Some(Fault::Overlap) => {
                let (one, two) = tokio::join!(once("one"), once("two"));
                return one.unwrap().failed + two.unwrap().failed == 0;
            }
            // The write is done and its answer lost: the SDK asks again, and loses against itself.
            Some(Fault::AnswerLost) => {
                drop(calls.plan("TransactWriteItems", 1, stand_ins::Fault::CutAfter));
                drop(once("one").await.unwrap());
                calls.forgive();
                return false;
            }
            Some(Fault::Dies(0)) => ("Query", 1, stand_ins::Fault::HangAfter),
            Some(Fault::Dies(1)) => ("TransactWriteItems", 1, stand_ins::Fault::HangBefore),
            Some(Fault::Dies(2)) => ("TransactWriteItems", 1, stand_ins::Fault::HangAfter),
            Some(Fault::Dies(3)) => ("TransactWriteItems", 2, stand_ins::Fault::HangBefore),
            Some(Fault::Dies(4)) => ("TransactWriteItems", 2, stand_ins::Fault::HangAfter),
            Some(Fault::Dies(_)) => ("Query", 3, stand_ins::Fault::HangAfter),
        };
        let mut met = calls.plan(operation, nth, kind);
        tokio::select! {
            done = once("one") => drop(done.unwrap()),
            true = met.wait() => {}
        }
        calls.forgive();
        false
    }

    /// The causes of which an alert waits for its lease, its next attempt or its window.
    async fn waiting(&self, now: Timestamp) -> BTreeSet<String> {
        let address = self.store.find(ID).await.unwrap().unwrap();
        let alerts = self.store.bundle(&address).await.unwrap().unwrap().alerts;
        let waits = |a: &&Alert| !matches!(a.state, State::Sent { .. } | State::Withdrawn { .. }) && !a.claimable(now);
        alerts.iter().filter(waits).map(|a| a.id.dedup_key()).collect()
    }
}
