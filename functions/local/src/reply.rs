//! `port25 reply`: what to answer AWS, from which mailbox and to which mail, with the draft; as a mail to open with `--out`.

use std::io::Write;
use std::path::{Path, PathBuf};

use api::reply;
use boot::{log, world};
use clap::Args;
use domain::reply::NoDraft;
use domain::text::{cut, one_line};
use serde_json::{Value, to_value};

use crate::cli::{Done, Error};
use crate::fields::{lines, maybe, print, print_json, text};
use crate::list::open;
use crate::place::{At, Place};

/// Around the text of the draft.
const RULE: &str = "--------";

/// `port25 reply`
#[derive(Debug, Args)]
pub struct ReplyArgs {
    /// Where the request is.
    #[command(flatten)]
    pub at: At,
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
/// When the data folder or the API cannot be used, nothing is found, or the file is there already.
pub async fn run(args: ReplyArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (view, id, mail) = read(&args).await?;
    if args.json {
        print_json(&view)?;
    } else {
        print(&words(&view, &id))?;
    }
    if let Some(file) = &args.out {
        let mail = mail.map_err(|why| format!("no file was written: {why}"))?;
        write_new(file, &mail)?;
        // With --json, standard output is JSON alone.
        eprintln!("Written to {}: open it in your mail program, read it, change it, send it.", one_line(&file.display().to_string()));
    }
    Ok(if view["channel"] == "nowhere" { 1 } else { 0 })
}

/// How it is answered, the request's id, and the draft as a mail where it is wanted and there is one.
async fn read(args: &ReplyArgs) -> Result<(Value, String, Result<Vec<u8>, Error>), Error> {
    match args.at.place()? {
        Place::Remote(remote) => {
            let path = format!("v1/requests/{}/reply", api::segment(&args.id));
            let view = remote.get(&path).await?;
            let mail = match &args.out {
                Some(_) => remote.mail(&format!("{path}?format=eml")).await.map_err(Error::from),
                None => Ok(Vec::new()),
            };
            Ok((view, one_line(&args.id), mail))
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let found = api::find(&node.store, &args.id).await;
            engine.close().await;
            let shown = found?.ok_or_else(|| api::act::ActError::NoRequest(cut(&one_line(&args.id), 100)))?;
            let (view, draft) = reply::of(&shown, &node.policy, world::now());
            let mail = draft.map(|draft| reply::eml(&draft)).map_err(|why: NoDraft| why.to_string().into());
            Ok((to_value(view)?, shown.request.id.to_string(), mail))
        }
    }
}

fn words(view: &Value, id: &str) -> String {
    let mut out = vec![text(view, "instruction"), String::new()];
    for (label, name) in [("To:", "to"), ("From:", "from"), ("Bcc:", "bcc"), ("Subject:", "subject")] {
        if let Some(value) = maybe(view, name) {
            out.push(format!("{label:<9}{value}"));
        }
    }
    // Not indented: it is there to be copied.
    out.extend([RULE.to_owned(), lines(view, "text"), RULE.to_owned()]);
    out.push(match view["channel"].as_str() {
        Some("support-center") => format!("Paste it into the case. Afterwards say so: port25 replied {id}"),
        _ => format!("Read it before you send it; nothing is sent from here. Afterwards, to be sure: port25 replied {id}"),
    });
    out.push(String::new());
    out.join("\n")
}

/// A file that is there stays as it is.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|e| format!("{}: {e}", path.display()))
}
