//! What the tracker says of itself: when it last swept, when mail last came, and which alerts are not sent yet.

use std::sync::atomic::Ordering;

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::alert::Alert;
use jiff::Timestamp;

use crate::commit::Commit;
use crate::items::{Item, Reader, Writer, read_alert};
use crate::keys::{ALERT, CAME, ItemKey, WORK_SHARDS, shard_name, time};
use crate::table::{BY_TURN, PK, SK, WORK};
use crate::work::is_alert;
use crate::{Address, Store, StoreError};

/// A sweep every minute would write every minute; who asks for the last one is content with this many seconds.
const BEAT_SECONDS: i64 = 240;
/// How many entries of the index of work one call examines at most, in each shard.
const EXAMINED_MAX: usize = 250;
/// An alert that is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The alert.
    pub alert: Alert,
    /// Where its request is; `None` for a summary.
    pub address: Option<Address>,
}

/// Alerts that are not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsentPage {
    /// The longest due first.
    pub items: Vec<Unsent>,
    /// How many have a form that this version does not know: the others are shown all the same.
    pub unreadable: usize,
    /// Whether all were looked at.
    pub whole: bool,
}

/// What the sweep says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// When one last ended well, to a few minutes.
    pub swept: Timestamp,
    /// The version of the program that swept; older ones did not say.
    pub program: Option<String>,
    /// The version of the items' form that it writes.
    pub schema: u32,
}

impl Store {
    /// Notes that a sweep ended well. Not each time: about every four minutes for each process.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn beat(&self, now: Timestamp) -> Result<(), StoreError> {
        let last = self.beaten.load(Ordering::Relaxed);
        if (now.as_second() - last).abs() < BEAT_SECONDS {
            return Ok(());
        }
        let item = Writer::new(&ItemKey::beat()).time("swept", now).text("program", env!("CARGO_PKG_VERSION")).done();
        if self.transact(vec![self.put(item, None)?]).await? == Commit::Done {
            self.beaten.store(now.as_second(), Ordering::Relaxed);
        }
        Ok(())
    }

    /// When a sweep last ended well, to a few minutes; `None`: never.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn last_sweep(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.pulse().await?.map(|pulse| pulse.swept))
    }

    /// What the last sweep said of itself; `None`: there was none. Read whatever form it has: it tells which program writes.
    ///
    /// # Errors
    /// When the table cannot be reached, or the item is none of ours.
    pub async fn pulse(&self) -> Result<Option<Pulse>, StoreError> {
        let Some(item) = self.get(&ItemKey::beat()).await? else { return Ok(None) };
        let r = Reader::new(&item);
        let schema = if item.contains_key("schema") { r.number("schema")? } else { 0 };
        Ok(Some(Pulse { swept: r.time("swept")?, program: r.opt("program").map(str::to_owned), schema }))
    }

    /// When a mail last got an outcome, whatever it was; `None`: none ever did. One query of one item.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn last_mail(&self) -> Result<Option<Timestamp>, StoreError> {
        let asked = QueryInput::builder()
            .index_name(BY_TURN.name)
            .key_condition_expression("#list = :list")
            .expression_attribute_names("#list", BY_TURN.partition)
            .expression_attribute_values(":list", AttributeValue::S(CAME.to_owned()))
            .scan_index_forward(false)
            .limit(1);
        let answer = self.query("ask for the last mail", asked).await?;
        answer.items().first().map(|item| Reader::new(item).time("stored")).transpose()
    }

    /// Alerts that are not sent and were due until `until`: at most 250 entries of each shard of the index of work are examined,
    /// the longest due first.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn unsent(&self, until: Timestamp) -> Result<UnsentPage, StoreError> {
        let mut keys = Vec::new();
        let mut whole = true;
        for shard in 0..WORK_SHARDS {
            let (found, all) = self.unsent_keys(shard, until).await?;
            keys.extend(found);
            whole &= all;
        }
        let (mut items, mut unreadable) = (Vec::new(), 0);
        for some in keys.chunks(100) {
            for (key, item) in self.get_all(some.iter()).await? {
                let address = key.sk.starts_with(ALERT).then(|| Address(key.pk.clone()));
                match read_alert(&item) {
                    Ok(alert) => items.push(Unsent { alert, address }),
                    Err(_) => unreadable += 1,
                }
            }
        }
        // Sent or withdrawn between the two questions.
        items.retain(|unsent| unsent.alert.work_at().is_some());
        items.sort_by(|a, b| (a.alert.work_at(), &a.alert.id).cmp(&(b.alert.work_at(), &b.alert.id)));
        Ok(UnsentPage { items, unreadable, whole })
    }

    async fn unsent_keys(&self, shard: u8, until: Timestamp) -> Result<(Vec<ItemKey>, bool), StoreError> {
        let mut keys = Vec::new();
        let mut from: Option<Item> = None;
        let mut examined = 0;
        loop {
            let asked = QueryInput::builder()
                .index_name(WORK.name)
                .key_condition_expression("#shard = :shard AND #at <= :until")
                .expression_attribute_names("#shard", WORK.partition)
                .expression_attribute_names("#at", WORK.sort)
                .expression_attribute_values(":shard", AttributeValue::S(shard_name(shard)))
                .expression_attribute_values(":until", AttributeValue::S(time(until)))
                .set_exclusive_start_key(from)
                .limit(i32::try_from(EXAMINED_MAX - examined).unwrap_or(1));
            let answer = self.query("ask for unsent alerts", asked).await?;
            examined += answer.items().len();
            for item in answer.items() {
                let r = Reader::new(item);
                let (pk, sk) = (r.text(PK)?, r.text(SK)?);
                if is_alert(pk, sk) {
                    keys.push(ItemKey { pk: pk.to_owned(), sk: sk.to_owned() });
                }
            }
            from = answer.last_evaluated_key;
            match &from {
                None => return Ok((keys, true)),
                Some(_) if examined >= EXAMINED_MAX => return Ok((keys, false)),
                Some(_) => {}
            }
        }
    }
}
