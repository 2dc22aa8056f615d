//! The keys of the table: the only place that knows how a thing's name becomes a partition and a sort key.

use domain::alert::{AlertId, Cause, Step};
use domain::ids::{EntryId, Key, MessageId, hash_hex};
use domain::request::{Entry, Reference};
use domain::trust::Trust;
use jiff::Timestamp;

use crate::Address;

/// How many partitions the index of work is split into. One alone would take a thousand writes a second; each one more costs every
/// sweep a query.
pub const WORK_SHARDS: u8 = 2;

/// The sort key of a bundle's first head: the item that carries the version.
pub(crate) const HEAD: &str = "HEAD";
/// The sort key of items that are alone in their partition.
pub(crate) const ALONE: &str = "-";
/// The prefix of entries' sort keys.
pub(crate) const ENTRY: &str = "E#";
/// The prefix of alerts' sort keys.
pub(crate) const ALERT: &str = "A#";

/// The last part of the sort key of an alert that tells of an end.
pub(crate) const RESOLVED: &str = "resolved";

/// The partition of the list index in which every object stands that ingest gave an outcome, by when: the newest says when mail last came.
pub(crate) const CAME: &str = "came";

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemKey {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl ItemKey {
    pub(crate) fn alone(pk: String) -> Self {
        Self { pk, sk: ALONE.to_owned() }
    }

    pub(crate) fn head(address: &Address) -> Self {
        Self { pk: address.as_str().to_owned(), sk: HEAD.to_owned() }
    }

    /// The head of a further request in a tangled bundle.
    pub(crate) fn further_head(address: &Address, shown: &str) -> Self {
        Self { pk: address.as_str().to_owned(), sk: format!("{HEAD}#{shown}") }
    }

    pub(crate) fn entry(address: &Address, entry: &Entry) -> Self {
        Self { pk: address.as_str().to_owned(), sk: format!("{ENTRY}{}#{}", time(entry.at), entry.id) }
    }

    pub(crate) fn alert(address: &Address, id: &AlertId) -> Self {
        let step = match id.step {
            Step::Nth(n) => format!("{n:010}"),
            Step::Resolved => RESOLVED.to_owned(),
        };
        Self { pk: address.as_str().to_owned(), sk: format!("{ALERT}{}#{}#{step}", id.opening, id.cause.as_str()) }
    }

    /// The summary of one cause and one UTC hour.
    pub(crate) fn summary(cause: Cause, hour: &str) -> Self {
        Self::alone(format!("S#{}#{hour}", cause.as_str()))
    }

    pub(crate) fn reference(reference: &Reference) -> Self {
        match reference {
            Reference::Aws(id) => Self::alone(format!("R#A#{id}")),
            Reference::Message(id) => Self::alone(format!("R#M#{}", hash_hex(&[id.as_str().as_bytes()], 16))),
        }
    }

    pub(crate) fn shown_key(key: &Key) -> Self {
        Self::alone(format!("R#K#{key}"))
    }

    /// A mail by its trust and Message-ID: under the id that its entry has, or would have.
    pub(crate) fn mail(trust: Trust, id: &MessageId) -> Self {
        Self::mail_of(&EntryId::of_mail(trust, id))
    }

    pub(crate) fn mail_of(entry: &EntryId) -> Self {
        Self::alone(format!("M#{entry}"))
    }

    /// The one item of the audit: its cursor, and when it is due.
    pub(crate) fn audit() -> Self {
        Self::alone("T#audit".to_owned())
    }

    /// When a canary was last sent, and last arrived.
    pub(crate) fn canary() -> Self {
        Self::alone("T#canary".to_owned())
    }

    /// A canary on its way, by the hash of its nonce.
    pub(crate) fn nonce(hash: &str) -> Self {
        Self::alone(format!("T#nonce#{hash}"))
    }

    /// What the sweep says of itself.
    pub(crate) fn beat() -> Self {
        Self::alone("T#beat".to_owned())
    }

    pub(crate) fn token(hash: &str) -> Self {
        Self::alone(format!("T#token#{hash}"))
    }

    pub(crate) fn session(hash: &str) -> Self {
        Self::alone(format!("T#session#{hash}"))
    }

    pub(crate) fn code(hash: &str) -> Self {
        Self::alone(format!("T#code#{hash}"))
    }

    pub(crate) fn object(key: &str) -> Self {
        Self::alone(format!("O#{}", hash_hex(&[key.as_bytes()], 16)))
    }
}

/// The shard of the index of work that a partition's items lie in.
pub(crate) fn shard(pk: &str) -> String {
    let sum = pk.bytes().fold(0u8, |sum, b| sum.wrapping_mul(31).wrapping_add(b));
    shard_name(sum % WORK_SHARDS)
}

pub(crate) fn shard_name(shard: u8) -> String {
    format!("w{shard}")
}

/// A time as it sorts: RFC 3339 in UTC with exactly three decimals.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}
