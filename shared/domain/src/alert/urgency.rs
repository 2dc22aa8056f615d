//! How urgent an alert is: its severity, and whether it may wait for the delivery window.

use super::{Alert, AlertId, Cause, Planned, Step};

/// After this many alerts of one silence the next one is critical.
pub const WARNINGS: usize = 3;

/// How much an alert matters. It decides the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody has to do something.
    Warning,
    /// Nobody did it for days, or the tracker itself is not well.
    Critical,
}

impl Severity {
    /// The stable word for JSON and attributes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// The severity of an alert, given those of its bundle. It rises with what people heard of the same silence, not with time: who comes
/// back after a weekend, or after a sweep that did not run, is warned first. A resolve has the severity of what it ends.
pub fn severity(id: &AlertId, alerts: &[Alert]) -> Severity {
    let heard = |a: &&Alert| a.id.opening == id.opening && a.id.cause == id.cause && a.perhaps_heard();
    match (id.step, id.cause) {
        (Step::Nth(n), Cause::Overdue) => {
            let before = alerts.iter().filter(heard).filter(|a| a.id.step.number().is_some_and(|other| other < n)).count();
            if before >= WARNINGS { Severity::Critical } else { Severity::Warning }
        }
        (Step::Resolved, Cause::Overdue) => {
            let before = alerts.iter().filter(heard).filter(|a| a.id.step.number().is_some()).count();
            if before > WARNINGS { Severity::Critical } else { Severity::Warning }
        }
        (_, Cause::System) => Severity::Critical,
        (_, Cause::OurTurn | Cause::Unclear | Cause::Confirm | Cause::Quarantine | Cause::Unexpected) => Severity::Warning,
        (_, Cause::Approved | Cause::Denied | Cause::Dormant | Cause::Test) => Severity::Info,
    }
}

/// Whether an alert is delivered at any time. What is ours to do and what is critical is; the end of such an alert too, because
/// what was raised at night should not stay raised.
pub fn urgent(planned: &Planned) -> bool {
    let ours = matches!(planned.id.cause, Cause::OurTurn | Cause::Unclear | Cause::Confirm);
    let ours = ours && (planned.standing || planned.id.cause == Cause::OurTurn || planned.id.step == Step::Resolved);
    ours || planned.severity == Severity::Critical || matches!(planned.id.cause, Cause::System | Cause::Test)
}
