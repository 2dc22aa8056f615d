//! The whole protocol over real TCP.

use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;

const WAIT: Duration = Duration::from_secs(20);
const HELLO: &str = "EHLO me\r\n";
const TO_DATA: &str = "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n";

#[derive(Default)]
struct Inbox {
    mails: Mutex<Vec<(String, Envelope)>>,
    answers: Mutex<Vec<SinkError>>,
    /// When set, a mail is stored only after this was notified.
    hold: Option<Notify>,
    arrived: Notify,
}

impl Sink for Inbox {
    async fn accept(&self, mail: Vec<u8>, envelope: Envelope) -> Result<String, SinkError> {
        self.arrived.notify_one();
        if let Some(hold) = &self.hold {
            hold.notified().await;
        }
        if let Some(error) = self.answers.lock().unwrap().pop() {
            return Err(error);
        }
        let mut mails = self.mails.lock().unwrap();
        mails.push((String::from_utf8_lossy(&mail).into_owned(), envelope));
        Ok(format!("mail-{}", mails.len()))
    }
}

struct Server {
    addr: SocketAddr,
    inbox: Arc<Inbox>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start_with(limits: Limits, inbox: Inbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let inbox = Arc::new(inbox);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve_within(limits, listener, Arc::clone(&inbox), async {
            let _ = stopped.await;
        }));
        Self { addr, inbox, stop: Some(stop), task }
    }

    async fn start() -> Self {
        Self::start_with(Limits::REAL, Inbox::default()).await
    }

    async fn client(&self) -> Client {
        Client(BufReader::new(TcpStream::connect(self.addr).await.unwrap()))
    }

    /// A client that has read the greeting and the answer to EHLO.
    async fn greeted(&self) -> Client {
        let mut client = self.client().await;
        client.send(HELLO).await;
        client.expect(&["220", "250-", "250-", "250-", "250-", "250-", "250 SIZE"]).await;
        client
    }

    /// Everything the server says to `sent` until it closes.
    async fn answers(&self, sent: &str) -> String {
        let mut client = self.client().await;
        client.send(sent).await;
        client.rest().await
    }

    fn mails(&self) -> Vec<String> {
        self.inbox.mails.lock().unwrap().iter().map(|(mail, _)| mail.clone()).collect()
    }

    /// Stops the server; true when it ended in order.
    async fn stop(mut self) -> bool {
        drop(self.stop.take());
        timeout(WAIT, self.task).await.unwrap().is_ok()
    }
}

struct Client(BufReader<TcpStream>);

impl Client {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        timeout(WAIT, self.0.read_line(&mut line)).await.unwrap().unwrap();
        line
    }

    async fn expect(&mut self, starts: &[&str]) {
        for start in starts {
            let line = self.line().await;
            assert!(line.starts_with(start), "expected {start:?}, got {line:?}");
        }
    }

    async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = timeout(WAIT, self.0.read_to_end(&mut rest)).await.unwrap();
        String::from_utf8(rest).unwrap()
    }
}

/// The codes of a run of replies, continuation lines left out.
fn codes(replies: &str) -> Vec<&str> {
    replies.lines().filter(|line| line.get(3..4) != Some("-")).filter_map(|line| line.get(..3)).collect()
}

