//! What must be true, worked out a second time and in another way: whose turn it is after these events, and what people must have
//! heard by now. It knows nothing of entries, alerts and plans.

use jiff::{SignedDuration, Timestamp};

use super::scenario::{Event, Kind};

const DAY: i64 = 86_400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Aws,
    Question,
    Unclear,
    Confirm,
    Reopened,
    Won,
    Lost,
}

/// The state of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) turn: Turn,
    /// The number of the event that opened this stretch.
    pub(crate) opened_by: usize,
    pub(crate) since: Timestamp,
    /// Repeats are held back until then.
    pub(crate) hold: Option<Timestamp>,
}

/// What must be told of a standing cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) cause: &'static str,
    pub(crate) opened_by: usize,
    /// The step that is current.
    pub(crate) step: u32,
}

impl Truth {
    /// After everything that has come by `now`, in the order in which it was written.
    pub(crate) fn at(events: &[Event], now: Timestamp) -> Option<Self> {
        let mut come: Vec<&Event> = events.iter().filter(|e| e.comes <= now).collect();
        come.sort_by_key(|e| e.at);
        come.dedup_by_key(|e| e.n);
        let mut truth: Option<Self> = None;
        for event in come {
            let before = truth.map(|t| t.turn);
            let ours = matches!(before, Some(Turn::Question | Turn::Unclear | Turn::Confirm | Turn::Reopened));
            let over = matches!(before, Some(Turn::Won | Turn::Lost));
            let won = before == Some(Turn::Won);
            let after = match event.kind {
                Kind::Received => (!ours && !won).then_some(Turn::Aws),
                Kind::Progress | Kind::Ours | Kind::Replied => (!won).then_some(Turn::Aws),
                Kind::Question => Some(Turn::Question),
                Kind::Unclear => (!ours && !over).then_some(Turn::Unclear),
                Kind::Approved => (!won).then_some(Turn::Won),
                Kind::Denied => (before != Some(Turn::Lost)).then_some(Turn::Lost),
                Kind::PassedOn => (!ours && !won).then_some(Turn::Confirm),
                Kind::Close => Some(Turn::Won),
                Kind::Reopen => over.then_some(Turn::Reopened),
                Kind::Ack | Kind::Snooze(_) | Kind::ForgedApproval | Kind::ForgedReceived => None,
            };
            // Closing what was closed opens nothing; closing what was approved is another end of it, and neither is told.
            let mut hold = truth.and_then(|t| t.hold);
            match event.kind {
                Kind::Ack => hold = Some(event.comes + SignedDuration::from_secs(DAY)),
                Kind::Snooze(days) => hold = Some(event.comes + SignedDuration::from_secs(DAY * i64::from(days))),
                Kind::ForgedApproval | Kind::ForgedReceived => {}
                kind if kind.is_mail() && kind != Kind::Ours => hold = None,
                _ if after.is_some() => hold = None,
                _ => {}
            }
            truth = match (after, truth) {
                (Some(turn), _) => Some(Self { turn, opened_by: event.n, since: event.at, hold }),
                (None, Some(before)) => Some(Self { hold, ..before }),
                (None, None) => None,
            };
        }
        truth
    }

    /// What stands now, and which of its alerts people must have.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Due> {
        let (cause, from) = match self.turn {
            Turn::Aws => ("overdue", self.since + SignedDuration::from_secs(2 * DAY)),
            Turn::Question | Turn::Reopened => ("our-turn", self.since),
            Turn::Unclear => ("unclear", self.since),
            Turn::Confirm => ("confirm", self.since),
            Turn::Won | Turn::Lost => return None,
        };
        let passed = now.duration_since(from).as_secs();
        if now < from {
            return None;
        }
        let step = match (cause, passed / DAY) {
            // Daily for a week, then weekly.
            ("overdue", days) if days >= 7 => 8 + (days - 7) / 7,
            (_, days) => days + 1,
        };
        Some(Due { cause, opened_by: self.opened_by, step: u32::try_from(step).unwrap() })
    }

    pub(crate) fn held(&self, now: Timestamp) -> bool {
        self.hold.is_some_and(|until| now < until)
    }
}
