//! The canary's items: one that says when one was last sent and last arrived, and one for each nonce that is on its way.
//!
//! The nonce is there before the mail is sent, and goes with its arrival in one transaction: it is accepted once, whatever is repeated.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem, Update};
use domain::canary::LIFE;
use jiff::Timestamp;

use crate::commit::Commit;
use crate::items::{Reader, SCHEMA, Writer};
use crate::keys::{ItemKey, time};
use crate::look_up::primary;
use crate::table::{PK, TTL};
use crate::{Store, StoreError, failed};

/// What is known of the way of the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canary {
    /// When the first one was sent.
    pub first: Timestamp,
    /// When the last one was sent.
    pub sent: Timestamp,
    /// When one last arrived; `None`: never.
    pub arrived: Option<Timestamp>,
}

impl Canary {
    /// Since when none has arrived: what the alarm measures.
    pub fn waits_since(&self) -> Timestamp {
        self.arrived.unwrap_or(self.first)
    }
}

/// The arrival of a canary: a part of the change that files its mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The hash of its nonce.
    pub hash: String,
    /// When it was filed.
    pub at: Timestamp,
}

impl Store {
    /// Keeps the hash of a nonce, and that a canary is sent now. To be done before it is sent.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn begin_canary(&self, hash: &str, now: Timestamp) -> Result<Commit, StoreError> {
        let ends = now.checked_add(LIFE).unwrap_or(now);
        let nonce = Writer::new(&ItemKey::nonce(hash)).time("sent", now).time("ends", ends).number(TTL, ends.as_second()).done();
        let sent = self.canary_update("SET #schema = :schema, #at = :at, #first = if_not_exists(#first, :at)", "sent", now);
        let sent = sent.expression_attribute_names("#first", "first").build().map_err(failed("build an update"))?;
        self.transact(vec![self.put_new(nonce)?, TransactWriteItem::builder().update(sent).build()]).await
    }

    /// Whether a canary with this nonce is on its way, and not for too long.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item has a form that this version does not know.
    pub async fn expects_canary(&self, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let item = self.get(&ItemKey::nonce(hash)).await?;
        Ok(item.map(|item| Reader::checked(&item)?.time("ends")).transpose()?.is_some_and(|ends| now < ends))
    }

    /// When canaries were sent and arrived; `None`: none was ever sent.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item has a form that this version does not know.
    pub async fn canary(&self) -> Result<Option<Canary>, StoreError> {
        let Some(item) = self.get(&ItemKey::canary()).await? else { return Ok(None) };
        let r = Reader::checked(&item)?;
        let arrived = r.opt("arrived").map(|_| r.time("arrived")).transpose()?;
        Ok(Some(Canary { first: r.time("first")?, sent: r.time("sent")?, arrived }))
    }

    /// The nonce goes and its arrival is noted, if nobody was faster.
    pub(crate) fn write_arrival(&self, arrival: &Arrival, writes: &mut Vec<TransactWriteItem>) -> Result<(), StoreError> {
        let nonce = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(primary(&ItemKey::nonce(&arrival.hash))))
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK);
        let nonce = nonce.build().map_err(failed("build a delete"))?;
        writes.push(TransactWriteItem::builder().delete(nonce).build());
        let arrived = self.canary_update("SET #schema = :schema, #at = :at", "arrived", arrival.at);
        let arrived = arrived.build().map_err(failed("build an update"))?;
        writes.push(TransactWriteItem::builder().update(arrived).build());
        Ok(())
    }

    /// An update, because the sweep and ingest both write this item, each its own part.
    fn canary_update(&self, expression: &str, name: &str, at: Timestamp) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(primary(&ItemKey::canary())))
            .update_expression(expression)
            .expression_attribute_names("#schema", "schema")
            .expression_attribute_names("#at", name)
            .expression_attribute_values(":schema", AttributeValue::N(SCHEMA.to_string()))
            .expression_attribute_values(":at", AttributeValue::S(time(at)))
    }
}
