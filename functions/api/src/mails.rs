//! The stored mails behind the table, as this function may see them: the local program reads its folder, Lambda the bucket.

use std::future::Future;
use std::pin::Pin;

use domain::policy::Policy;
use domain::request::Entry;
use ingest::file::entry_of;
use ingest::inbox::Fetched;
use ingest::{Delivery, Origin, Signatures};
use jiff::Timestamp;
use store::StoredMail;

/// Why a stored mail could not be read again.
#[derive(Debug, thiserror::Error)]
#[error("the stored mail could not be read")]
pub struct Unread(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// What reading gives, when it is ready.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Entry, Unread>> + Send + 'a>>;

/// The entry that a stored mail would be, from its bytes.
pub fn reread(mail: &StoredMail, fetched: &Fetched, origin: Origin, policy: &Policy) -> Entry {
    let (bytes, truncated) = (fetched.bytes.as_slice(), fetched.truncated);
    let signatures = Signatures::default();
    let delivery = Delivery { object: &mail.object, bytes, truncated, verdicts: None, origin, signatures };
    entry_of(&delivery, mail, policy)
}

/// Where raw mails are.
pub trait Mails: Send + Sync {
    /// The entry that a mail would be, read again from its object: for one that ended without an entry, and is released.
    fn entry<'a>(&'a self, mail: &'a StoredMail) -> Reading<'a>;

    /// Since when the oldest mail waits that has no outcome yet; `None`: none does, or it cannot be seen from here.
    fn oldest_waiting(&self) -> Option<Timestamp> {
        None
    }
}
