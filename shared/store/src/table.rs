//! The table's definition: keys, indexes, billing. The deployable template is held against this one by a test.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
};

use crate::{StoreError, failed};

/// An index: its name, partition attribute, sort attribute, and whether it carries whole items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The attribute that is its partition key.
    pub partition: &'static str,
    /// The attribute that is its sort key.
    pub sort: &'static str,
    /// Whether whole items are projected (else keys only).
    pub whole: bool,
}

/// The partition key of the table.
pub const PK: &str = "pk";
/// The sort key of the table.
pub const SK: &str = "sk";
/// When an item goes by itself, in seconds since 1970: sessions, login codes and nonces alone. A half-expired request would come back.
pub const TTL: &str = "ttl";
/// The longest sort key, in bytes, of the table and of its indexes: DynamoDB refuses longer ones, also in a condition.
pub(crate) const SORT_KEY_MAX: usize = 1_024;
/// What has a time to be looked at, by shard and that time. Sparse: an item without work is not in it.
pub const WORK: Index = Index { name: "work", partition: "work", sort: "work_at", whole: false };
/// Requests by turn, and mails by ending, the longest waiting first.
pub const BY_TURN: Index = Index { name: "by_turn", partition: "list", sort: "list_at", whole: true };
/// Requests by account.
pub const BY_ACCOUNT: Index = Index { name: "by_account", partition: "account_list", sort: "account_at", whole: true };
/// All indexes.
pub const INDEXES: [Index; 3] = [WORK, BY_TURN, BY_ACCOUNT];

/// Creates the table if it is not there. For the embedded engine and tests; in the deployment the template does it.
///
/// # Errors
/// When the engine cannot be reached or refuses the definition.
pub async fn create(client: &Client, table: &str) -> Result<(), StoreError> {
    let there = client.list_tables().send().await.map_err(failed("list the tables"))?;
    if there.table_names().iter().any(|name| name == table) {
        return Ok(());
    }
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(failed("build a key"));
    let text = |name: &str| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .map_err(failed("build an attribute"))
    };
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key(PK, KeyType::Hash)?)
        .key_schema(key(SK, KeyType::Range)?)
        .attribute_definitions(text(PK)?)
        .attribute_definitions(text(SK)?);
    for index in INDEXES {
        let projection = if index.whole { ProjectionType::All } else { ProjectionType::KeysOnly };
        request = request.attribute_definitions(text(index.partition)?).attribute_definitions(text(index.sort)?).global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(index.name)
                .key_schema(key(index.partition, KeyType::Hash)?)
                .key_schema(key(index.sort, KeyType::Range)?)
                .projection(Projection::builder().projection_type(projection).build())
                .build()
                .map_err(failed("build an index"))?,
        );
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ResourceInUseException") => Ok(()),
        Err(error) => Err(failed("create the table")(error)),
    }
}
