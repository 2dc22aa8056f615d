//! `port25 token`: who may use the API and the page. Made, listed and taken away in the data folder, or in the table at AWS.

use std::path::PathBuf;

use api::access::secret::{TOKEN_DAYS, new_token};
use boot::{aws, log, world};
use clap::{Args, Subcommand};
use domain::text::one_line;
use jiff::Timestamp;
use serde::Serialize;
use store::{Scope, Store, Token};

use crate::cli::Done;
use crate::list::open;

/// How much of a hash names a token.
const SHORT: usize = 8;

/// `port25 token`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is printed once, and only its hash is kept.
    Add {
        /// What it is for; the history names it.
        name: String,
        /// read: look, without the words of mails and with masked addresses. write: look at everything, and act.
        #[arg(long, value_parser = scope)]
        scope: Scope,
        /// For how many days, 366 at most.
        #[arg(long, value_name = "DAYS", default_value_t = TOKEN_DAYS)]
        days: i64,
        /// Where.
        #[command(flatten)]
        place: Place,
    },
    /// List the tokens, without their secrets.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where.
        #[command(flatten)]
        place: Place,
    },
    /// Take a token away, and the sessions that were opened with it.
    Revoke {
        /// Its name, or the beginning of its id as the list shows it.
        token: String,
        /// Where.
        #[command(flatten)]
        place: Place,
    },
}

/// Where tokens are kept.
#[derive(Debug, Args)]
pub struct Place {
    /// The data folder.
    #[arg(long, value_name = "DIR", default_value = "port25-data")]
    data: PathBuf,
    /// The table at AWS, instead of a data folder; region and credentials come from the environment, as for the functions.
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    table: Option<String>,
}

/// A token as `--json` prints it.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    scope: &'static str,
    made: String,
    ends: String,
    used: Option<String>,
    ended: bool,
}

/// Runs it. The exit code is 1 when there is no such token.
///
/// # Errors
/// When the name or the days cannot be used, or the table cannot be reached.
pub async fn run(command: TokenCommand) -> Done {
    log::start(log::Format::Text, log::WARN);
    match command {
        TokenCommand::Add { name, scope, days, place } => {
            let made = at(&place, async |store| Ok(new_token(store, &name, scope, days, world::now()).await?)).await?;
            let (secret, token) = made;
            // The secret alone on standard output, so that a script can keep it.
            eprintln!("Token {:?} ({}), until {:.0}. It is shown this once:", token.name, token.scope.as_str(), token.ends);
            println!("{secret}");
        }
        TokenCommand::List { json, place } => {
            let tokens = at(&place, async |store| Ok(store.tokens().await?)).await?;
            let now = world::now();
            let listed: Vec<Listed<'_>> = tokens.iter().map(|token| view(token, now)).collect();
            if json {
                println!("{}", serde_json::to_string_pretty(&listed)?);
            } else if listed.is_empty() {
                println!("No tokens. port25 token add NAME --scope read makes one.");
            } else {
                for token in &listed {
                    let used = token.used.as_ref().map_or_else(|| "never used".to_owned(), |used| format!("used {used}"));
                    let end = if token.ended { "ended" } else { "until" };
                    println!("{}  {:<5}  {end} {}  {used}  {}", &token.id[..SHORT], token.scope, token.ends, one_line(token.name));
                }
            }
        }
        TokenCommand::Revoke { token, place } => {
            let gone = at(&place, async |store| revoke(store, &token).await).await?;
            println!("Taken away: {} ({}). Its sessions are over too.", one_line(&gone.name), &gone.hash[..SHORT]);
        }
    }
    Ok(0)
}

async fn revoke(store: &Store, wanted: &str) -> Result<Token, Box<dyn std::error::Error + Send + Sync>> {
    let tokens = store.tokens().await?;
    let found: Vec<&Token> = tokens.iter().filter(|t| t.name == wanted || (wanted.len() >= SHORT && t.hash.starts_with(wanted))).collect();
    let [token] = found.as_slice() else {
        let how = if found.is_empty() { "no token" } else { "more than one token" };
        return Err(format!("{how} answers to {:?}: give the id that port25 token list shows", one_line(wanted)).into());
    };
    store.revoke_token(&token.hash).await?;
    Ok((*token).clone())
}

/// Does something with the table of a place.
async fn at<T>(
    place: &Place,
    work: impl AsyncFnOnce(&Store) -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
    if let Some(table) = &place.table {
        let config = aws::config(world::env)?;
        return work(&Store::new(aws::dynamodb(&config, world::env), table)).await;
    }
    let (engine, node) = open(&place.data).await?;
    let done = work(&node.store).await;
    engine.close().await;
    done
}

fn view(token: &Token, now: Timestamp) -> Listed<'_> {
    Listed {
        id: &token.hash,
        name: &token.name,
        scope: token.scope.as_str(),
        made: format!("{:.0}", token.made),
        ends: format!("{:.0}", token.ends),
        used: token.used.map(|used| format!("{used:.0}")),
        ended: token.ends <= now,
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| "give read or write".to_owned())
}
