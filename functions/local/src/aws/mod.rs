//! AWS as a person's machine reaches it, through the same signed requests as the functions. For the commands that look after a
//! deployment: [`crate::redrive`] and [`crate::doctor`].
//!
//! The usual credentials are found by `aws-config`: the environment, profiles, single sign-on, roles, processes, the machine's own.

pub mod query;
pub mod queue;
pub mod xml;

use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use boot::aws::{AwsError, wire};
use boot::world;
use clap::Args;
use tokio::time::timeout;
use wire::Wire;

/// How long finding Region and credentials may take: a sign-on service or the machine's own may be asked, and never a person.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where AWS is, and as whom it is asked.
#[derive(Clone, Debug, Default, Args)]
pub struct AtAws {
    /// The Region of the deployment (default: AWS_REGION, AWS_DEFAULT_REGION, else the profile's).
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// The profile of the aws command (default: the environment's credentials, else AWS_PROFILE or its default profile).
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// Why AWS cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing says where.
    #[error("no Region: give --region, or set AWS_REGION")]
    Region,
    /// Nothing says as whom.
    #[error("no AWS credentials: log in as for the aws command (aws sso login, AWS_PROFILE), or set AWS_ACCESS_KEY_ID: {0}")]
    Credentials(String),
    /// A variable cannot be used.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl AtAws {
    /// Finds Region and credentials, and makes the way to AWS. The credentials are those of now: a command is over before they end.
    ///
    /// # Errors
    /// When there is no Region, or there are no credentials.
    pub async fn connect(&self) -> Result<Wire, ConnectError> {
        let found = timeout(PATIENCE, self.found()).await;
        let (region, credentials) =
            found.unwrap_or_else(|_| Err(ConnectError::Credentials("nothing answered within 30 seconds".to_owned())))?;
        Ok(wire(|name: &str| match name {
            "AWS_REGION" => Some(region.to_string()),
            "AWS_ACCESS_KEY_ID" => Some(credentials.access_key_id().to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some(credentials.secret_access_key().to_owned()),
            "AWS_SESSION_TOKEN" => credentials.session_token().map(str::to_owned),
            other => world::env(other),
        })?)
    }

    async fn found(&self) -> Result<(Region, Credentials), ConnectError> {
        let https = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(https.clone());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(name) = &self.profile {
            // A profile that is named goes before the environment, which the usual chain asks first.
            let asked = ProviderConfig::with_default_region().await.with_http_client(https);
            let profile = ProfileFileCredentialsProvider::builder().configure(&asked).profile_name(name).build();
            loader = loader.profile_name(name).credentials_provider(profile);
        }
        let config = loader.load().await;
        let region = config.region().cloned().ok_or(ConnectError::Region)?;
        let none = || ConnectError::Credentials("nothing gives any".to_owned());
        let provider = config.credentials_provider().ok_or_else(none)?;
        // Its words name what was tried and never a secret.
        let credentials = provider.provide_credentials().await.map_err(|error| ConnectError::Credentials(error.to_string()))?;
        Ok((region, credentials))
    }
}
