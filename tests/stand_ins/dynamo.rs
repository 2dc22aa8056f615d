//! A proxy in front of the embedded DynamoDB.

use std::io;
use std::sync::{Arc, Mutex};

use super::{Calls, Fault, lock};
use crate::wire::{Answer, Reply, Request, Server, Service, forward};

/// The media type of DynamoDB's answers.
const JSON: &str = "application/x-amz-json-1.0";

/// A proxy in front of the embedded DynamoDB. Operations have DynamoDB's names (`TransactWriteItems`).
#[derive(Debug)]
pub struct DynamoProxy {
    server: Server,
    calls: Calls,
    units: Units,
}

/// Read and write units.
type Units = Arc<Mutex<(f64, f64)>>;

struct Proxy {
    engine: String,
    calls: Calls,
    units: Units,
}

impl DynamoProxy {
    /// Starts one before the engine at this `http://` endpoint.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start(engine: &str) -> io::Result<Self> {
        let (calls, units) = (Calls::default(), Units::default());
        let engine = engine.trim_start_matches("http://").to_owned();
        let server = Server::start(Proxy { engine, calls: calls.clone(), units: Arc::clone(&units) }).await?;
        Ok(Self { server, calls, units })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub const fn calls(&self) -> &Calls {
        &self.calls
    }

    /// The read and write units that the engine reported since the last call of this.
    pub fn take_units(&self) -> (f64, f64) {
        std::mem::take(&mut *lock(&self.units))
    }
}

impl Service for Proxy {
    async fn call(&self, request: Request) -> Reply {
        let operation = request.header("x-amz-target").and_then(|t| t.rsplit('.').next()).unwrap_or("?").to_owned();
        let work = async {
            let answer = forward(&self.engine, &request).await.unwrap_or_else(|_| dynamo_error(500, "InternalServerError"));
            let consumed = consumed(&answer.body);
            let mut units = lock(&self.units);
            if matches!(operation.as_str(), "Query" | "GetItem" | "BatchGetItem" | "Scan") {
                units.0 += consumed
            } else {
                units.1 += consumed
            }
            drop(units);
            answer
        };
        let refusal = |fault| match fault {
            Fault::Refuse(status, code) => dynamo_error(status, code),
            Fault::Cancel(code) => cancelled(code),
            Fault::Unprocessed => unprocessed(&request.body),
            _ => dynamo_error(500, "InternalServerError"),
        };
        self.calls.run(&operation, work, refusal).await
    }
}

/// The units of an answer: one table's, or a list of them.
fn consumed(body: &[u8]) -> f64 {
    let answer: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let of = |table: &serde_json::Value| table["CapacityUnits"].as_f64().unwrap_or(0.0);
    match &answer["ConsumedCapacity"] {
        serde_json::Value::Array(tables) => tables.iter().map(of).sum(),
        table => of(table),
    }
}

/// What DynamoDB answers when a transaction is not done because of one of its items.
fn cancelled(code: &str) -> Answer {
    let body = format!(
        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"Transaction cancelled, please refer cancellation reasons for specific reasons [None, {code}]","CancellationReasons":[{{"Code":"None"}},{{"Code":"{code}","Message":"as the test wants it"}}]}}"#
    );
    Answer::new(400, JSON, body)
}

/// What DynamoDB answers to a batch that it has no time for.
fn unprocessed(request: &[u8]) -> Answer {
    let asked: serde_json::Value = serde_json::from_slice(request).unwrap_or_default();
    let body = serde_json::json!({"Responses": {}, "UnprocessedKeys": asked["RequestItems"]});
    Answer::new(200, JSON, body.to_string())
}

fn dynamo_error(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"as the test wants it"}}"#);
    Answer::new(status, JSON, body)
}
