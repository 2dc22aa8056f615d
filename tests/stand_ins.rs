//! Stand-ins for what the functions call, each on a loopback port of its own that ends with it: an [`S3`], an [`Sns`], and a
//! [`DynamoProxy`] in front of the embedded engine. All of them count their [`Calls`], and each call can be told to go wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::wire::{Answer, Reply, Request, Server, Service, decode, forward};

/// How one call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It waits until the test releases it, and then goes well.
    Hold,
    /// Nothing is done, and no answer ever comes.
    HangBefore,
    /// The test hears of it first; then it is done, and no answer ever comes.
    HangWhile,
    /// It is done, then the test hears of it, and no answer ever comes.
    HangAfter,
    /// It is done, and half of the answer comes.
    HangInBody,
    /// It is done, and the connection ends instead of the answer.
    CutAfter,
    /// Nothing is done; the answer is this status and error code.
    Refuse(u16, &'static str),
}

/// A fault that was planned: when it is met, and its release.
#[derive(Debug)]
pub struct Met {
    met: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Met {
    /// Waits until the call has come that goes wrong; `false` when that stand-in has ended first.
    pub async fn wait(&mut self) -> bool {
        (&mut self.met).await.is_ok()
    }

    /// Lets a call go on that is on [`Fault::Hold`].
    pub fn release(self) {
        // Whoever waited may be gone.
        let _ = self.release.send(());
    }
}

/// The calls of one stand-in: how many of each operation there were, and which of the next go wrong.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    counts: BTreeMap<String, u32>,
    plans: Vec<Plan>,
}

#[derive(Debug)]
struct Plan {
    operation: String,
    nth: u32,
    step: Step,
}

/// What a call does when it meets a fault.
#[derive(Debug)]
struct Step {
    fault: Fault,
    met: oneshot::Sender<()>,
    release: oneshot::Receiver<()>,
}

impl Calls {
    /// How many calls of this operation there were.
    pub fn count(&self, operation: &str) -> u32 {
        self.lock().counts.get(operation).copied().unwrap_or(0)
    }

    /// The counts of all operations.
    pub fn all(&self) -> BTreeMap<String, u32> {
        self.lock().counts.clone()
    }

    /// Counts anew, from nothing.
    pub fn reset(&self) {
        self.lock().counts.clear();
    }

    /// Lets the `nth` of the next calls of an operation go wrong; 1 is the next one.
    pub fn plan(&self, operation: &str, nth: u32, fault: Fault) -> Met {
        let (met_sender, met) = oneshot::channel();
        let (release, release_receiver) = oneshot::channel();
        let step = Step { fault, met: met_sender, release: release_receiver };
        self.lock().plans.push(Plan { operation: operation.to_owned(), nth, step });
        Met { met, release }
    }

    /// Forgets the faults that were not met.
    pub fn forgive(&self) {
        self.lock().plans.clear();
    }

    /// Counts a call, and says whether it goes wrong.
    fn take(&self, operation: &str) -> Option<Step> {
        let mut book = self.lock();
        *book.counts.entry(operation.to_owned()).or_default() += 1;
        for plan in book.plans.iter_mut().filter(|p| p.operation == operation) {
            plan.nth = plan.nth.saturating_sub(1);
        }
        let due = book.plans.iter().position(|p| p.operation == operation && p.nth == 0)?;
        Some(book.plans.remove(due).step)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a call: `work` does it, `refusal` writes an error of the service. A call that has begun is not cancelled.
    async fn run(&self, operation: &str, work: impl Future<Output = Answer> + Send, refusal: fn(u16, &str) -> Answer) -> Reply {
        let Some(step) = self.take(operation) else { return Reply::Answer(work.await) };
        let Step { fault, met, release } = step;
        if matches!(fault, Fault::Hold | Fault::HangBefore | Fault::HangWhile | Fault::Refuse(..)) {
            let _ = met.send(());
            match fault {
                Fault::Hold => {
                    let _ = release.await;
                    return Reply::Answer(work.await);
                }
                Fault::Refuse(status, code) => return Reply::Answer(refusal(status, code)),
                Fault::HangWhile => drop(work.await),
                _ => {}
            }
            return Reply::Silence;
        }
        let answer = work.await;
        let _ = met.send(());
        match fault {
            Fault::HangInBody => Reply::Half(answer),
            Fault::CutAfter => Reply::HangUp,
            _ => Reply::Silence,
        }
    }
}

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

/// Objects in buckets, read path-style. The one operation is `GetObject`.
#[derive(Debug)]
pub struct S3 {
    server: Server,
    shelf: Arc<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    calls: Calls,
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    forbidden: Mutex<BTreeSet<String>>,
}

impl S3 {
    /// Starts an empty one.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start() -> io::Result<Self> {
        let shelf = Arc::new(Shelf::default());
        let server = Server::start(Counter(Arc::clone(&shelf))).await?;
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

