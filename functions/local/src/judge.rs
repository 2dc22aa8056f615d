//! `port25 judge`, `dismiss` and `split`: what a person says of a mail, as an entry with who and why.

use std::path::{Path, PathBuf};

use api::act::{self, Word};
use api::acts::judged;
use api::mails::Mails;
use boot::log;
use clap::Args;
use domain::classify::Meaning;
use domain::request::Belongs;
use domain::text::one_line;
use ingest::inbox::Fetched;
use serde_json::{Value, json, to_value};
use store::StoredMail;

use crate::cli::{Done, Error, Who};
use crate::fields::{is, print_json, text, texts};
use crate::fixture::anonymous;
use crate::list::open;
use crate::node::Node;
use crate::place::{At, Place};
use crate::remote::{Remote, RemoteError};
use crate::serve::user;

/// `port25 judge`
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Where the mail is.
    #[command(flatten)]
    pub at: At,
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
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    pub fixture: Option<PathBuf>,
    /// What became of it, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `port25 dismiss` and `port25 split`
#[derive(Debug, Args)]
pub struct MailArgs {
    /// Where the mail is.
    #[command(flatten)]
    pub at: At,
    /// The mail: a Message-ID, the key of its object, or the id of its entry.
    pub mail: String,
    /// Who and why.
    #[command(flatten)]
    pub who: Who,
    /// What became of it, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Judges a mail, or writes it as a fixture, or both.
///
/// # Errors
/// When the mail or the request is unknown, or something cannot be read or written.
pub async fn run(args: JudgeArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let taken = match args.at.place()? {
        Place::Remote(remote) => judge_there(&remote, &args).await?,
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let taken = judge(&node, &args).await;
            engine.close().await;
            let Some(taken) = taken? else { return Ok(0) };
            taken
        }
    };
    print(&taken, args.json)
}

async fn judge(node: &Node, args: &JudgeArgs) -> Result<Option<Value>, Error> {
    let mail = act::find_mail(&node.store, &args.mail).await?;
    if let Some(file) = &args.fixture {
        let Fetched { bytes, .. } = node.read(&mail.object).await?;
        // With --json, standard output is JSON alone.
        eprintln!("{}", write_fixture(file, &anonymous(&bytes, &node.policy)?, args.meaning)?);
    }
    let Some(meaning) = args.meaning else { return Ok(None) };
    let request = match &args.request {
        Some(name) => Some(act::belongs(&node.store, name).await?),
        None => None,
    };
    take(node, &mail, Some(meaning), request, &args.who).await.map(Some)
}

/// The API takes a word on any mail where it takes those on mail in quarantine.
async fn judge_there(remote: &Remote, args: &JudgeArgs) -> Result<Value, Error> {
    let mail = api::segment(&args.mail);
    match (args.meaning, &args.fixture) {
        (Some(meaning), None) if meaning != Meaning::Irrelevant => {
            let body = json!({"meaning": meaning.as_str(), "request": args.request});
            Ok(remote.post(&format!("v1/quarantine/{mail}/release"), &with(body, &args.who)).await?)
        }
        (Some(_), None) if args.request.is_none() => {
            Ok(remote.post(&format!("v1/quarantine/{mail}/dismiss"), &with(json!({}), &args.who)).await?)
        }
        (Some(_), None) => Err("an irrelevant mail is in no request: leave --request out".into()),
        _ => Err("--fixture needs the mail itself, which the API does not give: run it where the data folder is, with --data DIR".into()),
    }
}

/// Dismisses a mail.
///
/// # Errors
/// When the mail is unknown, or the data folder or the API cannot be used.
pub async fn dismiss(args: MailArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let taken = match args.at.place()? {
        Place::Remote(remote) => {
            remote.post(&format!("v1/quarantine/{}/dismiss", api::segment(&args.mail)), &with(json!({}), &args.who)).await?
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let taken = match act::find_mail(&node.store, &args.mail).await {
                Ok(mail) => take(&node, &mail, Some(Meaning::Irrelevant), None, &args.who).await,
                Err(error) => Err(error.into()),
            };
            engine.close().await;
            taken?
        }
    };
    print(&taken, args.json)
}

/// Takes a mail out of its request: it begins one of its own, and what answers it follows.
///
/// # Errors
/// When the mail is unknown or in no request, or the data folder or the API cannot be used.
pub async fn split(args: MailArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let taken = match args.at.place()? {
        Place::Remote(remote) => split_there(&remote, &args).await?,
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let taken = match act::find_mail(&node.store, &args.mail).await {
                Ok(mail) if !act::is_entry(&mail) => {
                    Err("the mail is in no request yet: release it with port25 judge MAIL --as MEANING --request new".into())
                }
                Ok(mail) => take(&node, &mail, None, Some(Belongs::Apart), &args.who).await,
                Err(error) => Err(error.into()),
            };
            engine.close().await;
            taken?
        }
    };
    print(&taken, args.json)
}

/// The API asks for the request as well; a Message-ID names both.
async fn split_there(remote: &Remote, args: &MailArgs) -> Result<Value, Error> {
    let body = json!({"mail": args.mail, "request": "new"});
    match remote.post(&format!("v1/requests/{}/judge", api::segment(&args.mail)), &with(body, &args.who)).await {
        Err(RemoteError::Problem { detail, name }) if name.ends_with(":request-not-found") => {
            Err(format!("{detail} With --url, split takes the mail's Message-ID, as show --json prints it.").into())
        }
        done => Ok(done?),
    }
}

async fn take(node: &Node, mail: &StoredMail, meaning: Option<Meaning>, request: Option<Belongs>, who: &Who) -> Result<Value, Error> {
    let word = Word { meaning, request, by: by(who), why: who.why.clone(), key: None, expected: None };
    let read = if act::is_entry(mail) { None } else { Some(node.entry(mail).await?) };
    let taken = act::judge(&node.store, &node.policy, mail, read.as_ref(), &word, (node.clock)()).await?;
    Ok(to_value(judged(taken))?)
}

fn print(taken: &Value, json: bool) -> Done {
    if json {
        print_json(taken)?;
    } else {
        println!("{}", words(taken));
    }
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

/// The body of a change, with who and why. The API knows its callers: without --by, the history names the token alone.
pub(crate) fn with(mut body: Value, who: &Who) -> Value {
    for (name, value) in [("by", &who.by), ("why", &who.why)] {
        if let Some(value) = value {
            body[name] = json!(value);
        }
    }
    body
}

fn words(taken: &Value) -> String {
    let (meaning, ids) = (text(taken, "meaning"), texts(taken, "requests"));
    let place = match (ids.is_empty(), meaning.as_str()) {
        (true, "irrelevant") => "It is in no request.".to_owned(),
        (true, _) => "It is in no request: name one with --request.".to_owned(),
        (false, _) => format!("Request: {}; port25 show {} tells its history.", ids.join(", "), ids[0]),
    };
    let done = match (is(taken, "said_before"), is(taken, "released")) {
        (true, _) => format!("Nothing to do: that was said before, it means {meaning}."),
        (false, true) => format!("Released: it means {meaning} from now on."),
        (false, false) => format!("Judged: it means {meaning} from now on."),
    };
    format!("{done} {place}")
}

/// Writes the fixture, and beside it what the person says that it means. A file that is there stays.
fn write_fixture(file: &Path, bytes: &[u8], meaning: Option<Meaning>) -> Result<String, Error> {
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
