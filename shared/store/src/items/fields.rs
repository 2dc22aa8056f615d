//! Building and reading items attribute by attribute.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::{Item, SCHEMA};
use crate::StoreError;
use crate::keys::{ItemKey, time};
use crate::table::{PK, SK};

/// Builds an item attribute by attribute; `None` and empty lists are left out.
pub(crate) struct Writer(Item);

impl Writer {
    pub(crate) fn new(key: &ItemKey) -> Self {
        Self(HashMap::new()).text(PK, &key.pk).text(SK, &key.sk).number("schema", SCHEMA)
    }

    pub(crate) fn bare() -> Self {
        Self(HashMap::new())
    }

    pub(crate) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn time(self, name: &str, at: Timestamp) -> Self {
        self.text(name, time(at))
    }

    pub(crate) fn number(mut self, name: &str, value: impl ToString) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.to_string()));
        self
    }

    pub(crate) fn flag(mut self, name: &str, value: bool) -> Self {
        if value {
            self.0.insert(name.to_owned(), AttributeValue::Bool(true));
        }
        self
    }

    pub(crate) fn texts<'a>(self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.list(name, values.into_iter().map(|v| AttributeValue::S(v.to_owned())).collect())
    }

    pub(super) fn list(mut self, name: &str, values: Vec<AttributeValue>) -> Self {
        if !values.is_empty() {
            self.0.insert(name.to_owned(), AttributeValue::L(values));
        }
        self
    }

    pub(crate) fn done(self) -> Item {
        self.0
    }
}

/// Reads an item attribute by attribute; what is missing or malformed is an error that names the item.
pub(crate) struct Reader<'a>(pub(super) &'a Item);

impl<'a> Reader<'a> {
    pub(crate) const fn new(item: &'a Item) -> Self {
        Self(item)
    }

    /// The same, of an item whose form may be a newer program's.
    ///
    /// # Errors
    /// When it is: this program would read it wrong, and write back what it did not understand.
    pub(crate) fn checked(item: &'a Item) -> Result<Self, StoreError> {
        let r = Self(item);
        let schema = if item.contains_key("schema") { r.number("schema")? } else { 0 };
        if schema > SCHEMA {
            let key = |name| r.opt(name).unwrap_or("?").to_owned();
            return Err(StoreError::Newer { pk: key(PK), sk: key(SK), schema });
        }
        Ok(r)
    }

    pub(crate) fn wrong(&self, what: &'static str) -> StoreError {
        StoreError::Item { pk: self.opt(PK).unwrap_or("?").to_owned(), sk: self.opt(SK).unwrap_or("?").to_owned(), what }
    }

    pub(crate) fn opt(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(|v| v.as_s().ok()).map(String::as_str)
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&'a str, StoreError> {
        self.opt(name).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn parsed<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        self.opt(name).and_then(parse).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn time(&self, name: &'static str) -> Result<Timestamp, StoreError> {
        self.parsed(name, |t| Timestamp::from_str(t).ok())
    }

    pub(crate) fn number<T: FromStr>(&self, name: &'static str) -> Result<T, StoreError> {
        self.0.get(name).and_then(|v| v.as_n().ok()).and_then(|n| n.parse().ok()).ok_or_else(|| self.wrong(name))
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(|v| v.as_bool().ok()).copied().unwrap_or(false)
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<&'a str> {
        let list = self.0.get(name).and_then(|v| v.as_l().ok());
        list.into_iter().flatten().filter_map(|v| v.as_s().ok()).map(String::as_str).collect()
    }

    pub(super) fn all<T>(&self, name: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
        self.texts(name).into_iter().map(parse).collect::<Option<_>>().ok_or_else(|| self.wrong(name))
    }
}