    /// Puts an object there, or another in its place.
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        lock(&self.shelf.objects).insert(format!("{bucket}/{key}"), bytes.to_vec());
    }

    /// Answers with `AccessDenied` for this key, whether there is an object or not.
    pub fn forbid(&self, bucket: &str, key: &str) {
        lock(&self.shelf.forbidden).insert(format!("{bucket}/{key}"));
    }

    /// Ends that.
    pub fn permit(&self, bucket: &str, key: &str) {
        lock(&self.shelf.forbidden).remove(&format!("{bucket}/{key}"));
    }
}

struct Counter(Arc<Shelf>);

impl Service for Counter {
    async fn call(&self, request: Request) -> Reply {
        let shelf = &self.0;
        if request.method != "GET" {
            return Reply::Answer(s3_error(405, "MethodNotAllowed"));
        }
        let work = async {
            let path = request.target.split('?').next().unwrap_or_default();
            let name = decode(path.trim_start_matches('/'));
            if lock(&shelf.forbidden).contains(&name) {
                return s3_error(403, "AccessDenied");
            }
            let object = lock(&shelf.objects).get(&name).cloned();
            object.map_or_else(|| s3_error(404, "NoSuchKey"), |bytes| Answer::new(200, "application/octet-stream", bytes))
        };
        shelf.calls.run("GetObject", work, s3_error).await
    }
}

fn s3_error(status: u16, code: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>as the test wants it</Message><RequestId>r</RequestId></Error>"
    );
    Answer::new(status, "application/xml", body)
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The ARN of the topic.
    pub topic: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub message: String,
    /// The message attributes, by name.
    pub attributes: BTreeMap<String, String>,
}

/// A topic. Operations have SNS's names (`Publish`, `GetTopicAttributes`).
#[derive(Debug)]
pub struct Sns {
    server: Server,
    post: Arc<Post>,
}

#[derive(Debug, Default)]
struct Post {
    calls: Calls,
    published: Mutex<Vec<Published>>,
}

impl Sns {
    /// Starts one that nothing was published to.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start() -> io::Result<Self> {
        let post = Arc::new(Post::default());
        let server = Server::start(Clerk(Arc::clone(&post))).await?;
        Ok(Self { server, post })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub fn calls(&self) -> &Calls {
        &self.post.calls
    }

    /// What was published since the last call of this, in order.
    pub fn take(&self) -> Vec<Published> {
        std::mem::take(&mut *lock(&self.post.published))
    }
}

struct Clerk(Arc<Post>);

impl Service for Clerk {
    async fn call(&self, request: Request) -> Reply {
        let form: BTreeMap<String, String> = String::from_utf8_lossy(&request.body)
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decode(&name.replace('+', " ")), decode(&value.replace('+', " "))))
            .collect();
        let operation = form.get("Action").map_or("?", String::as_str);
        let work = async { self.0.answer(operation, &form) };
        self.0.calls.run(operation, work, sns_error).await
    }
}

impl Post {
    fn answer(&self, operation: &str, form: &BTreeMap<String, String>) -> Answer {
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let content = match operation {
            "Publish" => {
                let subject = field("Subject");
                // What the real one refuses.
                if subject.len() >= 100 || subject.contains(|c: char| !c.is_ascii() || c.is_ascii_control()) {
                    return sns_error(400, "InvalidParameter");
                }
                let attributes = (1..)
                    .map_while(|n| {
                        let name = form.get(&format!("MessageAttributes.entry.{n}.Name"))?;
                        Some((name.clone(), field(&format!("MessageAttributes.entry.{n}.Value.StringValue"))))
                    })
                    .collect();
                lock(&self.published).push(Published { topic: field("TopicArn"), subject, message: field("Message"), attributes });
                "<MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId>"
            }
            "GetTopicAttributes" => "<Attributes></Attributes>",
            _ => return sns_error(400, "InvalidAction"),
        };
        let body = format!(
            "<{operation}Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><{operation}Result>{content}</{operation}Result>\
             <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>"
        );
        Answer::new(200, "text/xml", body)
    }
}

fn sns_error(status: u16, code: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>as the test wants it</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    Answer::new(status, "text/xml", body)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
