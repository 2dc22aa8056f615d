//! The sweep's side: what is due, and the claims that guard each sending.

use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::alert::{Alert, Cause, LEASE, Planned, State};
use jiff::Timestamp;

use crate::bundle::{Bundle, Place};
use crate::commit::{Commit, ITEMS_MAX};
use crate::items::{Item, Reader, read_alert, write_alert};
use crate::keys::{ALERT, ItemKey, RESOLVED, WORK_SHARDS, shard, shard_name, time};
use crate::look_up::primary;
use crate::table::{PK, SK, WORK};
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
#[derive(Debug)]
pub struct Due {
    /// The longest due first.
    pub work: Vec<DueWork>,
    /// What stands in the index under a name that this version does not know, and where: it is no reason to leave the rest.
    pub unknown: Vec<(StoreError, Spot)>,
    /// Whether an alert stands behind what is due, as far as was looked ahead.
    pub waits: bool,
    /// Where to go on; `None` at the end of what is due.
    pub next: Option<WorkPosition>,
}

/// Something that is due, with what the index says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueWork {
    /// What.
    pub work: Work,
    /// Since when: the earliest of its entries.
    pub since: Timestamp,
    /// The causes of the alerts that wait in it (ends left out), as far as they were read.
    pub waiting: Vec<Cause>,
    /// Its entries.
    pub spots: Vec<Spot>,
}

/// An entry of the index of work, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    key: ItemKey,
    at: String,
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

impl Due {
    /// Adds an entry of the index. One that this version does not know is set aside.
    fn add(&mut self, item: &Item) -> Result<(), StoreError> {
        let r = Reader::new(item);
        let (pk, sk, at) = (r.text(PK)?, r.text(SK)?, r.text(WORK.sort)?);
        let spot = Spot { key: ItemKey { pk: pk.to_owned(), sk: sk.to_owned() }, at: at.to_owned() };
        let work = match pk.strip_prefix("S#").and_then(|rest| rest.split_once('#')) {
            _ if spot.key == ItemKey::audit() => Ok(Work::Audit),
            Some((cause, name)) => Cause::parse(cause).map(|cause| Work::Summary(cause, name.to_owned())).ok_or("cause"),
            None if pk.starts_with("B#") => Ok(Work::Bundle(Address(pk.to_owned()))),
            None => Err(PK),
        };
        let (work, since) = match (work, r.time(WORK.sort)) {
            (Ok(work), Ok(since)) => (work, since),
            (Err(what), _) => {
                self.unknown.push((r.wrong(what), spot));
                return Ok(());
            }
            (_, Err(error)) => {
                self.unknown.push((error, spot));
                return Ok(());
            }
        };
        let waiting = waiting(&work, sk);
        match self.work.iter_mut().find(|known| known.work == work) {
            Some(known) => {
                known.waiting.extend(waiting);
                known.spots.push(spot);
            }
            None => self.work.push(DueWork { work, since, waiting: waiting.into_iter().collect(), spots: vec![spot] }),
        }
        Ok(())
    }
}

/// Whether an entry of the index is an alert. The heads of bundles are in it too, and the audit.
pub(crate) fn is_alert(pk: &str, sk: &str) -> bool {
    sk.starts_with(ALERT) || pk.starts_with("S#")
}

/// The cause of the alert that an entry is, if it is one and no end.
fn waiting(work: &Work, sk: &str) -> Option<Cause> {
    match work {
        Work::Summary(cause, _) => Some(*cause),
        Work::Bundle(_) => {
            let mut parts = sk.strip_prefix(ALERT)?.split('#').skip(1);
            let (cause, step) = (parts.next()?, parts.next()?);
            Cause::parse(cause).filter(|_| step != RESOLVED)
        }
        Work::Audit => None,
    }
}

