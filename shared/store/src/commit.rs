//! The one transaction that records what a mail or an action changes.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use domain::alert::{Alert, AlertId, Cause, State, Step, owed, period};
use domain::due::look_at;
use domain::ids::Key;
use domain::policy::Policy;
use domain::request::{Entry, Reference, Request, ShownId, fold};
use jiff::{SignedDuration, Timestamp};

use crate::bundle::Bundle;
use crate::canary::Arrival;
use crate::items::{Head, Item, StoredMail, Writer, head_attributes, write_alert, write_entry, write_stored_mail};
use crate::keys::{CAME, ItemKey, shard, time};
use crate::look_up::primary;
use crate::pause::jitter;
use crate::table::{BY_TURN, PK, SK, WORK};
use crate::{Address, Store, StoreError, failed};

/// How often a transaction that met another one, or throttling, is tried again before it is an error.
pub(crate) const ATTEMPTS: u32 = 5;
/// Items of one transaction. DynamoDB takes 100; ours stay small so that they collide and cost little.
pub(crate) const ITEMS_MAX: usize = 25;

/// What a mail or an action changes. All of it is written, or none.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The mail item and its object's, for a mail.
    pub mail: Option<MailRecord>,
    /// The bundle and what happens to it, if it is about one.
    pub bundle: Option<BundleChange>,
    /// A mail that ended without an entry, and now is one.
    pub released: Option<Release>,
    /// A summary that must tell of it.
    pub summary: Option<Summary>,
    /// The canary that this mail is.
    pub canary: Option<Arrival>,
}

/// A mail that a person gave an entry.
#[derive(Clone, Debug)]
pub struct Release {
    /// As it was read.
    pub before: StoredMail,
    /// As it is kept from now on.
    pub after: StoredMail,
}

/// A bundle after the change.
#[derive(Clone, Debug)]
pub struct BundleChange {
    /// The bundle as it was read, absorbed ones included; `None` begins one with the first of `entries`.
    pub before: Option<Bundle>,
    /// Bundles that become part of it, as they were read.
    pub absorb: Vec<Bundle>,
    /// The new entries, at least one.
    pub entries: Vec<Entry>,
    /// References that nobody claimed yet.
    pub claims: Vec<Reference>,
    /// Keys that are shown for the first time.
    pub keys: Vec<Key>,
    /// The requests after the fold.
    pub requests: Vec<Request>,
    /// Alerts that are owed now.
    pub alerts: Vec<Alert>,
    /// When a sweep must look at it next.
    pub look_at: Option<Timestamp>,
}

/// How a mail ended.
#[derive(Clone, Debug)]
pub struct MailRecord {
    /// What is kept of it.
    pub mail: StoredMail,
    /// Less trusted copies of it, which end as superseded.
    pub supersedes: Vec<StoredMail>,
    /// Whether a copy of the mail is known already: then only the object's ending is new.
    pub object_only: bool,
}

/// A summary alert: one per cause and UTC hour (or day), due after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What it is about.
    pub cause: Cause,
    /// The UTC hour, `2026-11-20T10`, or day, `2026-11-20`.
    pub hour: String,
    /// When it is sent.
    pub due: Timestamp,
    /// When it was made.
    pub made: Timestamp,
}

/// The end of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// Written.
    Done,
    /// Somebody else changed what the decision was based on: read again and decide again.
    Lost,
}

impl Store {
    /// Writes a change in one transaction.
    ///
    /// # Errors
    /// When the table cannot be reached, or stays busy; nothing was written then, or all of it was and the answer got lost.
    pub async fn commit(&self, change: &Change) -> Result<Commit, StoreError> {
        let mut writes = Vec::new();
        if let Some(record) = &change.mail {
            self.write_record(record, &mut writes)?;
        }
        if let Some(release) = &change.released {
            writes.push(self.write_release(release)?);
        }
        if let Some(bundle) = &change.bundle {
            self.write_bundle(bundle, &mut writes)?;
        }
        if let Some(summary) = &change.summary {
            writes.push(self.write_summary(summary)?);
        }
        if let Some(arrival) = &change.canary {
            self.write_arrival(arrival, &mut writes)?;
        }
        let done = self.transact(writes).await?;
        if done == Commit::Lost {
            // Those who lost to each other do not all come back at once.
            jitter(1).await;
        }
        Ok(done)
    }

