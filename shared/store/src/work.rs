//! The sweep's side: what is due, and the claims that guard each sending.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, TransactWriteItem, Update};
use domain::alert::{Alert, Cause, LEASE, Planned, State};
use jiff::Timestamp;

use crate::bundle::{Bundle, Place};
use crate::commit::{Commit, ITEMS_MAX};
use crate::items::{Item, Reader, read_alert, write_alert};
use crate::keys::{ItemKey, WORK_SHARDS, shard, shard_name, time};
use crate::look_up::primary;
use crate::table::{PK, WORK};
use crate::{Address, Store, StoreError, failed};

/// Something that is due to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// A bundle: one of its requests or alerts.
    Bundle(Address),
    /// A summary of one cause and hour (or day).
    Summary(Cause, String),
    /// The audit of the bucket.
    Audit,
}

/// Some of what is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The longest due first.
    pub work: Vec<Work>,
    /// Where to go on; `None` at the end.
    pub next: Option<WorkPosition>,
}

/// A place in the index of work.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkPosition(Item);

/// The end of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to send.
    Won(Alert),
    /// Another sweep has it, or the request changed: its next look decides.
    Lost,
}

impl Store {
    /// What is due in one shard, the longest due first, without doubles, and where to go on; at most `limit` index entries are
    /// read. What stays due (it cannot be read, say) never hides what stands behind it.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn work(&self, shard: u8, now: Timestamp, from: Option<WorkPosition>, limit: i32) -> Result<Due, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(WORK.name)
            .key_condition_expression("#shard = :shard AND #at <= :now")
            .expression_attribute_names("#shard", WORK.partition)
            .expression_attribute_names("#at", WORK.sort)
            .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
            .expression_attribute_values(":now", AttributeValue::S(time(now)))
            .set_exclusive_start_key(from.map(|p| p.0))
            .limit(limit)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(failed("ask what is due"))?;
        self.spend(answer.consumed_capacity());
        let audit = ItemKey::audit();
        let mut work: Vec<Work> = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let r = Reader::new(&item);
            let pk = r.text(PK)?;
            let found = match pk.strip_prefix("S#").and_then(|rest| rest.split_once('#')) {
                _ if pk == audit.pk => Work::Audit,
                Some((cause, hour)) => Work::Summary(Cause::parse(cause).ok_or_else(|| r.wrong("cause"))?, hour.to_owned()),
                None => Work::Bundle(Address(pk.to_owned())),
            };
            if !work.contains(&found) {
                work.push(found);
            }
        }
        Ok(Due { work, next: answer.last_evaluated_key.map(WorkPosition) })
    }

    /// When the next piece of work is due; `None` when there is none at all.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn next_work(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut next: Option<Timestamp> = None;
        for shard in 0..WORK_SHARDS {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(WORK.name)
                .key_condition_expression("#shard = :shard")
                .expression_attribute_names("#shard", WORK.partition)
                .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
                .limit(1)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(failed("ask what is due next"))?;
            self.spend(answer.consumed_capacity());
            for item in answer.items() {
                let at = Reader::new(item).time(WORK.sort)?;
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        Ok(next)
    }

    /// Claims an alert of a bundle for `owner`: one transaction on the condition that the head still has the version that the
    /// decision was based on. The attempt is recorded before it is made.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn claim(
        &self,
        bundle: &mut Bundle,
        planned: &Planned,
        owner: &str,
        look_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let id = &planned.id;
        let known = bundle.alerts.iter().position(|a| a.id == *id);
        let before = known.and_then(|i| bundle.alerts.get(i));
        let place = known.and_then(|i| bundle.places.get(i)).map_or_else(|| ItemKey::alert(&bundle.address, id), |p| p.0.clone());
        let alert = claimed(before.unwrap_or(&planned.pending(now)), owner, now);
        let put = self.put_over(&place, &alert, before)?;
        let head = self.touch(bundle, look_at)?;
        if self.transact(vec![head, put]).await? == Commit::Lost {
            return Ok(Claim::Lost);
        }
        bundle.version += 1;
        match known {
            Some(i) => bundle.alerts[i] = alert.clone(),
            None => {
                bundle.alerts.push(alert.clone());
                bundle.places.push(Place(place));
            }
        }
        Ok(Claim::Won(alert))
    }

    /// Moves an alert on, if it is still as it was read: after sending (sent, or a retry), or to withdraw it.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn settle(&self, place: &Place, before: &Alert, state: State) -> Result<Commit, StoreError> {
        let after = Alert { state, ..before.clone() };
        self.transact(vec![self.put_over(&place.0, &after, Some(before))?]).await
    }

    /// The same for many alerts that went out together, some in one transaction. Gives how many had changed meanwhile.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn settle_all(&self, alerts: &[(&Place, &Alert, State)]) -> Result<u32, StoreError> {
        let mut lost = 0;
        for some in alerts.chunks(ITEMS_MAX) {
            let puts = some.iter().map(|(place, before, state)| {
                let after = Alert { state: state.clone(), ..(*before).clone() };
                self.put_over(&place.0, &after, Some(before))
            });
            if self.transact(puts.collect::<Result<_, _>>()?).await? == Commit::Done {
                continue;
            }
            // One of them changed: each for itself.
            for (place, before, state) in some {
                lost += u32::from(self.settle(place, before, state.clone()).await? == Commit::Lost);
            }
        }
        Ok(lost)
    }

    /// Stores when a bundle is to be looked at next, if nobody changed it meanwhile.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn look_again(&self, bundle: &mut Bundle, look_at: Option<Timestamp>) -> Result<Commit, StoreError> {
        let done = self.transact(vec![self.touch(bundle, look_at)?]).await?;
        if done == Commit::Done {
            bundle.version += 1;
        }
        Ok(done)
    }

    /// A summary's alert, if it is there.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn summary(&self, cause: Cause, hour: &str) -> Result<Option<(Place, Alert)>, StoreError> {
        let key = ItemKey::summary(cause, hour);
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(primary(&key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(failed("read a summary"))?;
        self.spend(answer.consumed_capacity());
        answer.item.as_ref().map(|item| Ok((Place(key), read_alert(item)?))).transpose()
    }

    /// Opens the connection to the table by asking for an item that is not there, so that the first mail does not wait for it.
    ///
    /// # Errors
    /// When the table cannot be reached; the first real call will say so again.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        let key = ItemKey::summary(Cause::Quarantine, "warm-up");
        let asked = self.client.get_item().table_name(&self.table).set_key(Some(primary(&key))).projection_expression("pk");
        asked.send().await.map(drop).map_err(failed("open the connection"))
    }

    /// Claims a summary for `owner`.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn claim_summary(&self, place: &Place, before: &Alert, owner: &str, now: Timestamp) -> Result<Claim, StoreError> {
        let alert = claimed(before, owner, now);
        match self.transact(vec![self.put_over(&place.0, &alert, Some(before))?]).await? {
            Commit::Done => Ok(Claim::Won(alert)),
            Commit::Lost => Ok(Claim::Lost),
        }
    }

    /// The head's next version with the next time to look; the rest of it stays.
    fn touch(&self, bundle: &Bundle, look_at: Option<Timestamp>) -> Result<TransactWriteItem, StoreError> {
        let key = ItemKey::head(&bundle.address);
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(primary(&key)))
            .condition_expression("#version = :version AND attribute_not_exists(#merged)")
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#merged", "merged_into")
            .expression_attribute_names("#shard", WORK.partition)
            .expression_attribute_names("#at", WORK.sort)
            .expression_attribute_values(":version", AttributeValue::N(bundle.version.to_string()))
            .expression_attribute_values(":next", AttributeValue::N((bundle.version + 1).to_string()));
        update = match look_at {
            Some(at) => update
                .update_expression("SET #version = :next, #shard = :shard, #at = :at")
                .expression_attribute_values(":shard", AttributeValue::S(shard(&key.pk)))
                .expression_attribute_values(":at", AttributeValue::S(time(at))),
            None => update.update_expression("SET #version = :next REMOVE #shard, #at"),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(failed("build an update"))?).build())
    }

    /// Puts an alert over what was read: the same state and the same time to look, or nothing.
    fn put_over(&self, key: &ItemKey, alert: &Alert, before: Option<&Alert>) -> Result<TransactWriteItem, StoreError> {
        let Some(before) = before else { return self.put_new(write_alert(key, alert)) };
        let mut put = aws_sdk_dynamodb::types::Put::builder()
            .table_name(&self.table)
            .set_item(Some(write_alert(key, alert)))
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#attempts", "attempts")
            .expression_attribute_names("#at", WORK.sort)
            .expression_attribute_values(":state", AttributeValue::S(before.state.as_str().to_owned()))
            .expression_attribute_values(":attempts", AttributeValue::N(before.attempts.to_string()));
        put = match before.work_at() {
            Some(at) => put
                .condition_expression("#state = :state AND #attempts = :attempts AND #at = :at")
                .expression_attribute_values(":at", AttributeValue::S(time(at))),
            None => put.condition_expression("#state = :state AND #attempts = :attempts AND attribute_not_exists(#at)"),
        };
        Ok(TransactWriteItem::builder().put(put.build().map_err(failed("build a put"))?).build())
    }
}

fn claimed(before: &Alert, owner: &str, now: Timestamp) -> Alert {
    let until = now.checked_add(LEASE).unwrap_or(now);
    Alert { state: State::Sending { owner: owner.to_owned(), until }, attempts: before.attempts + 1, ..before.clone() }
}
