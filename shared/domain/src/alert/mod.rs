//! What people must hear: identities, the life of an alert, and the plan of what to send now.
//!
//! News is owed once per entry and written with it. A standing cause (silence, our turn) has no alert until a sweep claims it; it is
//! repeated step by step, only the current step is sent, and when it goes one resolve follows under the same `dedup_key`. This file
//! holds what an alert is; [`plan()`] says which are owed and what a sweep does with them, [`severity`] how much each matters and [`urgent`] whether it may wait.

mod urgency;
mod plan;
mod next;
mod summary;

use std::fmt;

use jiff::{SignedDuration, Timestamp};

pub use next::{Next, next};
pub use plan::{Plan, Planned, owed, plan};
pub use summary::{Cadence, DAY_MAX, cadence, period};
pub use urgency::{Severity, WARNINGS, first, severity, urgent};

/// How long a claim holds before another sweep may send the same alert.
pub const LEASE: SignedDuration = SignedDuration::from_secs(90);
/// An alert that failed this often (for over an hour) is told of as stuck.
pub const STUCK: u32 = 8;
/// The longest wait between two attempts to send.
pub const RETRY_MAX: SignedDuration = SignedDuration::from_mins(15);

/// Why people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// AWS is silent beyond the deadline.
    Overdue,
    /// AWS asked.
    OurTurn,
    /// A person must read a mail.
    Unclear,
    /// A person must confirm an end.
    Confirm,
    /// Granted.
    Approved,
    /// Refused.
    Denied,
    /// A request for none of the expected accounts began.
    Unexpected,
    /// Mail in quarantine, one summary per UTC hour, or per day when there is much.
    Quarantine,
    /// Old requests that were imported, one digest per UTC hour.
    Dormant,
    /// The tracker itself is not well, one alert per UTC day.
    System,
    /// A person tries whether alerts arrive.
    Test,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 11] = [
        Self::Overdue,
        Self::OurTurn,
        Self::Unclear,
        Self::Confirm,
        Self::Approved,
        Self::Denied,
        Self::Unexpected,
        Self::Quarantine,
        Self::Dormant,
        Self::System,
        Self::Test,
    ];

    /// The stable word for JSON, keys and attributes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::OurTurn => "our-turn",
            Self::Unclear => "unclear",
            Self::Confirm => "confirm",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Unexpected => "unexpected",
            Self::Quarantine => "quarantine",
            Self::Dormant => "dormant",
            Self::System => "system",
            Self::Test => "test",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }
}

/// Which of the alerts of one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The first, or a repeat: 1, 2, …
    Nth(u32),
    /// The one that says that the cause is gone.
    Resolved,
}

impl Step {
    /// The number of a first alert or repeat.
    pub const fn number(self) -> Option<u32> {
        match self {
            Self::Nth(n) => Some(n),
            Self::Resolved => None,
        }
    }

    /// Reads what `Display` writes.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "resolved" => Some(Self::Resolved),
            _ => word.parse().ok().filter(|n| *n > 0).map(Self::Nth),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nth(n) => write!(f, "{n}"),
            Self::Resolved => f.write_str("resolved"),
        }
    }
}

/// What makes an alert the same alert: the entry that opened its episode (or the UTC hour of a summary), the cause, the step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId {
    /// The opening entry's id, or the UTC hour (`2026-11-20T10`) or day (`2026-11-20`) of a summary.
    pub opening: String,
    /// Why.
    pub cause: Cause,
    /// Which.
    pub step: Step,
}

impl AlertId {
    /// Constant over all steps and the resolve of one cause: what incident tools deduplicate by (at most 64 characters).
    pub fn dedup_key(&self) -> String {
        format!("{}:{}", self.opening, self.cause.as_str())
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.opening, self.cause.as_str(), self.step)
    }
}

/// An alert that has an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its identity.
    pub id: AlertId,
    /// Where it is in its life.
    pub state: State,
    /// Whether its cause stood when it was made (then its end is resolved).
    pub standing: bool,
    /// When it was made.
    pub made: Timestamp,
    /// How often sending was begun.
    pub attempts: u32,
    /// Steps before it that were due and never sent (nobody swept, or repeats were held back).
    pub skipped: u32,
}

