//! Forgetting a bundle: everything that it said goes, and tombstones stay, so that no copy of its mails brings it back.
//!
//! One transaction puts a tombstone over the head ([`Store::begin_forgetting`]): from then on nobody reads the bundle and nobody
//! can change it. The rest goes in steps ([`Store::finish_forgetting`]), each of which may be done twice: mails end as forgotten,
//! alerts and further heads are deleted, then the references, then the entries (they tell which references there are), and
//! last the name that was given and the tombstone's place in the index of work. So after a crash the same command finds it again, and
//! so does the next sweep.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use domain::filing::{message_ids, names};
use domain::ids::EntryId;
use domain::request::{Entry, Reference};
use domain::trust::Trust;
use jiff::{SignedDuration, Timestamp};

use crate::bundle::{Bundle, Lives};
use crate::commit::{Commit, ITEMS_MAX};
use crate::items::{Item, Reader, StoredMail, Writer, read_entry, read_stored_mail, write_stored_mail};
use crate::keys::{ALERT, ENTRY, HEAD, ItemKey, shard};
use crate::look_up::{BATCH, named, primary};
use crate::pause::jitter;
use crate::table::{PK, SK, WORK};
use crate::{Address, Store, StoreError, failed};

/// When a sweep goes on with what is unfinished: whoever began has had time to end.
const GRACE: SignedDuration = SignedDuration::from_mins(1);
/// How often a step is made again that somebody else's change got in the way of.
const ATTEMPTS: u32 = 5;
/// How long a change waits that met a request while it is being forgotten (as an attempt of [`jitter`]: up to 160 ms).
const STEP_BACK: u32 = 3;

/// What goes with a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The objects of its mails, copies too. They stay where they are: the table holds what was read of them.
    pub objects: Vec<String>,
    /// Its entries: mails and what people did.
    pub entries: usize,
    /// Its alerts, sent or not.
    pub alerts: usize,
}

/// A head that says that its bundle was forgotten.
#[derive(Clone, Debug)]
pub(crate) struct Tombstone {
    address: Address,
    version: u64,
    at: Timestamp,
    by: String,
    /// Whether something may be left.
    unfinished: bool,
    /// Partitions that were merged into it.
    absorbed: Vec<Address>,
    /// The references by which it was named: the last to go.
    named: Vec<ItemKey>,
}

impl Tombstone {
    /// The tombstone, if this head is one.
    pub(crate) fn read(address: &Address, head: &Reader<'_>) -> Result<Option<Self>, StoreError> {
        if head.opt("forgotten").is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            address: address.clone(),
            version: head.number("version")?,
            at: head.time("forgotten")?,
            by: head.text("by")?.to_owned(),
            unfinished: head.opt(WORK.sort).is_some(),
            absorbed: head.texts("absorbed").into_iter().map(|a| Address(a.to_owned())).collect(),
            named: head.texts("named").into_iter().map(|pk| ItemKey::alone(pk.to_owned())).collect(),
        }))
    }

    fn write(&self) -> Item {
        let key = ItemKey::head(&self.address);
        let head = Writer::new(&key).number("version", self.version).time("forgotten", self.at).text("by", &self.by);
        if !self.unfinished {
            return head.done();
        }
        head.texts("absorbed", self.absorbed.iter().map(Address::as_str))
            .texts("named", self.named.iter().map(|key| key.pk.as_str()))
            .text(WORK.partition, shard(&key.pk))
            .time(WORK.sort, self.at.checked_add(GRACE).unwrap_or(self.at))
            .done()
    }

    /// All partitions of the bundle.
    fn partitions(&self) -> Vec<Address> {
        [&self.address].into_iter().chain(&self.absorbed).cloned().collect()
    }
}

