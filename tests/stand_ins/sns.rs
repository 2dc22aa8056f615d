//! Topics.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use super::{Calls, lock, plainly};
use crate::wire::{Answer, Reply, Request, Server, Service, decode};

/// The longest message, in bytes.
const MESSAGE_MAX: usize = 256 * 1024;

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The ARN of the topic.
    pub topic: String,
    /// The subject.
    pub subject: String,
    /// The text that an e-mail has.
    pub message: String,
    /// The text of each protocol, by its name; `default` is that of all others.
    pub forms: BTreeMap<String, String>,
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
    subscriptions: Mutex<Vec<Subscription>>,
}

/// A subscription: its ARN (or what stands for one), and its filter policy.
#[derive(Debug)]
struct Subscription {
    arn: String,
    filter: Option<String>,
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

    /// Subscribes somebody: `arn` is `PendingConfirmation` until that is confirmed.
    pub fn subscribe(&self, arn: &str, filter: Option<&str>) {
        lock(&self.post.subscriptions).push(Subscription { arn: arn.to_owned(), filter: filter.map(str::to_owned) });
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
        self.0.calls.run(operation, work, plainly(sns_error)).await
    }
}

impl Post {
    fn answer(&self, operation: &str, form: &BTreeMap<String, String>) -> Answer {
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let listed;
        let content = match operation {
            "ListSubscriptionsByTopic" => {
                listed = self.page(field("NextToken").parse().unwrap_or(0));
                &listed
            }
            "GetSubscriptionAttributes" => {
                let (subscriptions, arn) = (lock(&self.subscriptions), field("SubscriptionArn"));
                let Some(one) = subscriptions.iter().find(|one| one.arn == arn) else { return sns_error(404, "NotFound") };
                let filter = one.filter.as_ref().map(|filter| format!("<entry><key>FilterPolicy</key><value>{filter}</value></entry>"));
                let confirmed = "<entry><key>PendingConfirmation</key><value>false</value></entry>";
                listed = format!("<Attributes>{confirmed}{}</Attributes>", filter.unwrap_or_default());
                &listed
            }
            "Publish" => {
                let subject = field("Subject");
                // What the real one refuses.
                if subject.len() >= 100 || subject.contains(|c: char| !c.is_ascii() || c.is_ascii_control()) {
                    return sns_error(400, "InvalidParameter");
                }
                let message = field("Message");
                let Some(forms) = forms(&field("MessageStructure"), &message) else {
                    return sns_error(400, "InvalidParameter");
                };
                let mail = forms.get("email").or(forms.get("default")).cloned().unwrap_or_default();
                let attributes = (1..)
                    .map_while(|n| {
                        let name = form.get(&format!("MessageAttributes.entry.{n}.Name"))?;
                        Some((name.clone(), field(&format!("MessageAttributes.entry.{n}.Value.StringValue"))))
                    })
                    .collect();
                lock(&self.published).push(Published { topic: field("TopicArn"), subject, message: mail, forms, attributes });
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

impl Post {
    /// Two subscriptions at a time: who asks must go on.
    fn page(&self, from: usize) -> String {
        let subscriptions = lock(&self.subscriptions);
        let members: String = subscriptions
            .iter()
            .skip(from)
            .take(2)
            .map(|one| format!("<member><SubscriptionArn>{}</SubscriptionArn><Protocol>email</Protocol></member>", one.arn))
            .collect();
        let next = if from + 2 < subscriptions.len() { format!("<NextToken>{}</NextToken>", from + 2) } else { String::new() };
        format!("<Subscriptions>{members}</Subscriptions>{next}")
    }
}

/// What each protocol gets; `None` for what the real one refuses: too long, no object of texts, or without `default`.
fn forms(structure: &str, message: &str) -> Option<BTreeMap<String, String>> {
    if message.is_empty() || message.len() > MESSAGE_MAX {
        return None;
    }
    match structure {
        "" => Some([("default".to_owned(), message.to_owned())].into()),
        "json" => serde_json::from_str(message).ok().filter(|forms: &BTreeMap<String, String>| forms.contains_key("default")),
        _ => None,
    }
}

fn sns_error(status: u16, code: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>as the test wants it</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    );
    Answer::new(status, "text/xml", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_real_one_refuses_is_refused() {
        let taken = |structure: &str, message: &str| forms(structure, message).map(|forms| forms.len());
        assert_eq!(taken("json", r#"{"default":"a","sms":"b"}"#), Some(2));
        assert_eq!(taken("", r#"{"sms":"b"}"#), Some(1), "a plain text, whatever it says");
        for bad in [r#"{"sms":"b"}"#, r#"{"default":{"a":"b"}}"#, "[]", "no JSON", ""] {
            assert_eq!(taken("json", bad), None, "{bad}");
        }
        assert_eq!(taken("", &"x".repeat(MESSAGE_MAX + 1)), None);
    }
}
