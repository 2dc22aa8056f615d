//! `load`: many clients at once against the local program and the binary of `api`. Each asks for a page of the list, over and over;
//! beside it, in turns, for `/v1/health`, a handler that only returns a constant. What counts is that no answer is wrong, and how many
//! times slower the list is (p50 and p99): this machine is noisy, ratios of one run are not.

mod http;
mod tables;

use std::error::Error;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::access::secret;
use clap::Parser;
use port25_tests::bootstraps::Process;
use port25_tests::runtime_api::{Invocation, RuntimeApi};
use serde_json::json;
use store::Scope;
use tokio::io::{AsyncBufReadExt, BufReader};

/// Why there is no result.
type Failure = Box<dyn Error + Send + Sync>;

/// The longest that one answer may take.
const LIMIT: Duration = Duration::from_secs(60);
/// What is asked for: a page of the list, and a constant.
const PATHS: [&str; 2] = ["/v1/requests?limit=50", "/v1/health"];

/// Asks with many clients at once.
#[derive(Debug, Parser)]
struct Args {
    /// Clients at once.
    #[arg(long, default_value_t = 200)]
    clients: usize,
    /// Seconds for each program.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Requests in the table.
    #[arg(long, default_value_t = 100)]
    requests: usize,
    /// The folder with the binaries `port25` and `api`.
    #[arg(long, default_value = "target/release")]
    binaries: PathBuf,
}

/// The seconds of every answer, by path.
type Times = [Vec<f64>; 2];

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    println!("{} clients for {} s, {} requests in the table", args.clients, args.seconds, args.requests);
    for (name, done) in [("port25 serve", local(&args).await), ("api (one process)", lambda(&args).await)] {
        match done {
            Ok(times) => println!("{name}: {}", report(times)),
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// The local program, by HTTP.
async fn local(args: &Args) -> Result<Times, Failure> {
    let folder = tables::Folder::new()?;
    let token = tables::fill_folder(folder.path(), args.requests).await?;
    let mut child = tokio::process::Command::new(args.binaries.join("port25"))
        .args(["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let at = loop {
        let line = lines.next_line().await?.ok_or("it ended before it said where it listens")?;
        if let Some((_, at)) = line.split_once("page:     http://") {
            break at.to_owned();
        }
    };
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let until = Instant::now() + Duration::from_secs(args.seconds);
    let clients = (0..args.clients).map(|n| {
        let (at, token) = (at.clone(), token.clone());
        tokio::spawn(async move {
            let client = http::Client::connect(&at, &token).await?;
            turns(n, until, Client::Http(Box::new(client))).await
        })
    });
    let times = together(clients.collect()).await?;
    child.start_kill()?;
    child.wait().await?;
    Ok(times)
}

/// The function in its process, as Lambda runs it: one invocation at a time, so the others wait before it.
async fn lambda(args: &Args) -> Result<Times, Failure> {
    let table = tables::Cloud::with(args.requests).await?;
    let token = secret::new_token(&table.store, "load", Scope::Read, 1, boot::world::now()).await?.0;
    let runtime = Arc::new(RuntimeApi::start().await?);
    let mut process = Process::spawn(&args.binaries.join("api"), [""; 0], &runtime, &table.env())?;
    if !tokio::time::timeout(LIMIT, runtime.ready()).await? {
        return Err(format!("it ended during INIT: {:?}", process.lines()).into());
    }
    let until = Instant::now() + Duration::from_secs(args.seconds);
    let clients = (0..args.clients).map(|n| {
        let (runtime, token) = (Arc::clone(&runtime), token.clone());
        tokio::spawn(turns(n, until, Client::Lambda(runtime, token)))
    });
    let times = together(clients.collect()).await?;
    process.kill().await;
    table.close().await;
    Ok(times)
}

/// Who asks.
enum Client {
    /// By HTTP.
    Http(Box<http::Client>),
    /// Through the Runtime API, with this token.
    Lambda(Arc<RuntimeApi>, String),
}

impl Client {
    async fn get(&mut self, path: &str) -> Result<(), Failure> {
        let (runtime, token) = match self {
            Self::Http(client) => return client.get(path).await,
            Self::Lambda(runtime, token) => (runtime, token),
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let event = tables::event(path, query, token).to_string().into_bytes();
        let Invocation::Response(answer) = runtime.invoke(event, LIMIT).await else { return Err("it did not answer".into()) };
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        if answer["statusCode"] == json!(200) { Ok(()) } else { Err(answer.to_string().into()) }
    }
}

/// One client: the list and the constant in turns.
async fn turns(first: usize, until: Instant, mut client: Client) -> Result<Times, Failure> {
    let mut times = Times::default();
    let mut n = first;
    while Instant::now() < until {
        let which = n % 2;
        let start = Instant::now();
        client.get(PATHS[which]).await?;
        times[which].push(start.elapsed().as_secs_f64());
        n += 1;
    }
    Ok(times)
}

async fn together(clients: Vec<tokio::task::JoinHandle<Result<Times, Failure>>>) -> Result<Times, Failure> {
    let mut all = Times::default();
    for client in clients {
        for (all, times) in all.iter_mut().zip(client.await??) {
            all.extend(times);
        }
    }
    Ok(all)
}

fn report(mut times: Times) -> String {
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    let at = |which: usize, part: f64| {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let index = (times[which].len().saturating_sub(1) as f64 * part) as usize;
        times[which].get(index).copied().unwrap_or(f64::NAN)
    };
    let ratio = |part: f64| at(0, part) / at(1, part);
    format!(
        "{} answers, none wrong; list p50 {:.1} ms, p99 {:.1} ms; constant p50 {:.1} ms, p99 {:.1} ms; ratio p50 {:.1}, p99 {:.1}",
        times[0].len() + times[1].len(),
        at(0, 0.5) * 1e3,
        at(0, 0.99) * 1e3,
        at(1, 0.5) * 1e3,
        at(1, 0.99) * 1e3,
        ratio(0.5),
        ratio(0.99)
    )
}
