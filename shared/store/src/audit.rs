//! The audit's item: where it goes on in the bucket, and when it is due. And which objects have an ending.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::{AttributeValue, Put};
use jiff::{SignedDuration, Timestamp};

use crate::commit::Commit;
use crate::items::{Item, Reader, Writer};
use crate::keys::{ItemKey, shard, time};
use crate::look_up::BATCH;
use crate::table::WORK;
use crate::{Store, StoreError, failed};

/// The audit as it was claimed: nobody else runs it in this hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditClaim {
    hour: String,
    /// The last key that was looked at; `None` at the beginning of the bucket.
    pub after: Option<String>,
}

impl Store {
    /// Makes the audit due, if it is not known yet. It also opens the connection to the table.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn plan_audit(&self, now: Timestamp) -> Result<(), StoreError> {
        let first = Writer::new(&ItemKey::audit()).text("hour", "").done();
        self.transact(vec![self.put_new(due(first, now))?]).await.map(drop)
    }

    /// Claims the audit of this UTC hour: recorded before it is made, so that a crash costs an hour and repeats nothing within it.
    /// `None` when it was claimed in this hour already.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn claim_audit(&self, now: Timestamp) -> Result<Option<AuditClaim>, StoreError> {
        let key = ItemKey::audit();
        let items = self.get_all([&key].into_iter()).await?;
        let known = items.get(&key);
        let before = known.map(|item| Reader::checked(item)?.text("hour")).transpose()?;
        let hour = time(now).get(..13).unwrap_or_default().to_owned();
        if before == Some(&hour) {
            return Ok(None);
        }
        let after = known.and_then(|item| Reader::new(item).opt("after")).map(str::to_owned);
        let next = Writer::new(&key).text("hour", &hour).maybe("after", after.as_deref()).done();
        match self.put_audit(due(next, next_hour(now)), before).await? {
            Commit::Done => Ok(Some(AuditClaim { hour, after })),
            Commit::Lost => Ok(None),
        }
    }

    /// Stores where the next audit goes on; `None` begins anew.
    ///
    /// # Errors
    /// When the table cannot be reached; the same page is then looked at again.
    pub async fn end_audit(&self, claim: &AuditClaim, after: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        let next = Writer::new(&ItemKey::audit()).text("hour", &claim.hour).maybe("after", after).done();
        self.put_audit(due(next, next_hour(now)), Some(&claim.hour)).await.map(drop)
    }

    /// Which of these objects have an ending.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn ended(&self, objects: &[String]) -> Result<HashSet<String>, StoreError> {
        let mut found = HashSet::new();
        for some in objects.chunks(BATCH) {
            let keys: Vec<ItemKey> = some.iter().map(|object| ItemKey::object(object)).collect();
            let items = self.get_all(keys.iter()).await?;
            found.extend(some.iter().zip(&keys).filter(|(_, key)| items.contains_key(key)).map(|(object, _)| object.clone()));
        }
        Ok(found)
    }

    async fn put_audit(&self, item: Item, hour: Option<&str>) -> Result<Commit, StoreError> {
        let Some(hour) = hour else { return self.transact(vec![self.put_new(item)?]).await };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("#hour = :hour")
            .expression_attribute_names("#hour", "hour")
            .expression_attribute_values(":hour", AttributeValue::S(hour.to_owned()));
        let put = put.build().map_err(failed("build a put"))?;
        self.transact(vec![aws_sdk_dynamodb::types::TransactWriteItem::builder().put(put).build()]).await
    }
}

/// The item with its place in the index of work.
fn due(mut item: Item, at: Timestamp) -> Item {
    item.insert(WORK.partition.to_owned(), AttributeValue::S(shard(&ItemKey::audit().pk)));
    item.insert(WORK.sort.to_owned(), AttributeValue::S(time(at)));
    item
}

/// Some minutes into the next UTC hour: summaries go first, at its first minute.
fn next_hour(now: Timestamp) -> Timestamp {
    let start = now.as_second() - now.as_second().rem_euclid(3600);
    Timestamp::from_second(start + 3600).unwrap_or(now).checked_add(SignedDuration::from_mins(5)).unwrap_or(now)
}
