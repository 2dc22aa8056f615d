//! An API elsewhere, asked instead of the data folder: JSON over HTTPS (or HTTP on this machine), with a token.
//!
//! Every change carries an idempotency key of its own, the same on a retry: what was sent twice is done once.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use data_encoding::HEXLOWER;
use domain::text::{cut, one_line};
use serde_json::Value;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use ureq::http::{Response, Uri};

/// How long one attempt may take, with all of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a call is tried again.
const RETRIES: u32 = 2;
/// The pause before a retry where the server names none; the second one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// Nobody waits longer at a command line: the error says what the server said.
const PAUSE_MAX: u64 = 10;
/// The largest answer. A function's is at most 6 MB.
const ANSWER_MAX: u64 = 8 * 1024 * 1024;
/// Longest piece of what a server says that is shown.
const SAID_MAX: usize = 600;
/// What answers are.
const JSON: &str = "application/json";

/// Why an API was not asked, or did not do it.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The address is none.
    #[error("{0:?} is no address of an API: give one such as https://port25.corp.example or http://127.0.0.1:8025")]
    Url(String),
    /// It would be readable on the way.
    #[error("a token is not sent to {0} without TLS: give an https:// address, or a tunnel to this machine (http://127.0.0.1:PORT)")]
    Plain(String),
    /// There is no token.
    #[error("the API at {0} asks who you are: give a token in PORT25_TOKEN or with --token; port25 token add makes one where the data is")]
    NoToken(String),
    /// The token is none.
    #[error("the token has a character that no token has; port25 token add prints a whole one")]
    Token,
    /// A token for nothing.
    #[error("--token is for an API: say which with --url or in PORT25_URL")]
    TokenAlone,
    /// Nobody answered.
    #[error("{url} does not answer ({why}); check the address, and whether port25 runs there")]
    Unreachable {
        /// Where.
        url: String,
        /// What happened.
        why: String,
    },
    /// The API refused, or failed.
    #[error("{detail} ({name})")]
    Problem {
        /// What is wrong and what to do, in its words.
        detail: String,
        /// The type of the problem (RFC 9457), else the status.
        name: String,
    },
    /// Something else answered.
    #[error("what {url} answers is not from port25 ({why}); check the address")]
    Foreign {
        /// Where.
        url: String,
        /// What is wrong with the answer.
        why: String,
    },
    /// This machine has no random numbers.
    #[error("the system has no random numbers for an idempotency key: {0}")]
    Random(getrandom::Error),
    /// The thread of the call ended.
    #[error("the call was broken off")]
    Broken(#[source] tokio::task::JoinError),
}

/// A secret of the command line: never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes whatever was given: a parser that refused would show it.
    ///
    /// # Errors
    /// Never.
    pub fn parse(text: &str) -> Result<Self, std::convert::Infallible> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// What changes something.
enum Change {
    /// A JSON body, and the idempotency key under which it is sent however often.
    Post { body: String, key: String },
    /// Nothing but the path.
    Delete,
}

/// An API.
#[derive(Clone, Debug)]
pub struct Remote {
    base: String,
    token: Secret,
    agent: ureq::Agent,
}

