//! The socket of one connection: lines and pieces in, replies out, each with a deadline.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::COMMAND_MAX;

/// Bytes that one read takes from the socket: a mail of 40 MB in some hundred reads.
const READ_SIZE: usize = 64 * 1024;

/// Why a connection ends without a reply to its last command.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    /// The client closed the connection, maybe in the middle of something.
    #[error("the client hung up")]
    HungUp,
    /// The client took too long.
    #[error("the client took too long")]
    TooSlow,
    /// A command line without an end.
    #[error("a command line is too long")]
    LineTooLong,
    /// The socket failed.
    #[error("the connection failed")]
    Io(#[from] io::Error),
}

/// A socket with what was read and not yet used, and what is to be said.
pub(super) struct Wire {
    stream: TcpStream,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, input: Vec::new(), output: Vec::new() }
    }

    /// Queues one reply line. Queued replies go out together, when the client's pipelined commands are used up.
    pub(super) fn say(&mut self, reply: &str) {
        self.output.extend_from_slice(reply.as_bytes());
        self.output.extend_from_slice(b"\r\n");
    }

    /// Sends what was queued.
    pub(super) async fn flush(&mut self, deadline: Instant) -> Result<(), Lost> {
        if !self.output.is_empty() {
            timeout_at(deadline, self.stream.write_all(&self.output)).await.map_err(|_| Lost::TooSlow)??;
            self.output.clear();
        }
        Ok(())
    }

    /// The next command line that has already come, without its line end (CR LF, or LF from a person at a terminal).
    pub(super) fn line(&mut self) -> Result<Option<Vec<u8>>, Lost> {
        let end = self.input.iter().take(COMMAND_MAX).position(|&byte| byte == b'\n');
        match end {
            Some(end) => {
                let mut line: Vec<u8> = self.input.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                Ok(Some(line))
            }
            None if self.input.len() >= COMMAND_MAX => Err(Lost::LineTooLong),
            None => Ok(None),
        }
    }

    /// Waits for more input. Dropping the future loses nothing.
    pub(super) async fn more(&mut self, deadline: Instant) -> Result<(), Lost> {
        self.input.reserve(READ_SIZE);
        match timeout_at(deadline, self.stream.read_buf(&mut self.input)).await {
            Ok(Ok(0)) => Err(Lost::HungUp),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Lost::Io(error)),
            Err(_) => Err(Lost::TooSlow),
        }
    }

    /// What has come and is not used yet.
    pub(super) fn input(&self) -> &[u8] {
        &self.input
    }

    /// Marks the first `n` bytes of the input as used.
    pub(super) fn used(&mut self, n: usize) {
        self.input.drain(..n.min(self.input.len()));
    }

    /// Sends the last replies and closes in order, so that the client reads them before it sees the end.
    pub(super) async fn close(mut self, deadline: Instant) {
        if self.flush(deadline).await.is_ok() {
            let _ = timeout_at(deadline, self.stream.shutdown()).await;
        }
    }
}
