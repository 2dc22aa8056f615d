//! `port25 judge`, `dismiss` and `split`: what a person says of a mail, as an entry with who and why.

use std::path::{Path, PathBuf};

use api::act::{self, Taken, Word};
use api::mails::Mails;
use boot::log;
use clap::Args;
use domain::classify::Meaning;
use domain::request::Belongs;
use domain::text::one_line;
use ingest::inbox::Fetched;
use store::StoredMail;

use crate::cli::{Data, Done, Who};
use crate::fixture::anonymous;
use crate::list::open;
use crate::node::Node;
use crate::serve::user;

/// `port25 judge`
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// The mail: a Message-ID, the key of its object, or the id of its entry.
    pub mail: String,
    /// What it means: received, question, approved, denied, progress, unclear, ours, note or irrelevant.
    #[arg(long = "as", value_name = "MEANING", required_unless_present = "fixture", value_parser = meaning)]
    pub meaning: Option<Meaning>,
    /// The request it belongs to: AWS's ID, a p25-… key, a Message-ID, or new for one of its own.
    #[arg(long, value_name = "ID", requires = "meaning")]
    pub request: Option<String>,
    /// Who and why.
    #[command(flatten)]
    pub who: Who,
    /// Write the mail, with names, numbers, addresses and ids replaced, to a new file: a wrong reading becomes a test.
    #[arg(long, value_name = "FILE")]
    pub fixture: Option<PathBuf>,
}

/// `port25 dismiss` and `port25 split`
#[derive(Debug, Args)]
pub struct MailArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// The mail: a Message-ID, the key of its object, or the id of its entry.
    pub mail: String,
    /// Who and why.
    #[command(flatten)]
    pub who: Who,
}

/// Judges a mail, or writes it as a fixture, or both.
///
/// # Errors
/// When the mail or the request is unknown, or something cannot be read or written.
pub async fn run(args: JudgeArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let done = judge(&node, &args).await;
    engine.close().await;
    done
}

async fn judge(node: &Node, args: &JudgeArgs) -> Done {
    let mail = act::find_mail(&node.store, &args.mail).await?;
    if let Some(file) = &args.fixture {
        let Fetched { bytes, .. } = node.read(&mail.object).await?;
        let written = write_fixture(file, &anonymous(&bytes, &node.policy)?, args.meaning)?;
        println!("{written}");
    }
    let Some(meaning) = args.meaning else { return Ok(0) };
    let request = match &args.request {
        Some(name) => Some(act::belongs(&node.store, name).await?),
        None => None,
    };
    take(node, &mail, Some(meaning), request, &args.who).await
}

/// Dismisses a mail.
///
/// # Errors
/// When the mail is unknown, or the data folder cannot be used.
pub async fn dismiss(args: MailArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let done = match act::find_mail(&node.store, &args.mail).await {
        Ok(mail) => take(&node, &mail, Some(Meaning::Irrelevant), None, &args.who).await,
        Err(error) => Err(error.into()),
    };
    engine.close().await;
    done
}

/// Takes a mail out of its request: it begins one of its own, and what answers it follows.
///
/// # Errors
/// When the mail is unknown or in no request, or the data folder cannot be used.
pub async fn split(args: MailArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let done = match act::find_mail(&node.store, &args.mail).await {
        Ok(mail) if !act::is_entry(&mail) => {
            Err("the mail is in no request yet: release it with port25 judge MAIL --as MEANING --request new".into())
        }
        Ok(mail) => take(&node, &mail, None, Some(Belongs::Apart), &args.who).await,
        Err(error) => Err(error.into()),
    };
    engine.close().await;
    done
}

async fn take(node: &Node, mail: &StoredMail, meaning: Option<Meaning>, request: Option<Belongs>, who: &Who) -> Done {
    let word = Word { meaning, request, by: by(who), why: who.why.clone(), key: None, expected: None };
    let read = if act::is_entry(mail) { None } else { Some(node.entry(mail).await?) };
    let taken = act::judge(&node.store, &node.policy, mail, read.as_ref(), &word, (node.clock)()).await?;
    print!("{}", text(&taken));
    Ok(0)
}

/// A meaning by its word.
fn meaning(text: &str) -> Result<Meaning, String> {
    let words = || Meaning::ALL.map(Meaning::as_str).join(", ");
    Meaning::parse(text).ok_or_else(|| format!("give one of {}", words()))
}

/// Who says so: as said, else the user of this machine.
pub fn by(who: &Who) -> String {
    who.by.clone().filter(|by| !by.trim().is_empty()).unwrap_or_else(user)
}

fn text(taken: &Taken) -> String {
    let meaning = taken.meaning.as_str();
    let ids: Vec<&str> = taken.requests.iter().map(|id| id.as_str()).collect();
    let place = match (ids.is_empty(), taken.meaning) {
        (true, Meaning::Irrelevant) => "It is in no request.".to_owned(),
        (true, _) => "It is in no request: name one with --request.".to_owned(),
        (false, _) => format!("Request: {}; port25 show {} tells its history.", ids.join(", "), ids[0]),
    };
    let done = match (taken.said_before, taken.released) {
        (true, _) => format!("Nothing to do: that was said before, it means {meaning}."),
        (false, true) => format!("Released: it means {meaning} from now on."),
        (false, false) => format!("Judged: it means {meaning} from now on."),
    };
    format!("{done} {place}\n")
}

/// Writes the fixture, and beside it what the person says that it means. A file that is there stays.
fn write_fixture(file: &Path, bytes: &[u8], meaning: Option<Meaning>) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let expect = PathBuf::from(file).with_extension("expect");
    let new = |path: &Path, bytes: &[u8]| {
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| format!("{}: {e}", path.display()))?;
        std::io::Write::write_all(&mut file, bytes).map_err(|e| format!("{}: {e}", path.display()))
    };
    new(file, bytes)?;
    let mut said =
        format!("Written to {}. Read it before you share it: a name inside a sentence may be left.", one_line(&file.display().to_string()));
    if let Some(meaning) = meaning {
        new(&expect, format!("meaning: {}\n", meaning.as_str()).as_bytes())?;
        said.push_str(&format!(" What it should mean is in {}.", one_line(&expect.display().to_string())));
    }
    Ok(said)
}
