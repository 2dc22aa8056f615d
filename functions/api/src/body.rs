//! The body of a change: a JSON object, small, whole, and without members that nobody knows.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use domain::text::{cut, one_line};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::problem::Problem;

/// The largest body: a note and a reason, escaped.
const BODY_MAX: usize = 32 * 1024;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest piece of an error of the parser that is said back.
const SAID_MAX: usize = 200;

/// A body that was read. One that is not there is an empty object.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes = whole(request).await?;
        // Nothing is said either way.
        if bytes.is_empty() || bytes == b"null" {
            return read(b"{}").map(Self);
        }
        if !json {
            return Err(Problem::media_type());
        }
        read(&bytes).map(Self)
    }
}

/// All of a body, in time.
async fn whole(request: Request) -> Result<Vec<u8>, Problem> {
    match tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), BODY_MAX)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        // The only limit that the framework sets is this one; a broken connection hears nothing.
        Ok(Err(_)) => Err(Problem::body_too_large(BODY_MAX)),
        Err(_) => Err(Problem::bad_body("The body did not come within 10 seconds.")),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde reads structs from arrays too; the description of the API knows objects only.
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Problem::bad_body("The body is no JSON object."));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let error = error.into_inner();
        let said = cut(&one_line(&error.to_string()), SAID_MAX);
        if error.is_data() { Problem::validation(pointer, said) } else { Problem::bad_body(&format!("The body is no JSON: {said}.")) }
    })?;
    json.end().map_err(|_| Problem::bad_body("Something stands behind the JSON object."))?;
    Ok(value)
}

/// A path as JSON Pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                let key = cut(&one_line(key), SAID_MAX);
                pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// A whole number, also written as `131.0`: JSON knows no integers.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(deserializer)? else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
    let whole = |n: f64| (n.fract() == 0.0 && n.abs() < 9e15).then_some(n as i64);
    let whole = number.as_i64().or_else(|| number.as_f64().and_then(whole));
    whole.map(Some).ok_or_else(|| serde::de::Error::custom(format!("{number} is no whole number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(default, deserialize_with = "whole_number")]
        seconds: Option<i64>,
        text: Option<String>,
    }

    fn wrong(body: &str) -> (u16, String) {
        let problem = read::<Sample>(body.as_bytes()).unwrap_err();
        (problem.status.as_u16(), problem.detail)
    }

    #[test]
    fn a_body_is_an_object_and_its_numbers_are_whole() {
        let sample: Sample = read(br#" {"seconds": 131.0, "text": "x"} "#).unwrap();
        assert_eq!((sample.seconds, sample.text.as_deref()), (Some(131), Some("x")));
        assert_eq!(read::<Sample>(b"{}").unwrap().seconds, None);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (body, status, said) in [
            ("[]", 400, "object"),
            ("\"x\"", 400, "object"),
            ("{", 400, "no JSON"),
            ("{} {}", 400, "behind"),
            (r#"{"seconds": 1.5}"#, 422, "/seconds: 1.5 is no whole number"),
            (r#"{"seconds": "1"}"#, 422, "/seconds: "),
            (r#"{"text": 5}"#, 422, "/text: invalid type"),
            (r#"{"colour": "blue"}"#, 422, "unknown field `colour`"),
            (r#"{"text": "a", "text": "b"}"#, 422, "duplicate field"),
        ] {
            let (got, detail) = wrong(body);
            assert!(got == status && detail.contains(said), "{body}: {got} {detail}");
        }
        let deep = "[".repeat(5_000);
        assert_eq!(wrong(&format!("{{\"text\": {deep}")).0, 422);
    }
}
