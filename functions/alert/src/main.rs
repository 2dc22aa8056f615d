//! The Lambda function `alert`: one sweep per invocation; the content of the event does not matter.

use std::process::ExitCode;

use alert::{Hourly, Notifier, bucket::Bucket, cloud::Cloud, in_time, sweep_and_watch, watch::Watch};
use boot::{aws, log, rules, settings, world};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log::start(log::Format::Json, log::INFO);
    log::end(run().await)
}

async fn run() -> Result<(), Error> {
    let policy = &settings::telling(rules::extend(settings::policy(world::env)?, world::env)?, world::env)?;
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let wire = aws::wire(world::env)?;
    let bucket = &Bucket::configured(&wire, world::env)?;
    let store = &Store::new(aws::service(&wire, world::env, "dynamodb"), &table);
    let notifier = &Notifier::configured(&wire, world::env)?;
    let watch = &Watch::new(Cloud::configured(notifier, &wire, world::env)?, &table);
    // Most sweeps publish nothing: only the table's connection is opened during INIT.
    drop(tokio::time::timeout(aws::WARM_UP, store.plan_audit(world::now())).await);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<IgnoredAny>| async move {
        let in_time = in_time(event.context.deadline, world::now);
        let hourly = Hourly { room: bucket.as_ref(), watch: Some(watch) };
        let swept = sweep_and_watch(store, notifier, policy, &event.context.request_id, world::now(), in_time, hourly).await;
        // The runtime logs what is returned: as words, not as the SDK's whole answer.
        let report = swept.map_err(|error| Error::from(log::chain(&error)))?;
        report.line(world::now()).write(world::now());
        Ok::<_, Error>(())
    }))
    .await
}
