//! One SMTP connection: which command is answered how, and what state it leaves.

use std::sync::Arc;

use smtp_proto::{Error, MAIL_BODY_BINARYMIME, MAIL_REQUIRETLS, MailFrom, RcptTo, Request};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::content::Content;
use super::wire::{Lost, Wire};
use super::{Envelope, FRUITLESS_MAX, Limits, RECIPIENTS_MAX, Sink, SinkError};

const GREETING: &str = "220 port25 ESMTP, for trying out: nothing is sent on";
const EXTENSIONS: &str = "250-port25\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250-PIPELINING";
const NO_SUCH_COMMAND: &str = "500 5.5.1 no such command";
const NOT_OFFERED: &str = "502 5.5.1 not offered here";
const SAY_HELLO_FIRST: &str = "503 5.5.1 say EHLO first";
const SAY_MAIL_FIRST: &str = "503 5.5.1 say MAIL first";
const TOO_LARGE: &str = "552 5.3.4 the mail is too large";
const SHUTTING_DOWN: &str = "421 4.3.2 shutting down";
const TOO_SLOW: &str = "421 4.4.2 this takes too long";

/// Holds one conversation to its end. Never fails: what went wrong is said to the client or logged without content.
pub(super) async fn hold<S: Sink>(limits: Limits, stream: TcpStream, sink: Arc<S>, stopping: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let mut conversation = Conversation { limits, wire: Wire::new(stream), sink, stopping, greeted: false, mail: None, fruitless: 0 };
    conversation.wire.say(GREETING);
    match conversation.run().await {
        Ok(()) => {}
        Err(Lost::TooSlow) => conversation.wire.say(TOO_SLOW),
        Err(Lost::LineTooLong) => conversation.wire.say("500 5.5.2 the line is too long"),
        Err(lost) => debug!(%lost, "an SMTP connection ended early"),
    }
    let deadline = Instant::now() + limits.last_words;
    conversation.wire.close(deadline).await;
}

struct Conversation<S> {
    limits: Limits,
    wire: Wire,
    sink: Arc<S>,
    stopping: watch::Receiver<bool>,
    greeted: bool,
    mail: Option<Transaction>,
    fruitless: u32,
}

/// A mail between `MAIL` and the end of its content.
struct Transaction {
    envelope: Envelope,
    deadline: Instant,
}

/// What follows an answered command.
enum Next {
    Listen,
    Close,
}

impl<S: Sink> Conversation<S> {
    async fn run(&mut self) -> Result<(), Lost> {
        loop {
            let Some(line) = self.next_line().await? else {
                self.wire.say(SHUTTING_DOWN);
                return Ok(());
            };
            if let Next::Close = self.answer(&line).await? {
                return Ok(());
            }
        }
    }

    /// The next command, or `None` when we shut down and no mail is under way.
    async fn next_line(&mut self) -> Result<Option<Vec<u8>>, Lost> {
        let deadline = self.deadline();
        loop {
            if self.mail.is_none() && *self.stopping.borrow() {
                return Ok(None);
            }
            if let Some(line) = self.wire.line()? {
                return Ok(Some(line));
            }
            self.wire.flush(deadline).await?;
            tokio::select! {
                more = self.wire.more(deadline) => more?,
                _ = self.stopping.changed(), if self.mail.is_none() => {}
            }
        }
    }

    /// Until when the client has to say something whole.
    fn deadline(&self) -> Instant {
        let idle = Instant::now() + self.limits.idle;
        self.mail.as_ref().map_or(idle, |mail| mail.deadline.min(idle))
    }

    async fn answer(&mut self, line: &[u8]) -> Result<Next, Lost> {
        if line.iter().any(|&byte| byte.is_ascii_control() && byte != b'\t') {
            return Ok(self.fruitless("500 5.5.2 control characters in a command"));
        }
        let mut with_end = line.to_vec();
        with_end.push(b'\n');
        let request = match Request::parse(&mut with_end.iter()) {
            Ok(request) => request,
            Err(error) => return Ok(self.fruitless(&complaint(&error))),
        };
        Ok(match request {
            Request::Ehlo { .. } => {
                let size = self.limits.mail;
                self.hello(&format!("{EXTENSIONS}\r\n250 SIZE {size}"))
            }
            Request::Helo { .. } => self.hello("250 port25"),
            Request::Mail { from } => self.mail(from),
            Request::Rcpt { to } => self.rcpt(to, line),
            Request::Data => self.data().await?,
            Request::Rset => {
                self.mail = None;
                self.fruitless("250 2.0.0 forgotten")
            }
            Request::Noop { .. } => self.fruitless("250 2.0.0 still here"),
            Request::Vrfy { .. } => self.fruitless("252 2.1.5 every address is taken"),
            Request::Help { .. } => self.fruitless("214 2.0.0 send a mail: MAIL, RCPT, DATA"),
            Request::Quit => {
                self.wire.say("221 2.0.0 goodbye");
                Next::Close
            }
            Request::Bdat { .. } | Request::Burl { .. } => {
                // The bytes that follow are a mail: read on, and they would be taken for commands.
                self.wire.say(NOT_OFFERED);
                Next::Close
            }
            _ => self.fruitless(NOT_OFFERED),
        })
    }

