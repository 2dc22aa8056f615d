//! The mail bucket at AWS: a mail that a person releases is read again from its object.

use std::sync::Arc;

use boot::aws::s3;
use domain::policy::Policy;
use ingest::inbox::Inbox;
use store::StoredMail;
use wire::Wire;

use crate::mails::{Mails, Reading, Unread, reread};

/// The bucket that SES fills. Its connection is opened with the first release: looking needs none.
#[derive(Debug)]
pub struct Bucket {
    name: String,
    policy: Arc<Policy>,
    inbox: Inbox,
}

impl Bucket {
    /// From `MAIL_BUCKET`; without it no mail can be released here.
    pub fn configured(wire: &Wire, policy: &Arc<Policy>, lookup: impl Fn(&str) -> Option<String>) -> Option<Arc<dyn Mails>> {
        let name = lookup("MAIL_BUCKET")?;
        Some(Arc::new(Self { name, policy: Arc::clone(policy), inbox: Inbox::S3(s3(wire, lookup)) }))
    }
}

impl Mails for Bucket {
    fn entry<'a>(&'a self, mail: &'a StoredMail) -> Reading<'a> {
        Box::pin(async move {
            let fetched = self.inbox.fetch(Some(&self.name), &mail.object).await.map_err(|error| Unread(Box::new(error)))?;
            Ok(reread(mail, &fetched, ingest::Origin::Ses, &self.policy))
        })
    }
}
