//! `port25 simulate`: plays a scenario with a clock of its own through the real functions and the real (embedded) table, and says
//! which alert comes when. It skips the minutes in which nothing is due.

mod letter;
mod scenario;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use alert::Notifier;
use alert::message::Message;
use alert::notify::Captured;
use api::Clock;
use api::act::{Deed, on_request};
use boot::{log, settings};
use clap::Args;
use domain::reply::minute;
use domain::text::{cut, one_line};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cli::Done;
use crate::engine::Engine;
use crate::fields::{print, print_json};
use crate::node::Node;
use crate::scratch::Scratch;
use scenario::{Outage, Scenario, What};

pub use letter::words;

/// `port25 simulate`
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// The scenario: a JSON file (tests/scenarios has examples).
    pub file: PathBuf,
    /// The alerts as JSON.
    #[arg(long)]
    pub json: bool,
}

/// One line of what happened.
#[derive(Debug)]
pub enum Line {
    /// Something of the scenario.
    Step {
        /// When.
        at: Timestamp,
        /// What, in one line.
        says: String,
    },
    /// An alert.
    Alert {
        /// When.
        at: Timestamp,
        /// What people read.
        message: Box<Message>,
    },
}

/// An alert as `--json` prints it.
#[derive(Serialize)]
struct Told<'a> {
    at: String,
    subject: &'a str,
    event: &'a str,
    kind: &'a str,
    severity: &'a str,
    alert_id: &'a str,
    dedup_key: &'a str,
    body: &'a str,
}

/// Plays a scenario.
///
/// # Errors
/// When the file or something in it cannot be used.
pub async fn run(args: SimulateArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let text = std::fs::read_to_string(&args.file).map_err(|e| format!("{}: {e}", args.file.display()))?;
    let base = args.file.parent().unwrap_or(Path::new("."));
    let lines = play(&text, base).await.map_err(|e| format!("{}: {e}", args.file.display()))?;
    if args.json {
        let told: Vec<Told<'_>> = lines.iter().filter_map(told).collect();
        print_json(&told)?;
    } else {
        print(&render(&lines))?;
    }
    Ok(0)
}

fn told(line: &Line) -> Option<Told<'_>> {
    let Line::Alert { at, message } = line else { return None };
    let Message { subject, event, cause, severity, alert_id, dedup_key, body, .. } = message.as_ref();
    Some(Told { at: format!("{at:.0}"), subject, event, kind: cause, severity: severity.as_str(), alert_id, dedup_key, body })
}

/// What happened, line by line: the scenario's steps, and every alert with its first line.
pub fn render(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        match line {
            Line::Step { at, says } => text.push_str(&format!("{}  {says}\n", minute(*at))),
            Line::Alert { at, message } => {
                let first = message.body.lines().next().unwrap_or_default();
                text.push_str(&format!("{}  ALERT {} ({}, {})\n", minute(*at), message.subject, message.event, message.severity.as_str()));
                text.push_str(&format!("                     {first}\n"));
            }
        }
    }
    text
}

