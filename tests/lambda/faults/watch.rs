//! What people were told, checked while it is told: each alert has its cause in what the table held, by the clock of a function.

use std::collections::{BTreeMap, BTreeSet};

use domain::alert::{Cause, State, Step, owed, plan};
use domain::policy::Policy;
use domain::request::{Entry, Request, fold};
use jiff::Timestamp;
use port25_tests::stand_ins::Published;
use store::Bundle;

/// An alert's identity, as its message carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) opening: String,
    pub(super) cause: Cause,
    pub(super) step: Step,
}

#[derive(Default)]
pub(super) struct Watch {
    /// Every identity, with its kind and whether it begins or ends something: the same each time it is told.
    pub(super) told: BTreeMap<Told, [String; 2]>,
    pub(super) messages: u32,
    pub(super) repeated: u32,
}

impl Told {
    fn of(published: &Published) -> Self {
        let id = &published.attributes["alert_id"];
        let (rest, step) = id.rsplit_once(':').unwrap_or_else(|| panic!("{id}"));
        let (opening, cause) = rest.rsplit_once(':').unwrap_or_else(|| panic!("{id}"));
        assert_eq!(published.attributes["dedup_key"], rest, "the key of an incident is constant");
        Self { opening: opening.to_owned(), cause: Cause::parse(cause).unwrap(), step: Step::parse(step).unwrap() }
    }

    pub(super) fn id(&self) -> String {
        format!("{}:{}:{}", self.opening, self.cause.as_str(), self.step)
    }

    /// Whether these requests are a reason to tell it.
    fn caused(&self, requests: &[Request], policy: &Policy, now: Timestamp) -> bool {
        let mut send = plan(requests, &[], policy, now).send;
        send.extend(owed(requests, &[], policy, now));
        let same = send.iter().filter(|p| p.id.opening == self.opening && p.id.cause == self.cause);
        match self.step {
            // It was current when it was claimed, or is the news of its entry.
            Step::Nth(_) => same.map(|p| p.id.step).max().is_some_and(|current| current >= self.step),
            Step::Resolved => !same.into_iter().any(|p| p.standing),
        }
    }
}

impl Watch {
    /// Looks at what one step told: `before` and `after` are the entries at its beginning and end, `clocks` what the clocks of the
    /// functions may show. What was written in between may have been seen or not.
    pub(super) fn look(&mut self, published: &[Published], before: &[Entry], after: &[Entry], clocks: &[Timestamp], policy: &Policy) {
        let known: BTreeSet<_> = before.iter().map(|entry| &entry.id).collect();
        let new: Vec<&Entry> = after.iter().filter(|entry| !known.contains(&entry.id)).collect();
        assert!(new.len() < 8, "one step writes few entries: {}", new.len());
        let seen: Vec<Vec<Request>> = (0..1u32 << new.len())
            .map(|some| {
                let added = new.iter().enumerate().filter(|(n, _)| some & (1 << n) != 0).map(|(_, entry)| (*entry).clone());
                fold(&before.iter().cloned().chain(added).collect::<Vec<_>>())
            })
            .collect();
        for message in published {
            let told = Told::of(message);
            self.messages += 1;
            let explained = match told.cause {
                // Its entries are not of requests; the end of the run looks at what is in quarantine, and at who could not be told.
                Cause::Quarantine | Cause::System => true,
                Cause::Dormant | Cause::Test | Cause::Unexpected => false,
                _ => seen.iter().any(|requests| clocks.iter().any(|now| told.caused(requests, policy, *now))),
            };
            assert!(explained, "{} is told without a cause ({}): {:#?}", told.id(), message.subject, seen.last());
            let same = ["kind", "event"].map(|name| message.attributes[name].clone());
            match self.told.get(&told) {
                Some(before) => {
                    self.repeated += 1;
                    assert_eq!(*before, same, "{} changed its identity", told.id());
                }
                None => drop(self.told.insert(told, same)),
            }
        }
    }

    /// What the table said was sent is not told again, nor, where it is to be `once`, anything twice. Summaries are: they grow.
    pub(super) fn never_again(&self, published: &[Published], before: &[Bundle], once: bool) {
        let told = published.iter().map(Told::of).filter(|told| !matches!(told.cause, Cause::Quarantine | Cause::System));
        let sent: BTreeSet<String> = before
            .iter()
            .flat_map(|bundle| &bundle.alerts)
            .filter(|alert| matches!(alert.state, State::Sent { .. }))
            .map(|alert| alert.id.to_string())
            .collect();
        let mut now = BTreeSet::new();
        for told in told {
            assert!(!sent.contains(&told.id()), "{} was sent, and is told again", told.id());
            assert!(now.insert(told.id()) || !once, "{} is told twice at once", told.id());
        }
    }

    pub(super) fn heard(&self, opening: &str, cause: Cause) -> impl Iterator<Item = &Told> {
        self.told.keys().filter(move |told| told.opening == opening && told.cause == cause)
    }
}
