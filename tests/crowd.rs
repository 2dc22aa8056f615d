//! Many requests at once. One is filed by ingest; the others are its items with the ids, hashes and shards that ingest would give them,
//! written in batches. A test holds the copies against what ingest writes.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use domain::ids::{EntryId, Key, MessageId, hash_hex};
use domain::trust::Trust;

use crate::world::{Letter, World};

/// The table of a [`World`].
const TABLE: &str = "promises";
/// Most items of one batch.
const BATCH: usize = 25;

type Item = HashMap<String, AttributeValue>;

/// AWS's confirmation of request `n`, with what it says of it.
pub(crate) fn letter_saying(n: usize, at: &str, what: &str) -> Letter {
    let text = format!(
        "We have received your request to remove the port 25 email sending limitations {what}\r\n\r\nRequest ID: {}\r\n",
        aws_id(n)
    );
    Letter::aws(&message_id(n), at, "Your request", &text)
}

fn aws_id(n: usize) -> String {
    format!("1700000{n:08}")
}

fn message_id(n: usize) -> String {
    format!("m{n:08}@amazon")
}

/// What is written of request `n`, by every name that its items have.
fn names(n: usize) -> [String; 7] {
    let (id, object) = (MessageId::parse(&message_id(n)).unwrap(), object(n));
    let entry = EntryId::of_mail(Trust::Verified, &id).to_string();
    let [of_id, of_object] = [id.as_str(), &object].map(|name| hash_hex(&[name.as_bytes()], 16));
    [aws_id(n), id.to_string(), entry, Key::of(&id).to_string(), of_id, of_object, object]
}

/// The key of its object.
pub(crate) fn object(n: usize) -> String {
    format!("object-of-{n:08}")
}

/// Files the first of `range`, and copies it until all of them are there.
pub(crate) async fn fill(world: &World, range: std::ops::Range<usize>, letter: impl Fn(usize) -> Letter) {
    let first = range.start;
    let before: HashSet<[String; 2]> = items(world).await.iter().map(key).collect();
    world.deliver(&object(first), &letter(first).bytes()).await;
    let template: Vec<Item> = items(world).await.into_iter().filter(|item| !before.contains(&key(item))).collect();
    let old = names(first);
    let mut batch = Vec::new();
    for n in first + 1..range.end {
        let new = names(n);
        for item in &template {
            let put = PutRequest::builder().set_item(Some(copied(item, &old, &new))).build().unwrap();
            batch.push(WriteRequest::builder().put_request(put).build());
        }
        while batch.len() >= BATCH || (n + 1 == range.end && !batch.is_empty()) {
            let some = batch.drain(..batch.len().min(BATCH)).collect();
            write(&world.client, some).await;
        }
    }
}

async fn write(client: &Client, some: Vec<WriteRequest>) {
    let done = client.batch_write_item().request_items(TABLE, some).send().await.unwrap();
    assert!(done.unprocessed_items().is_none_or(HashMap::is_empty), "the engine takes all of a batch");
}

/// Everything in the table. Only where it is small: what is filled is not read again.
pub(crate) async fn items(world: &World) -> Vec<Item> {
    let pages = world.client.scan().table_name(TABLE).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.unwrap()
}

fn key(item: &Item) -> [String; 2] {
    ["pk", "sk"].map(|name| item[name].as_s().unwrap().clone())
}

fn copied(item: &Item, old: &[String; 7], new: &[String; 7]) -> Item {
    let mut copy: Item = item.iter().map(|(name, value)| (name.clone(), renamed(value, old, new))).collect();
    if copy.contains_key("work") {
        let shard = shard(copy["pk"].as_s().unwrap());
        copy.insert("work".to_owned(), AttributeValue::S(shard));
    }
    copy
}

fn renamed(value: &AttributeValue, old: &[String; 7], new: &[String; 7]) -> AttributeValue {
    match value {
        AttributeValue::S(text) => AttributeValue::S(old.iter().zip(new).fold(text.clone(), |text, (old, new)| text.replace(old, new))),
        AttributeValue::L(all) => AttributeValue::L(all.iter().map(|value| renamed(value, old, new)).collect()),
        AttributeValue::M(all) => AttributeValue::M(all.iter().map(|(name, value)| (name.clone(), renamed(value, old, new))).collect()),
        other => other.clone(),
    }
}

/// As the store spreads the index of work.
fn shard(pk: &str) -> String {
    let sum = pk.bytes().fold(0u8, |sum, b| sum.wrapping_mul(31).wrapping_add(b));
    format!("w{}", sum % store::WORK_SHARDS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_what_ingest_writes() {
    let at = "2026-11-20T11:00:00Z";
    let (mut copies, mut filed) = (World::new().await, World::new().await);
    copies.ignore_alerts();
    filed.ignore_alerts();
    for world in [&copies, &filed] {
        world.advance_to("2026-11-20T12:00:00Z");
    }
    let letter = |n| letter_saying(n, at, "in eu-west-1.");
    fill(&copies, 0..12, letter).await;
    for n in 0..12 {
        filed.deliver(&object(n), &letter(n).bytes()).await;
    }
    let (copies, filed) = (sorted(items(&copies).await), sorted(items(&filed).await));
    assert!(filed.len() > 12 * 4);
    assert_eq!(copies, filed);
}

fn sorted(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_key(key);
    items
}
