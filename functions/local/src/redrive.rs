//! `port25 redrive`: what lies in the dead-letter queue goes back to the mail queue.
//!
//! Each message is sent first and deleted then: a crash in between leaves it in both, and ingest files a mail that it knows as a duplicate.
//! So the command may be given again at any time. A message that fails again comes back after its attempts.

use boot::{log, world};
use clap::Args;
use domain::text::{cut, one_line};
use ingest::event;
use serde::Serialize;

use crate::aws::AtAws;
use crate::aws::queue::{QueueError, Queues, Taken};
use crate::cli::Done;
use crate::fields::print_json;

/// Of the key of an object at most this much is printed.
const KEY_MAX: usize = 200;

/// `port25 redrive`
#[derive(Debug, Args)]
pub struct RedriveArgs {
    /// The URL of the mail queue.
    #[arg(long, value_name = "URL", env = "MAIL_QUEUE_URL")]
    pub queue: String,
    /// The URL of its dead-letter queue (default: the one that the mail queue names).
    #[arg(long, value_name = "URL", env = "DEAD_LETTER_QUEUE_URL")]
    pub dead_letters: Option<String>,
    /// Move at most so many.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Only say how many there are.
    #[arg(long)]
    pub dry_run: bool,
    /// What was moved, as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AtAws,
}

/// What was moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Redriven {
    /// Those that are in the mail queue now.
    pub moved: Vec<Moved>,
    /// Why it ended early. What was sent and not deleted is in both queues: that harms nothing.
    pub error: Option<String>,
    /// About how many are left.
    pub left: Option<u64>,
}

/// A message that was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its id in the dead-letter queue.
    pub message: String,
    /// The object that it names; `null` when it is none of SES's notifications: ingest logs it as one that can never be processed.
    pub object: Option<String>,
    /// Whether it is still in the dead-letter queue as well.
    pub kept: bool,
}

/// Redrives. The exit code is 1 when something could not be moved, and 2 when a dry run found something.
///
/// # Errors
/// When the queues cannot be reached.
pub async fn run(args: RedriveArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let queues = Queues::new(&args.aws.connect().await?, world::env);
    let from = match args.dead_letters {
        Some(url) => url,
        None => dead_letters_of(&queues, &args.queue).await?,
    };
    if from == args.queue {
        return Err("the dead-letter queue is the mail queue itself: give --dead-letters its own URL".into());
    }
    if args.dry_run {
        let waiting = queues.facts(&from).await?.waiting;
        if args.json {
            print_json(&Redriven { left: Some(waiting), ..Redriven::default() })?;
        } else {
            println!("About {waiting} messages lie in the dead-letter queue. Nothing was moved.");
        }
        return Ok(if waiting > 0 { 2 } else { 0 });
    }
    let mut done = redrive(&queues, &from, &args.queue, args.limit as usize).await;
    done.left = queues.facts(&from).await.ok().map(|facts| facts.waiting);
    if args.json {
        print_json(&done)?;
    } else {
        for moved in &done.moved {
            println!("  {}  {}", moved.message, moved.object.as_deref().unwrap_or("(names no mail)"));
        }
        let left = done.left.map_or_else(String::new, |left| format!(", about {left} are left"));
        println!("{} messages moved to the mail queue{left}.", done.moved.len());
        if let Some(error) = &done.error {
            eprintln!("port25: it ended early: {error}; give the command again");
        }
    }
    Ok(u8::from(done.error.is_some()))
}

async fn dead_letters_of(queues: &Queues, queue: &str) -> Result<String, crate::cli::Error> {
    match queues.facts(queue).await?.dead_letters {
        Some((arn, _)) => Ok(queues.url_of(&arn).await?),
        None => Err("the mail queue names no dead-letter queue: give --dead-letters URL".into()),
    }
}

/// Moves at most `limit` messages, until there are none.
pub async fn redrive(queues: &Queues, from: &str, to: &str, limit: usize) -> Redriven {
    let mut done = Redriven::default();
    if let Err(error) = move_all(queues, from, to, limit, &mut done.moved).await {
        done.error = Some(log::chain(&error));
    }
    done
}

async fn move_all(queues: &Queues, from: &str, to: &str, limit: usize, moved: &mut Vec<Moved>) -> Result<(), QueueError> {
    while moved.len() < limit {
        let taken = queues.take(from, limit - moved.len()).await?;
        if taken.is_empty() {
            return Ok(());
        }
        for message in &taken {
            queues.send(to, &message.body).await?;
            let deleted = queues.delete(from, message).await;
            moved.push(told(message, deleted.is_err()));
            deleted?;
        }
    }
    Ok(())
}

fn told(message: &Taken, kept: bool) -> Moved {
    let key = event::read(&message.body).ok().map(|incoming| cut(&one_line(&incoming.key), KEY_MAX));
    Moved { message: message.id.clone(), object: key, kept }
}
