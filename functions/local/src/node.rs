//! The product in one process: the table, the bucket, the way out and the clock, and what is done with them.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use alert::audit::{Mailroom, MailroomError, Object, ObjectPage};
use alert::{Notifier, SweepReport, sweep_and_audit};
use api::access::Door;
use api::mails::{Mails, Reading, Unread, reread};
use api::{App, Clock};
use domain::policy::Policy;
use domain::trust::Trust;
use ingest::file::judge;
use ingest::inbox::{Fetched, Inbox, InboxError};
use ingest::{Delivery, Filed, IngestError, Origin, Signatures, file};
use jiff::Timestamp;
use store::{Store, StoreError, StoredMail, table};

use crate::bucket::Bucket;
use crate::dkim::{Checker, Finding};
use crate::engine::Engine;
use crate::original::originals;
use crate::smtp::{Envelope, Sink, SinkError};

/// The name of the table in the embedded engine.
pub(crate) const TABLE: &str = "port25";

/// Everything wired.
#[derive(Clone)]
pub struct Node {
    /// The table.
    pub store: Store,
    /// What the operator configured.
    pub policy: Arc<Policy>,
    /// Where raw mails are kept.
    pub bucket: Bucket,
    /// Where alerts go.
    pub notifier: Notifier,
    /// The time.
    pub clock: Clock,
    /// Checks signatures, if that is wanted.
    pub dkim: Option<Arc<Checker>>,
    /// Rung when a mail was filed, so that nobody waits for the tick.
    pub bell: Arc<tokio::sync::Notify>,
}

impl Node {
    /// Wires a node on an engine that runs.
    ///
    /// # Errors
    /// When the table or the folder cannot be made.
    pub async fn new(
        engine: &Engine,
        data: &Path,
        policy: Policy,
        notifier: Notifier,
        clock: Clock,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let client = boot::aws::local_dynamodb(&engine.endpoint());
        table::create(&client, TABLE).await?;
        Ok(Self {
            store: Store::new(boot::aws::local_service(&engine.endpoint()), TABLE),
            policy: Arc::new(policy),
            bucket: Bucket::open(&data.join("mail"))?,
            notifier,
            clock,
            dkim: None,
            bell: Arc::new(tokio::sync::Notify::new()),
        })
    }

    /// Takes in one mail: kept durably, then filed. A mail that could not be filed now stays in the folder and is tried again.
    ///
    /// # Errors
    /// When it could not even be kept.
    pub async fn accept(&self, bytes: &[u8]) -> Result<(String, Option<Filed>), std::io::Error> {
        let key = self.bucket.put(bytes)?;
        let filed = match self.file(&key, bytes, false).await {
            Ok(filed) => Some(filed),
            Err(error) => {
                tracing::error!(object = key, error = %boot::log::chain(error.as_ref()), "mail kept, but not filed yet; it is tried again");
                None
            }
        };
        Ok((key, filed))
    }

    /// Files what a crash, or a failure of the table, left behind. Gives the number of mails that still wait.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn catch_up(&self) -> Result<usize, Box<dyn Error + Send + Sync>> {
        let inbox = Inbox::Folder(self.bucket.incoming().to_owned());
        let mut left = 0;
        for key in self.bucket.waiting()? {
            let done = match inbox.fetch(None, &key).await {
                Ok(Fetched { bytes, truncated }) => self.file(&key, &bytes, truncated).await.map(drop),
                // It was filed between the look and now.
                Err(InboxError::Gone { .. }) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = done {
                left += 1;
                tracing::error!(object = key, error = %boot::log::chain(error.as_ref()), "mail could not be filed; it is tried again");
            }
        }
        Ok(left)
    }

