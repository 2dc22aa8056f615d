//! Services that are asked with a form and answer in XML: SNS, the first version of SES, CloudFormation.

use std::fmt::Write;

use wire::{Call, Wire, WireError};

use super::xml::{self, Element};

/// What one answer takes at most.
const ANSWER_MAX: usize = 8 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The call failed.
    #[error("{call} failed")]
    Call {
        /// The operation.
        call: String,
        /// The cause.
        #[source]
        source: WireError,
    },
    /// The answer is of another form.
    #[error("the answer to {0} cannot be read")]
    Unreadable(String),
}

impl QueryError {
    /// The service's word for its refusal.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Call { source: WireError::Refused { code, .. }, .. } => Some(code),
            Self::Call { .. } | Self::Unreadable(_) => None,
        }
    }
}

/// Asks, and gives what stands in the answer's result.
///
/// # Errors
/// When the call fails, or its answer is none.
pub async fn ask(
    wire: &Wire,
    service: &str,
    url: &str,
    version: &str,
    operation: &str,
    fields: &[(&str, &str)],
) -> Result<Element, QueryError> {
    let mut body = format!("Action={operation}&Version={version}");
    for (name, value) in fields {
        let _ = write!(body, "&{name}=");
        encode(&mut body, value);
    }
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let call = Call { service, method: "POST", url, headers: &headers, body: body.as_bytes() };
    let failed = |source| QueryError::Call { call: operation.to_owned(), source };
    let answer = wire.call(&call).await.map_err(failed)?.read(ANSWER_MAX).await.map_err(failed)?;
    let document = xml::read(&String::from_utf8_lossy(&answer.bytes));
    let result = document.and_then(|mut document| {
        let result = format!("{operation}Result");
        let at = document.inside.iter().position(|one| one.name == result)?;
        Some(document.inside.swap_remove(at))
    });
    result.ok_or_else(|| QueryError::Unreadable(operation.to_owned()))
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
pub fn encode(to: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            to.push(char::from(byte));
        } else {
            let _ = write!(to, "%{byte:02X}");
        }
    }
}
