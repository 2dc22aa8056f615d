//! The way in for mail on one machine: a small SMTP server that stands in for SES's.
//!
//! A connection is accepted (`serve`), its lines are read with limits (`wire`), its commands are obeyed
//! (`conversation`), the content after `DATA` is cut out (`content`), and the mail goes to the [`Sink`]. The client
//! hears `250` only after the sink has stored the mail.
//!
//! The bytes are handed over exactly as they were sent, dot-stuffing undone, and **no header is added**: when a mail
//! was received and who vouches for it is read from its own headers, so a line of ours on top would change both.
//!
//! Only CR LF `.` CR LF ends a mail. A bare LF or CR is content, also around a dot: `curl` sends a file with LF line
//! ends as it is, and a server that took LF `.` LF for an end could be made to see two mails in one (SMTP smuggling).

mod content;
mod conversation;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, warn};

/// Largest mail, in bytes, announced as `SIZE`: SES takes no more than 40 MB either.
pub const MAIL_MAX: usize = 40 * 1024 * 1024;
/// Recipients of one mail: RFC 5321 asks for at least 100, and nobody needs more to try this out.
pub const RECIPIENTS_MAX: usize = 100;
/// Longest command line, in bytes: RFC 5321 allows 512 and its extensions add to it. A longer one closes the connection.
/// Lines inside a mail may be of any length.
pub const COMMAND_MAX: usize = 2048;
/// Commands that bring no mail forward (bad ones, `NOOP`, `RSET`, …) since the last stored mail before we hang up.
pub const FRUITLESS_MAX: u32 = 100;
/// Connections at a time: enough for any trial, and a bound on memory.
pub const CONNECTIONS_MAX: usize = 64;
/// How long we wait for the next whole command, or for the next piece of a mail: RFC 5321, 4.5.3.2.7.
pub const IDLE_MAX: Duration = Duration::from_secs(5 * 60);
/// How long one mail may take from `MAIL` to its end, so that nobody holds a connection by sending a byte at a time.
pub const PER_MAIL_MAX: Duration = Duration::from_secs(10 * 60);
/// How long running mails may go on after the shutdown was asked for.
pub const LAST_WORDS: Duration = Duration::from_secs(5);
/// Pause after a failed `accept` (no file descriptors left): it is over sooner when a connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// What the client said about a mail before sending it. It is for information: nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The address in `MAIL FROM`; empty for a bounce.
    pub mail_from: String,
    /// The addresses in `RCPT TO`, in their order.
    pub rcpt_to: Vec<String>,
}

/// Why a mail was not stored. The client hears the kind and, for [`SinkError::Refused`], the reason; the rest is logged.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// It may work later: the client hears 451 and keeps the mail.
    #[error("the mail cannot be stored just now: {0}")]
    Temporary(String),
    /// There is no room: the client hears 452 and keeps the mail.
    #[error("no room is left for the mail")]
    Full,
    /// This mail will never be taken: the client hears 554 with the reason, which must not quote the mail.
    #[error("the mail is refused: {0}")]
    Refused(String),
}

/// Takes the mails that come in.
pub trait Sink: Send + Sync + 'static {
    /// Stores one mail durably and returns the name it is stored under.
    ///
    /// `Ok` means that the mail survives a crash from here on. The future may be dropped at a shutdown; the client has
    /// not heard `250` then and sends the mail again.
    fn accept(&self, mail: Vec<u8>, envelope: Envelope) -> impl Future<Output = Result<String, SinkError>> + Send;
}

/// Answers SMTP on `listener` until `shutdown` is ready, then lets running mails finish for up to [`LAST_WORDS`].
pub async fn serve<S: Sink>(listener: TcpListener, sink: Arc<S>, shutdown: impl Future<Output = ()>) {
    serve_within(Limits::REAL, listener, sink, shutdown).await;
}

/// The limits that tests make small.
#[derive(Clone, Copy, Debug)]
struct Limits {
    mail: usize,
    connections: usize,
    idle: Duration,
    per_mail: Duration,
    last_words: Duration,
}

impl Limits {
    const REAL: Self =
        Self { mail: MAIL_MAX, connections: CONNECTIONS_MAX, idle: IDLE_MAX, per_mail: PER_MAIL_MAX, last_words: LAST_WORDS };
}

async fn serve_within<S: Sink>(limits: Limits, listener: TcpListener, sink: Arc<S>, shutdown: impl Future<Output = ()>) {
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if connections.len() >= limits.connections => turn_away(stream).await,
                Ok((stream, _)) => {
                    connections.spawn(conversation::hold(limits, stream, Arc::clone(&sink), stopping.clone()));
                }
                Err(error) => {
                    warn!(%error, "cannot accept an SMTP connection");
                    let _ = timeout(ACCEPT_PAUSE, one_ends(&mut connections)).await;
                }
            },
        }
    }
    drop(listener);
    stop.send_replace(true);
    let all_end = async { while connections.join_next().await.is_some() {} };
    if timeout(limits.last_words, all_end).await.is_err() {
        debug!("SMTP connections are cut at shutdown");
    }
    // Dropping the set ends what is still running: those clients have heard no 250 and send again.
}

/// Waits until a connection ends; for ever when there is none.
async fn one_ends(connections: &mut JoinSet<()>) {
    if connections.join_next().await.is_none() {
        std::future::pending::<()>().await;
    }
}

/// Tells a client that there are too many. The socket is new, so its buffer has room and this does not wait.
async fn turn_away(mut stream: TcpStream) {
    let _ = timeout(ACCEPT_PAUSE, stream.write_all(b"421 4.7.0 too many connections, try again later\r\n")).await;
}
