//! SES's second version, as far as it sends a mail.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Calls, lock, plainly, signature};
use crate::wire::{Answer, Reply, Request, Server, Service};

/// SES that keeps what it is to send. The one operation is `SendEmail`.
#[derive(Debug)]
pub struct Ses {
    server: Server,
    post: Arc<Post>,
}

#[derive(Debug, Default)]
struct Post {
    calls: Calls,
    sent: Mutex<Vec<Value>>,
}

impl Ses {
    /// Starts one that was given nothing.
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

    /// What was to be sent since the last call of this, as it was asked for.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *lock(&self.post.sent))
    }
}

struct Clerk(Arc<Post>);

impl Service for Clerk {
    async fn call(&self, request: Request) -> Reply {
        let work = async {
            let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let is_send = request.method == "POST" && request.target == "/v2/email/outbound-emails";
            if signature::check(&request, "ses", boot::world::now()).is_err() {
                return refusal(403, "SignatureDoesNotMatch");
            }
            if !is_send || !asked["FromEmailAddress"].is_string() || !asked["Destination"]["ToAddresses"].is_array() {
                return refusal(400, "BadRequestException");
            }
            lock(&self.0.sent).push(asked);
            Answer::new(200, "application/json", r#"{"MessageId":"0100017f"}"#)
        };
        self.0.calls.run("SendEmail", work, plainly(refusal)).await
    }
}

fn refusal(status: u16, code: &str) -> Answer {
    let mut answer = Answer::new(status, "application/json", r#"{"message":"as the test wants it"}"#);
    answer.headers.push(("x-amzn-errortype".to_owned(), code.to_owned()));
    answer
}