    async fn file(&self, key: &str, bytes: &[u8], truncated: bool) -> Result<Filed, Box<dyn Error + Send + Sync>> {
        let mut signatures = Signatures::default();
        if let Some(checker) = self.dkim.as_ref().filter(|_| !truncated) {
            signatures.sender = checker.proves(&domain::mail::read(bytes), bytes, &self.policy).await;
            signatures.original = self.file_originals(checker, bytes, signatures).await?;
        }
        let filed = self.file_as(key, bytes, truncated, signatures).await?;
        self.bucket.filed(key)?;
        self.bell.notify_one();
        Ok(filed)
    }

    async fn file_as(&self, key: &str, bytes: &[u8], truncated: bool, signatures: Signatures) -> Result<Filed, IngestError> {
        // The key is ours, made from the bytes: no SES line can name it.
        let delivery = Delivery { object: key, bytes, truncated, verdicts: None, origin: Origin::ByHand, signatures };
        file(&self.store, &self.policy, &delivery, (self.clock)()).await
    }

    /// Files what a mailbox of ours passes on as an attachment and AWS signed: each as a mail of its own, before the mail around it.
    async fn file_originals(&self, checker: &Checker, bytes: &[u8], signatures: Signatures) -> Result<bool, Box<dyn Error + Send + Sync>> {
        let delivery = Delivery { object: "outer", bytes, truncated: false, verdicts: None, origin: Origin::ByHand, signatures };
        if judge(&delivery, &self.policy).reading.trust != Trust::Forwarded {
            return Ok(false);
        }
        let mut any = false;
        for original in originals(bytes) {
            let mail = domain::mail::read(&original);
            if mail.sender().is_some_and(|sender| self.policy.is_aws(sender)) && checker.check(&mail, &original).await == Finding::Pass {
                let key = self.bucket.put(&original)?;
                self.file_as(&key, &original, false, Signatures { sender: true, original: false }).await?;
                self.bucket.filed(&key)?;
                any = true;
            }
        }
        Ok(any)
    }

    /// A mail's bytes, as they came.
    ///
    /// # Errors
    /// When they are not there, or cannot be read.
    pub async fn read(&self, key: &str) -> Result<Fetched, InboxError> {
        // The key is checked where it becomes a path; a bad one is in no folder.
        Inbox::Folder(self.bucket.folder_of(key).to_owned()).fetch(None, key).await
    }

    /// Sweeps once, and audits when that is due.
    ///
    /// # Errors
    /// When the table cannot be asked.
    pub async fn sweep(&self) -> Result<SweepReport, StoreError> {
        let report = self.sweep_quietly().await?;
        report.line((self.clock)()).say();
        Ok(report)
    }

    /// The same without a line in the log.
    ///
    /// # Errors
    /// As [`Node::sweep`].
    pub async fn sweep_quietly(&self) -> Result<SweepReport, StoreError> {
        let now = (self.clock)();
        let owner = format!("local-{}", std::process::id());
        sweep_and_audit(&self.store, &self.notifier, &self.policy, &owner, now, || true, Some(self)).await
    }

    /// The page and the API.
    pub fn app(&self, smtp: Option<SocketAddr>, door: Door) -> axum::Router {
        api::app(App {
            store: self.store.clone(),
            policy: Arc::clone(&self.policy),
            clock: Arc::clone(&self.clock),
            mail_to: smtp.map(|at| format!("smtp://{at}")),
            door,
            mails: Some(Arc::new(self.clone())),
        })
    }
}

impl Mails for Node {
    fn entry<'a>(&'a self, mail: &'a StoredMail) -> Reading<'a> {
        Box::pin(async move {
            let fetched = self.read(&mail.object).await.map_err(|error| Unread(Box::new(error)))?;
            Ok(reread(mail, &fetched, Origin::ByHand, &self.policy))
        })
    }

    fn oldest_waiting(&self) -> Option<Timestamp> {
        self.bucket.oldest_waiting().ok().flatten().and_then(|at| Timestamp::try_from(at).ok())
    }
}

