//! Where a command finds the requests: in a data folder on this machine, or through an API.

use std::path::PathBuf;

use boot::world;
use clap::Args;

use crate::remote::{Remote, RemoteError, Secret};

/// The data folder where none is named.
pub const DATA: &str = "port25-data";

/// A data folder, or an API.
#[derive(Debug, Args)]
pub struct At {
    /// The data folder [default: port25-data]. One process at a time.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Ask this API instead of a data folder, such as http://127.0.0.1:8025 [env: PORT25_URL]
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub url: Option<String>,
    /// The token for the API; other users of this machine see command lines, so the variable is better [env: PORT25_TOKEN]
    #[arg(long, value_name = "TOKEN", conflicts_with = "data", value_parser = Secret::parse)]
    pub token: Option<Secret>,
}

/// Where the requests are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In this data folder.
    Folder(PathBuf),
    /// Behind this API.
    Remote(Remote),
}

impl At {
    /// What was named on the command line, else in the environment, else the folder here.
    ///
    /// # Errors
    /// When the address or the token cannot be used.
    pub fn place(&self) -> Result<Place, RemoteError> {
        self.place_in(world::env)
    }

    fn place_in(&self, lookup: impl Fn(&str) -> Option<String>) -> Result<Place, RemoteError> {
        if let Some(data) = &self.data {
            return Ok(Place::Folder(data.clone()));
        }
        let Some(url) = self.url.clone().or_else(|| lookup("PORT25_URL")) else {
            // One in the environment waits there for an address.
            return if self.token.is_some() { Err(RemoteError::TokenAlone) } else { Ok(Place::Folder(PathBuf::from(DATA))) };
        };
        let token = self.token.clone().or_else(|| Secret::parse(&lookup("PORT25_TOKEN")?).ok());
        let token = token.ok_or_else(|| RemoteError::NoToken(domain::text::one_line(&url)))?;
        Remote::new(&url, &token).map(Place::Remote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(data: Option<&str>, url: Option<&str>, token: Option<&str>) -> At {
        At { data: data.map(PathBuf::from), url: url.map(str::to_owned), token: token.map(|t| Secret::parse(t).unwrap()) }
    }

    #[test]
    fn the_command_line_goes_before_the_environment() {
        let env = |name: &str| match name {
            "PORT25_URL" => Some("https://env.example".to_owned()),
            "PORT25_TOKEN" => Some("p25r_env".to_owned()),
            _ => None,
        };
        let none = |_: &str| None;
        let shown = |place: Result<Place, RemoteError>| format!("{place:?}");
        assert!(shown(at(Some("x"), None, None).place_in(env)).contains("Folder(\"x\")"));
        assert!(shown(at(None, Some("https://line.example"), None).place_in(env)).contains("line.example"));
        assert!(shown(at(None, None, None).place_in(env)).contains("env.example"));
        assert!(shown(at(None, None, None).place_in(none)).contains(DATA));
        assert!(matches!(at(None, None, Some("p25r_x")).place_in(none), Err(RemoteError::TokenAlone)));
        assert!(matches!(at(None, Some("https://line.example"), None).place_in(none), Err(RemoteError::NoToken(_))));
    }
}