#[tokio::test]
async fn a_mail_is_stored_as_it_was_sent() {
    let server = Server::start().await;
    let mut client = server.client().await;
    client.expect(&["220 port25"]).await;
    client.send("EHLO me\r\n").await;
    client.expect(&["250-port25", "250-8BITMIME", "250-SMTPUTF8", "250-ENHANCEDSTATUSCODES", "250-PIPELINING", "250 SIZE 41943040"]).await;
    client.send("MAIL FROM:<> SIZE=100 BODY=8BITMIME\r\n").await;
    client.expect(&["250 2.1.0"]).await;
    client.send("rcpt to: <c@d.example>\r\nRCPT TO:<Postmaster>\r\n").await;
    client.expect(&["250 2.1.5", "250 2.1.5"]).await;
    client.send("DATA\r\n").await;
    client.expect(&["354"]).await;
    client.send("Subject: x\r\n\r\n..dot\r\nöäü\r\n.\r\n").await;
    client.expect(&["250 2.0.0 stored as mail-1"]).await;
    client.send("QUIT\r\n").await;
    client.expect(&["221"]).await;
    assert_eq!(client.rest().await, "");
    let mails = server.inbox.mails.lock().unwrap().clone();
    let rcpt_to = vec!["c@d.example".to_owned(), "postmaster".to_owned()];
    assert_eq!(mails, [("Subject: x\r\n\r\n.dot\r\nöäü\r\n".to_owned(), Envelope { mail_from: String::new(), rcpt_to })]);
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_order() {
    let server = Server::start().await;
    let sent = format!("{HELLO}{TO_DATA}one\r\n.\r\n{TO_DATA}two\r\n.\r\nNOOP\r\nBOGUS\r\nRSET\r\nVRFY x\r\nQUIT\r\nNOOP\r\n");
    let replies = server.answers(&sent).await;
    let mail = ["250", "250", "354", "250"];
    assert_eq!(codes(&replies), [&["220", "250"][..], &mail, &mail, &["250", "500", "250", "252", "221"]].concat());
    assert_eq!(server.mails(), ["one\r\n", "two\r\n"]);
}

#[tokio::test]
async fn smuggled_mail_stays_inside_its_carrier() {
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r\r\n", "\r\n.\0\r\n"] {
        let server = Server::start().await;
        let replies = server.answers(&format!("{HELLO}{TO_DATA}outer{end}{TO_DATA}forged\r\n.\r\nQUIT\r\n")).await;
        assert_eq!(codes(&replies), ["220", "250", "250", "250", "354", "250", "221"], "{end:?}");
        let mails = server.mails();
        assert!(mails.len() == 1 && mails[0].contains("forged"), "{end:?} gave {mails:?}");
    }
}

#[tokio::test]
async fn line_feeds_alone_are_content() {
    let server = Server::start().await;
    server.answers(&format!("{HELLO}{TO_DATA}Subject: x\n\n.a\n.\nb\r\n.\r\nQUIT\r\n")).await;
    assert_eq!(server.mails(), ["Subject: x\n\n.a\n.\nb\r\n"]);
}

