//! What goes over the wire to AWS: signed requests, tried again where that may help.
//!
//! A function makes a handful of calls and lives for milliseconds, so what an SDK client does beside the call is most of its cost: making
//! one parses a table of all of AWS's Regions, and each call runs through a hundred hooks. [`Service::operate`] takes an operation of
//! an SDK, with the SDK's own types and (de)serialisers, and sends it without a client; [`Wire::call`] sends what no SDK is needed
//! for, and [`s3`] is made of it. Both sign with AWS's `aws-sigv4` ([`sign`]) and share one HTTP client: one TLS, one pool of connections.

mod operation;
mod refusal;
pub mod s3;
mod sign;
pub mod xml;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use jiff::Timestamp;
use tokio::time::timeout;

pub use operation::Service;
pub use refusal::{Said, WireError};

use refusal::code;

/// How long one attempt of a call may take: AWS's own latencies are a hundredth of it, and three attempts fit into an invocation. Without
/// it a service that takes a request and stays silent would hold one to its end. Of an object it is the time to its first byte, and then
/// between any two of its parts.
pub const ATTEMPT: Duration = Duration::from_secs(5);
/// How often a call is tried, in all.
const ATTEMPTS: u32 = 3;
/// The most that waiting before the second attempt takes; before the third it is four times that.
const PAUSE: Duration = Duration::from_millis(100);
/// Of a refusal at most this much is read: AWS's are a few kilobytes.
const REFUSAL_MAX: usize = 256 * 1024;

/// A cause of any kind.
type Cause = Box<dyn Error + Send + Sync>;

/// The way to AWS: connections, credentials, Region.
#[derive(Clone)]
pub struct Wire {
    connector: SharedHttpConnector,
    identity: Identity,
    region: String,
    clock: fn() -> Timestamp,
}

/// A request before it is signed.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The name that the signature is for: `s3`, `sqs`.
    pub service: &'a str,
    /// The method.
    pub method: &'a str,
    /// Where to, with everything in it percent-encoded.
    pub url: &'a str,
    /// Headers besides those of the signature.
    pub headers: &'a [(&'static str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

/// A good answer whose body is still to be read.
#[derive(Debug)]
pub struct Answer(HttpResponse);

/// A body as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// There is more of it.
    pub truncated: bool,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("region", &self.region).finish_non_exhaustive()
    }
}

impl Wire {
    /// Through these connections, with these credentials. `clock` dates the signatures.
    pub fn new(connector: SharedHttpConnector, credentials: Credentials, region: String, clock: fn() -> Timestamp) -> Self {
        Self { connector, identity: credentials.into(), region, clock }
    }

    /// The Region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Where AWS has a service in the Region.
    pub fn regional(&self, service: &str) -> String {
        format!("https://{service}.{}.{}/", self.region, suffix(&self.region))
    }

    /// Makes a call, again where that may help.
    ///
    /// # Errors
    /// When it fails, or every attempt did: the last one's failure.
    pub async fn call(&self, call: &Call<'_>) -> Result<Answer, WireError> {
        let mut attempt = 1;
        loop {
            match self.attempt(call).await {
                Err(error) if attempt < ATTEMPTS && error.passes() => pause(attempt).await,
                ended => return ended,
            }
            attempt += 1;
        }
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Answer, WireError> {
        let request = call.request().map_err(WireError::Request)?;
        let answer = timeout(ATTEMPT, self.send(call.service, request)).await.map_err(|_| WireError::Silent)??;
        let status = answer.0.status();
        if status.is_success() {
            return Ok(answer);
        }
        // What cannot be read of a refusal takes nothing from its status.
        let words = answer.read(REFUSAL_MAX).await.map(|body| body.bytes).unwrap_or_default();
        Err(WireError::Refused { status: status.as_u16(), code: code(&words), said: None })
    }

    /// Signs and sends a request once.
    async fn send(&self, service: &str, mut request: HttpRequest) -> Result<Answer, WireError> {
        sign::sign(&mut request, service, &self.region, &self.identity, (self.clock)()).map_err(WireError::Request)?;
        self.connector.call(request).await.map(Answer).map_err(WireError::Connection)
    }
}

impl Call<'_> {
    fn request(&self) -> Result<HttpRequest, Cause> {
        let body = if self.body.is_empty() { SdkBody::empty() } else { SdkBody::from(self.body.to_vec()) };
        let mut request = HttpRequest::new(body);
        request.set_method(self.method)?;
        request.set_uri(self.url)?;
        for (name, value) in self.headers {
            request.headers_mut().try_insert(*name, (*value).to_owned())?;
        }
        Ok(request)
    }
}

impl Answer {
    /// Reads the body up to so many bytes.
    ///
    /// # Errors
    /// When it breaks off, or stops coming.
    pub async fn read(mut self, most: usize) -> Result<Body, WireError> {
        let length = length(&self.0);
        collect(self.0.take_body(), length, most).await
    }
}

/// What an answer says of the length of its body.
fn length(answer: &HttpResponse) -> usize {
    answer.headers().get("content-length").and_then(|n| n.parse().ok()).unwrap_or_default()
}

async fn collect(body: SdkBody, length: usize, most: usize) -> Result<Body, WireError> {
    let mut bytes = Vec::with_capacity(length.min(most));
    let mut body = ByteStream::new(body);
    loop {
        let part = timeout(ATTEMPT, body.try_next()).await.map_err(|_| WireError::Silent)?;
        let Some(part) = part.map_err(|error| WireError::Broken(error.into()))? else {
            return Ok(Body { bytes, truncated: false });
        };
        let room = most - bytes.len();
        if let Some(fits) = part.get(..room).filter(|_| part.len() > room) {
            bytes.extend_from_slice(fits);
            return Ok(Body { bytes, truncated: true });
        }
        bytes.extend_from_slice(&part);
    }
}

/// A random part of what is waited before an attempt, so that those that failed together do not come together again.
#[expect(clippy::disallowed_methods, reason = "a service that refuses for the moment must be left alone for one")]
async fn pause(attempt: u32) {
    tokio::time::sleep(PAUSE.mul_f64(fastrand::f64()) * 4_u32.pow(attempt.saturating_sub(1).min(4))).await;
}

/// What the names of a Region's services end in, as the SDK's table of partitions has it.
fn suffix(region: &str) -> &'static str {
    match region.split('-').collect::<Vec<_>>().as_slice() {
        ["cn", ..] => "amazonaws.com.cn",
        ["eusc", ..] => "amazonaws.eu",
        ["us", "iso", ..] => "c2s.ic.gov",
        ["us", "isob", ..] => "sc2s.sgov.gov",
        ["us", "isof", ..] => "csp.hci.ic.gov",
        ["eu", "isoe", ..] => "cloud.adc-e.uk",
        _ => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_own_ending() {
        for (region, ending) in [
            ("eu-west-1", "amazonaws.com"),
            ("us-gov-east-1", "amazonaws.com"),
            ("cn-northwest-1", "amazonaws.com.cn"),
            ("eusc-de-east-1", "amazonaws.eu"),
            ("us-iso-east-1", "c2s.ic.gov"),
            ("us-isob-east-1", "sc2s.sgov.gov"),
        ] {
            assert_eq!(suffix(region), ending, "{region}");
        }
    }
}
