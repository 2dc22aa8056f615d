//! `port25 import`: an old mailbox, through the same ingest as every mail.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;

use alert::Notifier;
use boot::{log, world};
use domain::filing::Ending;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::{Done, ImportArgs};
use crate::engine::Engine;
use crate::mailbox;
use crate::node::Node;
use crate::serve::{checker, policy};

/// Imports and says what became of each mail, by number. The exit code is 1 when a file could not be read.
///
/// # Errors
/// When the data folder or a path cannot be used.
pub async fn run(args: ImportArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let policy = policy(&args.results)?;
    let totals = mailbox::count(&args.paths)?;
    let data = args.data.data;
    let engine = Engine::open(&data).await?;
    engine.describe("port25 import")?;
    // An import sends nothing: the next sweep of `serve` tells what is news and what is overdue.
    let notifier = Notifier::Folder { folder: data.join("alerts"), print: false };
    let mut node = Node::new(&engine, &data, policy, notifier, Arc::new(world::now)).await?;
    node.dkim = checker(&args.results)?;

    let bar = progress(totals.bytes);
    let mut ended: BTreeMap<String, u64> = BTreeMap::new();
    let mut failed = 0u64;
    for found in mailbox::mails(&args.paths) {
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("port25: {}", boot::log::chain(&error)));
                continue;
            }
        };
        bar.set_position(found.read);
        match node.accept(&found.bytes).await {
            Ok((_, Some(filed))) => *ended.entry(line(&filed.ending)).or_default() += 1,
            Ok((_, None)) => *ended.entry("kept, to be filed at the next start".to_owned()).or_default() += 1,
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("port25: {}: could not be kept: {error}", found.source));
            }
        }
    }
    bar.finish_and_clear();
    engine.close().await;
    let mails: u64 = ended.values().sum();
    println!("{mails} mails");
    for (ending, count) in ended {
        println!("{count:>8} {ending}");
    }
    if totals.skipped > 0 {
        println!("{:>8} other files skipped", totals.skipped);
    }
    if mails == 0 && failed == 0 {
        println!("Nothing was found: give .eml files, an mbox export, a Maildir, or a folder with any of these.");
    }
    if failed > 0 {
        eprintln!("port25: {failed} could not be read; the others are in. Mend them and import again: nothing is counted twice.");
        return Ok(1);
    }
    Ok(0)
}

fn line(ending: &Ending) -> String {
    match ending {
        Ending::Ignored(why) => format!("ignored ({why})"),
        Ending::Quarantined(_) => "quarantined (nothing proves who sent them; see port25 quarantine)".to_owned(),
        other => other.as_str().to_owned(),
    }
}

/// A bar on a terminal, nothing elsewhere.
fn progress(bytes: u64) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(bytes), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar
}
