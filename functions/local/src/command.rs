//! `--notify-command`: a program that takes each alert, as JSON on its standard input.

use std::future::Future;
use std::pin::Pin;
use std::process::Stdio;
use std::time::Duration;

use alert::message::Message;
use alert::notify::{Deliver, Notifier, NotifyError};
use jiff::Timestamp;
use tokio::io::AsyncWriteExt;

/// How long the program may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program and its arguments.
#[derive(Clone, Debug)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
    patience: Duration,
}

/// An alert's way through the command, and then to the terminal and the folder.
#[derive(Debug)]
pub struct Then {
    command: Command,
    notifier: Notifier,
}

/// Why the program did not take an alert.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("--notify-command {program}: it cannot be run")]
    Run {
        program: String,
        #[source]
        source: std::io::Error,
    },
    #[error("--notify-command {program}: it ended with {status}")]
    Ended { program: String, status: std::process::ExitStatus },
    #[error("--notify-command {program}: it took more than {} seconds", patience.as_secs())]
    Slow { program: String, patience: Duration },
}

impl Command {
    /// Reads a command line, with quotes as in a shell; no shell runs it.
    ///
    /// # Errors
    /// When it has no program, or an open quote.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = shlex::split(text).ok_or("a quote in it is not closed")?.into_iter();
        let program = words.next().ok_or("give a program and its arguments")?;
        Ok(Self { program, arguments: words.collect(), patience: PATIENCE })
    }

    /// Gives each alert to the command first: what it does not take is tried again, and is printed once only.
    pub const fn before(self, notifier: Notifier) -> Then {
        Then { command: self, notifier }
    }

    async fn run(&self, json: &str) -> Result<(), CommandError> {
        let program = || self.program.clone();
        let failed = |source| CommandError::Run { program: program(), source };
        let mut child = tokio::process::Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let work = async {
            if let Some(mut stdin) = child.stdin.take() {
                // A program that does not read its input may have ended well all the same.
                drop(stdin.write_all(json.as_bytes()).await);
            }
            child.wait().await.map_err(failed)
        };
        let status = tokio::time::timeout(self.patience, work)
            .await
            .map_err(|_| CommandError::Slow { program: program(), patience: self.patience })??;
        if status.success() { Ok(()) } else { Err(CommandError::Ended { program: program(), status }) }
    }
}

impl Deliver for Then {
    fn deliver<'a>(&'a self, message: &'a Message, now: Timestamp) -> Pin<Box<dyn Future<Output = Result<(), NotifyError>> + Send + 'a>> {
        Box::pin(async move {
            self.command.run(&message.json).await.map_err(|error| NotifyError::Other(Box::new(error)))?;
            self.notifier.send(message, now).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_program_gets_the_alert_as_json_and_its_exit_code_counts() {
        let folder = Scratch::new();
        let file = folder.path().join("it is here.json");
        let script = folder.write("take.sh", "#!/bin/sh\ncat > \"$1\"\n");
        let command = Command::parse(&format!("/bin/sh {} \"{}\"", script.display(), file.display())).unwrap();
        let message = alert::message::test("2026-11-20T10:00:00Z".parse().unwrap(), &Default::default());
        let then = command.before(Notifier::Folder { folder: folder.path().join("alerts"), print: false });
        then.deliver(&message, "2026-11-20T10:00:00Z".parse().unwrap()).await.unwrap();
        let got: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(got["subject"], "[port25] TEST");
        for bad in ["/bin/false", "/nowhere/at/all", "/bin/sh -c 'sleep 0; exit 3'"] {
            let error = Command::parse(bad).unwrap().run("{}").await.unwrap_err().to_string();
            assert!(error.starts_with("--notify-command /"), "{error}");
        }
        assert!(Command::parse("").is_err() && Command::parse("a 'b").is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_program_that_does_not_end_is_ended_after_ten_seconds() {
        let endless = Command::parse("tail -f /dev/null").unwrap();
        assert_eq!(endless.patience, Duration::from_secs(10));
        // The same with less patience; more than a pipe takes stands in its way as well.
        let impatient = Command { patience: Duration::from_millis(10), ..endless };
        let error = impatient.run(&"x".repeat(1_000_000)).await.unwrap_err();
        assert!(matches!(error, CommandError::Slow { .. }), "{error}");
        let message = alert::message::test("2026-11-20T10:00:00Z".parse().unwrap(), &Default::default());
        let folder = Scratch::new();
        let then = impatient.before(Notifier::Folder { folder: folder.path().join("alerts"), print: false });
        let refused = then.deliver(&message, "2026-11-20T10:00:00Z".parse().unwrap()).await.unwrap_err();
        assert!(refused.curable(), "it is tried again");
        assert!(!folder.path().join("alerts").exists(), "what was not taken is not shown as told");
    }
}
