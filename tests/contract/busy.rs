//! What no engine of ours ever does and AWS does: conflicts, throttling, errors of the service, and answers that get lost. A proxy in
//! front of the engine does it. Busy is tried again, a lost condition is a value, and what is unknown is an error.

use std::collections::BTreeMap;

use port25_tests::stand_ins::{DynamoProxy, Fault};
use store::{Commit, Scope, Session, Store, StoreError};

use super::{ID, bundle, change, note, one};
use crate::world::World;

struct Behind {
    world: World,
    proxy: DynamoProxy,
    store: Store,
}

impl Behind {
    async fn new() -> Self {
        let world = World::new().await;
        let proxy = DynamoProxy::start(&world.engine.endpoint()).await.unwrap();
        let store = Store::new(boot::aws::local_service(&proxy.endpoint()), &world.engine.table);
        Self { world, proxy, store }
    }

    /// Commits a note, while the next so many transactions meet this fault. Its end, and how many were tried.
    async fn commit_through(&self, fault: Fault, times: u32) -> (Result<Commit, StoreError>, u32) {
        let read = bundle(&self.world, ID).await;
        let calls = self.proxy.calls();
        calls.reset();
        let planned: Vec<_> = (1..=times).map(|nth| calls.plan("TransactWriteItems", nth, fault)).collect();
        let end = self.store.commit(&change(&read, note(&self.world, &format!("{fault:?} {times}")))).await;
        calls.forgive();
        drop(planned);
        (end, calls.count("TransactWriteItems"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_with_another_transaction_is_tried_again_and_never_a_lost_race() {
    let behind = Behind::new().await;
    one(&behind.world).await;
    for code in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
        let (end, tried) = behind.commit_through(Fault::Cancel(code), 4).await;
        assert_eq!((end.unwrap(), tried), (Commit::Done, 5), "{code}");
        let before = bundle(&behind.world, ID).await;
        let (end, tried) = behind.commit_through(Fault::Cancel(code), 100).await;
        assert!(matches!(end, Err(StoreError::Call { .. })), "{code}: after five times it is an error");
        assert_eq!(tried, 5, "{code}");
        assert_eq!(bundle(&behind.world, ID).await, before, "{code}: nothing was written");
    }
    let (end, tried) = behind.commit_through(Fault::Refuse(400, "TransactionInProgressException"), 2).await;
    assert_eq!((end.unwrap(), tried), (Commit::Done, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_condition_is_lost_at_once_and_an_unknown_reason_is_an_error_at_once() {
    let behind = Behind::new().await;
    one(&behind.world).await;
    let (end, tried) = behind.commit_through(Fault::Cancel("ConditionalCheckFailed"), 100).await;
    assert_eq!((end.unwrap(), tried), (Commit::Lost, 1));
    for code in ["ItemCollectionSizeLimitExceeded", "ValidationError", "SomethingNew"] {
        let (end, tried) = behind.commit_through(Fault::Cancel(code), 100).await;
        assert!(matches!(end, Err(StoreError::Call { .. })), "{code}");
        assert_eq!(tried, 1, "{code}");
    }
}

/// The SDK's own retries: AWS says these when it is busy.
#[tokio::test(flavor = "multi_thread")]
async fn throttling_and_errors_of_the_service_are_tried_again() {
    let behind = Behind::new().await;
    one(&behind.world).await;
    let refusals = [(400, "ThrottlingException"), (400, "ProvisionedThroughputExceededException"), (500, "InternalServerError")];
    for (status, code) in refusals {
        let (end, tried) = behind.commit_through(Fault::Refuse(status, code), 2).await;
        assert_eq!((end.unwrap(), tried), (Commit::Done, 3), "{code}");
        for operation in ["BatchGetItem", "Query"] {
            let met = behind.proxy.calls().plan(operation, 1, Fault::Refuse(status, code));
            let address = behind.store.find(ID).await.unwrap().unwrap();
            assert!(behind.store.bundle(&address).await.unwrap().is_some(), "{operation} {code}");
            drop(met);
        }
        let (end, _) = behind.commit_through(Fault::Refuse(status, code), 100).await;
        assert!(matches!(end, Err(StoreError::Call { code: said, .. }) if said == code), "{code}: then it is an error that names it");
    }
}

/// The write is done and nobody hears of it. It is done or lost in the end, and never doubled.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_is_there_once() {
    let behind = Behind::new().await;
    let before = one(&behind.world).await;
    let (end, tried) = behind.commit_through(Fault::CutAfter, 1).await;
    assert!(matches!(end, Ok(Commit::Done | Commit::Lost)), "{end:?}");
    assert_eq!(tried, 2, "it was asked again");
    let after = bundle(&behind.world, ID).await;
    assert_eq!((after.entries.len(), after.version), (before.entries.len() + 1, before.version + 1));
}

/// AWS leaves keys of a batch unprocessed when it is busy: they are asked for again, and then it is an error.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_left_unprocessed_are_asked_for_again() {
    let behind = Behind::new().await;
    let read = one(&behind.world).await;
    let calls = behind.proxy.calls();
    calls.reset();
    let left: Vec<_> = (1..=2).map(|nth| calls.plan("BatchGetItem", nth, Fault::Unprocessed)).collect();
    assert_eq!(behind.store.find(ID).await.unwrap(), Some(read.address));
    assert_eq!(calls.all(), BTreeMap::from([("BatchGetItem".to_owned(), 3)]));
    drop(left);
    let left: Vec<_> = (1..=20).map(|nth| calls.plan("BatchGetItem", nth, Fault::Unprocessed)).collect();
    assert!(matches!(behind.store.find(ID).await, Err(StoreError::Contended(5))));
    calls.forgive();
    drop(left);
}

/// One item is deleted while a transaction has it.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_delete_that_meets_a_transaction_is_tried_again() {
    let behind = Behind::new().await;
    let now = behind.world.now();
    let hours = jiff::SignedDuration::from_hours(8);
    let session = Session { hash: "s".into(), csrf: "c".into(), name: "ann".into(), scope: Scope::Read, ends: now + hours, token: None };
    behind.store.put_session(&session).await.unwrap();
    let calls = behind.proxy.calls();
    let conflict = Fault::Refuse(400, "TransactionConflictException");
    let planned: Vec<_> = (1..=4).map(|nth| calls.plan("DeleteItem", nth, conflict)).collect();
    behind.store.end_session("s").await.unwrap();
    assert!(behind.store.session("s").await.unwrap().is_none());
    drop(planned);
    let planned: Vec<_> = (1..=20).map(|nth| calls.plan("DeleteItem", nth, conflict)).collect();
    assert!(matches!(behind.store.end_session("s").await, Err(StoreError::Call { .. })), "after five times it is an error");
    calls.forgive();
    drop(planned);
}
