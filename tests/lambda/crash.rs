//! SIGKILL and lost answers: whatever was brought again afterwards, nothing is lost and nothing happened twice.

use std::time::Duration;

use domain::request::{Turn, Why, fold};
use port25_tests::runtime_api::Invocation;
use port25_tests::stand_ins::{Calls, Fault};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use store::Store;

use super::{Cloud, Function, LIMIT, TABLE, endings, event, id, question, text, within};

/// One request with one entry and one alert that is owed.
async fn whole(cloud: &Cloud, n: u32) {
    let store = Store::new(boot::aws::local_service(&cloud.engine.endpoint()), TABLE);
    let address = store.find(&id(n)).await.unwrap().unwrap_or_else(|| panic!("request {n} is lost"));
    let bundle = store.bundle(&address).await.unwrap().unwrap();
    let requests = fold(&bundle.entries);
    assert_eq!((requests.len(), bundle.entries.len(), bundle.alerts.len()), (1, 1, 1), "request {n}");
    assert!(matches!(requests[0].turn, Turn::Ours { why: Why::Question, .. }));
}

/// Kills a fresh `ingest` once it has met this fault. Says whether it was killed in time.
async fn kill_at(cloud: &Cloud, key: &str, calls: &Calls, operation: &str, fault: Fault) {
    let ingest = cloud.start("ingest").await;
    let mut met = calls.plan(operation, 1, fault);
    let Function { mut process, api, .. } = ingest;
    let killing = async {
        assert!(within(met.wait()).await, "{operation} was never called");
        process.kill().await
    };
    let batch = event(key).to_string().into_bytes();
    let (invocation, _) = tokio::join!(api.invoke(batch, LIMIT), killing);
    assert_eq!(invocation, Invocation::Died, "{operation} {fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_killed_before_during_and_after_each_call_loses_nothing() {
    let cloud = Cloud::new().await;
    let (survivor, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    let (s3, dynamo) = (cloud.s3.calls().clone(), cloud.dynamo.calls().clone());
    let moments = [
        (&s3, "GetObject", Fault::HangBefore),
        (&s3, "GetObject", Fault::HangInBody),
        (&dynamo, "BatchGetItem", Fault::HangBefore),
        (&dynamo, "BatchGetItem", Fault::HangAfter),
        (&dynamo, "TransactWriteItems", Fault::HangBefore),
        (&dynamo, "TransactWriteItems", Fault::HangWhile),
        (&dynamo, "TransactWriteItems", Fault::HangAfter),
    ];
    for (n, (calls, operation, fault)) in (0..).zip(moments) {
        let key = format!("m{n}");
        cloud.mail(&key, &question(n).bytes());
        kill_at(&cloud, &key, calls, operation, fault).await;
        // The queue brings it again.
        assert!(survivor.ingest(&event(&key)).await.is_empty());
        whole(&cloud, n).await;
    }
    alert.sweep().await;
    assert_eq!(cloud.subjects().len(), moments.len());
    alert.sweep().await;
    assert!(cloud.subjects().is_empty());
    let endings = endings(&survivor.end().await);
    assert_eq!((endings["m4"][0].as_str(), endings["m6"][0].as_str()), ("applied", "duplicate"));
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_killed_at_random_moments_loses_nothing() {
    let cloud = Cloud::new().await;
    let (survivor, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    let seeds = 8u32;
    let mut died = 0;
    // How long a first invocation takes depends on the build and the machine: one that nobody kills says it.
    let key = format!("m{seeds}");
    cloud.mail(&key, &question(seeds).bytes());
    let undisturbed = cloud.start("ingest").await;
    let start = std::time::Instant::now();
    assert!(undisturbed.ingest(&event(&key)).await.is_empty());
    let window = u64::try_from(start.elapsed().as_micros()).unwrap().max(1);
    for n in 0..seeds {
        let key = format!("m{n}");
        cloud.mail(&key, &question(n).bytes());
        let Function { mut process, api, .. } = cloud.start("ingest").await;
        let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(u64::from(n)), ..Config::default() });
        let wait = Duration::from_micros(rand_below(&mut runner, window));
        let batch = event(&key).to_string().into_bytes();
        let invoking = api.invoke(batch, LIMIT);
        tokio::pin!(invoking);
        let ended = tokio::time::timeout(wait, &mut invoking).await;
        process.kill().await;
        if ended.is_err() && invoking.await == Invocation::Died {
            died += 1;
        }
        assert!(survivor.ingest(&event(&key)).await.is_empty(), "seed {n}");
        whole(&cloud, n).await;
    }
    println!("{died} of {seeds} were killed before they answered");
    alert.sweep().await;
    assert_eq!(cloud.subjects().len(), seeds as usize + 1);
    cloud.close().await;
}

fn rand_below(runner: &mut TestRunner, end: u64) -> u64 {
    use proptest::strategy::{Strategy, ValueTree};
    (0..end).new_tree(runner).unwrap().current()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_is_done_once() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    // One answer is lost: the function asks again by itself.
    cloud.mail("m1", &question(1).bytes());
    let mut met = cloud.dynamo.calls().plan("TransactWriteItems", 1, Fault::CutAfter);
    assert!(ingest.ingest(&event("m1")).await.is_empty());
    assert!(within(met.wait()).await);
    whole(&cloud, 1).await;

    // All are lost: it fails, and the queue brings it again.
    cloud.mail("m2", &question(2).bytes());
    let lost: Vec<_> = (1..=20).map(|nth| cloud.dynamo.calls().plan("TransactWriteItems", nth, Fault::CutAfter)).collect();
    assert_eq!(ingest.ingest(&event("m2")).await, ["m2"]);
    whole(&cloud, 2).await;
    cloud.dynamo.calls().forgive();
    drop(lost);
    assert!(ingest.ingest(&event("m2")).await.is_empty());
    whole(&cloud, 2).await;
    // A claim is one as well: asked again it is still won, and both are told in this sweep.
    let mut met = cloud.dynamo.calls().plan("TransactWriteItems", 1, Fault::CutAfter);
    alert.sweep().await;
    assert!(within(met.wait()).await);
    assert_eq!(cloud.subjects().len(), 2);
    // It is the same transaction to the end: had it been done twice, the second one would have found a duplicate.
    let endings = endings(&ingest.end().await);
    assert_eq!(endings["m1"], ["applied"]);
    assert_eq!(endings["m2"], ["duplicate"]);
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alert_killed_between_claim_and_settle_tells_it_after_the_lease_under_the_same_identity() {
    for (fault, heard_before) in [(Fault::HangBefore, 0), (Fault::HangAfter, 1)] {
        let cloud = Cloud::new().await;
        let (ingest, survivor) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
        cloud.mail("m1", &question(1).bytes());
        assert!(ingest.ingest(&event("m1")).await.is_empty());
        let Function { mut process, api, .. } = cloud.start("alert").await;
        let mut met = cloud.sns.calls().plan("Publish", 1, fault);
        let killing = async {
            assert!(within(met.wait()).await);
            process.kill().await
        };
        let (invocation, _) = tokio::join!(api.invoke(b"{}".to_vec(), LIMIT), killing);
        assert_eq!(invocation, Invocation::Died);
        let first = cloud.sns.take();
        assert_eq!(first.len(), heard_before);
        let alerts: Vec<_> = cloud.items().await.into_iter().filter(|i| text(i, "sk").starts_with("A#")).collect();
        assert_eq!(alerts.len(), 1);
        assert_eq!(text(&alerts[0], "state"), "sending", "the claim stands");

        // As long as the lease lasts nobody else sends it.
        survivor.sweep().await;
        assert!(cloud.sns.take().is_empty());
        assert_eq!(cloud.make_due("sending").await, 1);
        survivor.sweep().await;
        let second = cloud.sns.take();
        assert_eq!(second.len(), 1, "{second:?}");
        assert_eq!(second[0].subject, format!("[port25] OUR TURN - - {}", id(1)));
        for before in &first {
            assert_eq!((&before.subject, &before.attributes), (&second[0].subject, &second[0].attributes));
        }
        assert!(second[0].attributes.contains_key("alert_id"));
        survivor.sweep().await;
        assert!(cloud.sns.take().is_empty());
        cloud.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_sns_does_not_take_is_kept_and_one_whose_settling_is_lost_is_repeated_under_its_identity() {
    let cloud = Cloud::new().await;
    let (ingest, alert) = tokio::join!(cloud.start("ingest"), cloud.start("alert"));
    cloud.mail("m1", &question(1).bytes());
    assert!(ingest.ingest(&event("m1")).await.is_empty());
    let _met = cloud.sns.calls().plan("Publish", 1, Fault::Refuse(403, "AuthorizationError"));
    alert.sweep().await;
    // No retry cures this: people hear of it at once, through the other topic.
    let told: Vec<_> = cloud.sns.take().into_iter().map(|p| (p.topic, p.subject)).collect();
    assert_eq!(told, [(super::CRITICAL.to_owned(), "[port25] SYSTEM alerts do not go out".to_owned())]);
    assert_eq!(cloud.make_due("retry").await, 1);
    // The claim goes well (the first transaction), the settling does not.
    let lost: Vec<_> =
        (2..=20).map(|n| cloud.dynamo.calls().plan("TransactWriteItems", n, Fault::Refuse(400, "AccessDeniedException"))).collect();
    alert.sweep().await;
    cloud.dynamo.calls().forgive();
    drop(lost);
    let first = cloud.sns.take();
    assert_eq!(first.len(), 1);
    assert_eq!(cloud.make_due("sending").await, 1);
    alert.sweep().await;
    let second = cloud.sns.take();
    assert_eq!(second.len(), 1);
    assert_eq!(first[0].attributes["alert_id"], second[0].attributes["alert_id"]);
    cloud.close().await;
}
