//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use boot::settings;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::act::{AckArgs, NoteArgs, PlainArgs, SettleArgs, SnoozeArgs};
use crate::doctor::DoctorArgs;
use crate::forget::ForgetArgs;
use crate::identify::IdentifyArgs;
use crate::judge::{JudgeArgs, MailArgs};
use crate::list::ListArgs;
use crate::place::DATA;
use crate::quarantine::QuarantineArgs;
use crate::redrive::RedriveArgs;
use crate::register::RegisterArgs;
use crate::reply::ReplyArgs;
use crate::serve::Ways;
use crate::show::ShowArgs;
use crate::simulate::SimulateArgs;
use crate::test_alert::TestAlertArgs;
use crate::token::TokenCommand;
use crate::{
    act, audit, demo, doctor, examples, explain, fields, forget, heartbeat, identify, import, judge, list, quarantine, redrive, register,
    reply, rules, serve, show, simulate, test_alert, token, why,
};

/// What a command ends with: an exit code, or an error that is printed with its causes.
pub type Done = Result<u8, Error>;

/// An error of a command, in words that say what to do.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Never miss AWS's answer: reads AWS's mails about port 25, reverse DNS, SES and quota requests, knows whose turn it is,
/// and alerts when AWS was silent for 48 hours.
#[derive(Debug, Parser)]
#[command(name = "port25", version, max_term_width = 100, after_help = examples::PROGRAM)]
pub struct Cli {
    /// What to do (default: serve).
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole product: mail in, page, alerts.
    #[command(after_help = examples::SERVE)]
    Serve(ServeArgs),
    /// Play a short story at accelerated time, with the page alive.
    #[command(after_help = examples::DEMO)]
    Demo(DemoArgs),
    /// Take in mails: .eml files, folders, Maildir, mbox exports, or - for one mail on standard input.
    #[command(after_help = examples::IMPORT)]
    Import(ImportArgs),
    /// List the requests; with --overdue the exit code is 2 when something is overdue.
    #[command(after_help = examples::LIST)]
    List(ListArgs),
    /// Show one request with its history: any of its references finds it.
    #[command(after_help = examples::SHOW)]
    Show(ShowArgs),
    /// Register a request that was submitted to AWS by hand, before or without a mail: its 48 hours begin then.
    #[command(after_help = examples::REGISTER)]
    Register(Box<RegisterArgs>),
    /// Print what to answer AWS: to which mail, from which mailbox, with a draft; --out writes it as a mail to open.
    #[command(after_help = examples::REPLY)]
    Reply(ReplyArgs),
    /// Say which ID AWS gave a request, learned otherwise than by a mail: its mails with this ID join it.
    #[command(after_help = examples::IDENTIFY)]
    Identify(IdentifyArgs),
    /// Say that AWS was answered, on a way that port25 does not see: its clock starts again.
    #[command(after_help = examples::REPLIED)]
    Replied(PlainArgs),
    /// Say that you have seen it: no repeats for 24 hours, or until AWS writes.
    #[command(after_help = examples::ACK)]
    Ack(AckArgs),
    /// Put it off: no repeats until then (30 days at most), or until AWS writes.
    #[command(after_help = examples::SNOOZE)]
    Snooze(SnoozeArgs),
    /// Say how it ended: approved, denied or closed.
    #[command(after_help = examples::SETTLE)]
    Settle(SettleArgs),
    /// Say that it is not over: it is our turn again.
    #[command(after_help = examples::REOPEN)]
    Reopen(PlainArgs),
    /// Write something into its history.
    #[command(after_help = examples::NOTE)]
    Note(NoteArgs),
    /// Say what one mail means and why, without storing anything.
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Check a rule file, or run a folder of mails against what is expected of them.
    #[command(subcommand, after_help = examples::RULES)]
    Rules(RulesCommand),
    /// List the mails that nothing proves, those that name an open request first, and why each is kept apart.
    #[command(after_help = examples::QUARANTINE)]
    Quarantine(QuarantineArgs),
    /// Say what any stored mail means: it counts as said from now on; one in quarantine is released.
    #[command(after_help = examples::JUDGE)]
    Judge(JudgeArgs),
    /// Say that a mail is none of ours: it leaves the quarantine, and changes nothing in a request.
    #[command(after_help = examples::DISMISS)]
    Dismiss(MailArgs),
    /// Take a mail out of its request: it begins one of its own, and what answers it follows.
    #[command(after_help = examples::SPLIT)]
    Split(MailArgs),
    /// Delete a request with everything that was kept of it; no copy of its mails brings it back.
    #[command(after_help = examples::FORGET)]
    Forget(ForgetArgs),
    /// Say why people were told of a request or not, and when they will be next.
    #[command(after_help = examples::WHY)]
    Why(ShowArgs),
    /// Send a test alert through everything that a real one goes through.
    #[command(after_help = examples::TEST_ALERT)]
    TestAlert(TestAlertArgs),
    /// Make, list and take away the tokens of the API and the page.
    #[command(subcommand, after_help = examples::TOKEN)]
    Token(TokenCommand),
    /// Print the description of the API (OpenAPI 3.1).
    #[command(after_help = examples::OPENAPI)]
    Openapi,
    /// Print what makes a shell complete the command line: eval "$(port25 completions bash)".
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Play a scenario (a JSON file) with a clock of its own, and print every alert with its time.
    #[command(after_help = examples::SIMULATE)]
    Simulate(SimulateArgs),
    /// Hold the folder of mails against the table, and file what has no ending.
    #[command(after_help = examples::AUDIT)]
    Audit(AuditArgs),
    /// At AWS: look at everything that a deployment needs, and say what mends it. Changes nothing.
    #[command(after_help = examples::DOCTOR)]
    Doctor(Box<DoctorArgs>),
    /// At AWS: bring what lies in the dead-letter queue back to the mail queue.
    #[command(after_help = examples::REDRIVE)]
    Redrive(RedriveArgs),
}

