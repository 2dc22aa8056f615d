//! The Lambda function `ingest`: SQS events with SES's notifications in, the table out.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use boot::{aws, log, settings, world};
use ingest::{Outcome, handle, inbox::Inbox};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::start(log::Format::Json, log::INFO);
    let policy = &settings::policy(world::env)?;
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let config = aws::config(world::env)?;
    let store = &Store::new(aws::dynamodb(&config, world::env), table);
    let mut s3 = aws_sdk_s3::config::Builder::from(&config);
    s3.set_endpoint_url(aws::endpoint(world::env, "S3"));
    let inbox = &Inbox::S3(aws_sdk_s3::Client::from_conf(s3.build()));
    // INIT is not throttled: a connection that is open before the first event is not waited for. Failures show again, then.
    drop(tokio::join!(store.warm_up(), inbox.warm_up(world::env("MAIL_BUCKET"))));
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let records = event.payload.records.into_iter().map(|r| (r.message_id.unwrap_or_default(), r.body)).collect();
        let done = handle(inbox, store, policy, records, world::now()).await;
        ingest::log(&done);
        let mut answer = SqsBatchResponse::default();
        for record in done.into_iter().filter(|r| matches!(r.outcome, Outcome::Failed(_))) {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = record.message;
            answer.batch_item_failures.push(failure);
        }
        Ok::<_, Error>(answer)
    }))
    .await
}
