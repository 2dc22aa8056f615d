//! `port25 token`: who may use the API and the page. Made, listed and taken away in the data folder, or in the table at AWS.

use std::path::PathBuf;

use api::access::secret::{TOKEN_DAYS, new_token};
use boot::{aws, log, world};
use clap::{Args, Subcommand};
use domain::text::one_line;
use jiff::Timestamp;
use serde::Serialize;
use store::{Scope, Store, Token};

use crate::cli::{Done, Error};
use crate::engine::EngineError;
use crate::examples;
use crate::fields::print_json;
use crate::list::open;
use crate::node::TABLE;
use crate::place::DATA;

/// How much of an id the list shows.
const SHORT: usize = 8;
/// The fewest characters of an id that name a token.
const PREFIX: usize = 4;

/// `port25 token`
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is printed once, and only its hash is kept.
    #[command(after_help = examples::TOKEN_ADD)]
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
    #[command(after_help = examples::TOKEN_LIST)]
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Where.
        #[command(flatten)]
        place: Place,
    },
    /// Take a token away, and the sessions that were opened with it.
    #[command(after_help = examples::TOKEN_REVOKE)]
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
    #[arg(long, value_name = "DIR", default_value = DATA)]
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
                print_json(&listed)?;
            } else if listed.is_empty() {
                println!("No tokens. port25 token add NAME --scope read makes one.");
            } else {
                for (token, listed) in tokens.iter().zip(&listed) {
                    let used = listed.used.as_ref().map_or_else(|| "never used".to_owned(), |used| format!("used {used}"));
                    let end = if listed.ended { "ended" } else { "until" };
                    println!("{}  {:<5}  {end} {}  {used}  {}", id(token), listed.scope, listed.ends, one_line(listed.name));
                }
            }
        }
        TokenCommand::Revoke { token, place } => {
            let gone = at(&place, async |store| revoke(store, &token).await).await?;
            println!("Taken away: {} ({}). Its sessions are over too.", one_line(&gone.name), id(&gone));
        }
    }
    Ok(0)
}

async fn revoke(store: &Store, wanted: &str) -> Result<Token, Error> {
    let tokens = store.tokens().await?;
    let token = meant(&tokens, wanted)?;
    store.revoke_token(&token.hash).await?;
    Ok(token.clone())
}

/// The one token that a name, or the beginning of an id, means.
fn meant<'a>(tokens: &'a [Token], wanted: &str) -> Result<&'a Token, String> {
    let answers = |token: &&Token| token.name == wanted || (wanted.len() >= PREFIX && token.hash.starts_with(wanted));
    let found: Vec<&Token> = tokens.iter().filter(answers).collect();
    match found.as_slice() {
        [token] => Ok(token),
        [] => Err(format!("no token answers to {:?}: give its name, or its id as port25 token list shows it", one_line(wanted))),
        several => {
            let all: Vec<String> = several.iter().map(|t| format!("{} ({}, until {:.0})", id(t), t.scope.as_str(), t.ends)).collect();
            Err(format!("{} tokens answer to {:?}: {}; give the id of one", several.len(), one_line(wanted), all.join(", ")))
        }
    }
}

/// The part of a token's id that people see.
fn id(token: &Token) -> &str {
    token.hash.get(..SHORT).unwrap_or(&token.hash)
}

/// Does something with the table of a place. While a serve works on the data folder, that is the table of its engine: it takes the new
/// token at once.
async fn at<T>(place: &Place, work: impl AsyncFnOnce(&Store) -> Result<T, Error>) -> Result<T, Error> {
    if let Some(table) = &place.table {
        let wire = aws::wire(world::env)?;
        return work(&Store::new(aws::service(&wire, world::env, "dynamodb"), table)).await;
    }
    match open(&place.data).await {
        Ok((engine, node)) => {
            let done = work(&node.store).await;
            engine.close().await;
            done
        }
        Err(error) => match error.downcast_ref::<EngineError>() {
            Some(EngineError::InUse { endpoint: Some(endpoint), .. }) => work(&Store::new(aws::local_service(endpoint), TABLE)).await,
            _ => Err(error),
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_the_beginning_of_an_id_means_one_token() {
        let at: Timestamp = "2026-11-20T10:02:00Z".parse().unwrap();
        let token =
            |hash: &str, name: &str| Token { hash: hash.into(), name: name.into(), scope: Scope::Read, made: at, ends: at, used: None };
        let tokens = [token("abcd1111", "ci"), token("abcd2222", "ci"), token("ef012345", "ann"), token("99999999", "ef01")];
        for (wanted, hash) in [("ann", "ef012345"), ("abcd1", "abcd1111"), ("9999", "99999999")] {
            assert_eq!(meant(&tokens, wanted).unwrap().hash, hash, "{wanted}");
        }
        for (wanted, said) in [
            ("ci", "2 tokens answer to \"ci\": abcd1111 (read, until 2026-11-20T10:02:00Z), abcd2222"),
            ("abcd", "2 tokens"),
            ("ef01", "2 tokens"),
            ("abc", "no token"),
            ("", "no token"),
            ("bob", "no token"),
        ] {
            let error = meant(&tokens, wanted).unwrap_err();
            assert!(error.contains(said), "{wanted}: {error}");
        }
    }
}
