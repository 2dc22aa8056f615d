//! A function's process: started when it is needed, killed at its deadline as Lambda does, or at any moment; its clock can step.
//!
//! The binaries have no way to be told another time, and shall have none: `PORT25_FAKETIME` names the library of Debian's `libfaketime`,
//! which is put in front of the C library's clock (`.ci/faketime` fetches it). Without it no clock steps.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use port25_tests::bootstraps;
use port25_tests::runtime_api::{Invocation, RuntimeApi};

use super::super::{Cloud, within};
use crate::simulation::scenario::GROUP;

/// How far a clock steps.
const STEP: i64 = 3_600;

pub(super) struct Machine {
    name: &'static str,
    running: Option<(bootstraps::Process, RuntimeApi)>,
    clock: Option<Clock>,
    /// How many processes of it there were.
    pub(super) started: u32,
}

struct Clock {
    library: String,
    file: PathBuf,
    ahead: i64,
}

/// The library that steps clocks.
pub(super) fn library() -> Option<String> {
    let named = boot::world::env("PORT25_FAKETIME")?;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join(&named).canonicalize().unwrap_or_else(|e| panic!("PORT25_FAKETIME is {named}: {e}"));
    Some(path.display().to_string())
}

/// What the clocks of functions may show, or may have shown when they wrote down what is told now: a question's alert has its step from
/// the clock of the `ingest` that filed it.
pub(super) fn clocks(now: Timestamp) -> Vec<Timestamp> {
    let wrong = if library().is_some() { &[-STEP, STEP][..] } else { &[] };
    [0].iter().chain(wrong).map(|seconds| now + SignedDuration::from_secs(*seconds)).collect()
}

/// By how much the clock of a function may be wrong.
pub(super) fn wrong_by() -> SignedDuration {
    SignedDuration::from_secs(if library().is_some() { STEP } else { 0 })
}

impl Machine {
    /// One whose clock is right, and stays so.
    pub(super) fn right(name: &'static str) -> Self {
        Self { name, running: None, clock: None, started: 0 }
    }

    /// One whose clock can step, where that is possible. `file` is where its clock looks.
    pub(super) fn stepping(name: &'static str, file: PathBuf) -> Self {
        let clock = library().map(|library| Clock { library, file, ahead: 0 });
        Self { clock, ..Self::right(name) }
    }

    /// Lets the clock step: an hour ahead, an hour back, or to the right time. Whether it is wrong now.
    pub(super) fn step(&mut self, rng: &mut fastrand::Rng) -> bool {
        let Some(clock) = &mut self.clock else { return false };
        clock.ahead = *rng.choice(&[0, 0, STEP, -STEP]).unwrap_or(&0);
        std::fs::write(&clock.file, format!("{:+}", clock.ahead)).unwrap();
        clock.ahead != 0
    }

    /// By how many seconds its clock is wrong.
    pub(super) fn ahead(&self) -> i64 {
        self.clock.as_ref().map_or(0, |clock| clock.ahead)
    }

    /// Starts the process if there is none.
    pub(super) async fn ready(&mut self, cloud: &Cloud) {
        while self.running.is_none() {
            let mut env = cloud.env();
            env.push(("MAIL_QUEUE_URL".to_owned(), format!("{}/111122223333/mail", cloud.sqs.endpoint())));
            env.push(("FORWARDING_MAILBOXES".to_owned(), GROUP.to_owned()));
            if let Some(clock) = &self.clock {
                std::fs::write(&clock.file, format!("{:+}", clock.ahead)).unwrap();
                let own = [
                    ("LD_PRELOAD", clock.library.clone()),
                    ("FAKETIME_TIMESTAMP_FILE", clock.file.display().to_string()),
                    ("FAKETIME_NO_CACHE", "1".to_owned()),
                    // Time-outs are measured, not told.
                    ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
                    // A killed process would leave it behind.
                    ("FAKETIME_DISABLE_SHM", "1".to_owned()),
                ];
                env.extend(own.map(|(name, value)| (name.to_owned(), value)));
            }
            let api = RuntimeApi::start().await.unwrap();
            let process = bootstraps::spawn(self.name, &api, &env).unwrap();
            self.started += 1;
            assert!(within(api.ready()).await, "{} ended during INIT: {:?}", self.name, process.lines());
            self.running = Some((process, api));
        }
    }

    /// Lets it handle an event. At the deadline, or after `kill`, it gets a SIGKILL; the next event starts another process.
    pub(super) async fn invoke(&mut self, event: &str, limit: Duration, kill: Option<Duration>) -> Invocation {
        let Some((mut process, api)) = self.running.take() else { return Invocation::Died };
        let invoking = api.invoke(event.as_bytes().to_vec(), limit);
        let ended = match kill {
            None => invoking.await,
            Some(after) => tokio::time::timeout(after, invoking).await.unwrap_or(Invocation::Died),
        };
        if matches!(ended, Invocation::Died | Invocation::TimedOut) {
            within(process.kill()).await;
        } else {
            self.running = Some((process, api));
        }
        ended
    }
}
