//! How urgent an alert is: its severity, and whether it may wait for the delivery window.

use super::{Alert, AlertId, Cause, Step};

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
    match id.cause {
        Cause::Overdue => {
            // Of a resolve the last one counts, which told of what has ended: it was critical if three stood before it.
            let (before, warnings) = match id.step {
                Step::Nth(n) => (n, WARNINGS),
                Step::Resolved => (u32::MAX, WARNINGS + 1),
            };
            let heard = |a: &&Alert| a.id.opening == id.opening && a.id.cause == id.cause && a.perhaps_heard();
            let earlier = alerts.iter().filter(heard).filter_map(|a| a.id.step.number()).filter(|n| *n < before).count();
            if earlier >= warnings { Severity::Critical } else { Severity::Warning }
        }
        Cause::System => Severity::Critical,
        Cause::OurTurn | Cause::Unclear | Cause::Confirm | Cause::Quarantine | Cause::Unexpected => Severity::Warning,
        Cause::Approved | Cause::Denied | Cause::Dormant | Cause::Test => Severity::Info,
    }
}

/// Whether an alert is delivered at any time. What is ours to do and what is critical is; the end of such an alert too, because
/// what was raised at night should not stay raised.
/// `standing` says whether its cause stands.
pub fn urgent(id: &AlertId, standing: bool, severity: Severity) -> bool {
    let ours = match id.cause {
        Cause::OurTurn => true,
        Cause::Unclear | Cause::Confirm => standing || id.step == Step::Resolved,
        _ => false,
    };
    ours || severity == Severity::Critical || id.cause == Cause::Test
}

/// Whether an alert that waits is looked at before everything else that is due, however long: somebody has to answer, or asks whether
/// alerts arrive.
pub const fn first(cause: Cause) -> bool {
    matches!(cause, Cause::OurTurn | Cause::Unclear | Cause::Confirm | Cause::System | Cause::Test)
}