    fn write_record(&self, record: &MailRecord, writes: &mut Vec<TransactWriteItem>) -> Result<(), StoreError> {
        let mail = &record.mail;
        let key = ItemKey::mail(mail.trust, &mail.message_id);
        let object = ItemKey::object(&mail.object);
        let came = format!("{}#{}", time(mail.stored), object.pk);
        let object = Writer::new(&object)
            .text("mail", &key.pk)
            .text("object", &mail.object)
            .text("ending", &mail.ending)
            .time("stored", mail.stored)
            .text(BY_TURN.partition, CAME)
            .text(BY_TURN.sort, came);
        writes.push(self.put_new(object.done())?);
        if !record.object_only {
            writes.push(self.put_new(write_stored_mail(&key, mail))?);
        }
        for twin in &record.supersedes {
            let item = write_stored_mail(&ItemKey::mail(twin.trust, &twin.message_id), twin);
            writes.push(self.put(item, None)?);
        }
        Ok(())
    }

    /// The mail's item, if it still ends as it was read.
    fn write_release(&self, release: &Release) -> Result<TransactWriteItem, StoreError> {
        let key = ItemKey::mail(release.after.trust, &release.after.message_id);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(write_stored_mail(&key, &release.after)))
            .condition_expression("#ending = :ending")
            .expression_attribute_names("#ending", "ending")
            .expression_attribute_values(":ending", AttributeValue::S(release.before.ending.clone()));
        Ok(TransactWriteItem::builder().put(put.build().map_err(failed("build a put"))?).build())
    }

    fn write_bundle(&self, change: &BundleChange, writes: &mut Vec<TransactWriteItem>) -> Result<(), StoreError> {
        let begun = || change.entries.first().map(|entry| Address::beginning_with(&entry.id));
        let Some(address) = change.before.as_ref().map(|b| b.address.clone()).or_else(begun) else { return Ok(()) };
        let absorbed: Vec<&Address> = change.before.iter().flat_map(|b| &b.absorbed).collect();
        let version = change.before.as_ref().map_or(0, |b| b.version);
        let entries: Vec<Entry> = change.before.iter().flat_map(|b| &b.entries).chain(&change.entries).cloned().collect();
        let mut heads = change.requests.iter().map(|request| Head::of(request, &entries));

        let first = heads.next();
        let before: BTreeMap<&str, Option<&Head>> =
            change.before.iter().flat_map(|b| &b.further_heads).map(|(sk, head)| (sk.as_str(), head.as_ref())).collect();
        let mut further = BTreeSet::new();
        for request in heads {
            let key = ItemKey::further_head(&address, request.id.as_str());
            // Only what changed: a thread of many requests stays one small transaction for each mail.
            if before.get(key.sk.as_str()) != Some(&Some(&request)) {
                writes.push(self.put(head_attributes(Writer::new(&key), &request).done(), None)?);
            }
            further.insert(key.sk);
        }
        for stale in before.into_keys().filter(|sk| !further.contains(*sk)) {
            writes.push(self.delete(&ItemKey { pk: address.as_str().to_owned(), sk: stale.to_owned() })?);
        }
        for other in &change.absorb {
            let key = ItemKey::head(&other.address);
            let gone = Writer::new(&key).number("version", other.version + 1).text("merged_into", address.as_str());
            writes.push(self.put(gone.done(), Some(other.version))?);
            for (sk, _) in &other.further_heads {
                writes.push(self.delete(&ItemKey { pk: other.address.as_str().to_owned(), sk: sk.clone() })?);
            }
        }
        for entry in &change.entries {
            writes.push(self.put_new(write_entry(&address, entry))?);
        }
        for key in change.claims.iter().map(ItemKey::reference) {
            writes.push(self.put_new(Writer::new(&key).text("to", address.as_str()).done())?);
        }
        for key in change.keys.iter().map(ItemKey::shown_key) {
            writes.push(self.put(Writer::new(&key).text("to", address.as_str()).done(), None)?);
        }
        // What does not fit is owed still: the next sweep looks at this bundle and finds it.
        let room = ITEMS_MAX.saturating_sub(writes.len() + 2);
        for alert in change.alerts.iter().take(room) {
            let known = change.before.as_ref().and_then(|bundle| bundle.alert(&alert.id));
            let key = known.map_or_else(|| ItemKey::alert(&address, &alert.id), |(place, _)| place.0.clone());
            writes.push(self.put_over(&key, alert, known.map(|(_, before)| before))?);
        }
        let left = change.alerts.iter().skip(room).filter_map(Alert::work_at);
        let key = ItemKey::head(&address);
        let mut head = Writer::new(&key).number("version", version + 1).texts("absorbed", absorbed.iter().map(|a| a.as_str()));
        if let Some(at) = left.chain(change.look_at).min() {
            head = head.text("work", shard(&key.pk)).time("work_at", at);
        }
        if let Some(first) = first {
            head = head_attributes(head, &first);
        }
        writes.push(self.put(head.done(), Some(version))?);
        Ok(())
    }

    /// Makes the summary if it is not there; one that is there tells of this too, because its content is read when it is sent. One
    /// that was sent, or is being sent, is owed again, under the same identity.
    fn write_summary(&self, summary: &Summary) -> Result<TransactWriteItem, StoreError> {
        let key = ItemKey::summary(summary.cause, &summary.hour);
        let id = AlertId { opening: summary.hour.clone(), cause: summary.cause, step: Step::Nth(1) };
        let alert = Alert { id, state: State::Pending { at: summary.due }, standing: false, made: summary.made, attempts: 0, skipped: 0 };
        let mut update = Update::builder().table_name(&self.table).set_key(Some(primary(&key)));
        let mut sets = Vec::new();
        let again = ["state", WORK.partition, WORK.sort];
        let mut item: Vec<(String, AttributeValue)> =
            write_alert(&key, &alert).into_iter().filter(|(name, _)| name != PK && name != SK).collect();
        item.sort_by(|a, b| a.0.cmp(&b.0));
        for (n, (name, value)) in item.into_iter().enumerate() {
            sets.push(if again.contains(&name.as_str()) {
                format!("#n{n} = :v{n}")
            } else {
                format!("#n{n} = if_not_exists(#n{n}, :v{n})")
            });
            update = update.expression_attribute_names(format!("#n{n}"), name).expression_attribute_values(format!(":v{n}"), value);
        }
        let update = update.update_expression(format!("SET {}", sets.join(", "))).build().map_err(failed("build an update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// A put, on the condition that the item has this version (0: that it is not there), or on none.
    pub(crate) fn put(&self, item: Item, version: Option<u64>) -> Result<TransactWriteItem, StoreError> {
        let mut put = Put::builder().table_name(&self.table).set_item(Some(item));
        match version {
            None => {}
            Some(0) => put = put.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK),
            Some(version) => {
                put = put
                    .condition_expression("#version = :version AND attribute_not_exists(#merged)")
                    .expression_attribute_names("#version", "version")
                    .expression_attribute_names("#merged", "merged_into")
                    .expression_attribute_values(":version", AttributeValue::N(version.to_string()));
            }
        }
        Ok(TransactWriteItem::builder().put(put.build().map_err(failed("build a put"))?).build())
    }

    pub(crate) fn put_new(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        self.put(item, Some(0))
    }

    pub(crate) fn delete(&self, key: &ItemKey) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder().table_name(&self.table).set_key(Some(primary(key)));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(failed("build a delete"))?).build())
    }

    /// Runs a transaction. A failed condition is [`Commit::Lost`]; a conflict with another transaction or throttling is tried
    /// again, and then an error; reasons that we do not know are errors.
    pub(crate) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Commit, StoreError> {
        if writes.is_empty() {
            return Ok(Commit::Done);
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Err(error) = self.transact_write_items(writes.clone()).await else { return Ok(Commit::Done) };
            match error.said().map(outcome) {
                Some(Cancelled::Lost) => return Ok(Commit::Lost),
                Some(Cancelled::Busy) if attempt < ATTEMPTS => jitter(attempt).await,
                _ => return Err(failed("write a change")(error)),
            }
        }
    }
}

