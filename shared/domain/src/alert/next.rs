//! When people hear next of a request, if nothing happens before.

use jiff::Timestamp;

use super::{Alert, AlertId, Severity, Step, severity, urgent};
use crate::due::{look_at, standing};
use crate::policy::Policy;
use crate::request::Request;

/// The next alert of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// When it is due, or the delivery window opens for it. It may be past: then the next sweep sends it.
    pub at: Timestamp,
    /// Which one.
    pub id: AlertId,
    /// How much it matters.
    pub severity: Severity,
    /// It would have been due then, and waits for the window.
    pub shifted_from: Option<Timestamp>,
    /// It has an item already: it waits to be sent, or to be tried again.
    pub waiting: bool,
}

/// What is told next of a request: an alert that waits, or the next step of what stands. `None` when only a mail, or a person, can
/// change that.
pub fn next(request: &Request, alerts: &[Alert], policy: &Policy) -> Option<Next> {
    let of_it = |a: &&Alert| request.steps.iter().any(|s| s.entry.as_str() == a.id.opening);
    let waiting = alerts.iter().filter(of_it).filter_map(|a| Some((a.work_at()?, a.id.clone(), a.standing, true)));
    let step = || {
        let standing = standing(request, policy)?;
        let at = look_at(request, alerts, policy)?;
        let step = Step::Nth(standing.step(policy.repeat, at)?);
        Some((at, AlertId { opening: standing.opening.to_string(), cause: standing.cause, step }, true, false))
    };
    let all = waiting.chain(step()).map(|(at, id, standing, waiting)| {
        let severity = severity(&id, alerts);
        let opens = policy.window.as_ref().filter(|_| !urgent(&id, standing, severity)).map_or(at, |window| window.opens(&policy.zone, at));
        Next { at: opens, id, severity, shifted_from: (opens > at).then_some(at), waiting }
    });
    all.min_by_key(|next| next.at)
}
