//! The Lambda function `alert`: one sweep per invocation; the content of the event does not matter.

use std::sync::Arc;

use alert::{Notifier, sweep};
use boot::{aws, log, settings, world};
use jiff::SignedDuration;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use store::Store;

/// Time left before the deadline that a claim, a sending and a settling may need.
const RESERVE: SignedDuration = SignedDuration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::start(log::Format::Json, log::INFO);
    let policy = Arc::new(settings::policy(world::env)?);
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let topic = settings::required(world::env, "ALERT_TOPIC_ARN", "the ARN of the topic that alerts go to")?;
    let config = aws::config(world::env)?;
    let store = Store::new(aws_sdk_dynamodb::Client::new(&config), table);
    let notifier = Notifier::Sns { client: aws_sdk_sns::Client::new(&config), topic };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<serde_json::Value>| {
        let (policy, store, notifier) = (Arc::clone(&policy), store.clone(), notifier.clone());
        async move {
            let context = event.context;
            let end = i64::try_from(context.deadline).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
            let in_time = || end.is_none_or(|end| end.duration_since(world::now()) > RESERVE);
            let report = sweep(&store, &notifier, &policy, &context.request_id, world::now(), in_time).await?;
            tracing::info!(?report, "swept");
            Ok::<_, Error>(())
        }
    }))
    .await
}
