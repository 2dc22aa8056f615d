//! `port25 test-alert`: an alert that tells nothing, through everything that a real one goes through: written to the table, claimed by a
//! sweep, sent to every topic, settled.

use api::alerts::order_test;
use boot::{log, world};
use clap::Args;
use domain::alert::State;
use serde_json::json;

use crate::cli::Done;
use crate::list::open;
use crate::place::{At, Place};
use crate::serve::{Ways, notifier};

/// `port25 test-alert`
#[derive(Debug, Args)]
pub struct TestAlertArgs {
    /// Where the table is. An API is asked to send it: its next sweep does.
    #[command(flatten)]
    pub at: At,
    /// Where alerts go, from a data folder.
    #[command(flatten)]
    pub ways: Ways,
}

/// Sends it. The exit code is 1 when it did not go out.
///
/// # Errors
/// When the data folder or the API cannot be used.
pub async fn run(args: TestAlertArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let data = match args.at.place()? {
        Place::Remote(_) if args.ways.notify_command.is_some() => {
            return Err("--notify-command is for a data folder: what the API sends goes its own ways".into());
        }
        Place::Remote(remote) => {
            remote.post("v1/alerts/test", &json!({})).await?;
            println!("The test alert is ordered: the next sweep sends it, within two minutes.");
            return Ok(0);
        }
        Place::Folder(data) => data,
    };
    let notifier = notifier(&data, &args.ways);
    let (engine, mut node) = open(&data).await?;
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
