//! The embedded DynamoDB: `dynoxide` in this process, on a loopback port that only this process is told.
//!
//! The data folder is locked first, then the database file in it is opened, then the engine listens. The lock is held
//! for as long as the engine may touch the file, because a second process that opens the same file would corrupt what
//! the first one believes. A killed process leaves no lock behind: the operating system releases it.
//!
//! A commit is on the disk before it is answered (SQLite in WAL mode with `synchronous = FULL`).

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::text::one_line;
use dynoxide::{Database, DynoxideError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The database file in the data folder.
const TABLE_FILE: &str = "table.db";
/// The file whose lock guards the data folder. It stays when the program ends: only the lock on it counts.
const LOCK_FILE: &str = "lock";
/// Most that is shown of another process's lock file, in bytes.
const HOLDER_MAX: usize = 1000;
/// Before the address of the engine, in the lock file.
const ENGINE: &str = "engine ";
/// How that address begins: nobody is led elsewhere.
const LOOPBACK: &str = "http://127.0.0.1:";
/// How long a close waits for requests that are being answered: one takes milliseconds.
const CLOSE_MAX: Duration = Duration::from_secs(5);

/// Why the engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Another process works on the data folder.
    #[error("the data folder {} is in use by {holder}; stop that process, choose another folder with --data, or ask a running serve with --url and a token (port25 token --help)", path.display())]
    InUse {
        /// The data folder.
        path: PathBuf,
        /// What the other process wrote about itself: its process id, command and address.
        holder: String,
        /// Where its engine listens, on this machine.
        endpoint: Option<String>,
    },
    /// The path leads to something that is no folder.
    #[error("{} is not a folder; choose one with --data", path.display())]
    NotADirectory {
        /// What was given as the data folder.
        path: PathBuf,
    },
    /// The path cannot be handed to SQLite.
    #[error("the path of the data folder {} is not UTF-8; choose another one with --data", path.display())]
    NotUtf8 {
        /// The data folder.
        path: PathBuf,
    },
    /// The data folder cannot be made or written to.
    #[error("cannot write to the data folder {}; check who owns it, or choose another one with --data", path.display())]
    NotWritable {
        /// The data folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The lock was neither won nor lost.
    #[error("cannot lock {}; the data folder must be on a local disk", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The database file is damaged, or something else.
    #[error("cannot read the database {}; put a copy back in its place, or move it away to begin anew", path.display())]
    Unreadable {
        /// The database file.
        path: PathBuf,
        /// What SQLite or the engine said.
        source: DynoxideError,
    },
    /// No loopback port, or no thread to open the file on.
    #[error("cannot start the embedded database")]
    Start(#[source] io::Error),
}

/// A running engine. [`Engine::close`] ends it in order; a drop ends it too, but does not wait.
#[derive(Debug)]
pub struct Engine {
    endpoint: String,
    lock: Option<Arc<File>>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Engine {
    /// Opens or makes the data folder and its database, and listens. Call it inside a tokio runtime.
    ///
    /// # Errors
    /// When the folder is in use or unfit, or the database in it cannot be read; each says what to do.
    pub async fn open(data_dir: &Path) -> Result<Self, EngineError> {
        let dir = std::path::absolute(data_dir).map_err(EngineError::Start)?;
        let opening = tokio::task::spawn_blocking(move || {
            make_folder(&dir)?;
            let lock = lock(&dir)?;
            let path = dir.join(TABLE_FILE);
            let name = path.to_str().ok_or_else(|| EngineError::NotUtf8 { path: dir.clone() })?;
            let database = Database::new(name).map_err(|source| EngineError::Unreadable { path: path.clone(), source })?;
            Ok((database, lock))
        });
        let (database, lock) = opening.await.map_err(|error| EngineError::Start(error.into()))??;
        Self::start(database, Some(Arc::new(lock))).await
    }

    /// An engine whose data ends with it, for tests and the demo.
    ///
    /// # Errors
    /// When there is no loopback port to listen on.
    pub async fn in_memory() -> Result<Self, EngineError> {
        let database = Database::memory().map_err(|source| EngineError::Unreadable { path: PathBuf::from(":memory:"), source })?;
        Self::start(database, None).await
    }

    async fn start(database: Database, lock: Option<Arc<File>>) -> Result<Self, EngineError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(EngineError::Start)?;
        let endpoint = format!("http://{}", listener.local_addr().map_err(EngineError::Start)?);
        let (stop, stopped) = oneshot::channel::<()>();
        if let Some(lock) = &lock {
            introduce(lock, &endpoint, "").map_err(EngineError::Start)?;
        }
        let held = lock.clone();
        let server = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, database, stopped).await {
                tracing::error!(%error, "the embedded database stopped");
            }
            // The folder stays locked until the engine has let go of its file.
            drop(held);
        });
        Ok(Self { endpoint, lock, stop, server })
    }

    /// Where the engine listens, as `http://127.0.0.1:PORT`, for an SDK client with any credentials.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Adds to what a second process hears about this one, like the address of its page. Only the last text is kept.
    ///
    /// # Errors
    /// When the lock file cannot be written.
    pub fn describe(&self, text: &str) -> io::Result<()> {
        self.lock.as_deref().map_or(Ok(()), |lock| introduce(lock, &self.endpoint, text))
    }

    /// Lets running requests finish, closes the file and releases the folder.
    ///
    /// A client that has sent half a request can hold this up; it is cut off after a few seconds. Nothing that was
    /// answered is lost by that.
    pub async fn close(self) {
        let Self { stop, mut server, lock, .. } = self;
        let _ = stop.send(());
        drop(lock);
        if timeout(CLOSE_MAX, &mut server).await.is_err() {
            server.abort();
            let _ = server.await;
        }
    }
}

