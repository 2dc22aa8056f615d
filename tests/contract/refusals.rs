//! What the engines refuse, held against each of them, so that a new version which differs is noticed: the store never asks for what
//! one of them refuses and another one takes.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, KeysAndAttributes, Put, TransactWriteItem};

use super::one;
use crate::engine::Kind;
use crate::world::World;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn key(pk: &str) -> HashMap<String, AttributeValue> {
    [("pk".to_owned(), text(pk)), ("sk".to_owned(), text("-"))].into()
}

/// The code of a refusal; `None` when it was taken.
fn code<T, E: ProvideErrorMetadata + std::fmt::Debug>(answer: Result<T, E>) -> Option<String> {
    answer.err().map(|error| error.code().unwrap_or("?").to_owned())
}

/// Asks the index of work with a condition on its sort key between these two.
async fn asks(world: &World, condition: &str, values: &[(&str, &str)], consistent: bool) -> Option<String> {
    let mut query = world
        .client
        .query()
        .table_name(&world.engine.table)
        .index_name("work")
        .consistent_read(consistent)
        .key_condition_expression(format!("#w = :w AND {condition}"))
        .expression_attribute_names("#w", "work")
        .expression_attribute_values(":w", text("w0"));
    for (name, value) in values {
        query = query.expression_attribute_values(*name, text(value));
    }
    code(query.send().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_every_engine_refuses_is_refused() {
    let world = World::new().await;
    one(&world).await;
    let refused = Some("ValidationException".to_owned());
    // Why cursors are compared before they are asked with.
    assert_eq!(asks(&world, "work_at BETWEEN :a AND :b", &[(":a", "9"), (":b", "1")], false).await, refused, "a range backwards");
    let empty = world.client.put_item().table_name(&world.engine.table).set_item(Some(key("x"))).item("work", text(""));
    assert_eq!(code(empty.send().await), refused, "an empty key of an index");
    // Why one transaction names each item once, and one batch each key once.
    let put = Put::builder().table_name(&world.engine.table).set_item(Some(key("twice"))).build().unwrap();
    let delete = Delete::builder().table_name(&world.engine.table).set_key(Some(key("twice"))).build().unwrap();
    let writes = [TransactWriteItem::builder().put(put).build(), TransactWriteItem::builder().delete(delete).build()];
    assert_eq!(code(world.client.transact_write_items().set_transact_items(Some(writes.to_vec())).send().await), refused, "an item twice");
    let keys = KeysAndAttributes::builder().keys(key("twice")).keys(key("twice")).build().unwrap();
    assert_eq!(code(world.client.batch_get_item().request_items(&world.engine.table, keys).send().await), refused, "a key twice");
    let many = (0..101).fold(KeysAndAttributes::builder(), |keys, n| keys.keys(key(&format!("k{n}")))).build().unwrap();
    assert_eq!(code(world.client.batch_get_item().request_items(&world.engine.table, many).send().await), refused, "101 keys");
}

/// DESIGN's list of deviations, and what was found beside it.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_engines_differ_is_known() {
    let world = World::new().await;
    one(&world).await;
    let refused = Some("ValidationException".to_owned());
    let here = Kind::here();
    let begins = asks(&world, "begins_with(work_at, :a)", &[(":a", "")], false).await;
    assert_eq!(begins, if here == Kind::Embedded { None } else { refused.clone() }, "begins_with an empty text on a key of an index");
    assert_eq!(asks(&world, "work_at <= :a", &[(":a", "9")], true).await, refused, "a consistent read of an index");
    let long = world.client.put_item().table_name(&world.engine.table).set_item(Some(key("long"))).item("work", text("w0"));
    let long = code(long.item("work_at", text(&"9".repeat(1_025))).send().await);
    assert_eq!(long, if here == Kind::DynamoDbLocal { refused } else { None }, "a sort key of an index above 1,024 bytes");
}
