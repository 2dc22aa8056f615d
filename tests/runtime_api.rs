//! Lambda's Runtime API on a loopback port: what a bootstrap polls for events and answers to. One for each process.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// The function answered with this.
    Response(Vec<u8>),
    /// The function, or its runtime, reported this error (JSON with `errorType` and `errorMessage`).
    Error(String),
    /// The process ended before it answered.
    Died,
    /// The time was up; Lambda would kill the process now.
    TimedOut,
}

/// A Runtime API. It ends when it is dropped.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    desk: Arc<Desk>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Desk {
    events: mpsc::UnboundedSender<Event>,
    queue: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
    open: Mutex<HashMap<String, oneshot::Sender<Invocation>>>,
    init_errors: Mutex<Vec<String>>,
    polls: watch::Sender<u64>,
    gone: watch::Sender<bool>,
}

#[derive(Debug)]
struct Event {
    id: String,
    deadline_ms: i64,
    body: Vec<u8>,
}

/// Tells a [`RuntimeApi`] that the process which polled it has ended.
#[derive(Clone, Debug)]
pub struct Undertaker(Arc<Desk>);

impl Undertaker {
    /// The process is no more.
    pub fn gone(&self) {
        self.0.gone.send_replace(true);
    }
}

impl RuntimeApi {
    /// Starts one.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start() -> io::Result<Self> {
        let (events, queue) = mpsc::unbounded_channel();
        let desk = Arc::new(Desk {
            events,
            queue: tokio::sync::Mutex::new(queue),
            open: Mutex::default(),
            init_errors: Mutex::default(),
            polls: watch::Sender::new(0),
            gone: watch::Sender::new(false),
        });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(Arc::clone(&desk));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            // Ends only with this task.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { address, desk, server })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What tells this Runtime API that its process has ended.
    pub fn undertaker(&self) -> Undertaker {
        Undertaker(Arc::clone(&self.desk))
    }

    /// Waits for the first poll, which ends INIT; `false` when the process ended first.
    pub async fn ready(&self) -> bool {
        self.polled(1).await
    }

    /// Waits for the `n`th poll: the n−1 invocations before are over, with all the work after their answers.
    pub async fn polled(&self, n: u64) -> bool {
        let mut polls = self.desk.polls.subscribe();
        tokio::select! {
            biased;
            seen = polls.wait_for(|seen| *seen >= n) => seen.is_ok(),
            () = self.death() => false,
        }
    }

    /// Errors that the process reported during INIT.
    pub fn init_errors(&self) -> Vec<String> {
        self.desk.init_errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the process handle an event, with this much time before its deadline.
    pub async fn invoke(&self, event: Vec<u8>, limit: Duration) -> Invocation {
        // Two processes of one test must not have the same request id.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = format!("00000000-0000-4000-8000-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed));
        let deadline_ms = boot::world::now().as_millisecond().saturating_add(i64::try_from(limit.as_millis()).unwrap_or(i64::MAX));
        let (done, mut ended) = oneshot::channel();
        self.open().insert(id.clone(), done);
        // The receiver lives as long as this.
        let _ = self.desk.events.send(Event { id: id.clone(), deadline_ms, body: event });
        let invocation = tokio::select! {
            biased;
            ended = &mut ended => ended.unwrap_or(Invocation::Died),
            () = self.death() => ended.try_recv().unwrap_or(Invocation::Died),
            () = elapsed(limit) => Invocation::TimedOut,
        };
        self.open().remove(&id);
        invocation
    }

    fn open(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<Invocation>>> {
        self.desk.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn death(&self) {
        let mut gone = self.desk.gone.subscribe();
        // The sender lives as long as this.
        let _ = gone.wait_for(|gone| *gone).await;
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn elapsed(limit: Duration) {
    let _ = tokio::time::timeout(limit, std::future::pending::<()>()).await;
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    desk.polls.send_modify(|polls| *polls += 1);
    let Some(event) = desk.queue.lock().await.recv().await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("lambda-runtime-aws-request-id", event.id),
        ("lambda-runtime-deadline-ms", event.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:111122223333:function:port25".to_owned()),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event.body).into_response()
}

async fn response(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> Response {
    desk.end(&id, Invocation::Response(body.to_vec()))
}

async fn error(State(desk): State<Arc<Desk>>, Path(id): Path<String>, body: Bytes) -> Response {
    desk.end(&id, Invocation::Error(String::from_utf8_lossy(&body).into_owned()))
}

async fn init_error(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|v| v.to_str().ok()).unwrap_or("-");
    let text = format!("{kind}: {}", String::from_utf8_lossy(&body));
    desk.init_errors.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    StatusCode::ACCEPTED
}

impl Desk {
    fn end(&self, id: &str, invocation: Invocation) -> Response {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        let Some(done) = open else { return (StatusCode::BAD_REQUEST, r#"{"errorType":"InvalidRequestID"}"#).into_response() };
        // Whoever invoked may have given up.
        let _ = done.send(invocation);
        (StatusCode::ACCEPTED, r#"{"status":"OK"}"#).into_response()
    }
}
