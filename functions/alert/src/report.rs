//! What a sweep did: counts, and one line for the log.

use std::error::Error;

use boot::log::chain;
use domain::alert::AlertId;

use crate::audit::AuditReport;
use crate::message::UNREADABLE;

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Bundles and summaries that were looked at.
    pub looked: u32,
    /// Alerts sent, also inside digests.
    pub sent: u32,
    /// Digests among what was sent.
    pub digests: u32,
    /// Alerts withdrawn, because their cause was gone.
    pub withdrawn: u32,
    /// Alerts that wait for the delivery window from now on.
    pub shifted: u32,
    /// Claims lost to another sweep or to a change; the next sweep looks again.
    pub lost: u32,
    /// Alerts that could not be sent now and are retried.
    pub failed: u32,
    /// Alerts of those that have failed for over an hour, or in a way that no retry cures; and items that cannot be read.
    pub stuck: u32,
    /// Looks that found nothing to do.
    pub idle: u32,
    /// What could not be read or written; it waits, and is looked at later.
    pub broken: u32,
    /// What was known to be due and not looked at when the time was up: at least so many. The next sweep begins with them.
    pub left: u32,
    /// Whether the hourly audit is due: whoever swept makes it.
    pub audit_due: bool,
    /// What the audit found, if there was one.
    pub audit: Option<AuditReport>,
    /// The identities of the stuck ones. At most [`ERRORS_MAX`].
    pub stuck_ids: Vec<String>,
    /// What went wrong, for the log: ids and causes, no words of mails. At most [`ERRORS_MAX`].
    pub errors: Vec<String>,
}

/// How many errors of one sweep are kept for the log; the counts tell of the others.
const ERRORS_MAX: usize = 20;

impl SweepReport {
    pub(crate) fn note(&mut self, what: &str, error: &dyn Error) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(format!("{what}: {}", chain(error)));
        }
    }

    /// An alert that does not go out.
    pub(crate) fn stuck(&mut self, id: &AlertId) {
        self.stuck += 1;
        if self.stuck_ids.len() < ERRORS_MAX {
            self.stuck_ids.push(id.to_string());
        }
    }

    /// Something due that this version cannot read: whatever it has to tell does not go out. The log names it.
    pub(crate) fn unreadable(&mut self) {
        self.stuck += 1;
        let words = UNREADABLE.to_owned();
        if self.stuck_ids.len() < ERRORS_MAX && !self.stuck_ids.contains(&words) {
            self.stuck_ids.push(words);
        }
    }

    /// Logs the sweep in one line, with what an audit found.
    pub fn log(&self) {
        let Self {
            looked,
            sent,
            digests,
            withdrawn,
            shifted,
            lost,
            failed,
            stuck,
            idle,
            broken,
            left,
            audit_due: _,
            audit,
            stuck_ids: _,
            errors,
        } = self;
        let none = AuditReport::default();
        let AuditReport { looked: audited, again: refiled, missing, errors: more, .. } = audit.as_ref().unwrap_or(&none);
        let errors: Vec<&String> = errors.iter().chain(more).collect();
        macro_rules! line {
            ($level:ident, $says:literal) => {
                tracing::$level!(
                    looked,
                    sent,
                    digests,
                    withdrawn,
                    shifted,
                    lost,
                    failed,
                    stuck,
                    idle,
                    broken,
                    left,
                    audited,
                    refiled,
                    ?missing,
                    ?errors,
                    $says
                )
            };
        }
        match (errors.is_empty(), missing.is_empty()) {
            (false, _) => line!(error, "swept, with failures"),
            (true, false) => line!(warn, "swept; mail without an ending was found"),
            (true, true) => line!(info, "swept"),
        }
    }
}
