//! Tables with requests in them: that of a data folder, and one behind an endpoint.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alert::Notifier;
use api::access::secret;
use domain::policy::Policy;
use ingest::{Delivery, Origin, Signatures, file};
use port25::engine::Engine;
use port25::node::Node;
use serde_json::{Value, json};
use store::{Scope, Store, table};

use crate::Failure;

/// The name of the table behind an endpoint.
const TABLE: &str = "load";

/// A folder that goes with its value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("port25-load-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Fills a data folder, and gives a token for it.
pub(crate) async fn fill_folder(folder: &Path, requests: usize) -> Result<String, Failure> {
    let engine = Engine::open(folder).await?;
    let notifier = Notifier::Folder { folder: folder.join("alerts"), print: false };
    let node = Node::new(&engine, folder, Policy::default(), notifier, Arc::new(boot::world::now)).await?;
    fill(&node.store, requests).await?;
    let token = secret::new_token(&node.store, "load", Scope::Read, 1, boot::world::now()).await?.0;
    engine.close().await;
    Ok(token)
}

async fn fill(store: &Store, requests: usize) -> Result<(), Failure> {
    let policy = Policy::default();
    for n in 0..requests {
        let now = boot::world::now();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&now)?;
        let bytes = format!(
            "Authentication-Results: amazonses.com; dmarc=pass header.from=email.amazon.com\r\nFrom: <aws-automation@email.amazon.com>\r\n\
             To: <port25@track.corp.example>\r\nSubject: Your request about port 25\r\nDate: {date}\r\nMessage-ID: <load-{n}@email.amazon.com>\r\n\r\n\
             Hello,\r\n\r\nWe received your request to remove the email sending limitations on port 25. Your request ID is 1700000{n:08}.\r\n"
        );
        let object = format!("load-{n}");
        let (origin, signatures) = (Origin::ByHand, Signatures::default());
        let delivery = Delivery { object: &object, bytes: bytes.as_bytes(), truncated: false, verdicts: None, origin, signatures };
        if file(store, &policy, &delivery, now).await?.requests.is_empty() {
            return Err("the mail made no request".into());
        }
    }
    Ok(())
}

/// An engine with a table in it, as the function sees it.
pub(crate) struct Cloud {
    engine: Engine,
    pub(crate) store: Store,
}

impl Cloud {
    pub(crate) async fn with(requests: usize) -> Result<Self, Failure> {
        let engine = Engine::in_memory().await?;
        let client = boot::aws::local_dynamodb(&engine.endpoint());
        table::create(&client, TABLE).await?;
        let store = Store::new(boot::aws::local_service(&engine.endpoint()), TABLE);
        fill(&store, requests).await?;
        Ok(Self { engine, store })
    }

    /// The environment of the function.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        [
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
            ("TABLE_NAME", TABLE.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.engine.endpoint()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    pub(crate) async fn close(self) {
        self.engine.close().await;
    }
}

/// `GET path?query` as API Gateway asks it.
pub(crate) fn event(path: &str, query: &str, token: &str) -> Value {
    let host = "abc123.execute-api.eu-west-1.amazonaws.com";
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
        "headers": {"accept": "application/json", "host": host, "authorization": format!("Bearer {token}")},
        "requestContext": {
            "accountId": "111122223333", "apiId": "abc123", "domainName": host, "domainPrefix": "abc123", "requestId": "r",
            "routeKey": "$default", "stage": "$default", "time": "20/Nov/2026:10:00:00 +0000", "timeEpoch": 1_795_168_800_000_u64,
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "load"},
        },
        "isBase64Encoded": false,
    })
}
