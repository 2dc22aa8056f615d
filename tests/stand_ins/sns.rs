//! Topics.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use super::{Calls, lock};
use crate::wire::{Answer, Reply, Request, Server, Service, decode};

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
