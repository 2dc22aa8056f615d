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

/// The version of the items' form, written with each. What was written before there were versions counts as 0.
///
/// It grows when an older program would read an item wrong. A reader takes all forms up to its own and refuses newer ones; what it
/// writes has its own, so an item is brought up to date with its next change, and nothing has to go through the whole table.
pub const SCHEMA: u32 = 1;
