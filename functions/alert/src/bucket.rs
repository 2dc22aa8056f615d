//! The mail bucket and the mail queue at AWS, for the audit. The function may list and send, and reads no mail.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use boot::aws::endpoint;
use boot::settings::{SettingError, required};
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{Mailroom, MailroomError, Object, ObjectPage};

/// The bucket that SES fills and the queue that ingest reads. Both clients are made with the first audit: other sweeps need none.
#[derive(Clone, Debug)]
pub struct Bucket {
    s3: Box<aws_sdk_s3::Config>,
    sqs: Box<aws_sdk_sqs::Config>,
    name: String,
    queue: String,
    clients: OnceLock<(aws_sdk_s3::Client, aws_sdk_sqs::Client)>,
}

impl Bucket {
    /// From `MAIL_BUCKET` and `MAIL_QUEUE_URL`; without a queue there is no audit.
    ///
    /// # Errors
    /// When there is a queue and no bucket.
    pub fn configured(config: &SdkConfig, lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingError> {
        let Some(queue) = lookup("MAIL_QUEUE_URL") else { return Ok(None) };
        let name = required(&lookup, "MAIL_BUCKET", "the name of the mail bucket, for the audit (MAIL_QUEUE_URL is set)")?;
        let (mut s3, mut sqs) = (aws_sdk_s3::config::Builder::from(config), aws_sdk_sqs::config::Builder::from(config));
        s3.set_endpoint_url(endpoint(&lookup, "S3"));
        sqs.set_endpoint_url(endpoint(&lookup, "SQS"));
        Ok(Some(Self { s3: Box::new(s3.build()), sqs: Box::new(sqs.build()), name, queue, clients: OnceLock::new() }))
    }

    fn clients(&self) -> &(aws_sdk_s3::Client, aws_sdk_sqs::Client) {
        self.clients.get_or_init(|| {
            (aws_sdk_s3::Client::from_conf(self.s3.as_ref().clone()), aws_sdk_sqs::Client::from_conf(self.sqs.as_ref().clone()))
        })
    }
}

impl Mailroom for Bucket {
    async fn page(&self, after: Option<&str>, limit: usize) -> Result<ObjectPage, MailroomError> {
        let list = self.clients().0.list_objects_v2().bucket(&self.name).set_start_after(after.map(str::to_owned));
        let answer = list.max_keys(i32::try_from(limit).unwrap_or(i32::MAX)).send().await.map_err(|e| MailroomError(Box::new(e)))?;
        let more = answer.is_truncated() == Some(true);
        let object = |o: aws_sdk_s3::types::Object| {
            // A time that is no time counts as old: the table says whether the mail has an ending.
            let modified = o.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
            o.key.map(|key| Object { key, modified })
        };
        let objects: Vec<Object> = answer.contents.unwrap_or_default().into_iter().filter_map(object).collect();
        let next = objects.last().filter(|_| more).map(|o| o.key.clone());
        Ok(ObjectPage { objects, next })
    }

    /// A notification such as SES's, without verdicts: the object's own headers have them, and `ingest` believes those only under
    /// the object's key.
    async fn again(&self, key: &str) -> Result<(), MailroomError> {
        let body = json!({"receipt": {"action": {"type": "S3", "bucketName": self.name, "objectKey": key}}});
        let sent = self.clients().1.send_message().queue_url(&self.queue).message_body(body.to_string()).send().await;
        sent.map(drop).map_err(|e| MailroomError(Box::new(e)))
    }
}
