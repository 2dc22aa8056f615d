//! The page and the API over HTTP/1.1, for clients that may be slow, many or hostile: each has its time, and all of them together a number.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections at once. More wait in the system's queue.
const CONNECTIONS_MAX: usize = 1_000;
/// How long the head of a request may take, and how long a connection may be idle between two.
const HEAD: Duration = Duration::from_secs(15);
/// How long a connection may live, however slowly it reads.
const LIFE: Duration = Duration::from_secs(600);
/// How long to wait after a connection could not be accepted (no file is free, say).
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`; what is under way is answered.
pub async fn serve(listener: TcpListener, app: axum::Router, stop: impl Future<Output = ()> + Send) {
    serve_with(listener, app, stop, (HEAD, LIFE)).await;
}

async fn serve_with(listener: TcpListener, app: axum::Router, stop: impl Future<Output = ()> + Send, (head, life): (Duration, Duration)) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, place)) = accepted else {
            drop(tokio::time::timeout(PAUSE, std::future::pending::<()>()).await);
            continue;
        };
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(head);
        let service = TowerToHyperService::new(app.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A broken connection is its client's affair, and one that is too old is closed.
            drop(tokio::time::timeout(life, connection).await);
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// A connection, and its place among those that are open.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let (stream, _) = listener.accept().await.ok()?;
    // Answers are small: they go at once.
    drop(stream.set_nodelay(true));
    Some((stream, place))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);

    async fn running(life: Duration) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let app = axum::Router::new().route("/", get(|| async { "answer" }));
        let stopped = async move { drop(stopped.await) };
        let task = tokio::spawn(async move { serve_with(listener, app, stopped, (SHORT, life)).await });
        (at, stop, task)
    }

    /// Everything that the server says to these bytes until it closes the connection.
    async fn says(at: std::net::SocketAddr, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(at).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // It may close with a reset: what came before counts.
        drop(stream.read_to_end(&mut answer).await);
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_slow_head_an_idle_and_an_old_connection_are_closed() {
        let (at, stop, task) = running(LIFE).await;
        assert!(!says(at, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.contains("answer"));
        assert!(says(at, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.contains("answer"), "answered, then closed when idle");
        stop.send(()).unwrap();
        task.await.unwrap();
        let (at, stop, task) = running(SHORT).await;
        // The body never comes; the handler reads none, and the connection ends with its life.
        says(at, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12").await;
        stop.send(()).unwrap();
        task.await.unwrap();
    }
}