    /// Answers a command that brings no mail forward; after too many of them the connection ends.
    fn fruitless(&mut self, reply: &str) -> Next {
        self.fruitless += 1;
        self.wire.say(reply);
        if self.fruitless < FRUITLESS_MAX {
            return Next::Listen;
        }
        self.wire.say("421 4.7.0 too many commands without a mail");
        Next::Close
    }

    fn hello(&mut self, reply: &str) -> Next {
        self.greeted = true;
        self.mail = None;
        self.fruitless(reply)
    }

    fn mail<T: AsRef<str>>(&mut self, from: MailFrom<T>) -> Next {
        if !self.greeted {
            return self.fruitless(SAY_HELLO_FIRST);
        }
        if self.mail.is_some() {
            return self.fruitless("503 5.5.1 one mail at a time");
        }
        if from.flags & (MAIL_BODY_BINARYMIME | MAIL_REQUIRETLS) != 0 {
            return self.fruitless("555 5.5.4 this parameter is not offered here");
        }
        if from.size > self.limits.mail {
            return self.fruitless(TOO_LARGE);
        }
        let envelope = Envelope { mail_from: from.address.as_ref().to_owned(), rcpt_to: Vec::new() };
        self.mail = Some(Transaction { envelope, deadline: Instant::now() + self.limits.per_mail });
        self.wire.say("250 2.1.0 sender noted");
        Next::Listen
    }

    fn rcpt<T: AsRef<str>>(&mut self, to: RcptTo<T>, line: &[u8]) -> Next {
        let Some(mail) = &mut self.mail else {
            return self.fruitless(SAY_MAIL_FIRST);
        };
        // The parser gives an empty address both for `<>`, which is no recipient, and for `<postmaster>`, which is one.
        let to = match to.address.as_ref() {
            "" if String::from_utf8_lossy(line).to_ascii_lowercase().contains("postmaster") => "postmaster",
            "" => return self.fruitless("501 5.1.3 an empty recipient"),
            address => address,
        };
        if mail.envelope.rcpt_to.len() >= RECIPIENTS_MAX {
            return self.fruitless("452 4.5.3 too many recipients");
        }
        mail.envelope.rcpt_to.push(to.to_owned());
        self.wire.say("250 2.1.5 recipient noted");
        Next::Listen
    }

    async fn data(&mut self) -> Result<Next, Lost> {
        if self.mail.as_ref().is_some_and(|mail| mail.envelope.rcpt_to.is_empty()) {
            return Ok(self.fruitless("554 5.5.1 no recipients"));
        }
        if self.mail.is_none() {
            return Ok(self.fruitless(SAY_MAIL_FIRST));
        }
        self.wire.say("354 go on, end with a dot on a line of its own");
        self.wire.flush(self.deadline()).await?;
        let mut content = Content::new(self.limits.mail);
        loop {
            let end = content.take(self.wire.input());
            self.wire.used(end.unwrap_or(usize::MAX));
            if end.is_some() {
                break;
            }
            if content.hopeless() {
                self.wire.say(TOO_LARGE);
                return Ok(Next::Close);
            }
            self.wire.more(self.deadline()).await?;
        }
        let envelope = self.mail.take().map(|mail| mail.envelope).unwrap_or_default();
        let Some(bytes) = content.finish() else {
            return Ok(self.fruitless(TOO_LARGE));
        };
        Ok(self.store(bytes, envelope).await)
    }

    async fn store(&mut self, bytes: Vec<u8>, envelope: Envelope) -> Next {
        let size = bytes.len();
        match self.sink.accept(bytes, envelope).await {
            Ok(name) => {
                info!(size, "a mail came in over SMTP");
                self.fruitless = 0;
                self.wire.say(&format!("250 2.0.0 stored as {}", one_line(&name)));
                Next::Listen
            }
            Err(error) => {
                warn!(%error, size, "a mail that came over SMTP was not stored");
                self.fruitless(&match error {
                    SinkError::Temporary(_) => "451 4.3.0 cannot store the mail just now, send it again later".to_owned(),
                    SinkError::Full => "452 4.3.1 no room left, send the mail again later".to_owned(),
                    SinkError::Refused(reason) => format!("554 5.6.0 refused: {}", one_line(&reason)),
                })
            }
        }
    }
}

/// What a client hears about a line that is no command.
fn complaint(error: &Error) -> String {
    match error {
        Error::InvalidSenderAddress => "501 5.1.7 this is no sender address".to_owned(),
        Error::InvalidRecipientAddress => "501 5.1.3 this is no recipient address".to_owned(),
        Error::SyntaxError { syntax } => format!("501 5.5.2 the command is: {syntax}"),
        Error::InvalidParameter { .. } => "501 5.5.4 a parameter has no such value".to_owned(),
        Error::UnsupportedParameter { .. } => "555 5.5.4 this parameter is not offered here".to_owned(),
        _ => NO_SUCH_COMMAND.to_owned(),
    }
}

/// A name or reason that fits in a reply whatever it holds.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(200).collect()
}