enum Cancelled {
    Lost,
    Busy,
    Unknown,
}

fn outcome(error: &TransactWriteItemsError) -> Cancelled {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return match error {
            TransactWriteItemsError::TransactionInProgressException(_) => Cancelled::Busy,
            _ => Cancelled::Unknown,
        };
    };
    let codes: Vec<&str> = cancelled.cancellation_reasons().iter().filter_map(|r| r.code()).filter(|c| *c != "None").collect();
    let busy = |code: &&str| matches!(*code, "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded");
    if codes.is_empty() {
        Cancelled::Unknown
    } else if codes.iter().all(|c| *c == "ConditionalCheckFailed" || busy(c)) {
        if codes.iter().any(busy) { Cancelled::Busy } else { Cancelled::Lost }
    } else {
        Cancelled::Unknown
    }
}

impl BundleChange {
    /// What new entries change in a bundle: folded, with the alerts that are owed now and the next time to look.
    pub fn of(
        before: Option<Bundle>,
        absorb: Vec<Bundle>,
        new: Vec<Entry>,
        claims: Vec<Reference>,
        policy: &Policy,
        now: Timestamp,
    ) -> Self {
        let (entries_before, alerts_before) = before.as_ref().map_or((&[][..], &[][..]), |b| (&b.entries[..], &b.alerts[..]));
        let shown_before = fold(entries_before);
        let mut entries = entries_before.to_vec();
        entries.extend(new.iter().cloned());
        let requests = fold(&entries);
        let alerts: Vec<_> = owed(&requests, alerts_before, policy, now).iter().map(|p| p.pending(now)).collect();
        let all: Vec<_> = alerts_before.iter().chain(&alerts).cloned().collect();
        let look_at = requests.iter().filter_map(|r| look_at(r, &all, policy)).min();
        let keys = new_keys(&shown_before, &requests);
        Self { before, absorb, entries: new, claims, keys, requests, alerts, look_at }
    }
}

