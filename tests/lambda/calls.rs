//! What an invocation asks of other services: counted, because each call costs time and money.

use std::collections::BTreeMap;

use super::{Cloud, Function, event, question};

/// The calls that one event costs.
async fn cost(cloud: &Cloud, ingest: &Function, key: &str) -> BTreeMap<String, u32> {
    cloud.dynamo.calls().reset();
    cloud.s3.calls().reset();
    assert!(ingest.ingest(&event(key)).await.is_empty());
    let mut calls = cloud.dynamo.calls().all();
    calls.extend(cloud.s3.calls().all());
    calls
}

fn calls(expected: &[(&str, u32)]) -> BTreeMap<String, u32> {
    expected.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_costs_four_calls_at_most_and_a_duplicate_two() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    cloud.mail("first", &question(1).bytes());
    let mut next = question(1).answers(&["question-1@email.amazon.com"]);
    next.id = "next@email.amazon.com".to_owned();
    cloud.mail("next", &next.bytes());
    let begins = calls(&[("GetObject", 1), ("BatchGetItem", 1), ("TransactWriteItems", 1)]);
    assert_eq!(cost(&cloud, &ingest, "first").await, begins);
    let continues = calls(&[("GetObject", 1), ("BatchGetItem", 1), ("Query", 1), ("TransactWriteItems", 1)]);
    assert_eq!(cost(&cloud, &ingest, "next").await, continues);
    let duplicate = calls(&[("GetObject", 1), ("BatchGetItem", 1)]);
    assert_eq!(cost(&cloud, &ingest, "next").await, duplicate);

    // A sweep that finds nothing asks each shard once.
    alert.sweep().await;
    cloud.dynamo.calls().reset();
    alert.sweep().await;
    assert_eq!(cloud.dynamo.calls().all(), calls(&[("Query", u32::from(store::WORK_SHARDS))]));
    cloud.close().await;
}
