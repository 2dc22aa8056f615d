//! What goes wrong on the wire, and whether it may go well in a moment.

use std::fmt;

use aws_smithy_runtime_api::client::interceptors::context;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde::Deserialize;

use crate::{ATTEMPT, Cause};

/// What refuses now and may not soon, besides the statuses 429 and 5xx: codes of S3, SQS, SNS and DynamoDB.
const PASSING: [&str; 10] = [
    "RequestTimeout",
    "SlowDown",
    "Throttled",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestLimitExceeded",
    "ProvisionedThroughputExceededException",
    "TooManyRequestsException",
];

/// Why there is no answer, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// It cannot be written as a request.
    #[error("the request cannot be made")]
    Request(#[source] Cause),
    /// There is no connection.
    #[error("no connection")]
    Connection(#[source] ConnectorError),
    /// Nothing came in time.
    #[error("nothing came for {} seconds", ATTEMPT.as_secs())]
    Silent,
    /// The service refused.
    #[error("refused with {status} {code}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The service's word for it; empty if it has none.
        code: String,
        /// The same as the SDK reads it, of an operation.
        said: Option<Said>,
    },
    /// The body ended before its end.
    #[error("the answer broke off")]
    Broken(#[source] Cause),
    /// The answer is not of the form that the service writes.
    #[error("the answer cannot be read")]
    Unreadable(#[source] Cause),
}

/// A refusal as an SDK reads it.
pub struct Said(pub(crate) Box<OrchestratorError<context::Error>>);

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a service wrote belongs into no log.
        f.write_str("Said")
    }
}

impl WireError {
    /// Whether the same request may go well in a moment.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Connection(error) => !error.is_user(),
            Self::Silent | Self::Broken(_) => true,
            Self::Refused { status, code, .. } => *status == 429 || *status >= 500 || PASSING.contains(&code.as_str()),
            Self::Request(_) | Self::Unreadable(_) => false,
        }
    }

    /// The service's word, if it refused with one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } if !code.is_empty() => Some(code),
            _ => None,
        }
    }

    /// The refusal as the error type of an SDK's operation.
    pub fn said<E: std::error::Error + fmt::Debug + Send + Sync + 'static>(&self) -> Option<&E> {
        match self {
            Self::Refused { said: Some(Said(error)), .. } => error.as_operation_error()?.downcast_ref(),
            _ => None,
        }
    }
}

/// The code of a refusal: services of XML have it as an element, those of JSON as the end of a type's name.
pub(crate) fn code(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Typed {
        #[serde(rename = "__type")]
        kind: String,
    }
    let text = String::from_utf8_lossy(body);
    let element = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code.to_owned());
    let typed = || serde_json::from_slice(body).ok().map(|Typed { kind }| kind.rsplit('#').next().unwrap_or_default().to_owned());
    // It goes into logs: a word, whoever wrote it.
    let code = element.or_else(typed).unwrap_or_default();
    code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_by_its_code_and_says_nothing_else() {
        for (body, expected) in [
            ("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>m</Message></Error>", "NoSuchKey"),
            (r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"}"#, "QueueDoesNotExist"),
            (r#"{"__type":"AWS.SimpleQueueService.NonExistentQueue"}"#, "AWS.SimpleQueueService.NonExistentQueue"),
            ("<Code>a\nline of ours</Code>", "alineofours"),
            ("<Code>", ""),
            ("{}", ""),
            ("", ""),
        ] {
            assert_eq!(code(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(code(format!("<Code>{}</Code>", "x".repeat(1_000)).as_bytes()).len(), 80);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let refused = |status, code: &str| WireError::Refused { status, code: code.to_owned(), said: None };
        for (status, code) in [
            (500, "InternalError"),
            (503, "SlowDown"),
            (503, ""),
            (429, ""),
            (400, "RequestTimeout"),
            (403, "RequestThrottled"),
            (400, "ProvisionedThroughputExceededException"),
        ] {
            assert!(refused(status, code).passes(), "{status} {code}");
        }
        for (status, code) in [
            (301, "PermanentRedirect"),
            (400, "ExpiredToken"),
            (400, "TransactionCanceledException"),
            (403, "AccessDenied"),
            (404, "NoSuchKey"),
        ] {
            assert!(!refused(status, code).passes(), "{status} {code}");
        }
        assert!(WireError::Silent.passes());
        assert!(WireError::Broken("half of it".into()).passes());
        assert!(WireError::Connection(ConnectorError::io("reset".into())).passes());
        assert!(!WireError::Unreadable("no JSON".into()).passes());
        assert_eq!(refused(403, "AccessDenied").to_string(), "refused with 403 AccessDenied");
        assert_eq!((refused(403, "AccessDenied").code(), refused(403, "").code()), (Some("AccessDenied"), None));
    }
}