/// Makes the data folder, readable by its owner only: mails lie in it. One that is there keeps its permissions.
fn make_folder(dir: &Path) -> Result<(), EngineError> {
    if dir.exists() {
        return if dir.is_dir() { Ok(()) } else { Err(EngineError::NotADirectory { path: dir.to_owned() }) };
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| match source.kind() {
        io::ErrorKind::NotADirectory => EngineError::NotADirectory { path: dir.to_owned() },
        _ => EngineError::NotWritable { path: dir.to_owned(), source },
    })
}

/// Wins the lock of the folder, or says who has it.
fn lock(dir: &Path) -> Result<File, EngineError> {
    let path = dir.join(LOCK_FILE);
    let not_writable = |source| EngineError::NotWritable { path: dir.to_owned(), source };
    let file = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path).map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => {
            introduce(&file, "", "").map_err(not_writable)?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let (holder, endpoint) = holder(&path);
            Err(EngineError::InUse { path: dir.to_owned(), holder, endpoint })
        }
        Err(TryLockError::Error(source)) => Err(EngineError::Lock { path, source }),
    }
}

/// Writes who holds the lock, for the people who meet it, and where its engine is, for `port25 token`.
fn introduce(mut lock: &File, endpoint: &str, text: &str) -> io::Result<()> {
    let command: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let lines = format!("process {}\n{}\n{text}\n{ENGINE}{endpoint}\n", std::process::id(), command.join(" "));
    io::Seek::rewind(&mut lock)?;
    // First the new text, then the length: a reader never meets an empty file.
    lock.write_all(lines.as_bytes())?;
    lock.set_len(lines.len() as u64)
}

