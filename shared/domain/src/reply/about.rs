//! What every draft says of the request: its id, account, Regions, dates, and how long it has waited.

use jiff::Timestamp;

use crate::request::{Entry, Request, ShownId, Turn};

use super::channel::{first_mail, minute};

/// The facts of a draft. What is unknown is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// AWS's ID; our own key means nothing to AWS.
    pub id: Option<String>,
    pub account: Option<String>,
    pub regions: Vec<String>,
    /// When AWS's first mail was sent.
    pub first: Option<Timestamp>,
    /// The last mail of AWS or to it.
    pub last: Timestamp,
    /// Whole hours since then.
    pub hours: i64,
}

impl About {
    pub(super) fn of(request: &Request, entries: &[Entry], now: Timestamp) -> Self {
        // In AWS's turn an answer that we did not see counts too.
        let last = match request.turn {
            Turn::Aws { since } => since,
            Turn::Ours { .. } | Turn::Settled { .. } => request.last_update,
        };
        Self {
            id: match &request.id {
                ShownId::Aws(id) => Some(id.to_string()),
                ShownId::Key(_) => None,
            },
            account: request.account.as_ref().map(ToString::to_string),
            regions: request.regions.iter().map(ToString::to_string).collect(),
            first: first_mail(request, entries).map(|(entry, _)| entry.at),
            last,
            hours: now.duration_since(last).as_hours().max(0),
        }
    }
}

/// `2026-11-20 10:02 UTC`, for people who do not know our `Z`.
pub(super) fn utc(at: Timestamp) -> String {
    format!("{} UTC", minute(at).trim_end_matches('Z'))
}
