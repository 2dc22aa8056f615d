//! What people were told, and the promises about it, checked against [`super::oracle`].

use std::collections::{BTreeMap, BTreeSet};

use domain::alert::{Alert, Cause, Planned, Step};
use domain::ids::EntryId;
use jiff::Timestamp;

use super::oracle::Truth;
use super::scenario::Scenario;

/// One message that went out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) at: Timestamp,
    /// Opening entry, cause and step.
    pub(crate) id: String,
}

/// Looks on while a scenario is played.
pub(crate) struct Watch<'a> {
    scenario: &'a Scenario,
    /// The entry of each event's number.
    entries: BTreeMap<usize, EntryId>,
    pub(crate) told: Vec<Told>,
    /// Identities whose sending went wrong in some way: they may be told again.
    disturbed: BTreeSet<String>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Self {
        let entries = scenario.events.iter().map(|e| (e.n, e.entry().id)).collect();
        Self { scenario, entries, told: Vec::new(), disturbed: BTreeSet::new() }
    }

    fn opening(&self, n: usize) -> &str {
        self.entries[&n].as_str()
    }

    /// A claimed alert is about to go out: its cause must be, and nothing may hold it back.
    pub(crate) fn hears(&mut self, now: Timestamp, planned: &Planned, alerts: &[Alert], disturbed: bool) {
        let (id, scenario) = (&planned.id, self.scenario);
        let truth = Truth::at(&scenario.events, now);
        let due = truth.and_then(|t| t.due(now));
        let stands = due.is_some_and(|due| self.opening(due.opened_by) == id.opening && due.cause == id.cause.as_str());
        let name = id.to_string();
        if disturbed {
            self.disturbed.insert(name.clone());
        }
        match id.step {
            Step::Resolved => assert!(!stands, "{name} is resolved at {now} and stands: {scenario:?}"),
            Step::Nth(n) if planned.standing => {
                assert!(stands, "{name} is told at {now}, and its cause is gone ({truth:?}): {scenario:#?}");
                let repeat =
                    alerts.iter().any(|a| a.id.opening == id.opening && a.id.cause == id.cause && a.id.step < id.step && a.attempts > 0);
                let again = self.told.iter().any(|t| t.id == name) || self.disturbed.contains(&name);
                assert!(!repeat || again || !truth.unwrap().held(now), "{name} is held back and told at {now}: {scenario:#?}");
                assert!(due.unwrap().step >= n, "{name} is told too early, at {now}: {scenario:#?}");
            }
            Step::Nth(_) => assert_ne!(id.cause, Cause::Overdue),
        }
        let open = scenario.policy().window.is_none_or(|window| window.is_open(&jiff::tz::TimeZone::UTC, now));
        // Worked out here once more: what is ours to do, and what three others of the same silence went before.
        let same = |a: &&Alert| a.id.opening == id.opening && a.id.cause == id.cause && a.attempts > 0;
        let before = alerts.iter().filter(same).filter(|a| a.id.step != Step::Resolved && a.id.step < id.step).count();
        let urgent = match (id.cause, id.step) {
            (Cause::Overdue, Step::Nth(_)) => before >= 3,
            (Cause::Overdue, Step::Resolved) => before >= 4,
            (Cause::OurTurn, _) | (_, Step::Resolved) => true,
            (Cause::Unclear | Cause::Confirm, Step::Nth(_)) => stands,
            _ => false,
        };
        assert!(open || urgent, "{name} is told at {now}, outside of the window: {scenario:#?}");
        let twice = self.told.iter().any(|t| t.id == name);
        assert!(!twice || self.disturbed.contains(&name), "{name} is told twice without need, at {now}: {scenario:#?}");
    }

    /// It went out.
    pub(crate) fn told(&mut self, now: Timestamp, planned: &Planned, alerts: &[Alert]) {
        let id = &planned.id;
        let item = alerts.iter().find(|a| a.id == *id);
        assert!(item.is_some_and(|a| a.attempts > 0), "history does not explain {id}");
        self.told.push(Told { at: now, id: id.to_string() });
    }

    /// A message came out of a sweep, of which only its identity is known.
    pub(crate) fn heard(&mut self, now: Timestamp, id: &str, disturbed: bool) {
        let scenario = self.scenario;
        let due = Truth::at(&scenario.events, now).and_then(|t| t.due(now));
        let stands = |cause: &str| due.is_some_and(|due| id.starts_with(&format!("{}:{cause}:", self.opening(due.opened_by))));
        if id.ends_with(":resolved") {
            assert!(!due.is_some_and(|due| stands(due.cause)), "{id} is told at {now} and stands: {scenario:#?}");
        } else if id.contains(":overdue:") {
            assert!(stands("overdue"), "{id} is told at {now}, and its cause is gone: {scenario:#?}");
        }
        if disturbed {
            self.disturbed.insert(id.to_owned());
        }
        let twice = self.told.iter().any(|t| t.id == id);
        assert!(!twice || self.disturbed.contains(id), "{id} is told twice without need, at {now}: {scenario:#?}");
        self.told.push(Told { at: now, id: id.to_owned() });
    }

    /// A sweep has gone well: who has to know something knows it, unless that very alert waits for its lease, its next attempt or
    /// its window.
    pub(crate) fn check(&self, now: Timestamp, waiting: &BTreeSet<String>) {
        let Some(truth) = Truth::at(&self.scenario.events, now) else { return };
        let Some(due) = truth.due(now) else { return };
        let key = format!("{}:{}", self.opening(due.opened_by), due.cause);
        let steps = || self.told.iter().filter(|t| t.id.rsplit_once(':').is_some_and(|(k, step)| k == key && step != "resolved"));
        let open = self.scenario.policy().window.is_none_or(|window| window.is_open(&jiff::tz::TimeZone::UTC, now));
        // Critical alerts wait for no window: those after three others.
        let before: BTreeSet<&str> = steps().map(|t| t.id.as_str()).collect();
        let waits = waiting.contains(&key) || (!open && due.cause == "overdue" && before.len() < 3);
        let heard = steps().count() > 0;
        let current = steps().any(|t| t.id.rsplit_once(':').is_some_and(|(_, step)| step.parse() == Ok(due.step)));
        assert!(heard || waits, "{key} stands since {} and nobody was told by {now}: {:#?}", truth.since, self.scenario);
        assert!(current || waits || truth.held(now), "{key} is at step {} and that was not told by {now}: {:#?}", due.step, self.scenario);
    }

    /// At the end: what was told of this request stands in its history, with the attempt that told it.
    pub(crate) fn explained(&self, alerts: &[Alert]) {
        for told in self.told.iter().filter(|t| self.entries.values().any(|entry| t.id.starts_with(entry.as_str()))) {
            let item = alerts.iter().find(|a| a.id.to_string() == told.id);
            assert!(item.is_some_and(|a| a.attempts > 0), "history does not explain {}: {:#?}", told.id, self.scenario);
        }
    }
}
