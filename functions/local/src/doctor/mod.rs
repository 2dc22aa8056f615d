//! `port25 doctor`: looks at everything that a deployment at AWS needs, in the order in which the mail goes through it, and says of
//! each thing whether it is as it must be and what mends it. It changes nothing.
//!
//! [`look`] makes the calls, [`facts`] holds what they found, [`mail_way`] and [`tracker`] judge it: pure functions from facts to lines.

mod facts;
mod line;
mod look;
mod mail_way;
mod stack;
mod tracker;

use boot::{log, world};
use clap::Args;
use domain::text::one_line;
use jiff::Timestamp;
use serde::Serialize;
use wire::Wire;

use crate::aws::AtAws;
use crate::aws::queue::Queues;
use crate::cli::{Done, Error};
use crate::fields::print_json;
use crate::paint::{Paint, Tone};
use facts::Names;
use look::Looker;

pub use line::{Line, State};
pub use look::Dns;

/// `port25 doctor`
#[derive(Clone, Debug, Default, Args)]
pub struct DoctorArgs {
    /// A CloudFormation stack of the deployment, from which the names below are taken. May be repeated: the application's, the mail's.
    #[arg(long = "stack", value_name = "NAME", env = "PORT25_STACKS", value_delimiter = ',')]
    pub stacks: Vec<String>,
    /// The domain that mail comes to.
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// The receipt rule set with the rule of the deployment.
    #[arg(long, value_name = "NAME")]
    pub rule_set: Option<String>,
    /// The bucket of raw mail.
    #[arg(long, value_name = "NAME", env = "MAIL_BUCKET")]
    pub bucket: Option<String>,
    /// The URL of the mail queue.
    #[arg(long, value_name = "URL", env = "MAIL_QUEUE_URL")]
    pub queue: Option<String>,
    /// The URL of its dead-letter queue (default: the one that the mail queue names).
    #[arg(long, value_name = "URL", env = "DEAD_LETTER_QUEUE_URL")]
    pub dead_letters: Option<String>,
    /// The ARN of the alert topic.
    #[arg(long, value_name = "ARN", env = "ALERT_TOPIC_ARN")]
    pub topic: Option<String>,
    /// The table.
    #[arg(long, value_name = "NAME", env = "TABLE_NAME")]
    pub table: Option<String>,
    /// The findings as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where AWS is.
    #[command(flatten)]
    pub aws: AtAws,
}

/// The findings, as `--json` prints them.
#[derive(Debug, Serialize)]
struct Findings<'a> {
    state: State,
    lines: &'a [Line],
}

/// Looks and prints. The exit code is 2 when something must be mended.
///
/// # Errors
/// When there are no credentials, or a stack cannot be read.
pub async fn run(args: DoctorArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let wire = args.aws.connect().await?;
    let lines = examine(&args, &wire, world::env, Dns::System, world::now()).await?;
    let state = lines.iter().map(|line| line.state).max().unwrap_or(State::Ok);
    if args.json {
        print_json(&Findings { state, lines: &lines })?;
    } else {
        print(&lines);
    }
    Ok(if state == State::Fail { 2 } else { 0 })
}

/// Looks at a deployment and judges what it sees.
///
/// # Errors
/// When a stack cannot be read. What else cannot be looked at is a finding.
pub async fn examine(
    args: &DoctorArgs,
    wire: &Wire,
    lookup: impl Fn(&str) -> Option<String>,
    dns: Dns,
    now: Timestamp,
) -> Result<Vec<Line>, Error> {
    let mut names = Names {
        region: wire.region().to_owned(),
        domain: args.domain.clone(),
        rule_set: args.rule_set.clone(),
        bucket: args.bucket.clone(),
        queue: args.queue.clone(),
        dead_letters: args.dead_letters.clone(),
        topic: args.topic.clone(),
        table: args.table.clone(),
    };
    for stack in &args.stacks {
        stack::name(&mut names, &stack::outputs(wire, &lookup, stack).await?);
    }
    if let (None, Some(queue)) = (&names.dead_letters, &names.queue) {
        let queues = Queues::new(wire, &lookup);
        // What fails here fails again where it is looked at, and is a finding there.
        if let Ok(Some((arn, _))) = queues.facts(queue).await.map(|facts| facts.dead_letters) {
            names.dead_letters = queues.url_of(&arn).await.ok();
        }
    }
    let facts = Looker { wire, names: &names, lookup: &lookup, dns }.all(now).await;
    Ok(mail_way::lines(&facts, &names).into_iter().chain(tracker::lines(&facts, &names)).collect())
}

fn print(lines: &[Line]) {
    let paint = Paint::of_stdout();
    for Line { check, state, says, mend } in lines {
        let tone = match state {
            State::Ok => Tone::Good,
            State::Warn => Tone::Ours,
            State::Fail => Tone::Bad,
        };
        println!("{}  {check:<13}  {}", paint.word(&format!("{:<4}", state.as_str()), tone), one_line(says));
        if let Some(mend) = mend {
            println!("{:21}→ {}", "", one_line(mend));
        }
    }
    let count = |wanted| lines.iter().filter(|line| line.state == wanted).count();
    println!("\n{} ok, {} to look at, {} to mend.", count(State::Ok), count(State::Warn), count(State::Fail));
}
