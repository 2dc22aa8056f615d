//! `port25 quarantine`: the mails that nothing proves, and why each is kept apart.

use api::quarantine::page;
use boot::{log, world};
use clap::Args;
use domain::text::{cut, one_line};
use serde_json::{Value, to_value};

use crate::cli::Done;
use crate::fields::{is, items, maybe, print, print_json, text};
use crate::list::open;
use crate::place::{At, Place};
use crate::remote::query;

/// `port25 quarantine`
#[derive(Debug, Args)]
pub struct QuarantineArgs {
    /// Where the mails are.
    #[command(flatten)]
    pub at: At,
    /// How many mails one page has.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
    /// Where the page begins, as the page before says.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// The mails as the API gives them.
    #[arg(long)]
    pub json: bool,
}

/// Lists a page.
///
/// # Errors
/// When the data folder, the API or the place cannot be used.
pub async fn run(args: QuarantineArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let listed = match args.at.place()? {
        Place::Remote(remote) => {
            let after = args.after.iter().map(|after| ("cursor".to_owned(), after.clone()));
            let asked: Vec<_> = [("limit".to_owned(), args.limit.to_string())].into_iter().chain(after).collect();
            remote.get(&format!("v1/quarantine{}", query(&asked))).await?
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let listed = page(&node.store, args.after.as_deref(), usize::from(args.limit), world::now()).await;
            engine.close().await;
            to_value(listed?)?
        }
    };
    if args.json {
        print_json(&listed)?;
    } else {
        print(&words(&listed, args.after.is_some()))?;
    }
    Ok(0)
}

fn words(listed: &Value, continued: bool) -> String {
    let (mails, next) = (items(listed, "items"), maybe(listed, "next"));
    if mails.is_empty() && next.is_none() {
        return if continued { "No more mail is in quarantine.\n" } else { "No mail is in quarantine.\n" }.to_owned();
    }
    let mut lines = Vec::new();
    for mail in mails {
        let short = |name, max| cut(&text(mail, name), max);
        let mark = if is(mail, "names_open") { "NAMES AN OPEN REQUEST" } else { "names no open request" };
        lines.push(format!("{}  {mark}  from {}", text(mail, "stored"), short("from", 80)));
        lines.push(format!("    {}", short("subject", 100)));
        lines.push(format!("    why:  {}", short("why", 200)));
        lines.push(format!("    mail: {}  (Message-ID {})", text(mail, "id"), short("message_id", 100)));
    }
    lines.push(String::new());
    lines.push("Nothing proves who sent these; they changed nothing. Look at one with port25 explain, then decide:".to_owned());
    lines.push("  port25 judge MAIL --as MEANING    it counts as said from now on".to_owned());
    lines.push("  port25 dismiss MAIL               it is none of ours, and leaves this list".to_owned());
    if let Some(next) = next {
        lines.push(format!("There are more: port25 quarantine --after '{}'", one_line(&next)));
    }
    lines.push(String::new());
    lines.join("\n")
}
