//! `port25 reply`: what to answer AWS, from which mailbox and to which mail, with the draft; as a mail to open with `--out`.

use std::io::Write;
use std::path::{Path, PathBuf};

use api::reply::{self, ReplyView};
use boot::{log, world};
use clap::Args;
use domain::text::one_line;

use crate::cli::{Data, Done};
use crate::list::open;

/// Around the text of the draft.
const RULE: &str = "--------";

/// `port25 reply`
#[derive(Debug, Args)]
pub struct ReplyArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// AWS's ID, our key (p25-…), or a Message-ID.
    pub id: String,
    /// Write the draft as a mail (.eml) to a new file, to open in a mail program.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// As the API gives it.
    #[arg(long)]
    pub json: bool,
}

/// Prints the draft, and writes it. The exit code is 1 when there is no mail to answer.
///
/// # Errors
/// When the data folder cannot be used, nothing is found, or the file is there already.
pub async fn run(args: ReplyArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let found = api::find(&node.store, &args.id).await;
    engine.close().await;
    let shown = found?.ok_or_else(|| api::act::ActError::NoRequest(one_line(&args.id)))?;
    let (view, draft) = reply::of(&shown, &node.policy, world::now());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&view)?);
    } else {
        print!("{}", text(&view, shown.request.id.as_str()));
    }
    match (&args.out, &draft) {
        (Some(file), Ok(draft)) => {
            write_new(file, &reply::eml(draft))?;
            // With --json, standard output is JSON alone.
            eprintln!("Written to {}: open it in your mail program, read it, change it, send it.", one_line(&file.display().to_string()));
        }
        (Some(_), Err(why)) => return Err(format!("no file was written: {why}").into()),
        (None, _) => {}
    }
    Ok(if view.channel == "nowhere" { 1 } else { 0 })
}

fn text(view: &ReplyView, id: &str) -> String {
    let mut lines = vec![view.instruction.clone(), String::new()];
    for (name, value) in [("To:", &view.to), ("From:", &view.from), ("Bcc:", &view.bcc), ("Subject:", &view.subject)] {
        if let Some(value) = value {
            lines.push(format!("{name:<9}{}", one_line(value)));
        }
    }
    // Not indented: it is there to be copied.
    lines.extend([RULE.to_owned(), view.text.trim_end().to_owned(), RULE.to_owned()]);
    lines.push(match view.channel {
        "support-center" => format!("Paste it into the case. Afterwards say so: port25 replied {id}"),
        _ => format!("Read it before you send it; nothing is sent from here. Afterwards, to be sure: port25 replied {id}"),
    });
    lines.push(String::new());
    lines.join("\n")
}

/// A file that is there stays as it is.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|e| format!("{}: {e}", path.display()))
}
