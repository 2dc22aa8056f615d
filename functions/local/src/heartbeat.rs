//! The heartbeat: a request to an address after each sweep, so that somebody else notices when this program no longer sweeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long one request may take. The next sweep makes the next one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the heartbeat goes.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    url: Arc<str>,
    agent: ureq::Agent,
    /// A request is under way.
    busy: Arc<AtomicBool>,
}

/// An address that can be asked.
///
/// # Errors
/// When it is none.
pub fn url(text: &str) -> Result<String, String> {
    let uri: ureq::http::Uri = text.parse().map_err(|_| wrong(text))?;
    let good = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty());
    if good { Ok(text.to_owned()) } else { Err(wrong(text)) }
}

fn wrong(text: &str) -> String {
    format!("{text:?} is no address: give one such as https://hc-ping.com/your-uuid")
}

impl Heartbeat {
    /// One for this address.
    pub fn new(url: String) -> Self {
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
        Self { url: url.into(), agent, busy: Arc::new(AtomicBool::new(false)) }
    }

    /// Asks, without anybody waiting for it. A failure is logged: the other side notices it too.
    pub fn beat(&self) {
        if self.busy.swap(true, Ordering::Relaxed) {
            return;
        }
        let Self { url, agent, busy } = self.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = agent.get(&*url).call() {
                // Its path is often a secret.
                tracing::warn!(%error, "the heartbeat was not heard");
            }
            busy.store(false, Ordering::Relaxed);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[test]
    fn only_addresses_are_taken() {
        assert!(url("https://hc-ping.com/x").is_ok() && url("http://127.0.0.1:8000/").is_ok());
        for bad in ["", "hc-ping.com", "ftp://x.example/", "file:///etc/passwd", "https://"] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_beat_is_one_request() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let heartbeat = Heartbeat::new(format!("http://{}/alive", listener.local_addr().unwrap()));
        heartbeat.beat();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 12];
        stream.read_exact(&mut asked).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
        assert_eq!(asked, b"GET /alive H");
    }
}
