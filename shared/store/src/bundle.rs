//! Reading a bundle: its version, entries and alerts, with everything that was merged into it.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::alert::{Alert, AlertId};
use domain::filing;
use domain::request::{Entry, Reference};
use jiff::Timestamp;

use crate::forget::Tombstone;
use crate::items::{Head, Item, Reader, read_alert, read_entry, read_head};
use crate::keys::{ALERT, ENTRY, HEAD, ItemKey};
use crate::table::{PK, SK, WORK};
use crate::{Address, Found, Store, StoreError};

/// How many hops of merged bundles are followed; a merge adds one, and the survivor is never absorbed by its own part.
const HOPS: usize = 16;

/// Everything that references connect, as stored, with the version that a change must find again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Where it lives.
    pub address: Address,
    /// The head's version.
    pub version: u64,
    /// When a sweep is to look at it, as stored.
    pub look_at: Option<Timestamp>,
    /// Partitions that were merged into it.
    pub absorbed: Vec<Address>,
    /// All entries, also those of absorbed partitions.
    pub entries: Vec<Entry>,
    /// All alerts, also those of absorbed partitions.
    pub alerts: Vec<Alert>,
    /// Where each alert's item is, in the order of `alerts`.
    pub places: Vec<Place>,
    /// Its further heads (a tangled bundle) by their sort keys; one that cannot be read is written anew.
    pub(crate) further_heads: Vec<(String, Option<Head>)>,
}

/// The one bundle that references lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// The bundle, with everything that becomes part of it; `None` when the references lead nowhere.
    pub home: Option<Bundle>,
    /// Those that become part of it, as they were read.
    pub absorb: Vec<Bundle>,
}

/// What lives at an address.
#[derive(Debug)]
pub(crate) enum Lives {
    /// Nothing ever did.
    Nothing,
    /// What did was forgotten, or is being forgotten.
    Forgotten(Tombstone),
    /// A bundle.
    Bundle(Bundle),
}

/// Where an alert's item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub(crate) ItemKey);

impl Store {
    /// Reads a bundle with one consistent query (and one more for each partition merged into it). An address that was merged
    /// leads to the survivor. `None` when nothing lives there, or what did was forgotten.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn bundle(&self, address: &Address) -> Result<Option<Bundle>, StoreError> {
        Ok(match self.lives_at(address).await? {
            Lives::Bundle(bundle) => Some(bundle),
            Lives::Forgotten(_) | Lives::Nothing => None,
        })
    }

    pub(crate) async fn lives_at(&self, address: &Address) -> Result<Lives, StoreError> {
        let mut at = address.clone();
        for _ in 0..HOPS {
            let items = self.partition(&at).await?;
            let Some(head) = items.iter().find(|i| Reader::new(i).opt(SK) == Some(HEAD)) else { return Ok(Lives::Nothing) };
            let r = Reader::checked(head)?;
            if let Some(survivor) = r.opt("merged_into") {
                at = Address(survivor.to_owned());
                continue;
            }
            if let Some(tombstone) = Tombstone::read(&at, &r)? {
                return Ok(Lives::Forgotten(tombstone));
            }
            let mut bundle = Bundle {
                address: at,
                version: r.number("version")?,
                look_at: r.opt(WORK.sort).and_then(|t| t.parse().ok()),
                absorbed: r.texts("absorbed").into_iter().map(|a| Address(a.to_owned())).collect(),
                entries: Vec::new(),
                alerts: Vec::new(),
                places: Vec::new(),
                further_heads: Vec::new(),
            };
            bundle.take(&items)?;
            for absorbed in bundle.absorbed.clone() {
                let items = self.partition(&absorbed).await?;
                bundle.take(&items)?;
            }
            return Ok(Lives::Bundle(bundle));
        }
        Err(StoreError::Item { pk: address.0.clone(), sk: HEAD.to_owned(), what: "merged_into" })
    }

    /// The one bundle of everything that these references lead to (`None` when they lead nowhere), and those among them that
    /// become part of it, as they were read. The change that is made of both is lost when one of them changed meanwhile. `None` is
    /// a lost race: a reference led to what was forgotten since it was read, so look it up again.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn gather(&self, references: &[Reference], found: &Found) -> Result<Option<Gathered>, StoreError> {
        // Addresses that lead to the same bundle by now count once.
        let mut bundles: HashMap<Address, Bundle> = HashMap::new();
        let mut order = Vec::new();
        let mut asked: Vec<&Address> = Vec::new();
        for address in references.iter().filter_map(|r| found.places.get(r)) {
            if asked.contains(&address) {
                continue;
            }
            asked.push(address);
            match self.lives_at(address).await? {
                Lives::Bundle(bundle) => {
                    order.push(bundle.address.clone());
                    bundles.insert(bundle.address.clone(), bundle);
                }
                Lives::Forgotten(tombstone) => {
                    let leading = references.iter().filter(|r| found.places.get(r) == Some(address));
                    self.step_back(&tombstone, address, leading).await?;
                    return Ok(None);
                }
                Lives::Nothing => {}
            }
        }
        let place = filing::place(&order);
        let absorb: Vec<Bundle> = place.absorb.iter().filter_map(|a| bundles.remove(a)).collect();
        let mut home = place.home.and_then(|a| bundles.remove(&a));
        if let Some(home) = &mut home {
            for other in &absorb {
                home.absorb(other.clone());
            }
        }
        Ok(Some(Gathered { home, absorb }))
    }

    /// Backwards: the head with the version is read first, so what is written between two pages makes a change on them a lost one.
    pub(crate) async fn partition(&self, address: &Address) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let asked = QueryInput::builder()
                .consistent_read(true)
                .scan_index_forward(false)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", AttributeValue::S(address.as_str().to_owned()))
                .set_exclusive_start_key(from);
            let answer = self.query("read a request", asked).await?;
            items.extend(answer.items.unwrap_or_default());
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}

impl Bundle {
    /// Which edition of its history this is: it grows with every mail and every act, and not with an alert. What a person read is what
    /// they act on; that a reminder went out meanwhile does not change it.
    pub fn edition(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap_or(u64::MAX)
    }

    fn take(&mut self, items: &[Item]) -> Result<(), StoreError> {
        for item in items {
            let r = Reader::new(item);
            let (pk, sk) = (r.text(PK)?, r.text(SK)?);
            if sk.starts_with(ENTRY) {
                self.entries.push(read_entry(item)?);
            } else if sk.starts_with(ALERT) {
                self.alerts.push(read_alert(item)?);
                self.places.push(Place(ItemKey { pk: pk.to_owned(), sk: sk.to_owned() }));
            } else if sk != HEAD && pk == self.address.as_str() {
                let head = match read_head(item) {
                    Err(newer @ StoreError::Newer { .. }) => return Err(newer),
                    read => read.ok(),
                };
                self.further_heads.push((sk.to_owned(), head));
            }
        }
        Ok(())
    }

    /// Takes in another bundle, as the change that absorbs it will find it.
    pub fn absorb(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.alerts.extend(other.alerts);
        self.places.extend(other.places);
        self.absorbed.extend(other.absorbed);
        self.absorbed.push(other.address);
    }

    /// The alert with this identity, and where its item is.
    pub fn alert(&self, id: &AlertId) -> Option<(&Place, &Alert)> {
        self.places.iter().zip(&self.alerts).find(|(_, alert)| alert.id == *id)
    }
}
