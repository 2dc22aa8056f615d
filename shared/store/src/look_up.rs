//! One consistent batch get: is this object or mail known, and where do its references lead?

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::ids::{AwsId, Key, MessageId};
use domain::request::Reference;
use domain::trust::Trust;

use crate::items::{Item, Reader, StoredMail, read_stored_mail};
use crate::keys::ItemKey;
use crate::pause::jitter;
use crate::table::{PK, SK};
use crate::{Address, Store, StoreError, failed};

/// How often keys that the service left unprocessed are asked for again.
const ATTEMPTS: u32 = 5;
/// DynamoDB answers at most 100 keys of a batch get.
pub(crate) const BATCH: usize = 100;

/// What is asked of a mail.
#[derive(Clone, Debug)]
pub struct Probe<'a> {
    /// The key of its object in the bucket.
    pub object: &'a str,
    /// Its Message-ID; copies under every trust are asked for.
    pub message_id: &'a MessageId,
    /// Where it may belong.
    pub references: &'a [Reference],
}

/// What is known of it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The ending of this very object, if it was processed before.
    pub object: Option<String>,
    /// Copies of the mail that were processed, by trust.
    pub twins: HashMap<Trust, StoredMail>,
    /// The bundles that references lead to.
    pub places: HashMap<Reference, Address>,
}

impl Store {
    /// Asks for everything that decides about a mail, in one batch of at most 25 keys.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn look_up(&self, probe: &Probe<'_>) -> Result<Found, StoreError> {
        let object = ItemKey::object(probe.object);
        let twins = Trust::ALL.map(|trust| ItemKey::mail(trust, probe.message_id));
        let references: Vec<ItemKey> = probe.references.iter().map(ItemKey::reference).collect();
        let keys = [&object].into_iter().chain(&twins).chain(&references);
        let items = self.get_all(keys).await?;
        let mut found = Found::default();
        if let Some(item) = items.get(&object) {
            found.object = Some(Reader::new(item).text("ending")?.to_owned());
        }
        for item in twins.iter().filter_map(|key| items.get(key)) {
            let twin = read_stored_mail(item)?;
            found.twins.insert(twin.trust, twin);
        }
        found.places = places(probe.references, &references, &items)?;
        Ok(found)
    }

    /// The bundles that these references lead to.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn places(&self, references: &[Reference]) -> Result<HashMap<Reference, Address>, StoreError> {
        let keys: Vec<ItemKey> = references.iter().map(ItemKey::reference).collect();
        let items = self.get_all(keys.iter()).await?;
        places(references, &keys, &items)
    }

    /// The bundle that this text leads to: AWS's id, our key, or a Message-ID.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn find(&self, text: &str) -> Result<Option<Address>, StoreError> {
        let keys = named(text);
        let items = self.get_all(keys.iter()).await?;
        let first = keys.iter().find_map(|key| items.get(key));
        first.map(|item| Ok(Address(Reader::new(item).text("to")?.to_owned()))).transpose()
    }

    /// The items with these keys. A key that is named twice is asked for once: DynamoDB refuses a batch that has one twice.
    pub(crate) async fn get_all<'a>(&self, keys: impl Iterator<Item = &'a ItemKey>) -> Result<HashMap<ItemKey, Item>, StoreError> {
        let mut wanted = KeysAndAttributes::builder().consistent_read(true);
        let mut asked: HashSet<&ItemKey> = HashSet::new();
        for key in keys {
            if asked.insert(key) {
                wanted = wanted.keys(primary(key));
            }
        }
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let mut wanted = Some(wanted.build().map_err(failed("build a batch get"))?);
        let mut found = HashMap::new();
        let mut attempt = 0;
        while let Some(request) = wanted.take() {
            let answer = self.batch_get_item("look up a mail's references", request).await?;
            for item in answer.responses.unwrap_or_default().into_values().flatten() {
                let r = Reader::new(&item);
                let key = ItemKey { pk: r.text(PK)?.to_owned(), sk: r.text(SK)?.to_owned() };
                found.insert(key, item);
            }
            wanted = answer.unprocessed_keys.unwrap_or_default().into_values().next();
            if wanted.is_some() {
                attempt += 1;
                if attempt >= ATTEMPTS {
                    return Err(StoreError::Contended(attempt));
                }
                jitter(attempt).await;
            }
        }
        Ok(found)
    }
}

fn places(references: &[Reference], keys: &[ItemKey], items: &HashMap<ItemKey, Item>) -> Result<HashMap<Reference, Address>, StoreError> {
    let found = references.iter().zip(keys).filter_map(|(reference, key)| Some((reference.clone(), items.get(key)?)));
    found.map(|(reference, item)| Ok((reference, Address(Reader::new(item).text("to")?.to_owned())))).collect()
}

/// The items by which this text may lead to a bundle: AWS's id, our key, or a Message-ID.
pub(crate) fn named(text: &str) -> Vec<ItemKey> {
    let key = Key::parse(text).map(|key| ItemKey::shown_key(&key));
    let aws = AwsId::parse(text).map(|id| ItemKey::reference(&Reference::Aws(id)));
    let message = MessageId::parse(text).map(|id| ItemKey::reference(&Reference::Message(id)));
    key.into_iter().chain(aws).chain(message).collect()
}

/// A primary key as the SDK wants it.
pub(crate) fn primary(key: &ItemKey) -> Item {
    [(PK.to_owned(), AttributeValue::S(key.pk.clone())), (SK.to_owned(), AttributeValue::S(key.sk.clone()))].into()
}