impl Store {
    /// What is due in one shard, the longest due first, without doubles, and where to go on; at most `limit` index entries are
    /// read. What stays due (it cannot be read, say) never hides what stands behind it. Between `now` and `until` nothing is due;
    /// there it is only seen whether an alert waits.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn work(
        &self,
        shard: u8,
        now: Timestamp,
        until: Timestamp,
        from: Option<WorkPosition>,
        limit: i32,
    ) -> Result<Due, StoreError> {
        let asked = QueryInput::builder()
            .index_name(WORK.name)
            .key_condition_expression("#shard = :shard AND #at <= :until")
            .expression_attribute_names("#shard", WORK.partition)
            .expression_attribute_names("#at", WORK.sort)
            .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
            .expression_attribute_values(":until", AttributeValue::S(time(until)))
            .set_exclusive_start_key(from.map(|p| p.0))
            .limit(limit);
        let answer = self.query("ask what is due", asked).await?;
        let mut due = Due { work: Vec::new(), unknown: Vec::new(), waits: false, next: answer.last_evaluated_key.map(WorkPosition) };
        let now = time(now);
        for item in answer.items.unwrap_or_default() {
            let r = Reader::new(&item);
            if r.text(WORK.sort)? <= now.as_str() {
                due.add(&item)?;
                continue;
            }
            // Everything behind is later still. What was not read there may be an alert.
            due.waits |= due.next.take().is_some() || is_alert(r.text(PK)?, r.text(SK)?);
        }
        Ok(due)
    }

    /// Lets what could not be read wait until then, where it still stands as it was read: nothing that no retry cures stands in
    /// front of the others, and nothing is forgotten either.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn push_back(&self, spot: &Spot, until: Timestamp) -> Result<Commit, StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(primary(&spot.key)))
            .update_expression("SET #at = :until")
            .condition_expression("#at = :at")
            .expression_attribute_names("#at", WORK.sort)
            .expression_attribute_values(":at", AttributeValue::S(spot.at.clone()))
            .expression_attribute_values(":until", AttributeValue::S(time(until)));
        self.transact(vec![TransactWriteItem::builder().update(update.build().map_err(failed("build an update"))?).build()]).await
    }

    /// When the next piece of work is due; `None` when there is none at all.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn next_work(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut next: Option<Timestamp> = None;
        for shard in 0..WORK_SHARDS {
            let asked = QueryInput::builder()
                .index_name(WORK.name)
                .key_condition_expression("#shard = :shard")
                .expression_attribute_names("#shard", WORK.partition)
                .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
                .limit(1);
            let answer = self.query("ask what is due next", asked).await?;
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
        let asked = GetItemInput::builder().set_key(Some(primary(&key))).consistent_read(true);
        let answer = self.get_item("read a summary", asked).await?;
        answer.item.as_ref().map(|item| Ok((Place(key), read_alert(item)?))).transpose()
    }

    /// Opens the connection to the table by asking for an item that is not there, so that the first mail does not wait for it.
    ///
    /// # Errors
    /// When the table cannot be reached; the first real call will say so again.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        let key = ItemKey::summary(Cause::Quarantine, "warm-up");
        let asked = GetItemInput::builder().set_key(Some(primary(&key))).projection_expression("pk");
        self.get_item("open the connection", asked).await.map(drop)
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
    pub(crate) fn put_over(&self, key: &ItemKey, alert: &Alert, before: Option<&Alert>) -> Result<TransactWriteItem, StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::alert::{AlertId, Step};

    fn entry(key: &ItemKey, at: &str) -> Item {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        [(PK, &*key.pk), (SK, &*key.sk), (WORK.sort, at)].map(|(name, value)| (name.to_owned(), text(value))).into()
    }

    #[test]
    fn what_is_not_known_is_set_aside_and_the_rest_of_the_page_is_read() {
        let address = Address("B#1".to_owned());
        let alert = |cause, step| ItemKey::alert(&address, &AlertId { opening: "e".to_owned(), cause, step });
        let mut due = Due { work: Vec::new(), unknown: Vec::new(), waits: false, next: None };
        for (key, at) in [
            (ItemKey::alone("S#from-the-future#2026-11-20T10".to_owned()), "2026-11-20T10:00:00.000Z"),
            (ItemKey::head(&address), "2026-11-20T10:00:00.000Z"),
            (ItemKey::alone("X#1".to_owned()), "2026-11-20T10:00:00.000Z"),
            (alert(Cause::OurTurn, Step::Nth(1)), "2026-11-20T11:00:00.000Z"),
            (alert(Cause::Unclear, Step::Resolved), "2026-11-20T11:00:00.000Z"),
            (ItemKey::head(&Address("B#2".to_owned())), "yesterday"),
            (ItemKey::summary(Cause::Test, "2026-11-20"), "2026-11-20T12:00:00.000Z"),
            (ItemKey::audit(), "2026-11-20T12:00:00.000Z"),
        ] {
            due.add(&entry(&key, at)).unwrap();
        }
        assert_eq!(due.unknown.len(), 3);
        assert!(due.unknown.iter().all(|(error, _)| !error.curable()));
        let found: Vec<(Work, usize, Vec<Cause>)> = due.work.into_iter().map(|d| (d.work, d.spots.len(), d.waiting)).collect();
        let summary = Work::Summary(Cause::Test, "2026-11-20".to_owned());
        let want = [(Work::Bundle(address), 3, vec![Cause::OurTurn]), (summary, 1, vec![Cause::Test]), (Work::Audit, 1, Vec::new())];
        assert_eq!(found, want);
    }
}
