//! The table that the store creates, beside the template that creates it at AWS. `infra/table.json` stands between the two: here it is
//! held against a table that the store has created, and `.ci/infra` holds the template against it.

use std::path::Path;

use aws_sdk_dynamodb::types::{KeySchemaElement, TableDescription};
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn the_table_that_the_store_creates_is_the_one_of_the_template() {
    let world = World::new().await;
    let table = "described";
    store::table::create(&world.client, table).await.unwrap();
    let described = world.client.describe_table().table_name(table).send().await.unwrap().table.unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/table.json");
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(definition(&described), written, "write what the store creates into infra/table.json, and change infra/application.yaml");
}

/// A table's definition, everything in the order of names.
fn definition(table: &TableDescription) -> Value {
    let mut attributes: Vec<_> =
        table.attribute_definitions().iter().map(|a| (a.attribute_name().to_owned(), a.attribute_type().as_str().to_owned())).collect();
    attributes.sort();
    let mut indexes: Vec<_> = table.global_secondary_indexes().iter().collect();
    indexes.sort_by_key(|index| index.index_name().map(str::to_owned));
    json!({
        "billing": table.billing_mode_summary().and_then(|mode| mode.billing_mode()).map(|mode| mode.as_str().to_owned()),
        "ttl": store::table::TTL,
        "attributes": attributes.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect::<Vec<_>>(),
        "keys": keys(table.key_schema()),
        "indexes": indexes.iter().map(|index| json!({
            "name": index.index_name(),
            "keys": keys(index.key_schema()),
            "projection": index.projection().and_then(|p| p.projection_type()).map(|kind| kind.as_str().to_owned()),
        })).collect::<Vec<_>>(),
    })
}

fn keys(schema: &[KeySchemaElement]) -> Vec<Value> {
    schema.iter().map(|key| json!({"name": key.attribute_name(), "kind": key.key_type().as_str()})).collect()
}
