//! The turn table: whose turn it is after an entry, given whose turn it was before.

use jiff::Timestamp;

/// Whose turn it is. The 48-hour clock runs only in AWS's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// AWS must answer; silent since then.
    Aws {
        /// When the clock started.
        since: Timestamp,
    },
    /// We must do something.
    Ours {
        /// Since when.
        since: Timestamp,
        /// What is to be done.
        why: Why,
    },
    /// It is over, until something comes.
    Settled {
        /// Since when.
        since: Timestamp,
        /// How it ended.
        outcome: Outcome,
    },
}

/// Why it is our turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// AWS asked.
    Question,
    /// AWS denied and asked in one mail.
    DeniedQuestion,
    /// Nobody but a person understands the mail.
    Unclear,
    /// AWS seems to have approved; one click settles it.
    ConfirmApproved,
    /// AWS seems to have denied; one click settles it.
    ConfirmDenied,
    /// A person said that it is not over.
    Reopened,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Granted.
    Approved,
    /// Refused.
    Denied,
    /// Closed by a person.
    Closed,
}

/// What an entry does to the turn: its meaning after trust and the second-signal rules had their say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Received,
    Progress,
    Question,
    DeniedQuestion,
    Unclear,
    Approved,
    Denied,
    /// Our reply.
    Ours,
    /// Would settle, but on too weak a proof.
    Confirm(Outcome),
    /// The same, by a mail that was only forwarded: it must not push a question of AWS aside.
    Hint(Outcome),
    /// A person settles.
    Settle(Outcome),
    /// A person reopens.
    Reopen,
    /// A forwarded "received" or "progress", or what a person submitted by hand: may start, must not restart a clock.
    Start,
}

impl Turn {
    /// When this turn began.
    pub const fn since(&self) -> Timestamp {
        match *self {
            Self::Aws { since } | Self::Ours { since, .. } | Self::Settled { since, .. } => since,
        }
    }

