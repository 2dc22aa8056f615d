//! The table, in the domain's words. The only crate that knows DynamoDB.
//!
//! A mail's way: [`Store::look_up`] asks in one batch whether the mail is known and where its references lead;
//! [`Store::bundle`] reads one bundle with its version in one consistent query; [`Store::commit`] writes the decision in one
//! transaction, and a lost race is a value ([`Commit::Lost`]). A sweep's way: [`Store::work`] gives what is due, [`Store::claim`] and
//! [`Store::settle`] guard each sending. A person's forgetting is [`Store::begin_forgetting`] and [`Store::finish_forgetting`]. [`Store::list`] and [`Store::mail_page`] give pages. [`Store::claim_audit`] keeps the place of
//! the audit. `canary` keeps what is known of the mail's way, `access` who may ask, `status` what the tracker says of itself. Keys are
//! in `keys`, attributes in `items`, the definition in [`table`], the calls to DynamoDB in `calls`. Nothing scans.

mod access;
mod audit;
mod bundle;
mod calls;
mod canary;
mod commit;
mod forget;
mod items;
mod keys;
mod list;
mod look_up;
mod mails;
mod pause;
mod status;
pub mod table;
mod work;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::ConsumedCapacity;
use wire::{Service, WireError};

pub use access::{Scope, Session, Token};
pub use audit::AuditClaim;
pub use bundle::{Bundle, Gathered, Place};
pub use canary::{Arrival, Canary};
pub use commit::{BundleChange, Change, Commit, MailRecord, Release, Summary, new_keys};
pub use forget::Erased;
pub use items::{Head, SCHEMA, StoredMail};
pub use keys::WORK_SHARDS;
pub use list::{Filter, ListedTurn, Page, Position};
pub use look_up::{Found, Probe};
pub use mails::{MailFilter, MailList, MailPage};
pub use status::{Pulse, Unsent, UnsentPage};
pub use work::{Claim, Due, DueWork, Spot, Work, WorkPosition};

/// The table behind the product.
#[derive(Clone, Debug)]
pub struct Store {
    service: Service,
    table: String,
    spent: Arc<AtomicU64>,
    /// When the last sweep was noted, in seconds since 1970.
    beaten: Arc<AtomicI64>,
}

/// A partition in which a bundle lives. Only an address: never shown, never compared, no part of another identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// The address of a bundle that begins with this entry.
    pub fn beginning_with(entry: &domain::ids::EntryId) -> Self {
        Self(format!("B#{entry}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What went wrong with the table.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A call failed; a retry may cure it.
    #[error("could not {doing} ({code})")]
    Call {
        /// What was tried.
        doing: &'static str,
        /// The service's error code, or what kind of failure it was.
        code: String,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// An item does not have the form this version writes.
    #[error("the item {pk} {sk} cannot be read: {what}")]
    Item {
        /// Its partition key.
        pk: String,
        /// Its sort key.
        sk: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A newer version of the program wrote an item.
    #[error("the item {pk} {sk} has form {schema}, and this version of port25 knows forms up to {SCHEMA}: run the newer version")]
    Newer {
        /// Its partition key.
        pk: String,
        /// Its sort key.
        sk: String,
        /// The version of its form.
        schema: u32,
    },
    /// The same version was lost to others again and again.
    #[error("lost the race for the same request {0} times; the next attempt will see their work")]
    Contended(u32),
}

impl StoreError {
    /// Whether trying again may help without anybody changing anything.
    pub const fn curable(&self) -> bool {
        !matches!(self, Self::Item { .. } | Self::Newer { .. })
    }
}

impl Store {
    /// A store on a table that exists.
    pub fn new(service: Service, table: impl Into<String>) -> Self {
        Self { service, table: table.into(), spent: Arc::default(), beaten: Arc::new(AtomicI64::new(i64::MIN / 2)) }
    }

    /// The capacity units consumed through this store so far, as the service reports them (`ConsumedCapacity`).
    pub fn spent(&self) -> f64 {
        // Half units are the smallest; thousandths keep them exact.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53 thousandths")]
        let thousandths = self.spent.load(Ordering::Relaxed) as f64;
        thousandths / 1000.0
    }

    fn spend<'a>(&self, consumed: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        let units: f64 = consumed.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "units are small and positive")]
        self.spent.fetch_add((units * 1000.0).round() as u64, Ordering::Relaxed);
    }
}

/// Turns an SDK error into ours, with the code of the service where there is one.
pub(crate) fn failed<E>(doing: &'static str) -> impl FnOnce(E) -> StoreError
where
    E: Error + Send + Sync + 'static + Coded,
{
    move |error| StoreError::Call { doing, code: error.coded(), source: Box::new(error) }
}

/// An error that may carry a service's code.
pub(crate) trait Coded {
    fn coded(&self) -> String;
}

impl<E: ProvideErrorMetadata, R> Coded for SdkError<E, R> {
    fn coded(&self) -> String {
        let kind = match self {
            Self::ConstructionFailure(_) => "construction",
            Self::TimeoutError(_) => "timeout",
            Self::DispatchFailure(_) => "no connection",
            Self::ResponseError(_) => "unreadable answer",
            _ => "service",
        };
        self.code().unwrap_or(kind).to_owned()
    }
}

impl Coded for WireError {
    fn coded(&self) -> String {
        let kind = match self {
            Self::Request(_) => "construction",
            Self::Silent => "timeout",
            Self::Connection(_) => "no connection",
            Self::Broken(_) | Self::Unreadable(_) => "unreadable answer",
            Self::Refused { .. } => "service",
        };
        self.code().unwrap_or(kind).to_owned()
    }
}

impl Coded for aws_sdk_dynamodb::error::BuildError {
    fn coded(&self) -> String {
        "build".to_owned()
    }
}