/// Plays the scenario in this text; files it names are found beside `base`.
///
/// # Errors
/// When something in it cannot be used, or the engine fails.
pub async fn play(text: &str, base: &Path) -> Result<Vec<Line>, Box<dyn Error + Send + Sync>> {
    let scenario = Scenario::parse(text)?;
    let lookup = |name: &str| scenario.settings.get(name).cloned();
    let policy = settings::telling(settings::policy(lookup)?, lookup)?;
    let folder = Scratch::named("simulate")?;
    let engine = Engine::in_memory().await?;
    let time = Arc::new(Mutex::new(scenario.from));
    let clock: Clock = {
        let time = Arc::clone(&time);
        Arc::new(move || *time.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let alerts = Captured::default();
    let node = Node::new(&engine, folder.path(), policy, Notifier::Captured(alerts.clone()), clock).await?;
    let mut stage = Stage { node, time, alerts, base, lines: Vec::new(), wrote: 0 };
    let done = stage.play(&scenario).await;
    engine.close().await;
    done.map(|()| stage.lines)
}

/// What a scenario is played on.
struct Stage<'a> {
    node: Node,
    time: Arc<Mutex<Timestamp>>,
    alerts: Captured,
    base: &'a Path,
    lines: Vec<Line>,
    wrote: usize,
}

impl Stage<'_> {
    async fn play(&mut self, scenario: &Scenario) -> Result<(), Box<dyn Error + Send + Sync>> {
        let down = |what: &[Outage], now: Timestamp| {
            scenario.outages.iter().any(|(down, from, until)| what.contains(down) && *from <= now && now < *until)
        };
        if !scenario.about.is_empty() {
            self.says(scenario.from, one_line(&scenario.about));
        }
        let mut steps = scenario.steps.iter().peekable();
        let mut outages = scenario.outages.iter().collect::<Vec<_>>();
        outages.sort_by_key(|(_, from, _)| *from);
        let mut outages = outages.into_iter().peekable();
        let mut now = scenario.from;
        while now <= scenario.until {
            while let Some((what, from, until)) = outages.next_if(|(_, from, _)| *from <= now) {
                self.says(*from, format!("down: {what:?}, until {}", minute(*until)));
            }
            if !down(&[Outage::Table], now) {
                while let Some(step) = steps.next_if(|step| step.at <= now) {
                    // Each at its own time, even where the clock went on by a minute; what waited for the table comes late.
                    let late = down(&[Outage::Table], step.at);
                    self.set(if late { now } else { step.at });
                    self.happens(step).await?;
                }
                self.set(now);
                if !down(&[Outage::Sweep], now) {
                    self.alerts.fail(if down(&[Outage::Sns], now) { u32::MAX } else { 0 });
                    self.node.sweep_quietly().await?;
                    while let Some(message) = self.alerts.next() {
                        self.lines.push(Line::Alert { at: now, message: Box::new(message) });
                    }
                }
            }
            let due = self.node.store.next_work().await?;
            let over = scenario.outages.iter().flat_map(|(_, from, until)| [*from, *until]).filter(|at| *at > now).min();
            let next = [due.map(|at| at.max(now)), over, steps.peek().map(|step| step.at)].into_iter().flatten().min();
            let Some(next) = next else { break };
            now = minute_after(now, next);
        }
        Ok(())
    }

    fn set(&self, at: Timestamp) {
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    fn says(&mut self, at: Timestamp, says: String) {
        self.lines.push(Line::Step { at, says });
    }

    async fn happens(&mut self, step: &scenario::Step) -> Result<(), Box<dyn Error + Send + Sync>> {
        let bytes = match &step.what {
            What::Act { act, request, by } => {
                let deed = Deed {
                    what: act.clone(),
                    by: by.clone(),
                    why: None,
                    key: Some(format!("simulated {}", self.lines.len())),
                    expected: None,
                };
                let took = on_request(&self.node.store, &self.node.policy, request, &deed, (self.node.clock)()).await;
                let says = match took {
                    Ok(taken) => format!("{} by {} on {}", word(act), one_line(by), taken.request),
                    Err(error) => format!("{} by {} on {request}: refused: {}", word(act), one_line(by), log::chain(&error)),
                };
                self.says(step.at, says);
                return Ok(());
            }
            What::Mail(path) => std::fs::read(self.base.join(path)).map_err(|e| format!("{}: {e}", path.display()))?,
            What::Says { .. } => {
                self.wrote += 1;
                letter::write(&step.what, self.wrote, step.at).ok_or("this cannot be said by a mail")?
            }
        };
        let (_, filed) = self.node.accept(&bytes).await?;
        let says = filed.map_or_else(
            || "mail, not filed".to_owned(),
            |filed| {
                let ids: Vec<&str> = filed.requests.iter().map(|r| r.as_str()).collect();
                let to = if ids.is_empty() { String::new() } else { format!(" -> {}", ids.join(", ")) };
                format!("mail: {} ({}), {}{to}", filed.meaning.as_str(), filed.trust.as_str(), filed.ending.as_str())
            },
        );
        self.says(step.at, cut(&says, 200));
        Ok(())
    }
}

fn word(act: &api::act::What) -> &'static str {
    use api::act::What;
    match act {
        What::Replied => "replied",
        What::Ack(_) => "ack",
        What::Snooze(_) => "snooze",
        What::Settle(_) => "settle",
        What::Reopen => "reopen",
        What::Note(_) => "note",
    }
}

/// The first whole minute after `now` that is not before `next`: sweeps run once a minute.
pub fn minute_after(now: Timestamp, next: Timestamp) -> Timestamp {
    let next = next.max(now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now));
    let seconds = next.as_second() + i64::from(next.subsec_nanosecond() > 0);
    Timestamp::from_second(seconds + (60 - seconds.rem_euclid(60)) % 60).unwrap_or(Timestamp::MAX)
}
