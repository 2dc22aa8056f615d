//! Items: every attribute's name, once, and the conversions between items and the domain's values. One file for each kind of item.

mod alert;
mod entry;
mod fields;
mod head;
mod mail;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

pub(crate) use alert::{read_alert, write_alert};
pub(crate) use entry::{read_entry, write_entry};
pub(crate) use fields::{Reader, Writer};
pub use head::Head;
pub(crate) use head::{head_attributes, read_head};
pub use mail::StoredMail;
pub(crate) use mail::{read_stored_mail, write_stored_mail};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The version of the items' form, written with each.
pub(crate) const SCHEMA: u32 = 1;
