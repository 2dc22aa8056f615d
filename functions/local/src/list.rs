//! `port25 list`: the requests as a table, or as the API gives them.

use std::path::Path;
use std::sync::Arc;

use alert::Notifier;
use boot::{log, settings, world};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use domain::text::cut;
use serde_json::{Value, to_value};

use crate::cli::{Done, Error};
use crate::csv;
use crate::engine::Engine;
use crate::fields::{dash, maybe, number, print, print_json, text, texts};
use crate::node::Node;
use crate::paint::{Paint, tone};
use crate::place::{At, Place};
use crate::remote::query;

/// Requests read in one call.
const PAGE: usize = 200;

/// The narrowest terminal that the table is fitted into.
const NARROW: u16 = 60;

/// `port25 list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Where the requests are.
    #[command(flatten)]
    pub at: At,
    /// Only what AWS has not answered within the deadline.
    #[arg(long)]
    pub overdue: bool,
    /// Only this turn: aws, ours or settled.
    #[arg(long, value_name = "TURN")]
    pub turn: Option<String>,
    /// Only this account.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Only requests that name this Region.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Only this kind of AWS mail: port25, abuse, support-case, verification or another word that show prints as family.
    #[arg(long, value_name = "FAMILY")]
    pub family: Option<String>,
    /// Only these: why it is our turn (question, unclear, …), waiting, or how it ended (approved, denied, closed).
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only what names this: a reference, account, Region, e-mail address, Elastic IP or host name, whole.
    #[arg(long, value_name = "TEXT")]
    pub q: Option<String>,
    /// The items as the API gives them.
    #[arg(long)]
    pub json: bool,
    /// For a spreadsheet: a line for each request; what begins like a formula gets an apostrophe in front.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

impl ListArgs {
    /// As the API is asked.
    fn parameters(&self) -> Vec<(String, String)> {
        let named = [
            ("turn", &self.turn),
            ("account", &self.account),
            ("region", &self.region),
            ("family", &self.family),
            ("kind", &self.kind),
            ("q", &self.q),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        let overdue = self.overdue.then(|| ("overdue", "true".to_owned()));
        named.chain(overdue).chain([("limit", PAGE.to_string())]).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Lists. With `--overdue` the exit code is 2 when something is.
///
/// # Errors
/// When the data folder, the API or a filter cannot be used.
pub async fn run(args: ListArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let items = match args.at.place()? {
        Place::Remote(remote) => {
            let page = async |asked: &[(String, String)]| Ok(remote.get(&format!("v1/requests{}", query(asked))).await?);
            pages(args.parameters(), page).await?
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let now = world::now();
            let page = async |asked: &[(String, String)]| Ok(to_value(api::list(&node.store, &node.policy, asked, now).await?)?);
            let items = pages(args.parameters(), page).await;
            engine.close().await;
            items?
        }
    };
    if args.json {
        print_json(&items)?;
    } else if args.csv {
        print(&csv::of(&items))?;
    } else if items.is_empty() {
        print(&format!("{}\n", nothing(&args)))?;
    } else {
        print(&format!("{}\n", table(&items, Paint::of_stdout())))?;
    }
    Ok(if args.overdue && !items.is_empty() { 2 } else { 0 })
}

/// All items, page by page.
async fn pages(
    mut asked: Vec<(String, String)>,
    page: impl AsyncFn(&[(String, String)]) -> Result<Value, Error>,
) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    loop {
        let mut list = page(&asked).await?;
        if let Value::Array(found) = list["items"].take() {
            items.extend(found);
        }
        let Some(next) = list["next"].as_str().map(str::to_owned) else { return Ok(items) };
        asked.retain(|(name, _)| name != "cursor");
        asked.push(("cursor".to_owned(), next));
    }
}

fn nothing(args: &ListArgs) -> &'static str {
    match (args.overdue, args.parameters().len()) {
        (true, _) => "Nothing is overdue.",
        (false, 1) => "No requests yet. Send a mail in (port25 serve) or import a mailbox (port25 import PATH).",
        (false, _) => "No request is like that.",
    }
}

/// Opens the data folder for a command that looks and leaves; one that was never used is a mistake of the path.
///
/// # Errors
/// When it is not there, in use, or cannot be read.
pub async fn open(data: &Path) -> Result<(Engine, Node), Error> {
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

fn table(items: &[Value], paint: Paint) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    // A terminal that does not know its width says 0: one letter in a line helps nobody.
    if table.width().is_some_and(|width| width < NARROW) {
        table.set_width(NARROW);
    }
    table.set_header(["TURN", "WAITING", "REQUEST", "ACCOUNT", "REGION", "SUBJECT"]);
    for item in items {
        let tone = tone(item);
        let turn = match (item["overdue"].as_bool(), maybe(item, "why").or_else(|| maybe(item, "outcome"))) {
            (Some(true), _) => "aws OVERDUE".to_owned(),
            (_, Some(why)) => format!("{} ({why})", text(item, "turn")),
            (_, None) => text(item, "turn"),
        };
        let waiting = number(item, "waiting_seconds").map_or_else(|| "-".to_owned(), |s| format!("{}h", s / 3600));
        let regions = texts(item, "regions").join(" ");
        let region = if regions.is_empty() { "-".to_owned() } else { regions };
        let plain = [waiting, text(item, "id"), dash(item, "account"), region, cut(&text(item, "subject"), 60)];
        table.add_row([paint.cell(&turn, tone)].into_iter().chain(plain.map(Into::into)).collect::<Vec<_>>());
    }
    table
}
