//! INIT: what is missing or wrong ends the process, and its last words name the variable.

use std::time::Duration;

use port25_tests::bootstraps;
use port25_tests::runtime_api::RuntimeApi;
use port25_tests::stand_ins::Fault;

use super::{Cloud, lambdas_own, within};

/// What a function says that was started in this environment.
async fn last_words(name: &str, env: &[(String, String)]) -> String {
    let api = RuntimeApi::start().await.unwrap();
    let mut process = bootstraps::spawn(name, &api, env).unwrap();
    let status = within(process.wait()).await.unwrap();
    let lines = process.lines().join("\n");
    assert!(!status.success(), "{name} ended well: {lines}");
    assert!(!api.ready().await);
    format!("{lines}\n{}", api.init_errors().join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_wrong_variable_ends_init_and_is_named() {
    let cloud = Cloud::new().await;
    let all = cloud.env();
    let without = |name: &str| all.iter().filter(|(n, _)| n != name).cloned().collect::<Vec<_>>();
    let with = |name: &str, value: &str| {
        let mut env = without(name);
        env.push((name.to_owned(), value.to_owned()));
        env
    };
    for function in ["ingest", "alert", "api"] {
        for missing in ["TABLE_NAME", "AWS_REGION", "AWS_ACCESS_KEY_ID"] {
            let words = last_words(function, &without(missing)).await;
            assert!(words.contains(missing), "{function}: {words}");
        }
        for (wrong, value) in [
            ("DEADLINE_HOURS", "two days"),
            ("ACCOUNTS", "123"),
            ("AWS_CA_BUNDLE", "/nowhere/ca.pem"),
            ("RULES_FILE", "/nowhere/rules.json"),
        ] {
            let words = last_words(function, &with(wrong, value)).await;
            assert!(words.contains(wrong) && words.contains(value), "{function}: {words}");
        }
        // An empty one is not set.
        assert!(last_words(function, &with("TABLE_NAME", " ")).await.contains("TABLE_NAME"));
    }
    let words = last_words("alert", &without("ALERT_TOPIC_ARN")).await;
    assert!(words.contains("ALERT_TOPIC_ARN"), "{words}");
    let mut audited = without("MAIL_BUCKET");
    audited.push(("MAIL_QUEUE_URL".to_owned(), "https://sqs.eu-west-1.amazonaws.com/111122223333/mail".to_owned()));
    let words = last_words("alert", &audited).await;
    assert!(words.contains("MAIL_BUCKET"), "{words}");
    for function in ["alert", "api"] {
        for (wrong, value) in [("TIME_ZONE", "Mars/Olympus"), ("DELIVERY_WINDOW", "always")] {
            let words = last_words(function, &with(wrong, value)).await;
            assert!(words.contains(wrong) && words.contains(value), "{function}: {words}");
        }
    }
    assert!(cloud.dynamo.calls().all().is_empty(), "the configuration is refused before anything is called");
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_few_variables_that_must_be_there_are_enough_and_init_survives_services_that_do_not_answer() {
    let cloud = Cloud::new().await;
    for function in ["ingest", "alert", "api"] {
        let mut env: Vec<(String, String)> = lambdas_own().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        // Nobody listens there.
        env.push(("AWS_ENDPOINT_URL".to_owned(), "http://127.0.0.1:9".to_owned()));
        env.push(("TABLE_NAME".to_owned(), "t".to_owned()));
        env.push(("ALERT_TOPIC_ARN".to_owned(), super::TOPIC.to_owned()));
        let api = RuntimeApi::start().await.unwrap();
        let process = bootstraps::spawn(function, &api, &env).unwrap();
        assert!(within(api.ready()).await, "{function}: {:?}", process.lines());
    }
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_opened_during_init() {
    let cloud = Cloud::new().await;
    let _ingest = cloud.start("ingest").await;
    assert_eq!((cloud.dynamo.calls().count("GetItem"), cloud.s3.calls().count("GetObject")), (1, 1));
    let _api = cloud.start("api").await;
    assert_eq!(cloud.dynamo.calls().count("GetItem"), 2);
    // That of the sweep plans the hour's work, where nobody has.
    let _alert = cloud.start("alert").await;
    assert_eq!((cloud.dynamo.calls().count("GetItem"), cloud.dynamo.calls().count("TransactWriteItems")), (2, 1));
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn init_does_not_wait_long_for_a_service_that_is_silent() {
    let cloud = Cloud::new().await;
    for (function, call) in [("ingest", "GetItem"), ("alert", "TransactWriteItems"), ("api", "GetItem")] {
        let _silent = cloud.dynamo.calls().plan(call, 1, Fault::HangBefore);
        let api = RuntimeApi::start().await.unwrap();
        let process = bootstraps::spawn(function, &api, &cloud.env()).unwrap();
        // INIT has ten seconds, and is begun again when it takes longer.
        let ready = tokio::time::timeout(Duration::from_secs(5), api.ready()).await;
        assert_eq!(ready, Ok(true), "{function}: {:?}", process.lines());
    }
    cloud.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tells_people_something_has_the_time_zones_of_the_world_with_it() {
    let cloud = Cloud::new().await;
    let zone = [("TIME_ZONE", "Europe/Berlin"), ("DELIVERY_WINDOW", "mon-fri 08:00-20:00")];
    for function in ["ingest", "alert", "api"] {
        let mut env = cloud.env();
        env.extend(zone.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let api = RuntimeApi::start().await.unwrap();
        let process = bootstraps::spawn(function, &api, &env).unwrap();
        assert!(within(api.ready()).await, "{function}: {:?}", process.lines());
    }
    cloud.close().await;
}