impl Store {
    /// What would go with a bundle.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn erasable(&self, bundle: &Bundle) -> Result<Erased, StoreError> {
        let mails = self.mails_of(&bundle.entries).await?;
        Ok(Erased { objects: objects(&mails), entries: bundle.entries.len(), alerts: bundle.alerts.len() })
    }

    /// Puts the tombstone over the head of a bundle, if it is still as it was read. `name` is the reference by which it stays to be
    /// found until nothing else is left.
    ///
    /// # Errors
    /// When the table cannot be reached; it may be there all the same.
    pub async fn begin_forgetting(&self, bundle: &Bundle, name: &str, by: &str, now: Timestamp) -> Result<Commit, StoreError> {
        let tombstone = Tombstone {
            address: bundle.address.clone(),
            version: bundle.version + 1,
            at: now,
            by: by.to_owned(),
            unfinished: true,
            absorbed: bundle.absorbed.clone(),
            named: named(name),
        };
        self.transact(vec![self.put(tombstone.write(), Some(bundle.version))?]).await
    }

    /// Deletes what is left behind a tombstone. `None` when there is no tombstone, or nothing is left.
    ///
    /// # Errors
    /// When the table cannot be reached: then it is to be done again, and goes on from there.
    pub async fn finish_forgetting(&self, address: &Address) -> Result<Option<Erased>, StoreError> {
        let Lives::Forgotten(tombstone) = self.lives_at(address).await? else { return Ok(None) };
        if !tombstone.unfinished {
            return Ok(None);
        }
        let partitions = tombstone.partitions();
        let (mut entries, mut entry_keys, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for item in self.all_of(&partitions).await? {
            let r = Reader::new(&item);
            let key = ItemKey { pk: r.text(PK)?.to_owned(), sk: r.text(SK)?.to_owned() };
            if key.sk.starts_with(ENTRY) {
                entries.push(read_entry(&item)?);
                entry_keys.push(key);
            } else if key.sk != HEAD {
                others.push(key);
            }
        }
        let mails = self.mails_of(&entries).await?;
        self.bury(&mails).await?;
        self.delete_all(&others).await?;
        let (references, keys) = names(&entries);
        let mut leading: Vec<ItemKey> = references.iter().map(ItemKey::reference).chain(keys.iter().map(ItemKey::shown_key)).collect();
        leading.retain(|key| !tombstone.named.contains(key));
        self.lead_nowhere(&leading, &partitions).await?;
        // Once more, for a copy whose ingest had looked before the first time and wrote after it.
        self.bury(&self.mails_of(&entries).await?).await?;
        self.delete_all(&entry_keys).await?;
        self.close(tombstone, &partitions).await?;
        let alerts = others.iter().filter(|key| key.sk.starts_with(ALERT)).count();
        Ok(Some(Erased { objects: objects(&mails), entries: entries.len(), alerts }))
    }

    /// When the bundle that this entry began was forgotten; `None` when it began none, or it was not. What is forgotten keeps its
    /// address, so the same entry cannot begin another.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn forgotten_at(&self, entry: &EntryId) -> Result<Option<Timestamp>, StoreError> {
        Ok(match self.lives_at(&Address::beginning_with(entry)).await? {
            Lives::Forgotten(tombstone) => Some(tombstone.at),
            Lives::Bundle(_) | Lives::Nothing => None,
        })
    }

    /// Makes way for a change that met a tombstone, so that it finds another place when it looks again: it waits for those who
    /// delete, or removes what still leads to where nothing is.
    pub(crate) async fn step_back(
        &self,
        tombstone: &Tombstone,
        address: &Address,
        leading: impl Iterator<Item = &Reference>,
    ) -> Result<(), StoreError> {
        if tombstone.unfinished {
            jitter(STEP_BACK).await;
            return Ok(());
        }
        let leading: Vec<ItemKey> = leading.map(ItemKey::reference).collect();
        self.lead_nowhere(&leading, std::slice::from_ref(address)).await
    }

    async fn all_of(&self, partitions: &[Address]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        for address in partitions {
            items.extend(self.partition(address).await?);
        }
        Ok(items)
    }

    /// The mails of entries, with every copy that was processed under another trust.
    async fn mails_of(&self, entries: &[Entry]) -> Result<Vec<StoredMail>, StoreError> {
        let copies = message_ids(entries).into_iter().flat_map(|id| Trust::ALL.map(|trust| ItemKey::mail(trust, id)));
        let keys: Vec<ItemKey> = copies.collect();
        let mut mails = Vec::new();
        for some in keys.chunks(BATCH) {
            let found = self.get_all(some.iter()).await?;
            for item in some.iter().filter_map(|key| found.get(key)) {
                mails.push(read_stored_mail(item)?);
            }
        }
        Ok(mails)
    }

    /// Lets mails end as forgotten.
    async fn bury(&self, mails: &[StoredMail]) -> Result<(), StoreError> {
        let left: Vec<&StoredMail> = mails.iter().filter(|mail| !mail.is_forgotten()).collect();
        for some in left.chunks(ITEMS_MAX) {
            let puts = some.iter().map(|mail| {
                let item = write_stored_mail(&ItemKey::mail(mail.trust, &mail.message_id), &mail.forgotten());
                self.put(item, None)
            });
            self.transact(puts.collect::<Result<_, _>>()?).await?;
        }
        Ok(())
    }

    async fn delete_all(&self, keys: &[ItemKey]) -> Result<(), StoreError> {
        for some in keys.chunks(ITEMS_MAX) {
            self.transact(some.iter().map(|key| self.delete(key)).collect::<Result<_, _>>()?).await?;
        }
        Ok(())
    }

    /// Deletes those of these references that lead to one of these partitions; one that leads elsewhere by now stays.
    async fn lead_nowhere(&self, keys: &[ItemKey], partitions: &[Address]) -> Result<(), StoreError> {
        for attempt in 1..=ATTEMPTS {
            let mut lost = false;
            for some in self.leading(keys, partitions).await?.chunks(ITEMS_MAX) {
                lost |= self.transact(some.to_vec()).await? == Commit::Lost;
            }
            if !lost {
                return Ok(());
            }
            jitter(attempt).await;
        }
        Err(StoreError::Contended(ATTEMPTS))
    }

    /// The deletes of those of these references that lead to one of these partitions.
    async fn leading(&self, keys: &[ItemKey], partitions: &[Address]) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut deletes = Vec::new();
        for some in keys.chunks(BATCH) {
            for (key, item) in self.get_all(some.iter()).await? {
                let to = Reader::new(&item).text("to")?;
                if !partitions.iter().any(|address| address.as_str() == to) {
                    continue;
                }
                let delete = Delete::builder()
                    .table_name(&self.table)
                    .set_key(Some(primary(&key)))
                    .condition_expression("#to = :to")
                    .expression_attribute_names("#to", "to")
                    .expression_attribute_values(":to", AttributeValue::S(to.to_owned()));
                deletes.push(TransactWriteItem::builder().delete(delete.build().map_err(failed("build a delete"))?).build());
            }
        }
        Ok(deletes)
    }

    /// The last step: the name goes, and the tombstone leaves the index of work.
    async fn close(&self, tombstone: Tombstone, partitions: &[Address]) -> Result<(), StoreError> {
        let closed = Tombstone { unfinished: false, ..tombstone };
        for attempt in 1..=ATTEMPTS {
            let mut writes = self.leading(&closed.named, partitions).await?;
            writes.push(self.put(closed.write(), Some(closed.version))?);
            if self.transact(writes).await? == Commit::Done {
                return Ok(());
            }
            // Somebody else was here, and maybe a new request has the name already.
            jitter(attempt).await;
        }
        Err(StoreError::Contended(ATTEMPTS))
    }
}

fn objects(mails: &[StoredMail]) -> Vec<String> {
    let mut objects: Vec<String> = mails.iter().map(|mail| mail.object.clone()).collect();
    objects.sort();
    objects.dedup();
    objects
}
