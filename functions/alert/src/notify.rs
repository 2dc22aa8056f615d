//! The ways out: an SNS topic, a folder (with the terminal), or a list that a test looks into.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_sdk_sns::types::MessageAttributeValue;
use jiff::Timestamp;

use crate::message::Message;

/// Where alerts go.
#[derive(Clone, Debug)]
pub enum Notifier {
    /// An SNS topic.
    Sns(Topic),
    /// The local program: one file for each alert, and the text on standard output.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Whether it is printed too.
        print: bool,
    },
    /// A test: what was sent, and failures to come.
    Captured(Captured),
    /// Another way that the program brings.
    Other(Arc<dyn Deliver>),
}

/// A way out that is none of ours.
pub trait Deliver: std::fmt::Debug + Send + Sync {
    /// Delivers one message; a failure lets it be tried again.
    fn deliver<'a>(&'a self, message: &'a Message, now: Timestamp) -> Pin<Box<dyn Future<Output = Result<(), NotifyError>> + Send + 'a>>;
}

/// An SNS topic. Its client is made with the first alert: nearly all sweeps send none, and making one costs as much as a sweep's call.
#[derive(Clone, Debug)]
pub struct Topic {
    config: Box<aws_sdk_sns::Config>,
    client: OnceLock<aws_sdk_sns::Client>,
    arn: String,
}

/// What a test sees of the alerts.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Capture>>);

#[derive(Debug, Default)]
struct Capture {
    sent: VecDeque<Message>,
    fail: u32,
}

/// Why an alert could not be sent. A retry may cure all of these.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// SNS refused or could not be reached.
    #[error("SNS did not take the alert")]
    Sns(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The folder could not be written.
    #[error("could not write the alert to {}", path.display())]
    Folder {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Another way did not take it.
    #[error("the alert was not taken")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A test wanted this.
    #[error("sending fails, as the test wants it")]
    Wanted,
}

/// Which topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopicKind {
    /// The one of all alerts.
    Main,
    /// The one of critical alerts.
    Critical,
}

impl NotifyError {
    /// Whether trying again may help.
    pub const fn curable(&self) -> bool {
        true
    }
}

impl Notifier {
    /// The topic of a message.
    pub fn topic_of(&self, message: &Message) -> TopicKind {
        if message.severity == domain::alert::Severity::Critical { TopicKind::Critical } else { TopicKind::Main }
    }

    /// Sends one message.
    ///
    /// # Errors
    /// When it did not go out, as far as can be known.
    pub async fn send(&self, message: &Message, now: Timestamp) -> Result<(), NotifyError> {
        match self {
            Self::Sns(topic) => topic.publish(message).await,
            Self::Folder { folder, print } => {
                write(folder, message, now)?;
                if *print {
                    println!("\n──── ALERT ──── {}\n{}────", message.subject, message.body);
                }
                Ok(())
            }
            Self::Captured(captured) => captured.take(message),
            Self::Other(way) => way.deliver(message, now).await,
        }
    }
}

impl Topic {
    /// A topic by its ARN, at an endpoint of its own if it is not at AWS.
    pub fn new(mut config: aws_sdk_sns::config::Builder, endpoint: Option<String>, arn: String) -> Self {
        config.set_endpoint_url(endpoint);
        Self { config: Box::new(config.build()), client: OnceLock::new(), arn }
    }

    async fn publish(&self, message: &Message) -> Result<(), NotifyError> {
        let client = self.client.get_or_init(|| aws_sdk_sns::Client::from_conf(self.config.as_ref().clone()));
        let text = |value: &str| MessageAttributeValue::builder().data_type("String").string_value(value).build();
        let mut request = client.publish().topic_arn(&self.arn).subject(&message.subject).message(&message.body);
        let optional = [("account", message.account.as_deref()), ("region", message.region.as_deref())];
        let fixed = [
            ("event", Some(message.event)),
            ("kind", Some(message.cause)),
            ("alert_id", Some(message.alert_id.as_str())),
            ("dedup_key", Some(message.dedup_key.as_str())),
        ];
        for (name, value) in fixed.into_iter().chain(optional) {
            if let Some(value) = value {
                request = request.message_attributes(name, text(value).map_err(|e| NotifyError::Sns(Box::new(e)))?);
            }
        }
        request.send().await.map(drop).map_err(|e| NotifyError::Sns(Box::new(e)))
    }
}

/// One file, named by time, subject and identity: two mails of one request that nobody understands have one subject.
fn write(folder: &Path, message: &Message, now: Timestamp) -> Result<(), NotifyError> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let time: String = format!("{now:.0}").chars().map(plain).collect();
    let name: String = message.subject.trim_start_matches("[port25] ").chars().map(plain).collect();
    let path = folder.join(format!("{time}-{name}-{}.txt", domain::ids::hash_hex(&[message.alert_id.as_bytes()], 4)));
    let text = format!("Subject: {}\nAlert: {}\nDedup-Key: {}\n\n{}", message.subject, message.alert_id, message.dedup_key, message.body);
    let done = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    done.map_err(|source| NotifyError::Folder { path, source })
}

impl Captured {
    fn take(&self, message: &Message) -> Result<(), NotifyError> {
        let mut capture = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if capture.fail > 0 {
            capture.fail -= 1;
            return Err(NotifyError::Wanted);
        }
        capture.sent.push_back(message.clone());
        Ok(())
    }

    /// The oldest message that nobody took yet.
    pub fn next(&self) -> Option<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sent.pop_front()
    }

    /// How many messages nobody took yet.
    pub fn waiting(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sent.len()
    }

    /// Lets the next `times` messages fail.
    pub fn fail(&self, times: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fail = times;
    }
}
