//! The ways out: SNS topics, a folder (with the terminal), or a list that a test looks into.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use boot::settings::SettingError;
use domain::alert::Severity;
use jiff::Timestamp;
use wire::Wire;

use crate::message::{Message, is_test, tells_of_ends};
use crate::topics::Topics;

/// Where alerts go.
#[derive(Clone, Debug)]
pub enum Notifier {
    /// SNS: a topic, and perhaps one for what is critical.
    Sns(Box<Topics>),
    /// The local program: for each alert its text and its JSON as files, and the text on standard output.
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

/// Which topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopicKind {
    /// The one of all alerts.
    Main,
    /// The one of critical alerts.
    Critical,
}

/// Why an alert could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// SNS refused or could not be reached.
    #[error("the {} topic did not take the alert ({})", topic.as_str(), code.as_deref().unwrap_or("no answer"))]
    Sns {
        /// Which topic.
        topic: TopicKind,
        /// The service's word for it, if it answered.
        code: Option<String>,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
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

/// What SNS says when the message, the topic or a permission is wrong: a person must change something. Some services and versions end
/// these codes in `Exception`.
const NO_RETRY_CURES: [&str; 17] = [
    "InvalidParameter",
    "InvalidParameterValue",
    "ParameterValueInvalid",
    "ValidationError",
    "Validation",
    "NotFound",
    "AuthorizationError",
    "AccessDenied",
    "InvalidSecurity",
    "OptInRequired",
    "EndpointDisabled",
    "PlatformApplicationDisabled",
    "KMSAccessDenied",
    "KMSDisabled",
    "KMSInvalidState",
    "KMSNotFound",
    "KMSOptInRequired",
];

impl NotifyError {
    /// Whether trying again may help without anybody changing anything.
    pub fn curable(&self) -> bool {
        match self {
            Self::Sns { code: Some(code), .. } => !NO_RETRY_CURES.contains(&code.trim_end_matches("Exception")),
            Self::Sns { code: None, .. } | Self::Folder { .. } | Self::Other(_) | Self::Wanted => true,
        }
    }
}

impl TopicKind {
    /// The word for messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Critical => "critical",
        }
    }
}

impl Notifier {
    /// SNS, from `ALERT_TOPIC_ARN` and `CRITICAL_TOPIC_ARN`.
    ///
    /// # Errors
    /// When the main topic is not named.
    pub fn configured(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingError> {
        Ok(Self::Sns(Box::new(Topics::configured(wire, lookup)?)))
    }

    /// The topic that a message belongs to: what is critical has its own, where there is one.
    pub fn topic_of(&self, message: &Message) -> TopicKind {
        if self.has_critical() && message.severity == Severity::Critical { TopicKind::Critical } else { TopicKind::Main }
    }

    /// The topics that a message goes to. The end of what was critical goes to both, because both heard of it, and a test to all.
    pub fn topics_of(&self, message: &Message) -> Vec<TopicKind> {
        let own = self.topic_of(message);
        let both = is_test(message) || (tells_of_ends(message) && own == TopicKind::Critical);
        if both && self.has_critical() { vec![TopicKind::Main, TopicKind::Critical] } else { vec![own] }
    }

    fn has_critical(&self) -> bool {
        match self {
            Self::Sns(topics) => topics.has_critical(),
            Self::Folder { .. } | Self::Other(_) => false,
            Self::Captured(captured) => captured.lock().critical,
        }
    }

    /// Sends one message.
    ///
    /// # Errors
    /// When it did not go out, as far as can be known.
    pub async fn send(&self, message: &Message, now: Timestamp) -> Result<(), NotifyError> {
        let topics = self.topics_of(message);
        match self {
            Self::Sns(sns) => {
                // Each topic is tried, also when another one fails: better twice to one of them than not at all to the other.
                let mut sent = Ok(());
                for topic in topics {
                    sent = sent.and(sns.publish(topic, message).await);
                }
                sent
            }
            Self::Folder { folder, print } => {
                write(folder, message, now)?;
                if *print {
                    println!("\n──── ALERT ──── {}\n{}────", message.subject, message.body);
                }
                Ok(())
            }
            Self::Captured(captured) => captured.take(message, topics),
            Self::Other(way) => way.deliver(message, now).await,
        }
    }
}

/// Two files, the text and the JSON, named by time, subject and identity: two mails of one request that nobody understands have one
/// subject.
fn write(folder: &Path, message: &Message, now: Timestamp) -> Result<(), NotifyError> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let time: String = format!("{now:.0}").chars().map(plain).collect();
    let name: String = message.subject.trim_start_matches("[port25] ").chars().map(plain).collect();
    let path = folder.join(format!("{time}-{name}-{}.txt", domain::ids::hash_hex(&[message.alert_id.as_bytes()], 4)));
    let text = format!("Subject: {}\nAlert: {}\nDedup-Key: {}\n\n{}", message.subject, message.alert_id, message.dedup_key, message.body);
    let done = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path.with_extension("json"), format!("{}\n", message.json)))
        .and_then(|()| std::fs::write(&path, text));
    done.map_err(|source| NotifyError::Folder { path, source })
}

/// What a test sees of the alerts.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Capture>>);

#[derive(Debug, Default)]
struct Capture {
    sent: VecDeque<(Message, Vec<TopicKind>)>,
    fail: u32,
    critical: bool,
}

impl Captured {
    fn lock(&self) -> std::sync::MutexGuard<'_, Capture> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, message: &Message, topics: Vec<TopicKind>) -> Result<(), NotifyError> {
        let mut capture = self.lock();
        if capture.fail > 0 {
            capture.fail -= 1;
            return Err(NotifyError::Wanted);
        }
        capture.sent.push_back((message.clone(), topics));
        Ok(())
    }

    /// From now on there is a topic for what is critical.
    pub fn add_critical_topic(&self) {
        self.lock().critical = true;
    }

    /// The oldest message that nobody took yet.
    pub fn next(&self) -> Option<Message> {
        self.next_with_topics().map(|(message, _)| message)
    }

    /// The same, and the topics that it went to.
    pub fn next_with_topics(&self) -> Option<(Message, Vec<TopicKind>)> {
        self.lock().sent.pop_front()
    }

    /// How many messages nobody took yet.
    pub fn waiting(&self) -> usize {
        self.lock().sent.len()
    }

    /// Lets the next `times` messages fail.
    pub fn fail(&self, times: u32) {
        self.lock().fail = times;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_retry_cures_is_known_by_the_service_s_code() {
        let error = |code: Option<&str>| NotifyError::Sns {
            topic: TopicKind::Critical,
            code: code.map(str::to_owned),
            source: Box::new(std::io::Error::other("x")),
        };
        for code in NO_RETRY_CURES {
            assert!(!error(Some(code)).curable(), "{code}");
        }
        for code in
            [Some("InternalError"), Some("Throttled"), Some("Throttling"), Some("KMSThrottling"), Some("SignatureDoesNotMatch"), None]
        {
            assert!(error(code).curable(), "{code:?}");
        }
        assert_eq!(error(Some("KMSDisabled")).to_string(), "the critical topic did not take the alert (KMSDisabled)");
        assert_eq!(error(None).to_string(), "the critical topic did not take the alert (no answer)");
    }
}