#[tokio::test]
async fn the_sink_decides_what_the_client_hears() {
    let refused = SinkError::Refused("not\r\n250 this".to_owned());
    let inbox =
        Inbox { answers: Mutex::new(vec![refused, SinkError::Full, SinkError::Temporary("secret".to_owned())]), ..Inbox::default() };
    let server = Server::start_with(Limits::REAL, inbox).await;
    let mut client = server.greeted().await;
    for answer in ["451 4.3.0", "452 4.3.1", "554 5.6.0 refused: not??250 this", "250 2.0.0 stored"] {
        client.send(format!("{TO_DATA}x\r\n.\r\n")).await;
        client.expect(&["250", "250", "354", answer]).await;
    }
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_mail_cut_short_never_reaches_the_sink() {
    let server = Server::start().await;
    for part in ["half a mail", "whole lines\r\n", "nearly\r\n.", "nearly\r\n.\r"] {
        let mut client = server.greeted().await;
        client.send(format!("{TO_DATA}{part}")).await;
        client.expect(&["250", "250", "354"]).await;
        client.0.shutdown().await.unwrap();
        assert_eq!(client.rest().await, "", "{part:?}");
    }
    assert_eq!(server.mails(), Vec::<String>::new());
    assert!(server.stop().await);
}

#[tokio::test]
async fn a_mail_over_the_limit_is_refused_and_the_connection_goes_on() {
    let limits = Limits { mail: 100, ..Limits::REAL };
    let server = Server::start_with(limits, Inbox::default()).await;
    let mut client = server.greeted().await;
    client.send("MAIL FROM:<a@b.example> SIZE=101\r\n").await;
    client.expect(&["552 5.3.4"]).await;
    for (size, answer) in [(101, "552 5.3.4"), (100, "250 2.0.0"), (150, "552 5.3.4"), (99, "250 2.0.0")] {
        client.send(format!("{TO_DATA}{}\r\n.\r\n", "x".repeat(size - 2))).await;
        client.expect(&["250", "250", "354", answer]).await;
    }
    client.send(format!("{TO_DATA}{}", "x".repeat(201))).await;
    client.expect(&["250", "250", "354", "552 5.3.4"]).await;
    assert_eq!(client.rest().await, "");
    assert_eq!(server.mails().iter().map(String::len).collect::<Vec<_>>(), [100, 99]);
}

#[tokio::test]
async fn the_real_limit_holds_for_a_real_mail() {
    let server = Server::start().await;
    let mut client = server.greeted().await;
    client.send(TO_DATA).await;
    client.expect(&["250", "250", "354"]).await;
    let line = [b"x".repeat(1022), b"\r\n".to_vec()].concat();
    for _ in 0..MAIL_MAX / line.len() {
        client.send(&line).await;
    }
    client.send(".\r\n").await;
    client.expect(&["250 2.0.0 stored"]).await;
    assert_eq!(server.mails()[0].len(), MAIL_MAX);
}

#[tokio::test]
async fn commands_out_of_order_and_nonsense() {
    let server = Server::start().await;
    let many = "RCPT TO:<x@y.example>\r\n".repeat(RECIPIENTS_MAX + 1);
    for (sent, answers) in [
        ("MAIL FROM:<a@b.example>\r\n".to_owned(), vec!["503"]),
        (format!("{HELLO}RCPT TO:<a@b.example>\r\nDATA\r\n"), vec!["250", "503", "503"]),
        (format!("{HELLO}MAIL FROM:<a@b.example>\r\nDATA\r\nMAIL FROM:<a@b.example>\r\n"), vec!["250", "250", "554", "503"]),
        (format!("{HELLO}MAIL FROM:<a@b.example> BODY=BINARYMIME\r\nMAIL FROM:<a@b.example> X=Y\r\n"), vec!["250", "555", "555"]),
        (format!("{HELLO}MAIL FROM:a@b.example\r\nMAIL FROM:<a b>\r\n"), vec!["250", "501", "501"]),
        (format!("{HELLO}MAIL FROM:<>\r\nRCPT TO:<>\r\n"), vec!["250", "250", "501"]),
        ("EHLO\r\nHELO me\r\nSTARTTLS\r\nAUTH PLAIN AAAA\r\nEXPN x\r\nHELP\r\n".to_owned(), vec!["501", "250", "502", "502", "502", "214"]),
        ("EHLO m\0e\r\nEHLO m\re\r\n\r\n \r\n".to_owned(), vec!["500", "500", "500", "500"]),
        ("ehlo me\nnoop\n".to_owned(), vec!["250", "250"]),
        (format!("{HELLO}MAIL FROM:<>\r\n{many}"), [vec!["250"; 2 + RECIPIENTS_MAX], vec!["452"]].concat()),
        ("EHLO \u{fc}\u{ff}\r\n".to_owned(), vec!["250"]),
    ] {
        let replies = server.answers(&format!("{sent}QUIT\r\n")).await;
        assert_eq!(codes(&replies), [vec!["220"], answers, vec!["221"]].concat(), "{sent:?}");
    }
    // The bytes after BDAT are a mail, so nothing after it may be taken for a command.
    let replies = server.answers(&format!("{HELLO}MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nBDAT 6\r\nQUIT\r\n")).await;
    assert_eq!(codes(&replies), ["220", "250", "250", "250", "502"]);
    assert_eq!(server.mails(), Vec::<String>::new());
}

#[tokio::test]
async fn floods_are_cut_off() {
    let server = Server::start().await;
    let replies = server.answers(&"BOGUS\r\n".repeat(FRUITLESS_MAX as usize)).await;
    assert_eq!(codes(&replies).iter().filter(|code| **code == "500").count(), FRUITLESS_MAX as usize);
    assert!(replies.ends_with("421 4.7.0 too many commands without a mail\r\n"));
    let mut client = server.greeted().await;
    client.send("x".repeat(COMMAND_MAX)).await;
    client.expect(&["500 5.5.2"]).await;
    assert_eq!(client.rest().await, "");
    // A long line inside a mail is a long line.
    server.answers(&format!("{HELLO}{TO_DATA}{}\r\n.\r\nQUIT\r\n", "x".repeat(1 << 20))).await;
    assert_eq!(server.mails()[0].len(), (1 << 20) + 2);
}

#[tokio::test]
async fn slow_clients_are_let_go() {
    let limits = Limits { idle: Duration::from_millis(50), ..Limits::REAL };
    let server = Server::start_with(limits, Inbox::default()).await;
    for sent in ["", "EHL", "EHLO me\r\nMAIL FROM:<>\r\n", &format!("{HELLO}{TO_DATA}half")] {
        assert!(server.answers(sent).await.ends_with("421 4.4.2 this takes too long\r\n"), "{sent:?}");
    }
    // A byte now and then keeps neither a command nor a mail open for ever.
    let limits = Limits { per_mail: Duration::from_millis(200), ..Limits::REAL };
    let server = Server::start_with(limits, Inbox::default()).await;
    let mut client = server.greeted().await;
    client.send(TO_DATA).await;
    client.expect(&["250", "250", "354"]).await;
    let mut drip = tokio::time::interval(Duration::from_millis(10));
    let last = loop {
        tokio::select! {
            line = client.line() => break line,
            _ = drip.tick() => {}
        }
        let _ = client.0.write_all(b"x").await;
    };
    assert!(last.starts_with("421 4.4.2"), "{last:?}");
    assert_eq!(server.mails(), Vec::<String>::new());
}

#[tokio::test]
async fn too_many_connections_are_turned_away() {
    let server = Server::start_with(Limits { connections: 2, ..Limits::REAL }, Inbox::default()).await;
    let mut first = server.greeted().await;
    let _second = server.greeted().await;
    assert!(server.answers("").await.starts_with("421 4.7.0"));
    first.send("QUIT\r\n").await;
    first.expect(&["221"]).await;
    assert_eq!(first.rest().await, "");
    // The place is free once the server has seen the first one's end.
    timeout(WAIT, async { while server.client().await.line().await.starts_with("421") {} }).await.unwrap();
}

#[tokio::test]
async fn a_shutdown_lets_a_running_mail_finish() {
    let server = Server::start_with(Limits::REAL, Inbox { hold: Some(Notify::new()), ..Inbox::default() }).await;
    let mut idle = server.greeted().await;
    let mut busy = server.greeted().await;
    busy.send(format!("{TO_DATA}x\r\n.\r\n")).await;
    busy.expect(&["250", "250", "354"]).await;
    let (inbox, addr) = (Arc::clone(&server.inbox), server.addr);
    inbox.arrived.notified().await;
    let stopped = tokio::spawn(server.stop());
    assert!(idle.rest().await.starts_with("421 4.3.2"));
    assert!(TcpStream::connect(addr).await.is_err());
    inbox.hold.as_ref().unwrap().notify_one();
    busy.expect(&["250 2.0.0 stored", "421 4.3.2"]).await;
    assert_eq!(busy.rest().await, "");
    assert!(stopped.await.unwrap());
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let limits = Limits { last_words: Duration::from_millis(50), ..Limits::REAL };
    let server = Server::start_with(limits, Inbox::default()).await;
    let mut client = server.greeted().await;
    client.send(format!("{TO_DATA}half")).await;
    client.expect(&["250", "250", "354"]).await;
    let inbox = Arc::clone(&server.inbox);
    assert!(server.stop().await);
    assert_eq!(client.rest().await, "");
    assert_eq!(inbox.mails.lock().unwrap().len(), 0);
}
