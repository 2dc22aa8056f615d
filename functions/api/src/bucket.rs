//! The mail bucket at AWS: a mail that a person releases is read again from its object.

use std::sync::{Arc, OnceLock};

use aws_config::SdkConfig;
use boot::aws::endpoint;
use domain::policy::Policy;
use ingest::inbox::Inbox;
use store::StoredMail;

use crate::mails::{Mails, Reading, Unread, reread};

/// The bucket that SES fills. The client is made with the first release: looking needs none.
#[derive(Debug)]
pub struct Bucket {
    s3: aws_sdk_s3::Config,
    name: String,
    policy: Arc<Policy>,
    inbox: OnceLock<Inbox>,
}

impl Bucket {
    /// From `MAIL_BUCKET`; without it no mail can be released here.
    pub fn configured(config: &SdkConfig, policy: &Arc<Policy>, lookup: impl Fn(&str) -> Option<String>) -> Option<Arc<dyn Mails>> {
        let name = lookup("MAIL_BUCKET")?;
        let mut s3 = aws_sdk_s3::config::Builder::from(config);
        s3.set_endpoint_url(endpoint(lookup, "S3"));
        Some(Arc::new(Self { s3: s3.build(), name, policy: Arc::clone(policy), inbox: OnceLock::new() }))
    }
}

impl Mails for Bucket {
    fn entry<'a>(&'a self, mail: &'a StoredMail) -> Reading<'a> {
        Box::pin(async move {
            let inbox = self.inbox.get_or_init(|| Inbox::S3(aws_sdk_s3::Client::from_conf(self.s3.clone())));
            let fetched = inbox.fetch(Some(&self.name), &mail.object).await.map_err(|error| Unread(Box::new(error)))?;
            Ok(reread(mail, &fetched, ingest::Origin::Ses, &self.policy))
        })
    }
}
