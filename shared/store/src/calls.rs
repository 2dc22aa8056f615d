//! The five calls to DynamoDB: the one place that names each operation with its types. What every call has in common (the table, what it
//! consumed) is added here.

use std::hash::{BuildHasher, RandomState};

use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItem, BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItem, DeleteItemOutput};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::query::{Query, QueryOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItems, TransactWriteItemsInput, TransactWriteItemsOutput};
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity, TransactWriteItem};
use wire::WireError;

use crate::{Store, StoreError, failed};

/// Every answer says what it consumed.
const CONSUMED: ReturnConsumedCapacity = ReturnConsumedCapacity::Total;

impl Store {
    pub(crate) async fn get_item(&self, doing: &'static str, asked: GetItemInputBuilder) -> Result<GetItemOutput, StoreError> {
        let asked = asked.table_name(&self.table).return_consumed_capacity(CONSUMED).build().map_err(failed(doing))?;
        let answer: GetItemOutput = self.service.operate(&GetItem::new(), asked).await.map_err(failed(doing))?;
        self.spend(answer.consumed_capacity());
        Ok(answer)
    }

    pub(crate) async fn batch_get_item(&self, doing: &'static str, keys: KeysAndAttributes) -> Result<BatchGetItemOutput, StoreError> {
        let asked = BatchGetItemInput::builder().request_items(&self.table, keys).return_consumed_capacity(CONSUMED);
        let asked = asked.build().map_err(failed(doing))?;
        let answer: BatchGetItemOutput = self.service.operate(&BatchGetItem::new(), asked).await.map_err(failed(doing))?;
        self.spend(answer.consumed_capacity());
        Ok(answer)
    }

    pub(crate) async fn query(&self, doing: &'static str, asked: QueryInputBuilder) -> Result<QueryOutput, StoreError> {
        let asked = asked.table_name(&self.table).return_consumed_capacity(CONSUMED).build().map_err(failed(doing))?;
        let answer: QueryOutput = self.service.operate(&Query::new(), asked).await.map_err(failed(doing))?;
        self.spend(answer.consumed_capacity());
        Ok(answer)
    }

    pub(crate) async fn delete_item(&self, asked: DeleteItemInputBuilder) -> Result<DeleteItemOutput, WireError> {
        let asked = asked.table_name(&self.table).return_consumed_capacity(CONSUMED).build();
        let asked = asked.map_err(|error| WireError::Request(error.into()))?;
        let answer: DeleteItemOutput = self.service.operate(&DeleteItem::new(), asked).await?;
        self.spend(answer.consumed_capacity());
        Ok(answer)
    }

    /// A transaction. It has a token, so that an attempt whose answer was lost is not done twice.
    pub(crate) async fn transact_write_items(&self, writes: Vec<TransactWriteItem>) -> Result<(), WireError> {
        let asked = TransactWriteItemsInput::builder().set_transact_items(Some(writes)).client_request_token(token());
        let asked = asked.return_consumed_capacity(CONSUMED).build().map_err(|error| WireError::Request(error.into()))?;
        let done: TransactWriteItemsOutput = self.service.operate(&TransactWriteItems::new(), asked).await?;
        self.spend(done.consumed_capacity());
        Ok(())
    }
}

/// 128 bits of the system's random keys for hash tables, in 32 of the 36 characters that a token may have.
fn token() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_transactions_have_one_token() {
        let tokens: BTreeSet<String> = (0..1_000).map(|_| token()).collect();
        assert!(tokens.len() == 1_000 && tokens.iter().all(|token| token.len() <= 36));
    }
}
