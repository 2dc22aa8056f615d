//! Alert: makes the noise.
//!
//! [`sweep()`] asks the table what is due, computes what is true of each (`domain::alert::plan`), and for each alert claims, sends
//! ([`notify`]) and settles. The words are in [`message`]. At least once: a sweep that dies between claim and settle leaves a lease
//! that runs out, and the next sweep sends the same alert under the same identity.
//! Sending and settling is in `outbox`, what tells of many things at once in `summary`; [`audit`] looks for mail that was lost on its way, in
//! the [`bucket`] that SES fills; [`watch`] over the tracker itself, in [`cloud`] at AWS.

pub mod sweep;
mod outbox;
mod summary;
mod report;
pub mod message;
pub mod notify;
mod topics;
pub mod audit;
pub mod bucket;
pub mod watch;
pub mod cloud;

pub use audit::{Hourly, sweep_and_audit, sweep_and_watch};
pub use notify::Notifier;
pub use report::SweepReport;
pub use sweep::{in_time, sweep};
