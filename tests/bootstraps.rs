//! The functions' binaries, and one of them as a process: as Lambda starts it, with an environment that holds nothing else.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::{Notify, watch};

use crate::runtime_api::RuntimeApi;

/// What cargo tells a test about the test itself; a nested cargo that saw it would build dependencies again.
const OF_THE_TEST: [&str; 20] = [
    "CARGO",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_HOMEPAGE",
    "CARGO_PKG_LICENSE",
    "CARGO_PKG_LICENSE_FILE",
    "CARGO_PKG_NAME",
    "CARGO_PKG_README",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_RUST_VERSION",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
    "LD_LIBRARY_PATH",
];

/// The folder with the binaries `ingest`, `alert` and `api`: `PORT25_BOOTSTRAPS`, else what a nested build of the dev profile gives,
/// once for each process.
///
/// # Errors
/// When they cannot be built.
pub fn folder() -> Result<&'static Path, String> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FOLDER.get_or_init(find).as_deref().map_err(Clone::clone)
}

fn find() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if let Some(folder) = boot::world::env("PORT25_BOOTSTRAPS") {
        // Tests run in the folder of their package; people mean the one of the repository.
        return root.join(&folder).canonicalize().map_err(|e| format!("PORT25_BOOTSTRAPS is {folder}: {e}"));
    }
    build(false, &["ingest", "alert", "api"])
}

/// Builds these packages beside the running executable, with the profile for development or for release, and gives the folder that
/// their binaries are in.
///
/// # Errors
/// When they cannot be built.
pub fn build(release: bool, packages: &[&str]) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // This executable is target/PROFILE/deps/NAME, or target/PROFILE/NAME.
    let this = std::env::current_exe().map_err(|e| format!("where this executable is: {e}"))?;
    let profile = this.ancestors().skip(1).find(|folder| !folder.ends_with("deps")).unwrap_or(&this);
    let target = profile.parent().unwrap_or(profile);
    let cargo = boot::world::env("CARGO").unwrap_or_else(|| "cargo".to_owned());
    let mut command = std::process::Command::new(cargo);
    command.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(root.join("Cargo.toml")).arg("--target-dir").arg(target);
    command.args(release.then_some("--release")).args(packages.iter().flat_map(|package| ["-p", package])).stdin(Stdio::null());
    for name in OF_THE_TEST {
        command.env_remove(name);
    }
    let built = command.output().map_err(|e| format!("cargo build: {e}"))?;
    if !built.status.success() {
        return Err(format!("cargo build of {}: {}\n{}", packages.join(", "), built.status, String::from_utf8_lossy(&built.stderr)));
    }
    Ok(target.join(if release { "release" } else { "debug" }))
}

/// A running bootstrap. It is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    lines: Arc<Mutex<Vec<String>>>,
    kill: Arc<Notify>,
    /// Outer: whether it is over; inner: how, if that is known.
    ended: watch::Receiver<Option<Option<ExitStatus>>>,
}

impl Process {
    /// Starts a program that polls this Runtime API. Its environment is what Lambda sets, what is given, and PATH.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn<S: AsRef<OsStr>>(
        program: &Path,
        args: impl IntoIterator<Item = S>,
        api: &RuntimeApi,
        env: &[(String, String)],
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("PATH", boot::world::env("PATH").unwrap_or_default())
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", program.file_stem().unwrap_or_default())
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/port25")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/20/[$LATEST]0")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let pid = child.id().unwrap_or_default();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kill = Arc::new(Notify::new());
        let (status, ended) = watch::channel(None);
        let (undertaker, killed) = (api.undertaker(), Arc::clone(&kill));
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (to_out, to_err) = (Arc::clone(&lines), Arc::clone(&lines));
        tokio::spawn(async move {
            let run = async {
                tokio::select! {
                    () = killed.notified() => {
                        // It may have ended by itself.
                        let _ = child.start_kill();
                        child.wait().await
                    }
                    done = child.wait() => done,
                }
            };
            // Over is over when everything that it wrote is there.
            let (done, (), ()) = tokio::join!(run, read(out, &to_out), read(err, &to_err));
            undertaker.gone();
            status.send_replace(Some(done.ok()));
        });
        Ok(Self { pid, lines, kill, ended })
    }

    /// The id of the process.
    pub const fn pid(&self) -> u32 {
        self.pid
    }

    /// What it wrote so far to standard output and standard error, by lines.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends SIGKILL and waits for the end. What it wrote is complete then.
    pub async fn kill(&mut self) -> Option<ExitStatus> {
        self.kill.notify_one();
        self.wait().await
    }

    /// Waits until it ends by itself; `None` when that cannot be known.
    pub async fn wait(&mut self) -> Option<ExitStatus> {
        self.ended.wait_for(Option::is_some).await.ok().and_then(|status| (*status).flatten())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill.notify_one();
    }
}

/// Starts one of the functions.
///
/// # Errors
/// When the binaries cannot be built, or the process cannot be started.
pub fn spawn(name: &str, api: &RuntimeApi, env: &[(String, String)]) -> io::Result<Process> {
    let folder = folder().map_err(io::Error::other)?;
    let args: [&str; 0] = [];
    Process::spawn(&folder.join(name), args, api, env)
}

async fn read(pipe: Option<impl AsyncRead + Unpin>, to: &Mutex<Vec<String>>) {
    let Some(pipe) = pipe else { return };
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).await.is_ok_and(|n| n > 0) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        to.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        line.clear();
    }
}
