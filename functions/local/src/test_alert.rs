//! `port25 test-alert`: an alert that tells nothing, through everything that a real one goes through: written to the table, claimed by a
//! sweep, sent to every topic, settled.

use api::alerts::order_test;
use boot::{log, world};
use clap::Args;
use domain::alert::State;

use crate::cli::{Data, Done};
use crate::list::open;
use crate::serve::{Ways, notifier};

/// `port25 test-alert`
#[derive(Debug, Args)]
pub struct TestAlertArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// Where alerts go.
    #[command(flatten)]
    pub ways: Ways,
}

/// Sends it. The exit code is 1 when it did not go out.
///
/// # Errors
/// When the data folder cannot be used.
pub async fn run(args: TestAlertArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let notifier = notifier(&args.data.data, &args.ways);
    let (engine, mut node) = open(&args.data.data).await?;
    node.notifier = notifier;
    let now = world::now();
    let id = order_test(&node.store, now).await?;
    // It sends whatever else is due, too.
    let swept = node.sweep().await;
    let alert = node.store.summary(id.cause, &id.opening).await;
    engine.close().await;
    swept?;
    let sent = alert?.is_some_and(|(_, alert)| matches!(alert.state, State::Sent { .. }));
    println!("{}", if sent { "The test alert went out." } else { "The test alert did not go out; the next sweep tries again." });
    Ok(u8::from(!sent))
}
