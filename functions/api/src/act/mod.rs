//! What people say and do, taken as entries: of a mail ([`mail`]), on a request ([`request`]), and what they submitted to AWS by hand
//! ([`register`](mod@register)), and AWS's ID of a request ([`identify`](mod@identify)). And what they want to be gone ([`forget`](mod@forget)).
//!
//! Each is one transaction with the head's version, decided again when it is lost. The same word twice is one entry: ids are derived
//! from the idempotency key, or from what is said on top of what was said before.

mod identify;
mod mail;
mod register;
mod request;
mod forget;

use domain::request::{Act, Action, NotSubmitted, Outcome, Reference, ShownId};
use domain::text::{cut, one_line};
use jiff::{SignedDuration, Timestamp};
use store::StoreError;

pub use forget::{Forgetting, Forgotten, forget, forgettable};
pub use identify::{Identity, identify};
pub use mail::{Taken, Word, belongs, find_mail, is_entry, judge};
pub use register::{Registered, Registration, register};
pub use request::{Acted, Deed, NOTE_MAX, Until, What, on_request};

/// How often a decision is made again after losing a race.
const DECISIONS_MAX: u32 = 5;
/// Longest name of a person that is kept, in bytes.
const BY_MAX: usize = 100;
/// Longest reason that is kept, in bytes.
const WHY_MAX: usize = 500;

/// The same word on top of the same state within this time is one word (a second click, a colleague at the same moment); later it
/// is a new one: AWS is answered a second time two days after the first.
const SAME_WORD: SignedDuration = SignedDuration::from_hours(1);

/// Why a word was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No mail has this name.
    #[error("no mail answers to {0:?}: give a Message-ID, the key of its object or the id of its entry; quarantine and show print them")]
    UnknownMail(String),
    /// No request has this name.
    #[error("no request answers to {0:?}: give AWS's ID, a p25-… key or a Message-ID of it, or new for a request of its own")]
    UnknownRequest(String),
    /// No request has this name.
    #[error("no request answers to {0:?}: give AWS's ID, our key (p25-…) or a Message-ID; port25 list shows them")]
    NoRequest(String),
    /// The mail is no entry, and was not handed over.
    #[error("the mail is no entry of a request yet, and its object was not read")]
    NotRead,
    /// It is in its own request.
    #[error("the request that was named is the one that this mail began; name another one, or give new")]
    Itself,
    /// It is over, and this act would do nothing.
    #[error("the request is settled ({}), {why}; port25 reopen opens it again", outcome.as_str())]
    Settled {
        /// How it ended.
        outcome: Outcome,
        /// Why that leaves nothing to do.
        why: &'static str,
    },
    /// It is not over, so there is nothing to reopen.
    #[error("the request is open: it is {} turn, so there is nothing to reopen", if *ours { "our" } else { "AWS's" })]
    Open {
        /// Whose turn it is.
        ours: bool,
    },
    /// The end of an acknowledgement or snooze is no usable time.
    #[error("{0} is not in the future: give a time after now, at most 30 days ahead, such as --for 3d")]
    Past(Timestamp),
    /// The end of an acknowledgement or snooze is too far.
    #[error("{0} is more than 30 days ahead: nothing may stay quiet for longer; give a time before that")]
    TooFar(Timestamp),
    /// It is not as it was when the person looked.
    #[error("the request has changed since you looked: look again, and decide again")]
    Changed,
    /// The idempotency key is that of another word.
    #[error("this idempotency key was used for something else: give each new act a key of its own")]
    KeyReused,
    /// A note without words.
    #[error("the note is empty: say something")]
    EmptyNote,
    /// It cannot have been submitted so.
    #[error(transparent)]
    NotSubmitted(#[from] NotSubmitted),
    /// AWS's ID is that of a request that is here already.
    #[error("request {0} is here already, with its own clock: port25 show {0} tells its history, replied and note add to it")]
    Known(ShownId),
    /// AWS wrote the request's ID itself.
    #[error("AWS gave this request the ID {0}; of a mail that is in the wrong request, port25 judge says where it belongs")]
    Identified(ShownId),
    /// The mail's request was forgotten.
    #[error("the request of this mail was forgotten, and is not brought back; a new mail of AWS begins a new one")]
    Forgotten,
    /// Several requests lie in one bundle.
    #[error("these requests hang together by their mails, so none is forgotten alone: {}; port25 forget ID --all forgets them all", ids(.0))]
    HangTogether(Vec<ShownId>),
    /// Forgetting began, and could not be ended.
    #[error("the request is gone from every list, but not all of it is deleted yet: say it again, or let the next sweep go on")]
    HalfForgotten(#[source] StoreError),
    /// The table could not be read or written.
    #[error("the word could not be written")]
    Store(#[from] StoreError),
}

fn ids(ids: &[ShownId]) -> String {
    ids.iter().map(ShownId::as_str).collect::<Vec<_>>().join(", ")
}

/// An action as it is kept: who and why are one line each, and not longer than needed.
fn said(about: Reference, act: Act, by: &str, why: Option<&str>) -> Action {
    let why = why.map(|why| cut(&one_line(why), WHY_MAX)).filter(|why| !why.is_empty());
    Action { by: cut(&one_line(by), BY_MAX), about, act, why }
}
