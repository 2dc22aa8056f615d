//! `port25 forget`: a request goes from the table, with everything that was kept of it. Without `--yes` it only says what would go.

use api::Gone;
use api::act::{self, Forgetting};
use boot::log;
use clap::Args;
use domain::text::one_line;

use crate::cli::{Done, Who};
use crate::judge::by;
use crate::list::open;
use crate::node::Node;
use crate::place::{At, Place};
use crate::remote::{Remote, RemoteError};

/// `port25 forget`
#[derive(Debug, Args)]
pub struct ForgetArgs {
    /// Where the requests are.
    #[command(flatten)]
    pub at: At,
    /// AWS's ID, our key (p25-…), or a Message-ID.
    pub id: String,
    /// Who says so (default: the user's name). It is kept with the time, and nothing else is.
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Also the other requests that hang together with it by their mails.
    #[arg(long)]
    pub all: bool,
    /// Do it. It cannot be undone.
    #[arg(long)]
    pub yes: bool,
}

/// Forgets, or says what would go: then the exit code is 1.
///
/// # Errors
/// When no request answers, it hangs together with others, or the data folder cannot be used.
pub async fn run(args: ForgetArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let text = match args.at.place()? {
        Place::Remote(remote) => forget_there(&remote, &args).await?,
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let done = forget(&node, &args).await;
            engine.close().await;
            done?
        }
    };
    print!("{text}");
    Ok(u8::from(!args.yes))
}

const WOULD: &str = "would be deleted from the table, and could not be brought back";
const SAY_YES: &str = "Nothing was changed: say --yes to do it.";
const DELETED: &str = "deleted from the table";
const BEGINS: &str = "A new mail of AWS begins a new request.";

async fn forget(node: &Node, args: &ForgetArgs) -> Result<String, act::ActError> {
    let path = |key: &String| node.bucket.folder_of(key).join(key);
    let files = |gone: &Gone| gone.objects.iter().map(path).filter(|p| p.is_file()).map(|p| p.display().to_string()).collect::<Vec<_>>();
    if !args.yes {
        let would = api::forgotten(&act::forgettable(&node.store, &args.id).await?);
        return Ok(text(&would, &files(&would), WOULD, SAY_YES));
    }
    let by = by(&Who { by: args.by.clone(), why: None });
    let wish = Forgetting { by, all: args.all, expected: None };
    let done = api::forgotten(&act::forget(&node.store, &args.id, &wish, (node.clock)()).await?);
    Ok(text(&done, &files(&done), DELETED, BEGINS))
}

/// By the API: it names the token as who did it, and the objects instead of files.
async fn forget_there(remote: &Remote, args: &ForgetArgs) -> Result<String, RemoteError> {
    let place = format!("v1/requests/{}", api::segment(&args.id));
    if !args.yes {
        let shown = remote.get(&place).await?;
        let events = shown["history"].as_array().map_or(0, Vec::len);
        return Ok(format!("Request {} with its {events} events {WOULD}.\n{SAY_YES}\n", one_line(shown["id"].as_str().unwrap_or("-"))));
    }
    let done = remote.delete(&format!("{place}{}", if args.all { "?all=true" } else { "" })).await?;
    let done: Gone = serde_json::from_value(done).map_err(|_| remote.odd())?;
    Ok(text(&done, &done.objects, DELETED, BEGINS))
}

fn text(gone: &Gone, files: &[String], what: &str, end: &str) -> String {
    let Gone { requests, entries, alerts, resumed, .. } = gone;
    let ids: Vec<String> = requests.iter().map(|id| one_line(id)).collect();
    let of = match (ids.as_slice(), resumed) {
        (_, true) => "What an earlier attempt had left".to_owned(),
        ([], false) => "No request, only mail that was dismissed".to_owned(),
        ([id], false) => format!("Request {id}"),
        (ids, false) => format!("{} requests that hang together ({})", ids.len(), ids.join(", ")),
    };
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut lines = vec![format!("{of}: {} and {} {what}.", count(*entries, "entry", "entries"), count(*alerts, "alert", "alerts"))];
    if !files.is_empty() {
        lines.push("The mails as they came stay where they are; delete these files if they are to go too:".to_owned());
        lines.extend(files.iter().map(|file| format!("  {}", one_line(file))));
    }
    lines.extend([end.to_owned(), String::new()]);
    lines.join("\n")
}
