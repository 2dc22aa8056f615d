//! What time makes due: deadlines, repeats, and when to look again.
//!
//! The table stores *when to look*; what is true then is computed here from the fold, so a stale hint costs a look and never a
//! wrong alert.

use jiff::{SignedDuration, Timestamp};

use crate::alert::{Alert, Cause, State};
use crate::ids::EntryId;
use crate::policy::Policy;
use crate::request::{Request, Turn, Why};

/// A cause that stands, repeated until it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The entry that opened the episode.
    pub opening: EntryId,
    /// What stands.
    pub cause: Cause,
    /// When its first alert is due.
    pub from: Timestamp,
}

/// When AWS's time is over, if it is AWS's turn.
pub fn overdue_at(turn: Turn, policy: &Policy) -> Option<Timestamp> {
    match turn {
        Turn::Aws { since } => Some(plus(since, policy.deadline)),
        _ => None,
    }
}

/// Whether AWS has been silent for the whole deadline. At the deadline itself it is.
pub fn is_overdue(turn: Turn, policy: &Policy, now: Timestamp) -> bool {
    overdue_at(turn, policy).is_some_and(|at| now >= at)
}

/// What stands in a request and is alerted until it goes: silence in AWS's turn, or our turn.
pub fn standing(request: &Request, policy: &Policy) -> Option<Standing> {
    let (cause, from) = match request.turn {
        Turn::Aws { since } => (Cause::Overdue, plus(since, policy.deadline)),
        Turn::Ours { since, why } => (cause_of(why), since),
        Turn::Settled { .. } => return None,
    };
    (!request.unexpected).then(|| Standing { opening: request.opened_by.clone(), cause, from })
}

const fn cause_of(why: Why) -> Cause {
    match why {
        Why::Question | Why::DeniedQuestion | Why::Reopened => Cause::OurTurn,
        Why::Unclear => Cause::Unclear,
        Why::ConfirmApproved | Why::ConfirmDenied => Cause::Confirm,
    }
}

/// The step of the alert that is current: 1 + ⌊(now − from) / repeat⌋; `None` before `from`.
pub fn step_at(from: Timestamp, repeat: SignedDuration, now: Timestamp) -> Option<u32> {
    let passed = now.duration_since(from).as_secs();
    let repeat = repeat.as_secs().max(1);
    (passed >= 0).then(|| u32::try_from(passed / repeat).unwrap_or(u32::MAX - 1) + 1)
}

/// When a request must be looked at next, given the alerts it already has; `None` when only a mail can change it.
pub fn look_at(request: &Request, alerts: &[Alert], policy: &Policy) -> Option<Timestamp> {
    let standing = standing(request, policy).filter(|_| !request.dormant)?;
    let Some(last) = last_step(alerts, &standing) else { return Some(standing.from) };
    let repeat = SignedDuration::from_secs(policy.repeat.as_secs().max(1).saturating_mul(i64::from(last)));
    let next = plus(standing.from, repeat);
    Some(request.hold.as_ref().map_or(next, |hold| next.max(hold.until)))
}

/// The highest step of this cause that has an alert. One that was withdrawn told nobody: a cause that comes back is told again.
pub(crate) fn last_step(alerts: &[Alert], standing: &Standing) -> Option<u32> {
    let told = alerts.iter().filter(|a| !matches!(a.state, State::Withdrawn { .. }));
    let same = told.filter(|a| a.id.cause == standing.cause && a.id.opening == standing.opening.as_str());
    same.filter_map(|a| a.id.step.number()).max()
}

fn plus(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_begins_at_its_second_and_not_before() {
        let from = Timestamp::from_second(1_000_000).unwrap();
        let repeat = SignedDuration::from_hours(24);
        let at = |seconds: i64| step_at(from, repeat, from + SignedDuration::from_secs(seconds));
        assert_eq!(at(-1), None);
        assert_eq!(at(0), Some(1));
        assert_eq!(at(86_399), Some(1));
        assert_eq!(at(86_400), Some(2));
        assert_eq!(at(86_401), Some(2));
    }
}
