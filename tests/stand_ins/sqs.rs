//! Queues: they take messages, give them out, and let them come back.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Calls, lock, plainly, signature};
use crate::wire::{Answer, Reply, Request, Server, Service};

/// Queues, each known by its URL from its first message on. Operations have SQS's names (`SendMessage`, `ReceiveMessage`).
#[derive(Debug)]
pub struct Sqs {
    server: Server,
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    calls: Calls,
    messages: Mutex<Vec<Message>>,
    made: std::sync::atomic::AtomicU32,
    /// The queue that the dead letters of each other one go to.
    dead_letters: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Message {
    id: String,
    queue: String,
    body: String,
    taken: bool,
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
        std::mem::take(&mut *lock(&self.queue.messages)).into_iter().map(|message| message.body).collect()
    }

    /// Puts a message into a queue.
    pub fn put(&self, queue: &str, body: &str) {
        self.queue.put(queue, body);
    }

    /// The bodies in a queue, also those that somebody has taken.
    pub fn bodies(&self, queue: &str) -> Vec<String> {
        lock(&self.queue.messages).iter().filter(|message| message.queue == queue).map(|message| message.body.clone()).collect()
    }

    /// The time is over for which those were hidden that somebody took.
    pub fn give_back(&self) {
        lock(&self.queue.messages).iter_mut().for_each(|message| message.taken = false);
    }

    /// From now on each queue names this one for its dead letters, by its URL.
    pub fn dead_letters_go_to(&self, url: &str) {
        *lock(&self.queue.dead_letters) = Some(url.to_owned());
    }
}

struct Clerk(Arc<Queue>);

impl Service for Clerk {
    async fn call(&self, request: Request) -> Reply {
        let operation = request.header("x-amz-target").and_then(|t| t.rsplit('.').next()).unwrap_or("?").to_owned();
        let signed = signature::check(&request, "sqs", boot::world::now());
        let work = async {
            if signed.is_err() {
                return refusal(403, "InvalidSignatureException");
            }
            let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            match self.0.answer(&operation, &asked) {
                Some(answer) => Answer::new(200, "application/x-amz-json-1.0", answer.to_string()),
                None => refusal(400, "InvalidParameterValue"),
            }
        };
        self.0.calls.run(&operation, work, plainly(refusal)).await
    }
}

impl Queue {
    fn put(&self, queue: &str, body: &str) -> String {
        let id = format!("message-{}", self.made.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        lock(&self.messages).push(Message { id: id.clone(), queue: queue.to_owned(), body: body.to_owned(), taken: false });
        id
    }

    /// `None` for what the real one refuses.
    fn answer(&self, operation: &str, asked: &Value) -> Option<Value> {
        if operation == "GetQueueUrl" {
            let url = lock(&self.dead_letters).clone()?;
            return Some(json!({ "QueueUrl": url })).filter(|_| url.ends_with(asked["QueueName"].as_str().unwrap_or("?")));
        }
        let url = asked["QueueUrl"].as_str()?;
        let mut messages = lock(&self.messages);
        Some(match operation {
            "SendMessage" => {
                drop(messages);
                json!({"MessageId": self.put(url, asked["MessageBody"].as_str()?)})
            }
            "ReceiveMessage" => {
                let most = asked["MaxNumberOfMessages"].as_u64().filter(|n| (1..=10).contains(n))?;
                let free = messages.iter_mut().filter(|message| message.queue == url && !message.taken);
                let taken: Vec<Value> = free
                    .take(usize::try_from(most).ok()?)
                    .map(|message| {
                        message.taken = true;
                        json!({"MessageId": message.id, "ReceiptHandle": format!("r-{}", message.id), "Body": message.body})
                    })
                    .collect();
                if taken.is_empty() { json!({}) } else { json!({ "Messages": taken }) }
            }
            "DeleteMessage" => {
                let id = asked["ReceiptHandle"].as_str()?.strip_prefix("r-")?;
                messages.retain(|message| message.queue != url || message.id != id);
                json!({})
            }
            "GetQueueAttributes" => {
                let count = |taken| messages.iter().filter(|message| message.queue == url && message.taken == taken).count().to_string();
                let mut attributes =
                    json!({"ApproximateNumberOfMessages": count(false), "ApproximateNumberOfMessagesNotVisible": count(true)});
                if let Some(dead) = lock(&self.dead_letters).as_ref().filter(|dead| *dead != url) {
                    let arn = format!("arn:aws:sqs:eu-west-1:111122223333:{}", dead.rsplit('/').next()?);
                    attributes["RedrivePolicy"] = json!({"deadLetterTargetArn": arn, "maxReceiveCount": 5}).to_string().into();
                }
                json!({ "Attributes": attributes })
            }
            _ => return None,
        })
    }
}

fn refusal(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"__type":"com.amazonaws.sqs#{code}","message":"as the test wants it"}}"#);
    Answer::new(status, "application/x-amz-json-1.0", body)
}
