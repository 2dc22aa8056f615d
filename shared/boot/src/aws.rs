//! The way to AWS: one HTTP client for everything; region, credentials and endpoints straight from the environment.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};
use wire::s3::S3;
use wire::{Service, Wire};

use crate::settings::{SettingError, required};
use crate::world;

/// The certificates that AWS's endpoints chain to, so that INIT does not read the 145 of the system.
///
/// From Amazon Trust Services' repository (by way of Debian's `ca-certificates`); they expire in 2037 and later. A service that
/// moved to other roots would show as a TLS error in the logs: then `AWS_CA_BUNDLE` names a file with the new ones.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// How long INIT waits for a connection that it opens ahead. INIT has ten seconds in all.
pub const WARM_UP: Duration = Duration::from_secs(2);

/// How long opening a connection may take of an attempt.
const CONNECT: Duration = Duration::from_secs(3);

/// Why the clients cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// A variable is missing.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The CA bundle cannot be read.
    #[error("AWS_CA_BUNDLE names {path}, which cannot be read")]
    Bundle {
        /// The file.
        path: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The certificates cannot be used.
    #[error("the CA certificates cannot be used: {0}")]
    Certificates(String),
}

/// The way to AWS, from what Lambda puts into the environment.
///
/// # Errors
/// When a variable that Lambda always sets is missing, or `AWS_CA_BUNDLE` cannot be used.
pub fn wire(lookup: impl Fn(&str) -> Option<String>) -> Result<Wire, AwsError> {
    let region = required(&lookup, "AWS_REGION", "the Region of the function")?;
    let id = required(&lookup, "AWS_ACCESS_KEY_ID", "the function's credentials")?;
    let secret = required(&lookup, "AWS_SECRET_ACCESS_KEY", "the function's credentials")?;
    let credentials = Credentials::new(id, secret, lookup("AWS_SESSION_TOKEN"), None, "environment");
    let bundle = match lookup("AWS_CA_BUNDLE") {
        Some(path) => std::fs::read(&path).map_err(|source| AwsError::Bundle { path, source })?,
        None => AMAZON_ROOTS.to_vec(),
    };
    let trust = TrustStore::empty().with_pem_certificate(bundle);
    let tls = TlsContext::builder().with_trust_store(trust).build().map_err(|e| AwsError::Certificates(e.to_string()))?;
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
    let https = Connector::builder().connector_settings(settings).tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls);
    Ok(Wire::new(SharedHttpConnector::new(https.build()), credentials, region, world::now))
}

/// Where a service is, if not where AWS has it: `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL`, as all SDKs name them.
pub fn endpoint(lookup: impl Fn(&str) -> Option<String>, service: &str) -> Option<String> {
    lookup(&format!("AWS_ENDPOINT_URL_{service}")).or_else(|| lookup("AWS_ENDPOINT_URL"))
}

/// A service that has one address in each Region, by the name that its host and its signatures have (`dynamodb`, `sns`).
pub fn service(wire: &Wire, lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Service {
    let url = endpoint(lookup, &name.to_ascii_uppercase()).unwrap_or_else(|| wire.regional(name));
    Service::new(wire.clone(), name, url)
}

/// The mail bucket's service.
pub fn s3(wire: &Wire, lookup: impl Fn(&str) -> Option<String>) -> S3 {
    S3::new(wire.clone(), endpoint(lookup, "S3"))
}

/// The DynamoDB of an engine on this machine: plain HTTP, made-up credentials.
pub fn local_service(endpoint: &str) -> Service {
    let connections = SharedHttpConnector::new(Connector::builder().build_http());
    let wire = Wire::new(connections, Credentials::new("local", "local", None, None, "made up"), "local".to_owned(), world::now);
    Service::new(wire, "dynamodb", endpoint.to_owned())
}

/// The SDK's client of the same, for what only the local program and tests do: making the table, looking at all of it.
pub fn local_dynamodb(endpoint: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "made up"))
        .endpoint_url(endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_roots_are_certificates_and_a_missing_bundle_is_named() {
        let env = |bundle: Option<&'static str>| {
            move |name: &str| match name {
                "AWS_CA_BUNDLE" => bundle.map(str::to_owned),
                _ => Some("x".to_owned()),
            }
        };
        assert!(wire(env(None)).is_ok());
        assert!(AMAZON_ROOTS.windows(27).filter(|w| *w == b"-----BEGIN CERTIFICATE-----").count() >= 5);
        let error = wire(env(Some("/nowhere/ca.pem"))).unwrap_err();
        assert!(error.to_string().contains("AWS_CA_BUNDLE names /nowhere/ca.pem"), "{error}");
    }

    #[test]
    fn a_service_has_its_own_endpoint_before_the_common_one() {
        let lookup = |name: &str| match name {
            "AWS_ENDPOINT_URL_S3" => Some("http://s3".to_owned()),
            "AWS_ENDPOINT_URL" => Some("http://all".to_owned()),
            _ => None,
        };
        assert_eq!(endpoint(lookup, "S3").as_deref(), Some("http://s3"));
        assert_eq!(endpoint(lookup, "SNS").as_deref(), Some("http://all"));
        assert_eq!(endpoint(|_: &str| None, "SNS"), None);
    }
}
