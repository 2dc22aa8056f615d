//! `port25 forget`: a request goes from the table, with everything that was kept of it. Without `--yes` it only says what would go.

use api::act::{self, Forgetting, Forgotten};
use boot::log;
use clap::Args;
use domain::text::one_line;

use crate::bucket::Bucket;
use crate::cli::{Data, Done, Who};
use crate::judge::by;
use crate::list::open;
use crate::node::Node;

/// `port25 forget`
#[derive(Debug, Args)]
pub struct ForgetArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
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
    let (engine, node) = open(&args.data.data).await?;
    let done = forget(&node, &args).await;
    engine.close().await;
    print!("{}", done?);
    Ok(u8::from(!args.yes))
}

async fn forget(node: &Node, args: &ForgetArgs) -> Result<String, act::ActError> {
    if !args.yes {
        let would = act::forgettable(&node.store, &args.id).await?;
        return Ok(text(
            &would,
            &node.bucket,
            "would be deleted from the table, and could not be brought back",
            "Nothing was changed: say --yes to do it.",
        ));
    }
    let by = by(&Who { by: args.by.clone(), why: None });
    let wish = Forgetting { by, all: args.all, expected: None };
    let done = act::forget(&node.store, &args.id, &wish, (node.clock)()).await?;
    Ok(text(&done, &node.bucket, "deleted from the table", "A new mail of AWS begins a new request."))
}

fn text(forgotten: &Forgotten, bucket: &Bucket, what: &str, end: &str) -> String {
    let Forgotten { requests, objects, entries, alerts, resumed } = forgotten;
    let ids: Vec<&str> = requests.iter().map(|id| id.as_str()).collect();
    let of = match (ids.as_slice(), resumed) {
        (_, true) => "What an earlier attempt had left".to_owned(),
        ([], false) => "No request, only mail that was dismissed".to_owned(),
        ([id], false) => format!("Request {id}"),
        (ids, false) => format!("{} requests that hang together ({})", ids.len(), ids.join(", ")),
    };
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut lines = vec![format!("{of}: {} and {} {what}.", count(*entries, "entry", "entries"), count(*alerts, "alert", "alerts"))];
    let path = |key: &String| bucket.folder_of(key).join(key);
    let files: Vec<String> = objects.iter().map(path).filter(|p| p.is_file()).map(|p| one_line(&p.display().to_string())).collect();
    if !files.is_empty() {
        lines.push("The mails as they came stay where they are; delete these files if they are to go too:".to_owned());
        lines.extend(files.into_iter().map(|file| format!("  {file}")));
    }
    lines.extend([end.to_owned(), String::new()]);
    lines.join("\n")
}
