//! AWS as a person's machine reaches it, through the same signed requests as the functions. For the commands that look after a
//! deployment: [`crate::redrive`] and [`crate::doctor`].
//!
//! The usual credentials are those of the environment, else those that the `aws` command has: it knows profiles, single sign-on, roles and
//! processes, and hands out what it uses (`aws configure export-credentials`). So no second implementation of all that is needed here.

pub mod query;
pub mod queue;
pub mod xml;

use std::process::Stdio;
use std::time::Duration;

use boot::aws::{AwsError, wire};
use boot::world;
use clap::Args;
use serde::Deserialize;
use tokio::process::Command;
use wire::Wire;

/// How long the `aws` command may take: it may ask a sign-on service, and never a person.
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

/// What `aws configure export-credentials` says.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Exported {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

impl AtAws {
    /// Finds Region and credentials, and makes the way to AWS. The credentials are those of now: a command is over before they end.
    ///
    /// # Errors
    /// When there is no Region, or there are no credentials.
    pub async fn connect(&self) -> Result<Wire, ConnectError> {
        let region = match self.region.clone().or_else(|| world::env("AWS_REGION")).or_else(|| world::env("AWS_DEFAULT_REGION")) {
            Some(region) => region,
            None => self.aws(&["configure", "get", "region"]).await.ok().filter(|r| !r.is_empty()).ok_or(ConnectError::Region)?,
        };
        // A profile that is named goes before the environment.
        let exported = match world::env("AWS_ACCESS_KEY_ID").filter(|_| self.profile.is_none()) {
            Some(_) => None,
            None => Some(self.exported().await.map_err(ConnectError::Credentials)?),
        };
        let found = |name: &str| match (name, &exported) {
            ("AWS_REGION", _) => Some(region.clone()),
            ("AWS_ACCESS_KEY_ID", Some(exported)) => Some(exported.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", Some(exported)) => Some(exported.secret_access_key.clone()),
            ("AWS_SESSION_TOKEN", Some(exported)) => exported.session_token.clone(),
            (other, _) => world::env(other),
        };
        Ok(wire(found)?)
    }

    async fn exported(&self) -> Result<Exported, String> {
        let said = self.aws(&["configure", "export-credentials", "--format", "process"]).await?;
        // What serde says of it could quote a secret.
        serde_json::from_str(&said).map_err(|_| "the aws command (version 2 is needed) gave none".to_owned())
    }

    /// What the `aws` command writes.
    async fn aws(&self, arguments: &[&str]) -> Result<String, String> {
        let profile = self.profile.iter().flat_map(|name| ["--profile", name.as_str()]);
        let mut command = Command::new("aws");
        command.args(arguments).args(profile).stdin(Stdio::null()).kill_on_drop(true);
        let ran =
            tokio::time::timeout(PATIENCE, command.output()).await.map_err(|_| "the aws command took more than 30 seconds".to_owned())?;
        let ran = ran.map_err(|error| format!("the aws command cannot be run ({error})"))?;
        if !ran.status.success() {
            return Err(domain::text::one_line(&String::from_utf8_lossy(&ran.stderr)));
        }
        Ok(String::from_utf8_lossy(&ran.stdout).trim().to_owned())
    }
}
