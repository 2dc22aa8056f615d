//! The program in its process: run to its end, or serving on free ports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A folder that goes with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("port25-program-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub(crate) fn port25() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_port25"));
    command.env("OWN_ADDRESSES", "net-ops@corp.example").stdin(Stdio::null());
    command
}

pub(crate) fn run(args: &[&str]) -> Output {
    port25().args(args).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `port25 serve` on free ports.
pub(crate) struct Served {
    child: Child,
    pub(crate) http: String,
    smtp: String,
    /// The session that the printed code opened.
    cookie: String,
}

impl Served {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// With more arguments.
    pub(crate) fn start_with(data: &Path, more: &[&str]) -> Self {
        let mut child = port25()
            .args(["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut http, mut smtp, mut code) = (None, None, None);
        while http.is_none() || smtp.is_none() || code.is_none() {
            let line = lines.next().expect("it ended before it said where it listens").unwrap();
            let after = |scheme: &str| line.split_once(scheme).map(|(_, at)| at.trim().to_owned());
            http = http.or_else(|| after("http://"));
            smtp = smtp.or_else(|| after("smtp://"));
            code = code.or_else(|| after("/login?code=")?.split_once(' ').map(|(code, _)| code.to_owned()));
        }
        std::thread::spawn(move || lines.for_each(drop));
        let mut served = Self { child, http: http.unwrap(), smtp: smtp.unwrap(), cookie: String::new() };
        let answer =
            served.ask("POST", "/login", "Content-Type: application/x-www-form-urlencoded\r\n", &format!("secret={}", code.unwrap()));
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        served.cookie = cookie.expect("a login code opens a session").to_owned();
        served
    }

    pub(crate) fn send(&self, mail: &[u8]) {
        let mut stream = TcpStream::connect(&self.smtp).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut hear = |code: &str| {
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                assert!(line.starts_with(code), "expected {code}, heard {line:?}");
                if line.as_bytes().get(3) != Some(&b'-') {
                    return;
                }
            }
        };
        hear("220");
        for (command, code) in
            [("EHLO test", "250"), ("MAIL FROM:<a@b.example>", "250"), ("RCPT TO:<port25@track.example>", "250"), ("DATA", "354")]
        {
            stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
            hear(code);
        }
        let lines = String::from_utf8_lossy(mail).replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
        stream.write_all(format!("{lines}\r\n.\r\nQUIT\r\n").as_bytes()).unwrap();
        hear("250");
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.ask("GET", path, "", "")
    }

    /// A request with the session's cookie, further headers and a body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        self.ask_as(&self.cookie, method, path, headers, body)
    }

    /// The same with another cookie.
    pub(crate) fn ask_as(&self, cookie: &str, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.http).unwrap();
        let (host, length) = (&self.http, body.len());
        let line = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nCookie: {cookie}\r\n");
        write!(stream, "{line}{headers}Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        text(&answer)
    }

    pub(crate) fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
