//! The whole wait of a request, split into AWS's time and ours: who let whom wait, from its first entry until now or until it was settled.

use domain::request::{Step, Turn};
use jiff::{SignedDuration, Timestamp};

/// How long each side was in turn. What lay settled before it was opened again is nobody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waited {
    /// AWS's turns together.
    pub(crate) aws: SignedDuration,
    /// Ours.
    pub(crate) ours: SignedDuration,
}

impl Waited {
    /// Of the steps of a request, in their order.
    pub(crate) fn of(steps: &[Step], now: Timestamp) -> Self {
        Self::split(steps.iter().filter_map(|step| Some((step.at, step.turn?))), now)
    }

    /// Of times, each with the turn that holds from then on.
    fn split(turns: impl Iterator<Item = (Timestamp, Turn)>, now: Timestamp) -> Self {
        let turns: Vec<_> = turns.collect();
        let ends = turns.iter().skip(1).map(|(at, _)| *at).chain([now]);
        let mut waited = Self::default();
        for ((at, turn), end) in turns.iter().zip(ends) {
            // A clock that stands before an entry gives no negative time.
            let span = end.duration_since(*at).max(SignedDuration::ZERO);
            match turn {
                Turn::Aws { .. } => waited.aws = waited.aws.saturating_add(span),
                Turn::Ours { .. } => waited.ours = waited.ours.saturating_add(span),
                Turn::Settled { .. } => {}
            }
        }
        waited
    }

    /// Both.
    pub(crate) fn all(self) -> SignedDuration {
        self.aws.saturating_add(self.ours)
    }

    /// AWS's part in percent, rounded; nothing of nothing.
    pub(crate) fn aws_percent(self) -> Option<i64> {
        let (aws, all) = (self.aws.as_secs(), self.all().as_secs());
        (all > 0).then(|| (aws.saturating_mul(100) + all / 2) / all)
    }
}

#[cfg(test)]
mod tests {
    use domain::classify::Meaning;
    use domain::request::{Outcome, Why, fold};

    use super::*;
    use crate::sample::{at, mail};

    fn split(turns: &[(&str, char)], now: &str) -> (i64, i64) {
        let turns = turns.iter().map(|(when, who)| {
            let since = at(when);
            let turn = match who {
                'a' => Turn::Aws { since },
                'o' => Turn::Ours { since, why: Why::Question },
                _ => Turn::Settled { since, outcome: Outcome::Closed },
            };
            (since, turn)
        });
        let waited = Waited::split(turns, at(now));
        (waited.aws.as_hours(), waited.ours.as_hours())
    }

    #[test]
    fn each_turn_counts_for_its_side_until_the_next_or_now() {
        let (one, two, three) = ("2026-11-20T00:00:00Z", "2026-11-20T10:00:00Z", "2026-11-20T13:00:00Z");
        assert_eq!(split(&[], three), (0, 0));
        assert_eq!(split(&[(one, 'a')], two), (10, 0));
        assert_eq!(split(&[(one, 'a'), (two, 'o')], three), (10, 3));
        assert_eq!(split(&[(one, 'a'), (two, 'a')], three), (13, 0), "a new clock of AWS is AWS's time too");
        assert_eq!(split(&[(one, 'o')], "2026-11-19T00:00:00Z"), (0, 0), "the clock stands before it");
    }

    #[test]
    fn what_lay_settled_is_nobodys() {
        let turns = [("2026-11-20T00:00:00Z", 'a'), ("2026-11-20T10:00:00Z", 's'), ("2026-11-25T10:00:00Z", 'o')];
        assert_eq!(split(&turns[..2], "2026-12-20T00:00:00Z"), (10, 0), "settled: the count has ended");
        assert_eq!(split(&turns, "2026-11-25T12:00:00Z"), (10, 2), "opened again: it goes on");
    }

    #[test]
    fn it_is_that_of_a_real_history() {
        let entries = [
            mail(1, Meaning::Received, "2026-11-20T00:00:00Z"),
            mail(2, Meaning::Question, "2026-11-21T12:00:00Z"),
            mail(3, Meaning::Approved, "2026-11-22T00:00:00Z"),
        ];
        let waited = Waited::of(&fold(&entries)[0].steps, at("2026-12-24T00:00:00Z"));
        assert_eq!((waited.aws.as_hours(), waited.ours.as_hours(), waited.aws_percent()), (36, 12, Some(75)));
        assert_eq!(Waited::default().aws_percent(), None);
    }
}
