//! The Lambda function `alert`: one sweep per invocation; the content of the event does not matter.

use std::process::ExitCode;

use alert::{Notifier, notify::Topic, sweep};
use boot::{aws, log, rules, settings, world};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;
use store::Store;

/// Time left before the deadline that a claim, a sending and a settling may need.
const RESERVE: SignedDuration = SignedDuration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log::start(log::Format::Json, log::INFO);
    log::end(run().await)
}

async fn run() -> Result<(), Error> {
    let policy = &rules::extend(settings::policy(world::env)?, world::env)?;
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let topic = settings::required(world::env, "ALERT_TOPIC_ARN", "the ARN of the topic that alerts go to")?;
    let config = aws::config(world::env)?;
    let store = &Store::new(aws::dynamodb(&config, world::env), table);
    let sns = aws_sdk_sns::config::Builder::from(&config);
    let notifier = &Notifier::Sns(Topic::new(sns, aws::endpoint(world::env, "SNS"), topic));
    // Most sweeps publish nothing: only the table's connection is opened during INIT.
    drop(tokio::time::timeout(aws::WARM_UP, store.warm_up()).await);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<IgnoredAny>| async move {
        let end = i64::try_from(event.context.deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let in_time = || end.is_none_or(|end| end.duration_since(world::now()) > RESERVE);
        let swept = sweep(store, notifier, policy, &event.context.request_id, world::now(), in_time).await;
        // The runtime logs what is returned: as words, not as the SDK's whole answer.
        swept.map_err(|error| Error::from(log::chain(&error)))?.log();
        Ok::<_, Error>(())
    }))
    .await
}
