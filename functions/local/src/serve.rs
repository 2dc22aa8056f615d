//! `port25 serve`: mail in by SMTP, the sweep on its minute tick, the page and the API.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use alert::Notifier;
use api::access::Door;
use api::access::secret::{self, CODE_LIFE};
use boot::{log, rules, settings, world};
use clap::Args;
use domain::policy::Policy;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::cli::{Done, Results, ServeArgs};
use crate::command::Command;
use crate::dkim::Checker;
use crate::engine::Engine;
use crate::heartbeat::Heartbeat;
use crate::node::Node;
use crate::{smtp, web};

/// How often a sweep runs, as in the deployment.
const TICK: Duration = Duration::from_secs(60);

/// Runs until Ctrl-C.
///
/// # Errors
/// When the data folder, an address or a setting cannot be used.
pub async fn run(args: ServeArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let mut policy = policy(&args.results)?;
    let http = bind(args.http, "--http").await?;
    let http_at = http.local_addr()?;
    let door = door(http_at, args.public.as_deref())?;
    let page = args.public.unwrap_or_else(|| format!("http://{http_at}/"));
    policy.page = Some(page.clone());
    let data = args.data.data;
    let engine = Engine::open(&data).await?;
    let notifier = notifier(&data, &args.ways);
    let heartbeat = args.heartbeat.map(Heartbeat::new);
    let mut node = Node::new(&engine, &data, policy, notifier, Arc::new(world::now)).await?;
    node.dkim = checker(&args.results)?;
    node.store.plan_audit((node.clock)()).await?;
    let smtp = bind(args.smtp, "--smtp").await?;
    let smtp_at = smtp.local_addr()?;
    engine.describe(&format!("port25 serve, http://{http_at}"))?;
    let code = secret::new_code(&node.store, &user(), CODE_LIFE, (node.clock)()).await?;
    hello(&data, http_at, &page, smtp_at, &code);

    let (stop, stopped) = watch::channel(false);
    let app = node.app(Some(smtp_at), door);
    let web = tokio::spawn(web::serve(http, app, wait(stopped.clone())));
    let mail = tokio::spawn(smtp::serve(smtp, Arc::new(node.clone()), wait(stopped.clone())));
    let tick = tokio::spawn(ticks(node, heartbeat, wait(stopped)));
    signal().await;
    println!("Stopping …");
    stop.send(true)?;
    mail.await?;
    tick.await?;
    // Open pages keep their connections; five seconds are enough for an answer under way.
    drop(tokio::time::timeout(Duration::from_secs(5), web).await);
    engine.close().await;
    println!("Stopped. Everything is in {}.", data.display());
    Ok(0)
}

/// Where alerts go, besides the terminal and the folder.
#[derive(Debug, Args)]
pub struct Ways {
    /// Run this program for each alert, with the alert as JSON on its standard input (no shell; 10 seconds). Exit code 0 means sent;
    /// with any other the alert is tried again.
    #[arg(long, value_name = "CMD", value_parser = Command::parse)]
    pub notify_command: Option<Command>,
}

/// The way out of alerts: the terminal and the folder, and the command if there is one.
pub fn notifier(data: &Path, ways: &Ways) -> Notifier {
    let folder = Notifier::Folder { folder: data.join("alerts"), print: true };
    match &ways.notify_command {
        Some(command) => Notifier::Other(Arc::new(command.clone().before(folder))),
        None => folder,
    }
}

/// The policy from the environment and the command line.
///
/// # Errors
/// When a setting or the rule file cannot be used.
pub fn policy(results: &Results) -> Result<Policy, Box<dyn std::error::Error + Send + Sync>> {
    let mut policy = settings::policy(world::env)?;
    for host in &results.trust_results {
        let name = settings::host(host).ok_or_else(|| format!("--trust-results {host:?}: give one host name, such as mx.google.com"))?;
        policy.trusted_results.insert(name);
    }
    for alias in &results.aliases {
        let (name, account) = settings::alias(alias).ok_or_else(|| format!("--alias {alias:?}: give {}", settings::ALIAS_WANTS))?;
        policy.aliases.insert(name, account);
    }
    if let Some(file) = results.rules.as_ref().filter(|file| !file.as_os_str().is_empty()) {
        policy = rules::load(file)?.add_to(policy);
    }
    Ok(settings::telling(policy, world::env)?)
}

