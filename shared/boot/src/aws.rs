//! AWS clients: one HTTP client for all of them; region, credentials and endpoints straight from the environment.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::settings::{SettingError, required};

/// The configuration that all clients share, from what Lambda puts into the environment.
///
/// # Errors
/// When a variable that Lambda always sets is missing.
pub fn config(lookup: impl Fn(&str) -> Option<String>) -> Result<SdkConfig, SettingError> {
    let region = required(&lookup, "AWS_REGION", "the Region of the function")?;
    let id = required(&lookup, "AWS_ACCESS_KEY_ID", "the function's credentials")?;
    let secret = required(&lookup, "AWS_SECRET_ACCESS_KEY", "the function's credentials")?;
    let credentials = Credentials::new(id, secret, lookup("AWS_SESSION_TOKEN"), None, "environment");
    let https = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(https);
    if let Some(endpoint) = lookup("AWS_ENDPOINT_URL") {
        builder = builder.endpoint_url(endpoint);
    }
    Ok(builder.build())
}

/// A DynamoDB client for an engine on this machine: plain HTTP, made-up credentials.
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