    /// The stable word for JSON, storage and list keys.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Aws { .. } => "aws",
            Self::Ours { .. } => "ours",
            Self::Settled { .. } => "settled",
        }
    }

    /// The turn after `event` at `at`; `None` when the entry opens no new stretch ("unchanged", "stays").
    ///
    /// ```text
    /// event \ before       none, Aws          Ours                 approved, closed   denied
    /// received             Aws, clock         stays                unchanged          Aws
    /// progress             Aws, clock         Aws, clock           unchanged          Aws
    /// question             Ours               Ours, new episode    Ours               Ours
    /// unclear              Ours               stays                unchanged          unchanged
    /// approved             approved           approved             unchanged          approved
    /// denied               denied             denied               denied             unchanged
    /// our reply            Aws, clock         Aws, clock           unchanged          Aws
    /// ```
    pub(super) fn after(before: Option<Self>, event: Event, at: Timestamp) -> Option<Self> {
        use Outcome::{Approved, Closed, Denied};
        let aws = Some(Self::Aws { since: at });
        let ours = |why| Some(Self::Ours { since: at, why });
        let settled = |outcome| Some(Self::Settled { since: at, outcome });
        let won = matches!(before, Some(Self::Settled { outcome: Approved | Closed, .. }));
        let lost = matches!(before, Some(Self::Settled { outcome: Denied, .. }));
        let our_turn = matches!(before, Some(Self::Ours { .. }));
        match event {
            Event::Received if our_turn || won => None,
            Event::Received => aws,
            Event::Progress | Event::Ours if won => None,
            Event::Progress | Event::Ours => aws,
            Event::Start => before.is_none().then_some(Self::Aws { since: at }),
            Event::Question => ours(Why::Question),
            Event::DeniedQuestion => ours(Why::DeniedQuestion),
            Event::Unclear if our_turn || won || lost => None,
            Event::Unclear => ours(Why::Unclear),
            Event::Approved if won => None,
            Event::Approved => settled(Approved),
            Event::Denied if lost => None,
            Event::Denied => settled(Denied),
            Event::Hint(_) if our_turn => None,
            Event::Confirm(Approved | Closed) | Event::Hint(Approved | Closed) if won => None,
            Event::Confirm(Denied) | Event::Hint(Denied) if lost => None,
            Event::Confirm(Denied) | Event::Hint(Denied) => ours(Why::ConfirmDenied),
            Event::Confirm(Approved | Closed) | Event::Hint(Approved | Closed) => ours(Why::ConfirmApproved),
            Event::Settle(outcome) => match before {
                Some(Self::Settled { outcome: now, .. }) if now == outcome => None,
                _ => settled(outcome),
            },
            Event::Reopen => (won || lost).then_some(Self::Ours { since: at, why: Why::Reopened }),
        }
    }
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 6] =
        [Self::Question, Self::DeniedQuestion, Self::Unclear, Self::ConfirmApproved, Self::ConfirmDenied, Self::Reopened];

    /// The stable word for JSON and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::DeniedQuestion => "denied-question",
            Self::Unclear => "unclear",
            Self::ConfirmApproved => "confirm-approved",
            Self::ConfirmDenied => "confirm-denied",
            Self::Reopened => "reopened",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.as_str() == word)
    }
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 3] = [Self::Approved, Self::Denied, Self::Closed];

    /// The stable word for JSON and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Closed => "closed",
        }
    }

    /// Reads the word that [`Self::as_str`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the documentation, cell by cell: `aws`, `ours`, `approved`, `denied`, or `-` for "unchanged".
    #[test]
    fn the_turn_table_is_as_documented() {
        let t0 = Timestamp::UNIX_EPOCH;
        let before: [Option<Turn>; 6] = [
            None,
            Some(Turn::Aws { since: t0 }),
            Some(Turn::Ours { since: t0, why: Why::Question }),
            Some(Turn::Settled { since: t0, outcome: Outcome::Approved }),
            Some(Turn::Settled { since: t0, outcome: Outcome::Closed }),
            Some(Turn::Settled { since: t0, outcome: Outcome::Denied }),
        ];
        let rows: [(Event, [&str; 6]); 14] = [
            (Event::Received, ["aws", "aws", "-", "-", "-", "aws"]),
            (Event::Progress, ["aws", "aws", "aws", "-", "-", "aws"]),
            (Event::Question, ["ours", "ours", "ours", "ours", "ours", "ours"]),
            (Event::DeniedQuestion, ["ours", "ours", "ours", "ours", "ours", "ours"]),
            (Event::Unclear, ["ours", "ours", "-", "-", "-", "-"]),
            (Event::Approved, ["approved", "approved", "approved", "-", "-", "approved"]),
            (Event::Denied, ["denied", "denied", "denied", "denied", "denied", "-"]),
            (Event::Ours, ["aws", "aws", "aws", "-", "-", "aws"]),
            (Event::Confirm(Outcome::Approved), ["ours", "ours", "ours", "-", "-", "ours"]),
            (Event::Confirm(Outcome::Denied), ["ours", "ours", "ours", "ours", "ours", "-"]),
            (Event::Hint(Outcome::Approved), ["ours", "ours", "-", "-", "-", "ours"]),
            (Event::Hint(Outcome::Denied), ["ours", "ours", "-", "ours", "ours", "-"]),
            (Event::Start, ["aws", "-", "-", "-", "-", "-"]),
            (Event::Reopen, ["-", "-", "-", "ours", "ours", "ours"]),
        ];
        let at = Timestamp::from_second(1).unwrap();
        for (event, cells) in rows {
            for (turn, cell) in before.iter().zip(cells) {
                let after = Turn::after(*turn, event, at);
                let word = match &after {
                    None => "-",
                    Some(Turn::Settled { outcome, .. }) => outcome.as_str(),
                    Some(t) => t.as_str(),
                };
                assert_eq!(word, cell, "{event:?} after {turn:?}");
                assert!(after.is_none_or(|t| t.since() == at), "a new stretch begins with its entry");
            }
        }
    }
}
