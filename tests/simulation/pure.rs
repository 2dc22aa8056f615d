//! The fold and the rules of alerts, driven as ingest and sweep drive them, on a table of a few vectors.

use std::collections::BTreeSet;

use domain::alert::{Alert, AlertId, LEASE, Plan, Planned, State, owed, plan};
use domain::due::look_at;
use domain::policy::Policy;
use domain::request::{Entry, fold};
use jiff::{SignedDuration, Timestamp};

use port25::simulate::minute_after;

use super::scenario::{Fault, Scenario};
use super::told::{Told, Watch};

/// One bundle, as the table holds it.
struct Table {
    entries: Vec<Entry>,
    alerts: Vec<Alert>,
    version: u64,
    look_at: Option<Timestamp>,
    policy: Policy,
}

/// Plays a scenario; what was told, with the promises checked on the way.
pub(crate) fn play(scenario: &Scenario, seed: u64) -> Vec<Told> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut table = Table { entries: Vec::new(), alerts: Vec::new(), version: 0, look_at: None, policy: scenario.policy() };
    let mut watch = Watch::new(scenario);
    let mut events = scenario.events.iter().peekable();
    let mut now = scenario.events[0].comes;
    while now <= scenario.end {
        while let Some(event) = events.next_if(|e| e.comes <= now) {
            table.file(event.entry(), event.comes.max(now));
        }
        let idle = within(scenario.idle, now);
        if !idle {
            let fault = (rng.u8(0..100) < scenario.faults).then(|| match rng.u8(0..4) {
                0 => Fault::AnswerLost,
                1 => Fault::Overlap,
                _ => Fault::Dies(rng.u8(0..6)),
            });
            let clean = table.sweep(now, fault, within(scenario.mute, now), &mut watch);
            if clean {
                let waits = |a: &Alert| !matches!(a.state, State::Sent { .. } | State::Withdrawn { .. }) && !a.claimable(now);
                let waiting: BTreeSet<String> = table.alerts.iter().filter(|a| waits(a)).map(|a| a.id.dedup_key()).collect();
                watch.check(now, &waiting);
            }
        }
        // The next minute at which anything may happen.
        let due = table.due().map_or(scenario.end + SignedDuration::from_mins(1), |at| at.max(now));
        now = minute_after(now, events.peek().map_or(due, |e| e.comes.min(due)));
    }
    watch.told
}

fn within(interval: Option<(Timestamp, Timestamp)>, now: Timestamp) -> bool {
    interval.is_some_and(|(from, until)| from <= now && now < until)
}

impl Table {
    /// As ingest and api write: the entry, the alerts that it causes, and when to look.
    fn file(&mut self, entry: Entry, now: Timestamp) {
        if self.entries.iter().any(|e| e.id == entry.id) {
            return;
        }
        self.entries.push(entry);
        let requests = fold(&self.entries);
        let new: Vec<Alert> = owed(&requests, &self.alerts, &self.policy, now).iter().map(|p| p.pending(now)).collect();
        self.alerts.extend(new);
        self.look_at = requests.iter().filter_map(|r| look_at(r, &self.alerts, &self.policy)).min();
        self.version += 1;
    }

    fn due(&self) -> Option<Timestamp> {
        self.alerts.iter().filter_map(Alert::work_at).chain(self.look_at).min()
    }

    /// One sweep, or what becomes of it; whether it went well.
    fn sweep(&mut self, now: Timestamp, fault: Option<Fault>, mute: bool, watch: &mut Watch<'_>) -> bool {
        if self.due().is_none_or(|at| at > now) {
            return true;
        }
        let requests = fold(&self.entries);
        let planned = plan(&requests, &self.alerts, &self.policy, now);
        if fault == Some(Fault::Overlap) {
            // Both have read the same; the other one is faster. What this one claims first it loses.
            let version = self.version;
            self.work(&planned, now, None, mute, watch);
            let lost = self.version != version || planned.send.is_empty();
            assert!(lost, "a claim does not change the version");
            return false;
        }
        self.work(&planned, now, fault, mute, watch)
    }

    fn work(&mut self, plan: &Plan, now: Timestamp, fault: Option<Fault>, mute: bool, watch: &mut Watch<'_>) -> bool {
        let mut steps = match fault {
            Some(Fault::Dies(steps)) => Some(steps),
            _ => None,
        };
        // Whether it dies before the next step.
        let mut dies = || steps.as_mut().is_some_and(|left| left.checked_sub(1).map(|less| *left = less).is_none());
        let mut well = true;
        for (n, planned) in plan.send.iter().enumerate() {
            if dies() {
                return false;
            }
            let look = if n + 1 < plan.send.len() { Some(now) } else { plan.look_at };
            let alert = self.claim(planned, look, now);
            if dies() {
                return false;
            }
            watch.hears(now, planned, &self.alerts, fault.is_some() || mute);
            let sent = !mute && fault != Some(Fault::AnswerLost);
            if !mute {
                watch.told(now, planned, &self.alerts);
            }
            if dies() {
                return false;
            }
            let state = if sent { State::Sent { at: now } } else { Alert::retry(alert.attempts, now) };
            well &= sent;
            self.settle(&planned.id, state);
        }
        for (id, why) in &plan.withdraw {
            if dies() {
                return false;
            }
            self.settle(id, State::Withdrawn { at: now, why: (*why).to_owned() });
        }
        for (id, opens) in &plan.shift {
            if dies() {
                return false;
            }
            let shifted = self.alerts.iter().find(|a| a.id == *id).unwrap().shifted(*opens);
            self.settle(id, shifted);
        }
        if plan.send.is_empty() && self.look_at != plan.look_at {
            if dies() {
                return false;
            }
            self.look_at = plan.look_at;
        }
        well
    }

    fn claim(&mut self, planned: &Planned, look: Option<Timestamp>, now: Timestamp) -> Alert {
        let known = self.alerts.iter().position(|a| a.id == planned.id);
        let before = known.map_or_else(|| planned.pending(now), |i| self.alerts[i].clone());
        let state = State::Sending { owner: "sweep".to_owned(), until: now + LEASE };
        let alert = Alert { state, attempts: before.attempts + 1, ..before };
        match known {
            Some(i) => self.alerts[i] = alert.clone(),
            None => self.alerts.push(alert.clone()),
        }
        self.look_at = look;
        self.version += 1;
        alert
    }

    fn settle(&mut self, id: &AlertId, state: State) {
        self.alerts.iter_mut().find(|a| a.id == *id).unwrap().state = state;
    }
}
