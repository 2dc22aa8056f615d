//! The Lambda function `api`: API Gateway's HTTP API (payload 2.0, `$default` stage) to the router and back.

use std::process::ExitCode;
use std::sync::Arc;

use api::access::{Access, Door};
use api::bucket::Bucket;
use api::{App, app};
use boot::{aws, log, rules, settings, world};
use lambda_http::Error;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log::start(log::Format::Json, log::INFO);
    log::end(run().await)
}

async fn run() -> Result<(), Error> {
    let policy = settings::telling(settings::policy(world::env)?, world::env)?;
    let policy = Arc::new(rules::extend(policy, world::env)?);
    let table = settings::required(world::env, "TABLE_NAME", "the name of the table")?;
    let mail_to = settings::mail_to(world::env)?;
    let wire = aws::wire(world::env)?;
    let store = Store::new(aws::service(&wire, world::env, "dynamodb"), table);
    // INIT is not throttled: the connection is open before somebody waits for a page.
    drop(tokio::time::timeout(aws::WARM_UP, store.warm_up()).await);
    let mails = Bucket::configured(&wire, &policy, world::env);
    let door = Door { access: Access::of(settings::by_iam(world::env)?), https: true, ..Door::default() };
    let router = app(App { store, policy, clock: Arc::new(world::now), mail_to, door, mails });
    lambda_http::run(router).await
}
