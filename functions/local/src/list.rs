//! `port25 list`: the requests as a table, or as the API gives them.

use std::path::Path;
use std::sync::Arc;

use alert::Notifier;
use api::view::{self, Item};
use boot::{log, settings, world};
use comfy_table::{ContentArrangement, Table, presets};
use domain::ids::{AccountId, Region};
use jiff::Timestamp;
use store::{Filter, ListedTurn};

use crate::cli::{Done, ListArgs};
use crate::engine::Engine;
use crate::node::Node;

/// Requests read in one call.
const PAGE: usize = 200;

/// Lists. With `--overdue` the exit code is 2 when something is.
///
/// # Errors
/// When the data folder or a filter cannot be used.
pub async fn run(args: ListArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let now = world::now();
    let (engine, node) = open(&args.data.data).await?;
    let wrong =
        |what: &str, value: &str| format!("{what} {value:?} is none: give aws, ours or settled; 12 digits; or a code like eu-west-1");
    let parse = |what: &'static str, value: &Option<String>| value.clone().map(|v| (what, v));
    let filter = Filter {
        turn: parse("--turn", &args.turn).map(|(w, v)| ListedTurn::parse(&v).ok_or_else(|| wrong(w, &v))).transpose()?,
        account: parse("--account", &args.account).map(|(w, v)| AccountId::parse(&v).ok_or_else(|| wrong(w, &v))).transpose()?,
        region: parse("--region", &args.region).map(|(w, v)| Region::parse(&v).ok_or_else(|| wrong(w, &v))).transpose()?,
        silent_since: args.overdue.then(|| now.checked_sub(node.policy.shortest_deadline()).unwrap_or(Timestamp::MIN)),
        ..Filter::default()
    };
    let mut items: Vec<Item> = Vec::new();
    let mut from = None;
    loop {
        let page = node.store.list(&filter, from.as_ref(), PAGE).await?;
        items.extend(page.items.iter().map(|head| view::item(head, &node.policy, now)).filter(|item| item.overdue || !args.overdue));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    engine.close().await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&items)?);
    } else if items.is_empty() {
        println!(
            "{}",
            if args.overdue {
                "Nothing is overdue."
            } else {
                "No requests yet. Send a mail in (port25 serve) or import a mailbox (port25 import PATH)."
            }
        );
    } else {
        println!("{}", table(&items));
    }
    Ok(if args.overdue && !items.is_empty() { 2 } else { 0 })
}

/// Opens the data folder for a command that looks and leaves; one that was never used is a mistake of the path.
///
/// # Errors
/// When it is not there, in use, or cannot be read.
pub async fn open(data: &Path) -> Result<(Engine, Node), Box<dyn std::error::Error + Send + Sync>> {
    if !data.is_dir() {
        return Err(format!(
            "there is no data folder {}: name one with --data DIR, or make one with port25 serve or import",
            data.display()
        )
        .into());
    }
    let policy = settings::telling(settings::policy(world::env)?, world::env)?;
    let engine = Engine::open(data).await?;
    let notifier = Notifier::Folder { folder: data.join("alerts"), print: false };
    let node = Node::new(&engine, data, policy, notifier, Arc::new(world::now)).await?;
    Ok((engine, node))
}

fn table(items: &[Item]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["TURN", "WAITING", "REQUEST", "ACCOUNT", "REGION", "SUBJECT"]);
    for item in items {
        let turn = match (item.overdue, item.turn.why.or(item.turn.outcome)) {
            (true, _) => "aws OVERDUE".to_owned(),
            (false, Some(why)) => format!("{} ({why})", item.turn.turn),
            (false, None) => item.turn.turn.to_owned(),
        };
        let waiting = item.waiting_seconds.map_or_else(|| "-".to_owned(), |s| format!("{}h", s / 3600));
        let account = item.account.clone().unwrap_or_else(|| "-".to_owned());
        let region = if item.regions.is_empty() { "-".to_owned() } else { item.regions.join(" ") };
        table.add_row([turn, waiting, item.id.clone(), account, region, domain::text::cut(&item.subject, 60)]);
    }
    table
}
