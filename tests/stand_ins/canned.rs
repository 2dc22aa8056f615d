//! Any service, with answers that the test gives for each operation.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use super::{Calls, lock, plainly};
use crate::wire::{Answer, Reply, Request, Server, Service, forward};

/// What an operation is answered with: status, media type, body.
type Said = (u16, &'static str, String);

/// Services at one address. An operation is what `x-amz-target` or the form's `Action` names, else the method and the target.
#[derive(Debug)]
pub struct Canned {
    server: Server,
    shelf: Arc<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    calls: Calls,
    said: Mutex<BTreeMap<String, Said>>,
    /// The host and port of an engine that answers what nothing is said about.
    engine: Option<String>,
}

impl Canned {
    /// Starts one that knows nothing; what it does not know is asked of the engine at this `http://` endpoint.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start(engine: &str) -> io::Result<Self> {
        let engine = Some(engine.trim_start_matches("http://").to_owned());
        let shelf = Arc::new(Shelf { engine, ..Shelf::default() });
        let server = Server::start(Clerk(Arc::clone(&shelf))).await?;
        Ok(Self { server, shelf })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub fn calls(&self) -> &Calls {
        &self.shelf.calls
    }

    /// What an operation is answered with from now on.
    pub fn say(&self, operation: &str, status: u16, kind: &'static str, body: impl Into<String>) {
        lock(&self.shelf.said).insert(operation.to_owned(), (status, kind, body.into()));
    }

    /// A good answer in JSON.
    pub fn json(&self, operation: &str, body: &serde_json::Value) {
        self.say(operation, 200, "application/json", body.to_string());
    }

    /// A good answer of a query service: what stands in its result.
    pub fn xml(&self, operation: &str, result: &str) {
        let body = format!("<{operation}Response xmlns=\"urn:x\"><{operation}Result>{result}</{operation}Result></{operation}Response>");
        self.say(operation, 200, "text/xml", body);
    }
}

struct Clerk(Arc<Shelf>);

impl Service for Clerk {
    async fn call(&self, request: Request) -> Reply {
        let shelf = &self.0;
        let target = request.header("x-amz-target").and_then(|t| t.rsplit('.').next()).map(str::to_owned);
        let action = || {
            let form = String::from_utf8_lossy(&request.body).into_owned();
            form.split('&').find_map(|pair| pair.strip_prefix("Action=")).map(str::to_owned)
        };
        let operation = target.or_else(action).unwrap_or_else(|| format!("{} {}", request.method, request.target));
        let said = lock(&shelf.said).get(&operation).cloned();
        let work = async {
            match (said, &shelf.engine) {
                (Some((status, kind, body)), _) => Answer::new(status, kind, body),
                (None, Some(engine)) if request.header("x-amz-target").is_some_and(|t| t.starts_with("DynamoDB")) => {
                    forward(engine, &request).await.unwrap_or_else(|_| refusal(500, "InternalServerError"))
                }
                (None, _) => refusal(400, "AccessDenied"),
            }
        };
        shelf.calls.run(&operation, work, plainly(refusal)).await
    }
}

fn refusal(status: u16, code: &str) -> Answer {
    Answer::new(status, "application/json", format!(r#"{{"__type":"x#{code}","message":"as the test wants it"}}"#))
}
