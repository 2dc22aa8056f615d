//! The command line.

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::act::{AckArgs, NoteArgs, PlainArgs, SettleArgs, SnoozeArgs};
use crate::forget::ForgetArgs;
use crate::judge::{JudgeArgs, MailArgs};
use crate::reply::ReplyArgs;
use crate::serve::Ways;
use crate::simulate::SimulateArgs;
use crate::test_alert::TestAlertArgs;
use crate::{
    act, audit, demo, explain, forget, heartbeat, import, judge, list, quarantine, reply, rules, serve, show, simulate, test_alert, why,
};

/// What a command ends with: an exit code, or an error that is printed with its causes.
pub type Done = Result<u8, Box<dyn Error + Send + Sync>>;

/// Never miss AWS's answer: reads AWS's mails about port 25, reverse DNS, SES and quota requests, knows whose turn it is,
/// and alerts when AWS was silent for 48 hours.
#[derive(Debug, Parser)]
#[command(name = "port25", version, max_term_width = 100, after_help = "Without a command it serves, with the data in ./port25-data.")]
pub struct Cli {
    /// What to do (default: serve).
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole product: mail in, page, alerts.
    Serve(ServeArgs),
    /// Play a short story at accelerated time, with the page alive.
    Demo(DemoArgs),
    /// Take in mails: .eml files, folders, Maildir, mbox exports, or - for one mail on standard input.
    Import(ImportArgs),
    /// List the requests; with --overdue the exit code is 2 when something is overdue.
    List(ListArgs),
    /// Show one request with its history: any of its references finds it.
    Show(ShowArgs),
    /// Print what to answer AWS: to which mail, from which mailbox, with a draft; --out writes it as a mail to open.
    Reply(ReplyArgs),
    /// Say that AWS was answered, on a way that port25 does not see: its clock starts again.
    Replied(PlainArgs),
    /// Say that you have seen it: no repeats for 24 hours, or until AWS writes.
    Ack(AckArgs),
    /// Put it off: no repeats until then (30 days at most), or until AWS writes.
    Snooze(SnoozeArgs),
    /// Say how it ended: approved, denied or closed.
    Settle(SettleArgs),
    /// Say that it is not over: it is our turn again.
    Reopen(PlainArgs),
    /// Write something into its history.
    Note(NoteArgs),
    /// Say what one mail means and why, without storing anything.
    Explain(ExplainArgs),
    /// Check a rule file, or run a folder of mails against what is expected of them.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// List the mails that nothing proves, those that name an open request first, and why each is kept apart.
    Quarantine(QuarantineArgs),
    /// Say what any stored mail means: it counts as said from now on; one in quarantine is released.
    Judge(JudgeArgs),
    /// Say that a mail is none of ours: it leaves the quarantine, and changes nothing in a request.
    Dismiss(MailArgs),
    /// Take a mail out of its request: it begins one of its own, and what answers it follows.
    Split(MailArgs),
    /// Delete a request with everything that was kept of it; no copy of its mails brings it back.
    Forget(ForgetArgs),
    /// Say why people were told of a request or not, and when they will be next.
    Why(ShowArgs),
    /// Send a test alert through everything that a real one goes through.
    TestAlert(TestAlertArgs),
    /// Play a scenario (a JSON file) with a clock of its own, and print every alert with its time.
    Simulate(SimulateArgs),
    /// Hold the folder of mails against the table, and file what has no ending.
    Audit(AuditArgs),
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct Data {
    /// The data folder: table, mails, alerts. One process at a time.
    #[arg(long, value_name = "DIR", default_value = "port25-data")]
    pub data: PathBuf,
}

/// Whose verdicts are believed, and by which rules mails are judged.
#[derive(Debug, Args)]
pub struct Results {
    /// Believe the topmost Authentication-Results of this host too. Name only a host that removes such headers from outside.
    #[arg(long = "trust-results", value_name = "HOST")]
    pub trust_results: Vec<String>,
    /// Mail to this recipient is about this account, where its text names none: aws+prod-eu=111122223333. May be repeated.
    #[arg(long = "alias", value_name = "NAME=ACCOUNT")]
    pub aliases: Vec<String>,
    /// Further addresses of AWS and phrases, beside the compiled-in ones (docs/RULES.md).
    #[arg(long, value_name = "FILE", env = "RULES_FILE", hide_env_values = true)]
    pub rules: Option<PathBuf>,
    /// Check the DKIM signatures of mail that no believed server vouches for. Asks the DNS for the keys of their senders.
    #[arg(long)]
    pub check_dkim: bool,
}

/// `port25 serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// Where the page and the API listen (loopback only; port 0 takes a free one).
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8025", value_parser = loopback)]
    pub http: SocketAddr,
    /// Where mail comes in by SMTP (loopback only; port 0 takes a free one).
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2525", value_parser = loopback)]
    pub smtp: SocketAddr,
    /// Where alerts go besides.
    #[command(flatten)]
    pub ways: Ways,
    /// Ping this address after each sweep (GET): a service that expects it tells you when it stays away.
    #[arg(long, value_name = "URL", value_parser = heartbeat::url)]
    pub heartbeat: Option<String>,
    /// Whose verdicts are believed.
    #[command(flatten)]
    pub results: Results,
}

