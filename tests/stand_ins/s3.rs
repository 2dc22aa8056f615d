//! Buckets with objects in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::{Calls, lock, plainly, signature};
use crate::wire::{Answer, Reply, Request, Server, Service, decode};

/// Objects in buckets, asked for path-style and with a signature. The operations are `GetObject` and `ListObjectsV2`.
#[derive(Debug)]
pub struct S3 {
    server: Server,
    shelf: Arc<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    calls: Calls,
    /// By bucket and key: when it was written, and its bytes.
    objects: Mutex<BTreeMap<String, (Timestamp, Vec<u8>)>>,
    forbidden: Mutex<BTreeSet<String>>,
}

impl S3 {
    /// Starts an empty one.
    ///
    /// # Errors
    /// When there is no loopback port.
    pub async fn start() -> io::Result<Self> {
        let shelf = Arc::new(Shelf::default());
        let server = Server::start(Counter(Arc::clone(&shelf))).await?;
        Ok(Self { server, shelf })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Its calls.
    pub fn calls(&self) -> &Calls {
        &self.shelf.calls
    }

    /// Puts an object there, or another in its place.
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        self.put_at(bucket, key, bytes, boot::world::now());
    }

    /// The same, as of another time.
    pub fn put_at(&self, bucket: &str, key: &str, bytes: &[u8], at: Timestamp) {
        lock(&self.shelf.objects).insert(format!("{bucket}/{key}"), (at, bytes.to_vec()));
    }

    /// Answers with `AccessDenied` for this key, whether there is an object or not.
    pub fn forbid(&self, bucket: &str, key: &str) {
        lock(&self.shelf.forbidden).insert(format!("{bucket}/{key}"));
    }

    /// Ends that.
    pub fn permit(&self, bucket: &str, key: &str) {
        lock(&self.shelf.forbidden).remove(&format!("{bucket}/{key}"));
    }
}

struct Counter(Arc<Shelf>);

impl Service for Counter {
    async fn call(&self, request: Request) -> Reply {
        let shelf = &self.0;
        if request.method != "GET" {
            return Reply::Answer(s3_error(405, "MethodNotAllowed"));
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let name = decode(path.trim_start_matches('/'));
        let signed = signature::check(&request, "s3", boot::world::now());
        let unsigned = |_| s3_error(403, "SignatureDoesNotMatch");
        if query.contains("list-type=2") {
            let work = async { signed.map_or_else(unsigned, |()| shelf.list(name.trim_end_matches('/'), query)) };
            return shelf.calls.run("ListObjectsV2", work, plainly(s3_error)).await;
        }
        let work = async {
            if signed.is_err() {
                return s3_error(403, "SignatureDoesNotMatch");
            }
            if lock(&shelf.forbidden).contains(&name) {
                return s3_error(403, "AccessDenied");
            }
            let object = lock(&shelf.objects).get(&name).map(|(_, bytes)| bytes.clone());
            object.map_or_else(|| s3_error(404, "NoSuchKey"), |bytes| Answer::new(200, "application/octet-stream", bytes))
        };
        shelf.calls.run("GetObject", work, plainly(s3_error)).await
    }
}

impl Shelf {
    fn list(&self, bucket: &str, query: &str) -> Answer {
        let field = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(decode);
        let limit = field("max-keys").and_then(|n| n.parse().ok()).unwrap_or(1_000);
        let after = field("start-after").unwrap_or_default();
        let objects = lock(&self.objects);
        let all = objects.iter().filter_map(|(name, (at, _))| Some((name.strip_prefix(bucket)?.strip_prefix('/')?, at)));
        let mut found: Vec<(&str, &Timestamp)> = all.filter(|(key, _)| *key > after.as_str()).take(limit + 1).collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let contents: String = found
            .iter()
            .map(|(key, at)| (key.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"), at))
            .map(|(key, at)| format!("<Contents><Key>{key}</Key><LastModified>{at:.3}</LastModified><Size>1</Size></Contents>"))
            .collect();
        let body = format!("<ListBucketResult><Name>{bucket}</Name><IsTruncated>{more}</IsTruncated>{contents}</ListBucketResult>");
        Answer::new(200, "application/xml", body)
    }
}

fn s3_error(status: u16, code: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>as the test wants it</Message><RequestId>r</RequestId></Error>"
    );
    Answer::new(status, "application/xml", body)
}
