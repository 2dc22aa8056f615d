//! What time makes due: deadlines, repeats, and when to look again.
//!
//! The table stores *when to look*; what is true then is computed here from the fold, so a stale hint costs a look and never a
//! wrong alert.

use jiff::{SignedDuration, Timestamp};

use crate::alert::{Alert, Cause};
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

/// When AWS's time is over, if it is AWS's turn. The deadline is wall-clock time: no weekends, no calendar.
pub fn overdue_at(turn: Turn, deadline: SignedDuration) -> Option<Timestamp> {
    match turn {
        Turn::Aws { since } => Some(plus(since, deadline)),
        _ => None,
    }
}

/// Whether AWS has been silent for the whole deadline. At the deadline itself it is.
pub fn is_overdue(turn: Turn, deadline: SignedDuration, now: Timestamp) -> bool {
    overdue_at(turn, deadline).is_some_and(|at| now >= at)
}

/// The deadline of a request.
pub fn deadline(request: &Request, policy: &Policy) -> SignedDuration {
    policy.deadline_of(request.family, request.account.as_ref())
}

/// What stands in a request and is alerted until it goes: silence in AWS's turn, or our turn.
pub fn standing(request: &Request, policy: &Policy) -> Option<Standing> {
    let (cause, from) = match request.turn {
        Turn::Aws { since } => (Cause::Overdue, plus(since, deadline(request, policy))),
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

/// AWS's silence is repeated at the usual distance for this long, and then weekly: who did not react to eight alerts needs no more of
/// them, and must not forget it either.
const OFTEN: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Standing {
    /// The step that is current: 1 from the beginning, then one more with each repeat; `None` before the beginning.
    pub fn step(&self, repeat: SignedDuration, now: Timestamp) -> Option<u32> {
        let passed = now.duration_since(self.from).as_secs();
        let (often, repeat) = self.often(repeat);
        let close = passed / repeat;
        let n = if close < often { close } else { often + (passed - often * repeat) / OFTEN.as_secs() };
        (passed >= 0).then(|| u32::try_from(n).unwrap_or(u32::MAX - 1) + 1)
    }

    /// When a step becomes current.
    pub fn begins(&self, repeat: SignedDuration, step: u32) -> Timestamp {
        let n = i64::from(step.saturating_sub(1));
        let (often, repeat) = self.often(repeat);
        let seconds = n.min(often).saturating_mul(repeat).saturating_add((n - n.min(often)).saturating_mul(OFTEN.as_secs()));
        plus(self.from, SignedDuration::from_secs(seconds))
    }

    /// How many repeats come at the usual distance, and that distance in seconds.
    fn often(&self, repeat: SignedDuration) -> (i64, i64) {
        let repeat = repeat.as_secs().max(1);
        let thins = self.cause == Cause::Overdue && repeat < OFTEN.as_secs();
        (if thins { OFTEN.as_secs() / repeat } else { i64::MAX / repeat }, repeat)
    }
}

/// When a request must be looked at next, given the alerts it already has; `None` when only a mail can change it.
pub fn look_at(request: &Request, alerts: &[Alert], policy: &Policy) -> Option<Timestamp> {
    let standing = standing(request, policy).filter(|_| !request.dormant)?;
    let Some(last) = last_step(alerts, &standing) else { return Some(standing.from) };
    let next = standing.begins(policy.repeat, last.saturating_add(1));
    Some(request.hold.as_ref().map_or(next, |hold| next.max(hold.until)))
}

/// The highest step of this cause that has an alert. One that was withdrawn told nobody: a cause that comes back is told again.
pub(crate) fn last_step(alerts: &[Alert], standing: &Standing) -> Option<u32> {
    let told = alerts.iter().filter(|a| !a.withdrawn());
    let same = told.filter(|a| a.id.cause == standing.cause && a.id.opening == standing.opening.as_str());
    same.filter_map(|a| a.id.step.number()).max()
}

fn plus(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(cause: Cause) -> Standing {
        Standing { opening: EntryId::parse(&"0".repeat(32)).unwrap(), cause, from: Timestamp::from_second(1_000_000).unwrap() }
    }

    #[test]
    fn a_step_begins_at_its_second_and_not_before() {
        let hours = SignedDuration::from_hours;
        for (cause, repeat, begins) in [
            // Daily for a week, then weekly.
            (Cause::Overdue, 24, &[0, 24, 48, 72, 96, 120, 144, 168, 336, 504][..]),
            (Cause::Overdue, 72, &[0, 72, 144, 312, 480]),
            (Cause::Overdue, 168, &[0, 168, 336, 504]),
            (Cause::Overdue, 200, &[0, 200, 400]),
            // What is ours to do is repeated as often as ever.
            (Cause::OurTurn, 24, &[0, 24, 48, 72, 96, 120, 144, 168, 192, 216]),
        ] {
            let standing = standing(cause);
            for (n, begin) in (1u32..).zip(begins) {
                let at = standing.from + hours(*begin);
                assert_eq!(standing.begins(hours(repeat), n), at, "{cause:?} {repeat} {n}");
                let step = |seconds: i64| standing.step(hours(repeat), at + SignedDuration::from_secs(seconds));
                assert_eq!((step(-1), step(0), step(1)), ((n > 1).then(|| n - 1), Some(n), Some(n)), "{cause:?} {repeat}");
            }
        }
        assert_eq!(standing(Cause::Overdue).step(hours(24), Timestamp::MAX).map(|n| n > 1_000), Some(true));
    }
}
