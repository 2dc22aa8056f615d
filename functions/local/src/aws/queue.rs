//! Queues of SQS, in its JSON protocol: what is needed to look at one, and to bring messages from one to another.

use boot::aws::endpoint;
use serde::Deserialize;
use serde_json::{Value, json};
use wire::{Call, Wire, WireError};

/// What one answer takes at most: ten messages of a megabyte, escaped.
const ANSWER_MAX: usize = 32 * 1024 * 1024;
/// How long a look for messages waits: a short one may miss messages that are there.
const WAIT_SECONDS: u32 = 2;
/// How long a message that was taken is nobody else's, in seconds.
const TAKEN_SECONDS: u32 = 60;

/// SQS in one Region.
#[derive(Clone, Debug)]
pub struct Queues {
    wire: Wire,
    endpoint: String,
}

/// A message, as it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: String,
    /// Its body.
    pub body: String,
    /// What it is deleted by.
    receipt: String,
}

/// What a queue says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFacts {
    /// About how many messages wait.
    pub waiting: u64,
    /// About how many are taken and not done.
    pub taken: u64,
    /// The ARN of its dead-letter queue, and after how many attempts a message goes there.
    pub dead_letters: Option<(String, u64)>,
}

/// Why a queue cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The call failed.
    #[error("SQS did not take {call}")]
    Call {
        /// The operation.
        call: &'static str,
        /// The cause.
        #[source]
        source: WireError,
    },
    /// The answer is of another form.
    #[error("the answer of SQS to {0} cannot be read")]
    Unreadable(&'static str),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Messages {
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    message_id: String,
    receipt_handle: String,
    body: String,
}

impl Queues {
    /// At `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL`, where one of them is set, else at AWS.
    pub fn new(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { wire: wire.clone(), endpoint: endpoint(lookup, "SQS").unwrap_or_else(|| wire.regional("sqs")) }
    }

    /// Takes at most ten messages; none: there are none now.
    ///
    /// # Errors
    /// When SQS cannot be asked.
    pub async fn take(&self, url: &str, most: usize) -> Result<Vec<Taken>, QueueError> {
        let asked = json!({
            "QueueUrl": url, "MaxNumberOfMessages": most.clamp(1, 10), "WaitTimeSeconds": WAIT_SECONDS, "VisibilityTimeout": TAKEN_SECONDS,
        });
        let answer = self.call("ReceiveMessage", &asked).await?;
        let answer: Messages = serde_json::from_value(answer).map_err(|_| QueueError::Unreadable("ReceiveMessage"))?;
        let taken = |message: Message| Taken { id: message.message_id, body: message.body, receipt: message.receipt_handle };
        Ok(answer.messages.into_iter().map(taken).collect())
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When SQS did not take it, as far as can be known.
    pub async fn send(&self, url: &str, body: &str) -> Result<(), QueueError> {
        self.call("SendMessage", &json!({"QueueUrl": url, "MessageBody": body})).await.map(drop)
    }

    /// Deletes a message that was taken.
    ///
    /// # Errors
    /// When SQS did not; it comes back then.
    pub async fn delete(&self, url: &str, message: &Taken) -> Result<(), QueueError> {
        self.call("DeleteMessage", &json!({"QueueUrl": url, "ReceiptHandle": message.receipt})).await.map(drop)
    }

    /// What the queue says of itself.
    ///
    /// # Errors
    /// When SQS cannot be asked.
    pub async fn facts(&self, url: &str) -> Result<QueueFacts, QueueError> {
        let answer = self.call("GetQueueAttributes", &json!({"QueueUrl": url, "AttributeNames": ["All"]})).await?;
        let attribute = |name: &str| answer["Attributes"][name].as_str();
        let count = |name: &str| attribute(name).and_then(|n| n.parse().ok());
        let unreadable = || QueueError::Unreadable("GetQueueAttributes");
        let dead_letters = attribute("RedrivePolicy").and_then(|policy| {
            let policy: Value = serde_json::from_str(policy).ok()?;
            let most = &policy["maxReceiveCount"];
            let most = most.as_u64().or_else(|| most.as_str()?.parse().ok())?;
            Some((policy["deadLetterTargetArn"].as_str()?.to_owned(), most))
        });
        Ok(QueueFacts {
            waiting: count("ApproximateNumberOfMessages").ok_or_else(unreadable)?,
            taken: count("ApproximateNumberOfMessagesNotVisible").unwrap_or_default(),
            dead_letters,
        })
    }

    /// The URL of the queue with this ARN.
    ///
    /// # Errors
    /// When there is none, or SQS cannot be asked.
    pub async fn url_of(&self, arn: &str) -> Result<String, QueueError> {
        let mut parts = arn.rsplit(':');
        let (name, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let answer = self.call("GetQueueUrl", &json!({"QueueName": name, "QueueOwnerAWSAccountId": account})).await?;
        answer["QueueUrl"].as_str().map(str::to_owned).ok_or(QueueError::Unreadable("GetQueueUrl"))
    }

    async fn call(&self, operation: &'static str, asked: &Value) -> Result<Value, QueueError> {
        let failed = |source| QueueError::Call { call: operation, source };
        let target = format!("AmazonSQS.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let body = asked.to_string();
        let call = Call { service: "sqs", method: "POST", url: &self.endpoint, headers: &headers, body: body.as_bytes() };
        let answer = self.wire.call(&call).await.map_err(failed)?.read(ANSWER_MAX).await.map_err(failed)?;
        // Deleting says nothing.
        if answer.bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.bytes).map_err(|_| QueueError::Unreadable(operation))
    }
}
