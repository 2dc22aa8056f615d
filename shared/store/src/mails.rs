//! Mails that ended without a request: found by any of their names, and listed in pages, newest first.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::filing::Ending;
use domain::ids::{EntryId, MessageId};
use domain::trust::Trust;
use jiff::Timestamp;

use crate::items::{Item, Reader, StoredMail, read_stored_mail};
use crate::keys::{ItemKey, time};
use crate::table::{BY_TURN, SORT_KEY_MAX};
use crate::{Store, StoreError};

/// How many items one call examines at most.
const EXAMINED_MAX: usize = 500;
/// How many items one query asks for at most.
const QUERY_MAX: usize = 100;

/// Which mails that ended without a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailList {
    /// Kept apart for a person.
    Quarantined,
    /// About none of our requests.
    Ignored,
}

/// What a list of mails shows: those stored in [`from`, `until`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailFilter {
    /// Which mails.
    pub which: MailList,
    /// Only those that named an open request when they came, or only the others.
    pub names_open: Option<bool>,
    /// The beginning.
    pub from: Timestamp,
    /// The end.
    pub until: Timestamp,
}

/// A page of mails, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPage {
    /// What it holds.
    pub items: Vec<StoredMail>,
    /// Where the next begins, with the same filter; `None` at the end.
    pub next: Option<String>,
}

impl Store {
    /// Mails that ended without a request and were stored in [`from`, `until`), newest first, at most `limit`.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mails(&self, which: MailList, from: Timestamp, until: Timestamp, limit: i32) -> Result<Vec<StoredMail>, StoreError> {
        let filter = MailFilter { which, names_open: None, from, until };
        let limit = usize::try_from(limit).unwrap_or(0);
        Ok(self.mail_page(&filter, None, limit).await?.items)
    }

    /// A page of mails behind `after`. It may be short, or empty, and still have a next one.
    ///
    /// # Errors
    /// When the table cannot be reached.
    pub async fn mail_page(&self, filter: &MailFilter, after: Option<&str>, limit: usize) -> Result<MailPage, StoreError> {
        let mut page = MailPage { items: Vec::new(), next: None };
        let mut after = after.map(str::to_owned);
        let mut examined = 0;
        while page.items.len() < limit && examined < EXAMINED_MAX {
            let wanted = if filter.names_open.is_some() { QUERY_MAX } else { (limit - page.items.len()).min(QUERY_MAX) };
            let (items, last) = self.mail_items(filter, after.as_deref(), wanted).await?;
            examined += wanted;
            for item in &items {
                if page.items.len() >= limit {
                    page.next = after;
                    return Ok(page);
                }
                page.items.push(read_stored_mail(item)?);
                after = Some(Reader::new(item).text(BY_TURN.sort)?.to_owned());
            }
            let Some(last) = last else { return Ok(page) };
            after = Some(last);
        }
        page.next = after;
        Ok(page)
    }

    /// One query: what matches among at most `limit` items behind `after`, and the place of the last examined if there are more.
    async fn mail_items(&self, filter: &MailFilter, after: Option<&str>, limit: usize) -> Result<(Vec<Item>, Option<String>), StoreError> {
        let list = match filter.which {
            MailList::Quarantined => Ending::Quarantined(String::new()),
            MailList::Ignored => Ending::Ignored(String::new()),
        };
        let (from, until) = (time(filter.from), time(filter.until));
        let until = after.map_or(until.clone(), |after| until.min(after.to_owned()));
        // A place that somebody changed: DynamoDB refuses a range whose end is before its beginning, and what is longer than a key.
        if from > until || until.len() > SORT_KEY_MAX {
            return Ok((Vec::new(), None));
        }
        let mut asked = QueryInput::builder()
            .index_name(BY_TURN.name)
            .key_condition_expression("#list = :list AND #at BETWEEN :from AND :until")
            .expression_attribute_names("#list", BY_TURN.partition)
            .expression_attribute_names("#at", BY_TURN.sort)
            .expression_attribute_values(":list", AttributeValue::S(list.as_str().to_owned()))
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":until", AttributeValue::S(until))
            .scan_index_forward(false)
            // The one behind which the page begins is examined again and left out: a place names one mail.
            .limit(i32::try_from(limit.max(1) + usize::from(after.is_some())).unwrap_or(i32::MAX));
        if let Some(open) = filter.names_open {
            let test = if open { "attribute_exists(#open)" } else { "attribute_not_exists(#open)" };
            asked = asked.filter_expression(test).expression_attribute_names("#open", "names_open");
        }
        let answer = self.query("list mails", asked).await?;
        let last = answer.last_evaluated_key.as_ref().map(|key| Ok(Reader::new(key).text(BY_TURN.sort)?.to_owned())).transpose()?;
        let mut items = answer.items.unwrap_or_default();
        items.retain(|item| after.is_none() || Reader::new(item).opt(BY_TURN.sort) != after);
        Ok((items, last))
    }

    /// The mail that this names: the key of its object, the id of its entry, or its Message-ID. Of several copies it is the one
    /// that counts: the most trusted.
    ///
    /// # Errors
    /// When the table cannot be reached, or an item has a form that this version does not know.
    pub async fn mail(&self, name: &str) -> Result<Option<StoredMail>, StoreError> {
        let name = name.trim();
        let object = ItemKey::object(name);
        let entry = EntryId::parse(name).map(|id| ItemKey::mail_of(&id));
        let items = self.get_all([&object].into_iter().chain(&entry)).await?;
        let message_id = if let Some(item) = entry.and_then(|key| items.get(&key).cloned()) {
            Some(read_stored_mail(&item)?.message_id)
        } else if let Some(item) = items.get(&object) {
            let key = ItemKey::alone(Reader::new(item).text("mail")?.to_owned());
            let mail = self.get_all([&key].into_iter()).await?;
            mail.get(&key).map(read_stored_mail).transpose()?.map(|mail| mail.message_id)
        } else {
            MessageId::parse(name)
        };
        let Some(message_id) = message_id else { return Ok(None) };
        let copies = Trust::ALL.map(|trust| ItemKey::mail(trust, &message_id));
        let items = self.get_all(copies.iter()).await?;
        let mut found = items.values().map(read_stored_mail).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|mail| mail.trust);
        Ok(found.pop())
    }
}
