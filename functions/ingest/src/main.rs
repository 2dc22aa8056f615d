//! The Lambda function `ingest`: SQS events with SES's notifications in, the table out.

use std::process::ExitCode;

use aws_lambda_events::event::sqs::SqsBatchResponse;
use boot::{aws, log, rules, settings, world};
use ingest::{Outcome, event, handle, inbox::Inbox};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log::start(log::Format::Json, log::INFO);
    log::end(run().await)
}

async fn run() -> Result<(), Error> {
    let policy = &rules::extend(settings::policy(world::env)?, world::env)?;
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let wire = aws::wire(world::env)?;
    let store = &Store::new(aws::service(&wire, world::env, "dynamodb"), table);
    let inbox = &Inbox::S3(aws::s3(&wire, world::env));
    // INIT is not throttled: a connection that is open before the first event is not waited for. Failures show again, then.
    let connections = async { tokio::join!(store.warm_up(), inbox.warm_up(world::env("MAIL_BUCKET"))) };
    drop(tokio::time::timeout(aws::WARM_UP, connections).await);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| async move {
        let records = event::records(event.payload.get()).map_err(|error| Error::from(error.to_string()))?;
        let done = handle(inbox, store, policy, records, world::now()).await;
        ingest::line(&done).write(world::now());
        let mut answer = SqsBatchResponse::default();
        for record in done.into_iter().filter(|r| matches!(r.outcome, Outcome::Failed(_))) {
            answer.add_failure(record.message);
        }
        Ok::<_, Error>(answer)
    }))
    .await
}
