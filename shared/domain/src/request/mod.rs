//! A request: what is asked of AWS, as the fold of its entries.
//!
//! Mails and people's actions become immutable [`Entry`] values ([`entry`]; [`registered`]: what was submitted by hand). Entries that references connect lie together in one
//! *bundle*; [`fold()`] splits a bundle into its requests ([`group`]: one, unless a thread carries two AWS ids) and walks each
//! one's entries in the order of their effective time: [`event`] says what each may do, [`turn`] what that does to the turn. The result is a pure function of the
//! set of entries: any order of arrival and any repetition gives the same requests.

mod entry;
mod registered;
mod sets;
mod group;
mod turn;
mod event;
mod hold;
mod fold;
mod known;

pub use entry::{Act, Action, Belongs, EXCERPT_MAX, Entry, Fact, MailFact, Reference};
pub use fold::{Effect, News, Request, ShownId, Step, fold};
pub use hold::{ACK_DEFAULT, EndedHold, Hold, HoldEnd, SNOOZE_MAX};
pub use known::known;
pub use registered::{NotSubmitted, SUBMITTED_MAX, SUBMITTED_REGIONS_MAX, Submitted};
pub use turn::{Outcome, Turn, Why};

#[cfg(test)]
mod laws;