impl Remote {
    /// For an address and a token.
    ///
    /// # Errors
    /// When one of them cannot be used, or the token would be readable on its way.
    pub fn new(url: &str, token: &Secret) -> Result<Self, RemoteError> {
        let wrong = || RemoteError::Url(cut(&one_line(url), SAID_MAX));
        let base = url.trim().trim_end_matches('/');
        let uri: Uri = base.parse().map_err(|_| wrong())?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        if base.contains(['?', '#', '@']) {
            return Err(wrong());
        }
        let here = is_here(host);
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if here => {}
            Some("http") => return Err(RemoteError::Plain(one_line(host))),
            _ => return Err(wrong()),
        }
        if token.0.is_empty() {
            return Err(RemoteError::NoToken(base.to_owned()));
        }
        if !token.0.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(RemoteError::Token);
        }
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            // The token is for this address, not for one that it names.
            .max_redirects(0)
            .user_agent(concat!("port25/", env!("CARGO_PKG_VERSION")));
        if here {
            // What stays on this machine goes through no proxy.
            config = config.proxy(None);
        }
        Ok(Self { base: base.to_owned(), token: token.clone(), agent: config.build().into() })
    }

    /// Reads JSON from a path below the address.
    ///
    /// # Errors
    /// When the API cannot be reached, refuses, or answers something else.
    pub async fn get(&self, path: &str) -> Result<Value, RemoteError> {
        self.json(self.ask(path, JSON, None).await?)
    }

    /// Reads a draft as a mail.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn mail(&self, path: &str) -> Result<Vec<u8>, RemoteError> {
        self.ask(path, "message/rfc822", None).await
    }

    /// Changes something.
    ///
    /// # Errors
    /// As [`Self::get`]. Nothing is known then about whether a server that fell silent did it; the same command again does it once more
    /// only if it was not done.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, RemoteError> {
        let mut key = [0; 16];
        getrandom::fill(&mut key).map_err(RemoteError::Random)?;
        self.json(self.ask(path, JSON, Some(Change::Post { body: body.to_string(), key: HEXLOWER.encode(&key) })).await?)
    }

    /// Deletes something. Said again after a lost answer, it finds nothing more to delete.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn delete(&self, path: &str) -> Result<Value, RemoteError> {
        self.json(self.ask(path, JSON, Some(Change::Delete)).await?)
    }

    async fn ask(&self, path: &str, accept: &'static str, change: Option<Change>) -> Result<Vec<u8>, RemoteError> {
        let (remote, url) = (self.clone(), format!("{}/{path}", self.base));
        let call = tokio::task::spawn_blocking(move || remote.call(&url, accept, change.as_ref()));
        call.await.map_err(RemoteError::Broken)?
    }

    /// Asks, and asks again where that can help.
    fn call(&self, url: &str, accept: &str, change: Option<&Change>) -> Result<Vec<u8>, RemoteError> {
        for attempt in 0.. {
            let last = attempt >= RETRIES;
            let pause = match self.once(url, accept, change) {
                Ok(answer) => match busy(&answer).filter(|_| !last) {
                    Some(pause) => pause.unwrap_or(PAUSE * (attempt + 1)),
                    None => return self.read(answer),
                },
                Err(error) if !last && is_passing(&error) => PAUSE * (attempt + 1),
                Err(error) => return Err(self.unreachable(&error)),
            };
            std::thread::sleep(pause);
        }
        Err(self.foreign("no answer"))
    }

    fn once(&self, url: &str, accept: &str, change: Option<&Change>) -> Result<Response<ureq::Body>, ureq::Error> {
        let bearer = format!("Bearer {}", self.token.0);
        match change {
            None => self.agent.get(url).header(AUTHORIZATION, bearer).header(ACCEPT, accept).call(),
            Some(Change::Delete) => self.agent.delete(url).header(AUTHORIZATION, bearer).header(ACCEPT, accept).call(),
            Some(Change::Post { body, key }) => {
                let request = self.agent.post(url).header(AUTHORIZATION, bearer).header(ACCEPT, accept);
                request.header(CONTENT_TYPE, JSON).header("Idempotency-Key", key).send(body)
            }
        }
    }

    /// The body, or what the API says went wrong.
    fn read(&self, mut answer: Response<ureq::Body>) -> Result<Vec<u8>, RemoteError> {
        let status = answer.status();
        let bytes = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_vec().map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => self.foreign("it is larger than any answer of port25"),
            error => self.unreachable(&error),
        })?;
        if status.is_success() {
            return Ok(bytes);
        }
        let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let word = |name: &str| said[name].as_str().map(|text| cut(&one_line(text), SAID_MAX));
        // An API gateway before it says `message`.
        match (word("detail").or_else(|| word("message")), word("type")) {
            (Some(detail), kind) => Err(RemoteError::Problem { detail, name: kind.unwrap_or_else(|| format!("HTTP {}", status.as_u16())) }),
            (None, _) => Err(self.foreign(&format!("HTTP {}", status.as_u16()))),
        }
    }

    fn json(&self, bytes: Vec<u8>) -> Result<Value, RemoteError> {
        serde_json::from_slice(&bytes).map_err(|_| self.foreign("it is no JSON"))
    }

    fn unreachable(&self, error: &ureq::Error) -> RemoteError {
        RemoteError::Unreachable { url: self.base.clone(), why: cut(&one_line(&error.to_string()), SAID_MAX) }
    }

    /// Its answer has another form than it should.
    pub fn odd(&self) -> RemoteError {
        self.foreign("it is no answer of this version")
    }

    fn foreign(&self, why: &str) -> RemoteError {
        RemoteError::Foreign { url: self.base.clone(), why: why.to_owned() }
    }
}