impl Summary {
    /// The summary that tells of something that happened `now`: the one of this UTC hour, sent a minute after the hour is over.
    pub fn of(cause: Cause, now: Timestamp) -> Self {
        let hour = time(now).get(..13).unwrap_or_default().to_owned();
        let start = now.as_second() - now.as_second().rem_euclid(3600);
        let due = Timestamp::from_second(start + 3600 + 60).unwrap_or(now);
        Self { cause, hour, due, made: now }
    }

    /// The summary of a whole UTC day (`2026-11-20`), sent two minutes after its end: after that of its last hour. `None` when
    /// this is no day.
    pub fn of_day(cause: Cause, day: &str, now: Timestamp) -> Option<Self> {
        let (_, end) = period(day)?;
        let due = end.checked_add(SignedDuration::from_mins(2)).ok()?;
        Some(Self { cause, hour: day.to_owned(), due, made: now })
    }
}

/// The keys among these requests that were not shown before.
pub fn new_keys(before: &[Request], after: &[Request]) -> Vec<Key> {
    let shown = |r: &Request| match &r.id {
        ShownId::Key(key) => Some(key.clone()),
        ShownId::Aws(_) => None,
    };
    let old: BTreeSet<Key> = before.iter().filter_map(shown).collect();
    after.iter().filter_map(shown).filter(|key| !old.contains(key)).collect()
}