/// Where the data is.
#[derive(Debug, Args)]
pub struct Data {
    /// The data folder: table, mails, alerts. One process at a time.
    #[arg(long, value_name = "DIR", default_value = DATA)]
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
    /// Where the page and the API listen (port 0 takes a free one). Another address than this machine's own needs --public.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8025", value_parser = address)]
    pub http: SocketAddr,
    /// Where people open the page, if not where it listens: <https://port25.corp.example/> of a proxy with TLS. Alerts link there.
    #[arg(long, value_name = "URL", env = "PAGE_URL", hide_env_values = true, value_parser = public)]
    pub public: Option<String>,
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
    #[command(after_help = examples::RULES_CHECK)]
    Check {
        /// The rule file.
        file: PathBuf,
    },
    /// Read and judge every mail (.eml) of a folder and compare with the .expect file beside it; the exit code is 2 when one differs.
    #[command(after_help = examples::RULES_TEST)]
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
        Some(Command::Register(args)) => register::run(*args).await,
        Some(Command::Identify(args)) => identify::run(args).await,
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
        Some(Command::Token(command)) => token::run(command).await,
        Some(Command::Openapi) => {
            fields::print(api::openapi::OPENAPI)?;
            Ok(0)
        }
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "port25", &mut script);
            fields::print(&String::from_utf8(script)?)?;
            Ok(0)
        }
        Some(Command::Simulate(args)) => simulate::run(args).await,
        Some(Command::Doctor(args)) => doctor::run(*args).await,
        Some(Command::Redrive(args)) => redrive::run(args).await,
        None => Ok(0),
    }
}

/// An address and a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    numeric.parse().map_err(|_| "give an address and a port, such as 127.0.0.1:8025".to_owned())
}

/// Where people open the page.
fn public(text: &str) -> Result<String, String> {
    settings::page(text.trim()).ok_or_else(|| format!("give {}", settings::PAGE_WANTS))
}

/// An address on this machine only: this way in has no TLS, and asks for no password.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = address(text)?;
    if !address.ip().is_loopback() {
        return Err("only loopback addresses (127.0.0.1, [::1]) here: there is no TLS, and anybody may send mail in".to_owned());
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        fn check(command: &clap::Command, path: &str) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Example") && help.contains(path), "{path}: {help}");
            command.get_subcommands().filter(|c| c.get_name() != "help").for_each(|c| check(c, &format!("{path} {}", c.get_name())));
        }
        let cli = Cli::command();
        check(&cli, "port25");
        let help = cli.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.contains("Exit codes:\n  0  done"), "{help}");
    }

    #[test]
    fn only_this_machine_may_connect() {
        assert!(loopback("127.0.0.1:0").is_ok() && loopback("[::1]:25").is_ok() && loopback("localhost:80").is_ok());
        for bad in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "127.0.0.1", "example.com:80"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }
}
