//! How AWS is answered: through which channel, from which mailbox, to which mail, and with what words. Drafts only.
//!
//! [`channel()`] says where an answer goes, [`draft()`] the mail that a person reads, changes and sends, [`text()`] its words alone
//! (to paste into Support Center, and for alerts). The words follow what is to be said ([`situation()`]: AWS is silent, asks, or
//! denied), in English or Japanese.

mod channel;
mod situation;
mod questions;
mod about;
mod english;
mod japanese;
mod draft;

pub use channel::{Channel, NoDraft, channel, instruction, minute};
pub use draft::{Draft, REFERENCES_MAX, draft, text};
pub use questions::{QUESTIONS_MAX, questions};
pub use situation::{Situation, language, situation};
