//! The mail bucket and the mail queue at AWS, for the audit. The function may list and send, and reads no mail.

use boot::aws::{endpoint, s3};
use boot::settings::{SettingError, required};
use jiff::Timestamp;
use serde_json::json;
use wire::s3::{Listed, S3};
use wire::{Call, Wire};

use crate::audit::{Mailroom, MailroomError, Object, ObjectPage};

/// Of the queue's answer this much is read; nothing of it is needed.
const ANSWER_MAX: usize = 64 * 1024;

/// The bucket that SES fills and the queue that ingest reads. Their connections are opened with the first audit: other sweeps need
/// none.
#[derive(Clone, Debug)]
pub struct Bucket {
    s3: S3,
    name: String,
    sqs: Wire,
    /// Where SQS is.
    at: String,
    /// The URL of the queue, which is its name.
    queue: String,
}

impl Bucket {
    /// From `MAIL_BUCKET` and `MAIL_QUEUE_URL`; without a queue there is no audit.
    ///
    /// # Errors
    /// When there is a queue and no bucket.
    pub fn configured(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingError> {
        let Some(queue) = lookup("MAIL_QUEUE_URL") else { return Ok(None) };
        let name = required(&lookup, "MAIL_BUCKET", "the name of the mail bucket, for the audit (MAIL_QUEUE_URL is set)")?;
        let at = endpoint(&lookup, "SQS").unwrap_or_else(|| wire.regional("sqs"));
        Ok(Some(Self { s3: s3(wire, &lookup), name, sqs: wire.clone(), at, queue }))
    }
}

impl Mailroom for Bucket {
    async fn page(&self, after: Option<&str>, limit: usize) -> Result<ObjectPage, MailroomError> {
        let listing = self.s3.list(&self.name, after, limit).await.map_err(|e| MailroomError(Box::new(e)))?;
        // A time that is no time counts as old: the table says whether the mail has an ending.
        let object = |o: Listed| Object { key: o.key, modified: o.modified.unwrap_or(Timestamp::UNIX_EPOCH) };
        let objects: Vec<Object> = listing.objects.into_iter().map(object).collect();
        let next = objects.last().filter(|_| listing.more).map(|o| o.key.clone());
        Ok(ObjectPage { objects, next })
    }

    /// A notification such as SES's, without verdicts: the object's own headers have them, and `ingest` believes those only under
    /// the object's key.
    async fn again(&self, key: &str) -> Result<(), MailroomError> {
        let body = json!({"receipt": {"action": {"type": "S3", "bucketName": self.name, "objectKey": key}}});
        let message = json!({"QueueUrl": self.queue, "MessageBody": body.to_string()}).to_string();
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.SendMessage")];
        let call = Call { service: "sqs", method: "POST", url: &self.at, headers: &headers, body: message.as_bytes() };
        let answer = self.sqs.call(&call).await.map_err(|e| MailroomError(Box::new(e)))?;
        answer.read(ANSWER_MAX).await.map(drop).map_err(|e| MailroomError(Box::new(e)))
    }
}