/// `port25 demo`
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where the page listens (loopback only; port 0 takes a free one).
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = loopback)]
    pub http: SocketAddr,
    /// Seconds between two scenes.
    #[arg(long, value_name = "SECONDS", default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=60))]
    pub pause: u64,
    /// Leave when the story is over, instead of keeping the page alive.
    #[arg(long)]
    pub exit: bool,
}

/// `port25 import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// Files and folders; - for one mail on standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Whose verdicts are believed.
    #[command(flatten)]
    pub results: Results,
}

/// `port25 list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// Only what AWS has not answered within the deadline.
    #[arg(long)]
    pub overdue: bool,
    /// Only this turn: aws, ours or settled.
    #[arg(long, value_name = "TURN")]
    pub turn: Option<String>,
    /// Only this account.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Only requests that name this Region.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The items as the API gives them.
    #[arg(long)]
    pub json: bool,
}

/// `port25 show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// AWS's ID, our key (p25-…), or a Message-ID.
    pub id: String,
    /// The request as the API gives it.
    #[arg(long)]
    pub json: bool,
}

/// `port25 explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The mail: a file, or - for standard input.
    pub file: PathBuf,
    /// The reading as JSON.
    #[arg(long)]
    pub json: bool,
    /// Whose verdicts are believed.
    #[command(flatten)]
    pub results: Results,
}

/// `port25 rules`
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Say whether a rule file can be used, or every mistake in it; the exit code is 1 when there is one.
    Check {
        /// The rule file.
        file: PathBuf,
    },
    /// Read and judge every mail (.eml) of a folder and compare with the .expect file beside it; the exit code is 2 when one differs.
    Test(RulesTestArgs),
}

/// `port25 rules test`
#[derive(Debug, Args)]
pub struct RulesTestArgs {
    /// The folder; folders in it are looked into too.
    pub folder: PathBuf,
    /// Whose verdicts are believed, and by which rules mails are judged.
    #[command(flatten)]
    pub results: Results,
}

/// `port25 quarantine`
#[derive(Debug, Args)]
pub struct QuarantineArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// How many mails one page has.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub limit: u16,
    /// Where the page begins, as the page before says.
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
    /// The mails as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Who says something, and why.
#[derive(Debug, Args)]
pub struct Who {
    /// Who says so (default: the user's name).
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Why, for the history.
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
}

/// `port25 audit`
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
    /// What was found, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs a command.
///
/// # Errors
/// With what went wrong, in words that say what to do.
pub async fn run(cli: Cli) -> Done {
    let fallback = || Cli::parse_from(["port25", "serve"]).command;
    match cli.command.or_else(fallback) {
        Some(Command::Serve(args)) => serve::run(args).await,
        Some(Command::Demo(args)) => demo::run(args).await,
        Some(Command::Import(args)) => import::run(args).await,
        Some(Command::List(args)) => list::run(args).await,
        Some(Command::Show(args)) => show::run(args).await,
        Some(Command::Reply(args)) => reply::run(args).await,
        Some(Command::Replied(args)) => act::replied(args).await,
        Some(Command::Ack(args)) => act::ack(args).await,
        Some(Command::Snooze(args)) => act::snooze(args).await,
        Some(Command::Settle(args)) => act::settle(args).await,
        Some(Command::Reopen(args)) => act::reopen(args).await,
        Some(Command::Note(args)) => act::note(args).await,
        Some(Command::Rules(RulesCommand::Check { file })) => rules::check(&file),
        Some(Command::Rules(RulesCommand::Test(args))) => rules::test(&args),
        Some(Command::Explain(args)) => explain::run(&args).await,
        Some(Command::Quarantine(args)) => quarantine::run(args).await,
        Some(Command::Judge(args)) => judge::run(args).await,
        Some(Command::Dismiss(args)) => judge::dismiss(args).await,
        Some(Command::Split(args)) => judge::split(args).await,
        Some(Command::Forget(args)) => forget::run(args).await,
        Some(Command::Audit(args)) => audit::run(args).await,
        Some(Command::Why(args)) => why::run(args).await,
        Some(Command::TestAlert(args)) => test_alert::run(args).await,
        Some(Command::Simulate(args)) => simulate::run(args).await,
        None => Ok(0),
    }
}

/// An address on this machine only: there is no login yet.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    let address: SocketAddr = numeric.parse().map_err(|_| "give an address and a port, such as 127.0.0.1:8025".to_owned())?;
    if !address.ip().is_loopback() {
        return Err("only loopback addresses (127.0.0.1, [::1]) for now: nothing asks who you are".to_owned());
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn only_this_machine_may_connect() {
        assert!(loopback("127.0.0.1:0").is_ok() && loopback("[::1]:25").is_ok() && loopback("localhost:80").is_ok());
        for bad in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "127.0.0.1", "example.com:80"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }
}
