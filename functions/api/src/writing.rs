//! What comes with every change: who makes it, its idempotency key, and the version that they saw.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use domain::ids::hash_hex;

use crate::access::{Caller, one};
use crate::problem::Problem;

/// Longest idempotency key.
const KEY_MAX: usize = 200;

/// The change as it was sent.
#[derive(Debug)]
pub(crate) struct Writing {
    /// Who makes it.
    pub(crate) caller: Caller,
    /// Their key, made one of theirs alone: the same word of two callers is no repetition.
    pub(crate) key: Option<String>,
    /// The version of `If-Match`.
    pub(crate) expected: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Writing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::unauthenticated)?;
        let key = match parts.headers.contains_key("idempotency-key") {
            false => None,
            true => {
                let wrong = || Problem::header("Idempotency-Key", "give it once, with 1 to 200 visible ASCII characters");
                let key = one(&parts.headers, "idempotency-key").map(str::trim).ok_or_else(wrong)?;
                let good = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
                Some(good.then(|| hash_hex(&[b"key", caller.name.as_bytes(), key.as_bytes()], 16)).ok_or_else(wrong)?)
            }
        };
        let expected = match parts.headers.contains_key("if-match") {
            false => None,
            true => {
                let tag = one(&parts.headers, "if-match").map(str::trim).unwrap_or_default();
                // What is no ETag of ours matches nothing (RFC 9110, 13.1.1).
                if tag == "*" { None } else { Some(version(tag).ok_or_else(Problem::changed)?) }
            }
        };
        Ok(Self { caller, key, expected })
    }
}

/// The header that names a version.
pub(crate) fn etag(version: u64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"v0\""));
    (axum::http::header::ETAG, value)
}

fn version(tag: &str) -> Option<u64> {
    let digits = tag.strip_prefix("\"v")?.strip_suffix('"')?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_it_was_written_and_nothing_else() {
        for n in [1, 7, u64::MAX] {
            assert_eq!(version(etag(n).1.to_str().unwrap()), Some(n));
        }
        for bad in ["v7", "\"7\"", "W/\"v7\"", "\"v7\", \"v8\"", "\"v\"", "\"v+7\"", "\"v99999999999999999999999\""] {
            assert_eq!(version(bad), None, "{bad}");
        }
    }
}
