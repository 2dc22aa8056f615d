//! What holds whenever no function runs, between two steps: an acknowledged mail has its ending, lists show the fold, and nothing waits
//! longer than it may.
//! The runs make due what waits, so a wait that is too long, or a time to look that got lost, shows here and nowhere else.

use domain::alert::{Alert, LEASE, RETRY_MAX, State, plan};
use domain::policy::Policy;
use domain::request::{Entry, fold};
use jiff::{SignedDuration, Timestamp};
use store::{Bundle, Filter};

use super::Run;
use super::machine;
use super::queue::Message;

/// What a sweep could not look at is pushed back by five minutes at most; the rest is for a slow machine.
const PUSHED_BACK: SignedDuration = SignedDuration::from_mins(7);

impl Run {
    /// The bundles of the story's requests, each once.
    pub(super) async fn bundles(&self) -> Vec<Bundle> {
        let mut all: Vec<Bundle> = Vec::new();
        for request in &self.story.requests {
            // Every mail of a request names its first one, also before anybody knows AWS's id.
            let Some(address) = self.store.find(&format!("m0.{request}@amazon")).await.unwrap() else { continue };
            let found = self.store.bundle(&address).await.unwrap();
            all.extend(found.filter(|bundle| all.iter().all(|known| known.address != bundle.address)));
        }
        all
    }

    /// The heads, which lists show, are the cache of the fold. Whoever was killed may have left a transaction on its way: what lies
    /// between two readings is read again.
    pub(super) async fn lists_show_the_fold(&self, mut bundles: Vec<Bundle>) {
        for last in [false, false, true] {
            let folded = bundles.iter().flat_map(|bundle| fold(&bundle.entries)).map(|r| (r.id, r.turn, r.last_update));
            let listed = self.store.list(&Filter::default(), None, 100).await.unwrap().items;
            let listed = listed.into_iter().map(|head| (head.id, head.turn, head.last_update));
            let (mut folded, mut listed): (Vec<_>, Vec<_>) = (folded.collect(), listed.collect());
            folded.sort_by(|a, b| a.0.cmp(&b.0));
            listed.sort_by(|a, b| a.0.cmp(&b.0));
            if folded == listed {
                return;
            }
            assert!(!last, "lists show {listed:#?}, and it is {folded:#?}");
            bundles = self.bundles().await;
        }
    }

    /// The queue forgets a message that ingest acknowledged: the audit is no excuse for ingest.
    pub(super) async fn is_filed(&self, acknowledged: &[&Message]) {
        let read = |message: &&Message| ingest::event::read(&message.body).ok().map(|incoming| incoming.key);
        let keys: Vec<String> = acknowledged.iter().filter_map(read).collect();
        let ended = self.store.ended(&keys).await.unwrap();
        let lost: Vec<&String> = keys.iter().filter(|key| !ended.contains(*key)).collect();
        assert!(lost.is_empty(), "acknowledged, and without an ending: {lost:?}");
    }
}

/// All entries of these bundles.
pub(super) fn entries(bundles: &[Bundle]) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for entry in bundles.iter().flat_map(|bundle| &bundle.entries) {
        if all.iter().all(|known| known.id != entry.id) {
            all.push(entry.clone());
        }
    }
    all
}

/// A sweep will look at each bundle when something in it is due, and at each alert when its lease or its wait may be over.
pub(super) fn is_looked_at_in_time(bundles: &[Bundle], policy: &Policy, now: Timestamp) {
    for bundle in bundles {
        for alert in &bundle.alerts {
            let most = match alert.state {
                State::Sending { .. } => LEASE,
                State::Retry { .. } => RETRY_MAX,
                _ => continue,
            };
            let late = alert.work_at().is_none_or(|at| at > now + most + machine::wrong_by() + PUSHED_BACK);
            assert!(!late, "{} waits longer than it may: {alert:?}", alert.id);
        }
        let plan = plan(&fold(&bundle.entries), &bundle.alerts, policy, now);
        let wanted = if plan.send.is_empty() { plan.look_at } else { Some(now) };
        let Some(wanted) = wanted else { continue };
        let next = bundle.alerts.iter().filter_map(Alert::work_at).chain(bundle.look_at).min();
        let late = next.is_none_or(|at| at > wanted.max(now) + machine::wrong_by() + PUSHED_BACK);
        assert!(!late, "to be looked at by {wanted}, and will be at {next:?}: {bundle:#?}");
    }
}
