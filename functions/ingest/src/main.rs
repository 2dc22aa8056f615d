//! The Lambda function `ingest`: SQS events with SES's notifications in, the table out.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use boot::{aws, log, settings, world};
use ingest::{Outcome, handle, inbox::Inbox};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::start(log::Format::Json, log::INFO);
    let policy = Arc::new(settings::policy(world::env)?);
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let config = aws::config(world::env)?;
    let store = Store::new(aws_sdk_dynamodb::Client::new(&config), table);
    let inbox = Inbox::S3(aws_sdk_s3::Client::new(&config));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let (policy, store, inbox) = (Arc::clone(&policy), store.clone(), inbox.clone());
        async move {
            let records = event.payload.records.into_iter().map(|r| (r.message_id.unwrap_or_default(), r.body)).collect();
            let done = handle(&inbox, &store, &policy, records, world::now()).await;
            let failed = done.into_iter().filter(|r| matches!(r.outcome, Outcome::Failed(_)));
            let mut answer = SqsBatchResponse::default();
            answer.batch_item_failures = failed
                .map(|r| {
                    let mut failure = BatchItemFailure::default();
                    failure.item_identifier = r.message;
                    failure
                })
                .collect();
            Ok::<_, Error>(answer)
        }
    }))
    .await
}