impl Mailroom for Node {
    async fn page(&self, after: Option<&str>, limit: usize) -> Result<ObjectPage, MailroomError> {
        let found = self.bucket.objects(after, limit).map_err(|e| MailroomError(Box::new(e)))?;
        let next = found.last().filter(|_| found.len() == limit).map(|(key, _)| key.clone());
        // A time that is no time counts as old: the table says whether the mail has an ending.
        let object = |(key, modified)| Object { key, modified: Timestamp::try_from(modified).unwrap_or(Timestamp::UNIX_EPOCH) };
        Ok(ObjectPage { objects: found.into_iter().map(object).collect(), next })
    }

    async fn again(&self, key: &str) -> Result<(), MailroomError> {
        let Fetched { bytes, truncated } = self.read(key).await.map_err(|e| MailroomError(Box::new(e)))?;
        self.file(key, &bytes, truncated).await.map(drop).map_err(MailroomError)
    }
}

impl Sink for Node {
    async fn accept(&self, mail: Vec<u8>, _envelope: Envelope) -> Result<String, SinkError> {
        match Self::accept(self, &mail).await {
            Ok((key, _)) => Ok(key),
            Err(error) => Err(SinkError::Temporary(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dkim::tests::{ALL, DNS, MAIL, signed};
    use crate::scratch::Scratch;
    use alert::notify::Captured;
    use domain::request::{Outcome, Turn};

    const GROUP: &str = "aws-mails@corp.example";

    /// What a named mailbox passes on, with a mail attached.
    fn passed_on(attached: &str) -> Vec<u8> {
        format!(
            "Authentication-Results: amazonses.com; dmarc=pass header.from=corp.example\r\nFrom: {GROUP}\r\nTo: port25@track.corp.example\r\n\
             Subject: Fwd: RE:[CASE 172300000000115] SES\r\nDate: Fri, 20 Nov 2026 11:00:00 +0000\r\nMessage-ID: <outer@corp.example>\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfyi\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n{attached}\r\n--b--\r\n"
        )
        .into_bytes()
    }

    /// Whose turn it is after such a mail, and the subjects of what a sweep tells.
    async fn after(attached: &str) -> (Turn, Vec<String>) {
        let engine = Engine::in_memory().await.unwrap();
        let data = Scratch::new();
        let policy = Policy { forwarders: [GROUP.to_owned()].into(), ..Policy::default() };
        let alerts = Captured::default();
        let clock: Clock = Arc::new(|| "2026-11-20T11:01:00Z".parse().unwrap());
        let mut node = Node::new(&engine, data.path(), policy, Notifier::Captured(alerts.clone()), clock).await.unwrap();
        node.dkim = Some(Arc::new(Checker::with_answers(&DNS).unwrap()));
        for _ in 0..2 {
            assert!(node.accept(&passed_on(attached)).await.unwrap().1.is_some());
        }
        let request = api::find(&node.store, "172300000000115").await.unwrap().unwrap().request;
        node.sweep().await.unwrap();
        let told = std::iter::from_fn(|| alerts.next()).map(|message| message.subject).collect();
        engine.close().await;
        (request.turn, told)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_approval_that_was_passed_on_settles_only_with_the_original_as_aws_signed_it() {
        let (turn, told) = after(&signed(MAIL, "amazon.com", &ALL)).await;
        assert!(matches!(turn, Turn::Settled { outcome: Outcome::Approved, .. }), "{turn:?}");
        assert_eq!(told, ["[port25] APPROVED - - 172300000000115"], "once");
        for weaker in [MAIL.to_owned(), signed(MAIL, "evil.example", &ALL), signed(MAIL, "amazon.com", &ALL).replace("granted", "Granted")]
        {
            let (turn, told) = after(&weaker).await;
            assert!(matches!(turn, Turn::Ours { .. }), "{turn:?}: {weaker}");
            assert_eq!(told, ["[port25] CONFIRM - - 172300000000115"]);
        }
    }
}
