//! A queue that only takes messages.

use std::io;
use std::sync::{Arc, Mutex};

use super::{Calls, lock, plainly};
use crate::wire::{Answer, Reply, Request, Server, Service};

/// A queue. The one operation is `SendMessage`.
#[derive(Debug)]
pub struct Sqs {
    server: Server,
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    calls: Calls,
    bodies: Mutex<Vec<String>>,
}

impl Sqs {
    /// Starts an empty one.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start() -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let server = Server::start(Clerk(Arc::clone(&queue))).await?;
        Ok(Self { server, queue })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub fn calls(&self) -> &Calls {
        &self.queue.calls
    }

    /// The bodies that were sent since the last call of this, in order.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.queue.bodies))
    }
}

struct Clerk(Arc<Queue>);

impl Service for Clerk {
    async fn call(&self, request: Request) -> Reply {
        let operation = request.header("x-amz-target").and_then(|t| t.rsplit('.').next()).unwrap_or("?").to_owned();
        let work = async {
            let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let Some(body) = asked["MessageBody"].as_str().filter(|_| operation == "SendMessage" && asked["QueueUrl"].is_string()) else {
                return refusal(400, "InvalidParameterValue");
            };
            lock(&self.0.bodies).push(body.to_owned());
            Answer::new(200, "application/x-amz-json-1.0", r#"{"MessageId":"5fea7756-0ea4-451a-a703-a558b933e274"}"#)
        };
        self.0.calls.run(&operation, work, plainly(refusal)).await
    }
}

fn refusal(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"com.amazonaws.sqs#{code}","message":"as the test wants it"}}"#);
    Answer::new(status, "application/x-amz-json-1.0", body)
}
