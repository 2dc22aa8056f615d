//! A proxy in front of the embedded DynamoDB.

use std::io;

use super::Calls;
use crate::wire::{Answer, Reply, Request, Server, Service, forward};

/// A proxy in front of the embedded DynamoDB. Operations have DynamoDB's names (`TransactWriteItems`).
#[derive(Debug)]
pub struct DynamoProxy {
    server: Server,
    calls: Calls,
}

struct Proxy {
    engine: String,
    calls: Calls,
}

impl DynamoProxy {
    /// Starts one before the engine at this `http://` endpoint.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start(engine: &str) -> io::Result<Self> {
        let calls = Calls::default();
        let engine = engine.trim_start_matches("http://").to_owned();
        let server = Server::start(Proxy { engine, calls: calls.clone() }).await?;
        Ok(Self { server, calls })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub const fn calls(&self) -> &Calls {
        &self.calls
    }
}

impl Service for Proxy {
    async fn call(&self, request: Request) -> Reply {
        let operation = request.header("x-amz-target").and_then(|t| t.rsplit('.').next()).unwrap_or("?").to_owned();
        let work = async { forward(&self.engine, &request).await.unwrap_or_else(|_| dynamo_error(500, "InternalServerError")) };
        self.calls.run(&operation, work, dynamo_error).await
    }
}

fn dynamo_error(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"as the test wants it"}}"#);
    Answer::new(status, "application/x-amz-json-1.0", body)
}