/// Parameters as a query, with its question mark; empty without any.
pub fn query(parameters: &[(String, String)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", api::segment(value)));
    let text = pairs.collect::<Vec<_>>().join("&");
    if text.is_empty() { text } else { format!("?{text}") }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || plain.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether an answer says that a later one can be another, and when; `None` where waiting is no use, or would take too long.
fn busy(answer: &Response<ureq::Body>) -> Option<Option<Duration>> {
    if !matches!(answer.status().as_u16(), 429 | 503) {
        return None;
    }
    match answer.headers().get(RETRY_AFTER) {
        None => Some(None),
        Some(value) => {
            let seconds = value.to_str().ok()?.trim().parse().ok().filter(|seconds| *seconds <= PAUSE_MAX)?;
            Some(Some(Duration::from_secs(seconds)))
        }
    }
}

/// Whether a failed connection may stand a moment later.
fn is_passing(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(_) | ureq::Error::ConnectionFailed | ureq::Error::Timeout(_))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::parse(text).unwrap()
    }

    /// Answers in turn, each to one connection; gives the address, and what was asked when all are given.
    fn server(answers: &'static [&'static str]) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = std::thread::spawn(move || {
            let mut heard = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut bytes = vec![0; 10_000];
                let n = stream.read(&mut bytes).unwrap();
                heard.push(String::from_utf8_lossy(&bytes[..n]).to_lowercase());
                stream.write_all(answer.as_bytes()).unwrap();
            }
            heard
        });
        (url, heard)
    }

    #[test]
    fn a_token_goes_over_tls_or_stays_on_this_machine() {
        let token = secret("p25w_x");
        for good in
            ["https://port25.corp.example", "https://x.example/prod/", "http://127.0.0.1:8025", "http://localhost:1/", "http://[::1]:80"]
        {
            assert!(Remote::new(good, &token).is_ok(), "{good}");
        }
        for bad in ["http://port25.corp.example", "http://192.0.2.1:8025", "http://127.0.0.1.evil.example", "http://[2001:db8::1]/"] {
            assert!(matches!(Remote::new(bad, &token), Err(RemoteError::Plain(_))), "{bad}");
        }
        for bad in [
            "",
            "port25.corp.example",
            "ftp://x.example",
            "https://",
            "https://x.example/?a=b",
            "https://a:b@x.example",
            "file:///etc/passwd",
        ] {
            assert!(matches!(Remote::new(bad, &token), Err(RemoteError::Url(_))), "{bad}");
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = secret(" p25w_secret\n");
        let remote = Remote::new("https://x.example", &token).unwrap();
        assert!(!format!("{token:?} {remote:?}").contains("p25w_secret"));
        assert!(matches!(Remote::new("https://x.example", &secret(" ")), Err(RemoteError::NoToken(_))));
        let split = Remote::new("https://x.example", &secret("p25w\r\nX: y")).unwrap_err();
        assert!(matches!(split, RemoteError::Token) && !split.to_string().contains("X: y"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_busy_or_hangs_up_is_asked_again_with_the_same_key() {
        let (url, heard) = server(&[
            "",
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{\"a\": 1}\n",
        ]);
        let done = Remote::new(&url, &secret("p25w_x")).unwrap().post("v1/alerts/test", &serde_json::json!({})).await.unwrap();
        assert_eq!(done["a"], 1);
        let heard = heard.join().unwrap();
        let key = |asked: &String| asked.lines().find(|line| line.starts_with("idempotency-key: ")).unwrap().to_owned();
        assert!(heard.iter().all(|asked| asked.contains("authorization: bearer p25w_x") && key(asked) == key(&heard[0])), "{heard:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_goes_wrong_is_said_once_and_clean() {
        let problem = "HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nConnection: close\r\n\r\n{\"type\":\"urn:port25:problem:store\",\"detail\":\"a\\u001b[31m\"}";
        let away = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let page = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>";
        for (answer, said) in [(problem, "a [31m (urn:port25:problem:store)"), (away, "HTTP 302"), (page, "no JSON")] {
            let (url, heard) = server(Vec::leak(vec![answer]));
            let error = Remote::new(&url, &secret("p25w_x")).unwrap().get("v1/requests").await.unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains('\u{1b}'), "{error}");
            assert_eq!(heard.join().unwrap().len(), 1);
        }
    }

    #[test]
    fn a_query_leaves_no_place_for_another() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(query(&[]), "");
        assert_eq!(query(&[pair("turn", "aws"), pair("q", "a b&c=d#<e@f>")]), "?turn=aws&q=a%20b%26c%3Dd%23%3Ce%40f%3E");
    }
}