/// What the holder of the lock wrote, on one line and without control characters, and where its engine is.
fn holder(path: &Path) -> (String, Option<String>) {
    let bytes = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes.get(..HOLDER_MAX).unwrap_or(&bytes));
    let lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    let (engines, lines): (Vec<String>, Vec<String>) = lines.into_iter().partition(|line| line.starts_with(ENGINE.trim_end()));
    let endpoint = engines.last().and_then(|line| line.strip_prefix(ENGINE)).filter(|at| at.starts_with(LOOPBACK));
    let who = if lines.is_empty() { "another process".to_owned() } else { lines.join(", ") };
    (who, endpoint.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::scratch::Scratch;

    /// One DynamoDB call without an SDK: status line and body.
    async fn call(engine: &Engine, action: &str, body: &str) -> String {
        let addr = engine.endpoint.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: {addr}\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
             X-Amz-Target: DynamoDB_20120810.{action}\r\nX-Amz-Date: 20250101T000000Z\r\nContent-Length: {}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=a/20250101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn make_table(engine: &Engine) -> String {
        let table = r#"{"TableName":"table","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}]}"#;
        call(engine, "CreateTable", table).await
    }

    async fn put(engine: &Engine, key: &str, size: usize) -> String {
        call(engine, "PutItem", &format!(r#"{{"TableName":"table","Item":{{"k":{{"S":"{key}"}},"v":{{"S":"{}"}}}}}}"#, "x".repeat(size)))
            .await
    }

    async fn get(engine: &Engine, key: &str) -> String {
        call(engine, "GetItem", &format!(r#"{{"TableName":"table","Key":{{"k":{{"S":"{key}"}}}}}}"#)).await
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let scratch = Scratch::new();
        let dir = scratch.path().join("a/data");
        let engine = Engine::open(&dir).await.unwrap();
        assert!(make_table(&engine).await.starts_with("HTTP/1.1 200"));
        assert!(put(&engine, "one", 10).await.starts_with("HTTP/1.1 200"));
        engine.close().await;
        let engine = Engine::open(&dir).await.unwrap();
        assert!(get(&engine, "one").await.contains("xxxxxxxxxx"));
        engine.close().await;
    }

    #[tokio::test]
    async fn two_engines_in_memory_share_nothing_and_take_large_requests() {
        let (one, two) = (Engine::in_memory().await.unwrap(), Engine::in_memory().await.unwrap());
        make_table(&one).await;
        assert!(put(&one, "big", 390_000).await.starts_with("HTTP/1.1 200"));
        // 25 puts of 390 kB: more than any transaction of ours, and more than axum's usual 2 MB.
        let put = format!(r#"{{"S":"{}"}}"#, "x".repeat(390_000));
        let puts: Vec<String> = (0..25).map(|n| format!(r#"{{"PutRequest":{{"Item":{{"k":{{"S":"{n}"}},"v":{put}}}}}}}"#)).collect();
        let batch = format!(r#"{{"RequestItems":{{"table":[{}]}}}}"#, puts.join(","));
        assert!(call(&one, "BatchWriteItem", &batch).await.starts_with("HTTP/1.1 200"));
        assert!(get(&two, "big").await.contains("ResourceNotFoundException"));
        one.describe("nobody reads this").unwrap();
        one.close().await;
        two.close().await;
    }

    #[tokio::test]
    async fn a_folder_has_one_process_at_a_time() {
        let scratch = Scratch::new();
        let first = Engine::open(scratch.path()).await.unwrap();
        let refusal = Engine::open(scratch.path()).await.unwrap_err();
        assert!(matches!(&refusal, EngineError::InUse { path, .. } if path == scratch.path()));
        let me = format!("in use by process {}, ", std::process::id());
        assert!(refusal.to_string().contains(&me) && refusal.to_string().contains("--data"), "{refusal}");
        first.describe("its page is http://127.0.0.1:8025 and a longer text").unwrap();
        first.describe("its page is http://127.0.0.1:8025").unwrap();
        let refusal = Engine::open(scratch.path()).await.unwrap_err();
        assert!(refusal.to_string().contains(", its page is http://127.0.0.1:8025; stop"), "{refusal}");
        assert!(matches!(&refusal, EngineError::InUse { endpoint, .. } if *endpoint == Some(first.endpoint())), "{refusal:?}");
        first.close().await;
        Engine::open(scratch.path()).await.unwrap().close().await;
    }

    #[tokio::test]
    async fn unfit_folders_are_named() {
        let scratch = Scratch::new();
        let file = scratch.write("file", "");
        for path in [file.clone(), file.join("below")] {
            let error = Engine::open(&path).await.unwrap_err();
            assert!(matches!(&error, EngineError::NotADirectory { path: named } if *named == path), "{error}");
        }
        scratch.write("taken/lock/x", "");
        let error = Engine::open(&scratch.path().join("taken")).await.unwrap_err();
        assert!(matches!(error, EngineError::NotWritable { .. }), "{error}");
        scratch.write("broken/table.db", "this is no database, and long enough to be read as one. ".repeat(100));
        let error = Engine::open(&scratch.path().join("broken")).await.unwrap_err();
        assert!(matches!(error, EngineError::Unreadable { .. }), "{error}");
        assert!(error.to_string().contains("broken/table.db"), "{error}");
        // The lock of a failed start is released.
        std::fs::remove_file(scratch.path().join("broken/table.db")).unwrap();
        Engine::open(&scratch.path().join("broken")).await.unwrap().close().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_new_folder_is_its_owners_only() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new();
        let dir = scratch.path().join("new");
        let engine = Engine::open(&dir).await.unwrap();
        assert_eq!(std::fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
        engine.close().await;
    }
}