/// The checker of signatures, if the command line wants one.
///
/// # Errors
/// When this machine's DNS cannot be used.
pub fn checker(results: &Results) -> Result<Option<Arc<Checker>>, Box<dyn std::error::Error + Send + Sync>> {
    if results.check_dkim { Ok(Some(Arc::new(Checker::with_dns()?))) } else { Ok(None) }
}

/// The door of the page. It is known by its own address and by the one where people open it: no page of others reaches it under a name
/// of theirs. Nobody comes in without a token or a code, on any address; one that other machines reach needs the name that they use.
///
/// # Errors
/// When other machines reach it, and there is no such name.
pub fn door(http: SocketAddr, public: Option<&str>) -> Result<Door, String> {
    if public.is_none() && !http.ip().is_loopback() {
        return Err(format!(
            "other machines reach {http}: say where people open the page with --public URL, and put TLS before it (tokens are sent)"
        ));
    }
    let named = public.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split('/').next()).map(str::to_ascii_lowercase);
    let names = [http.to_string(), format!("localhost:{}", http.port())];
    let https = public.is_some_and(|url| url.starts_with("https://"));
    Ok(Door { hosts: Some(names.into_iter().chain(named).collect()), https, ..Door::default() })
}

/// Who logs in with the code that is printed here.
pub fn user() -> String {
    world::env("USER").filter(|user| !user.trim().is_empty()).unwrap_or_else(|| "local".to_owned())
}

fn hello(data: &Path, http: SocketAddr, page: &str, smtp: SocketAddr, code: &str) {
    println!("port25 is running. Stop it with Ctrl-C; nothing is lost.");
    println!("  mail in:  smtp://{smtp}");
    println!("  page:     http://{http}");
    println!("  log in:   {page}login?code={code} (once, within 10 minutes; or with a token: port25 token --help)");
    println!("  alerts:   here, and as files in {}", data.join("alerts").display());
}

/// Binds an address, or says how to choose another.
///
/// # Errors
/// When it is taken or not allowed.
pub async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|e| format!("cannot listen on {address} ({e}); choose another with {flag} 127.0.0.1:0"))
}

/// Sweeps at the start, every minute, and as soon as a mail was filed.
async fn ticks(node: Node, heartbeat: Option<Heartbeat>, stop: impl Future<Output = ()>) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = tick.tick() => {
                if let Err(error) = node.catch_up().await {
                    tracing::error!(error = %boot::log::chain(error.as_ref()), "the folder of incoming mail cannot be read");
                }
            }
            () = node.bell.notified() => {}
        }
        match node.sweep().await {
            Ok(_) => {
                if let Some(heartbeat) = &heartbeat {
                    heartbeat.beat();
                }
            }
            Err(error) => tracing::error!(error = %boot::log::chain(&error), "sweep failed; the next one tries again"),
        }
    }
}

/// Until the channel says stop, or its sender is gone.
async fn wait(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone: that is a stop too.
    drop(stopped.wait_for(|stop| *stop).await);
}

/// Until Ctrl-C, or the signal by which service managers stop a program.
pub async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_come_by_a_name_only() {
        let here = door("127.0.0.1:8025".parse().unwrap(), None).unwrap();
        assert_eq!(here.hosts, Some(["127.0.0.1:8025".to_owned(), "localhost:8025".to_owned()].into()));
        assert!(!here.https);
        let open: SocketAddr = "0.0.0.0:8025".parse().unwrap();
        assert!(door(open, None).unwrap_err().contains("--public"));
        let named = door(open, Some("https://Port25.corp.example/tracker/")).unwrap();
        assert!(named.https && named.hosts.unwrap().contains("port25.corp.example"));
    }
}