/// The life of an alert: pending → sending → sent, or retried, or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Owed.
    Pending {
        /// Not before then.
        at: Timestamp,
    },
    /// Claimed by a sweep. After the lease another sweep may send it again, under the same identity.
    Sending {
        /// The claiming sweep.
        owner: String,
        /// The end of the lease.
        until: Timestamp,
    },
    /// It went out.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Sending failed.
    Retry {
        /// The next attempt.
        at: Timestamp,
    },
    /// Its cause was gone before it went out.
    Withdrawn {
        /// When that was seen.
        at: Timestamp,
        /// What was gone.
        why: String,
    },
}

impl State {
    /// The stable word for JSON and storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Sending { .. } => "sending",
            Self::Sent { .. } => "sent",
            Self::Retry { .. } => "retry",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

impl Alert {
    /// When a sweep must look at it; `None` when its life is over.
    pub const fn work_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Pending { at } | State::Retry { at } | State::Sending { until: at, .. } => Some(at),
            State::Sent { .. } | State::Withdrawn { .. } => None,
        }
    }

    /// The state in which it waits for the delivery window: what people may have heard stays a retry.
    pub const fn shifted(&self, at: Timestamp) -> State {
        if self.perhaps_heard() { State::Retry { at } } else { State::Pending { at } }
    }

    /// Whether a sweep may claim it now.
    pub fn claimable(&self, now: Timestamp) -> bool {
        self.work_at().is_some_and(|at| at <= now)
    }

    /// Whether it was withdrawn before it was sent.
    pub const fn withdrawn(&self) -> bool {
        matches!(self.state, State::Withdrawn { .. })
    }

    /// Whether people may have heard it: an attempt that seemed to fail may have reached them.
    const fn perhaps_heard(&self) -> bool {
        self.attempts > 0
    }

    /// The state after a failed attempt: 1, 2, 4, 8, then every 15 minutes.
    pub fn retry(attempts: u32, now: Timestamp) -> State {
        State::Retry { at: now.checked_add(wait(attempts)).unwrap_or(now) }
    }

    /// Since when it is due and has not gone out, reckoned back from its state to the first attempt; `None` when its life is over, or
    /// its time has not come.
    pub fn unsent_since(&self, now: Timestamp) -> Option<Timestamp> {
        let tried = |failed: u32| (1..=failed).map(wait).fold(SignedDuration::ZERO, SignedDuration::saturating_add);
        let (at, since) = match self.state {
            State::Pending { at } => (at, SignedDuration::ZERO),
            State::Retry { at } => (at, tried(self.attempts)),
            State::Sending { until, .. } => (until, LEASE.saturating_add(tried(self.attempts.saturating_sub(1)))),
            State::Sent { .. } | State::Withdrawn { .. } => return None,
        };
        at.checked_sub(since).ok().filter(|since| *since <= now)
    }
}

/// How long is waited after the n-th failed attempt.
fn wait(attempts: u32) -> SignedDuration {
    SignedDuration::from_mins(1i64 << attempts.saturating_sub(1).min(4)).min(RETRY_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_an_alert_waits_is_reckoned_from_its_first_attempt() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let first = at("2026-11-20T10:00:00Z");
        let alert = |state, attempts| Alert {
            id: AlertId { opening: "e".to_owned(), cause: Cause::OurTurn, step: Step::Nth(1) },
            state,
            standing: true,
            made: first,
            attempts,
            skipped: 0,
        };
        // Failed at once each time: 10:00, 10:01, 10:03, 10:07, 10:15, 10:30.
        let mut now = first;
        for attempts in 1..=6 {
            let sending = alert(State::Sending { owner: "s".to_owned(), until: now + LEASE }, attempts);
            assert_eq!(sending.unsent_since(now), Some(first), "attempt {attempts}");
            let State::Retry { at } = Alert::retry(attempts, now) else { panic!("a retry") };
            assert_eq!(alert(State::Retry { at }, attempts).unsent_since(now), Some(first), "after attempt {attempts}");
            now = at;
        }
        assert_eq!(now, at("2026-11-20T10:45:00Z"));
        let pending = alert(State::Pending { at: first }, 0);
        let second = SignedDuration::from_secs(1);
        assert_eq!(pending.unsent_since(first - second), None, "it waits for its time");
        assert_eq!(pending.unsent_since(first), Some(first));
        assert_eq!(pending.unsent_since(first + second), Some(first));
        assert_eq!(alert(State::Sent { at: first }, 1).unsent_since(now), None);
        // Held back until the delivery window opens on Monday.
        assert_eq!(alert(State::Retry { at: at("2026-11-23T08:00:00Z") }, 1).unsent_since(now), None);
    }
}
