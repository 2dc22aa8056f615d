//! One process of one target: INIT, the first invocation, warm ones, and what they took.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use api::access::secret;
use port25_tests::bootstraps::Process;
use port25_tests::runtime_api::{Invocation, RuntimeApi};
use store::{Scope, Store};

use crate::Failure;
use crate::clock::{Quota, cpu, peak};
use crate::report::median;
use crate::target::{Cloud, Programs, Target};

/// The longest that an invocation may take.
const LIMIT: Duration = Duration::from_secs(60);
/// What a process still does after it polled, it does within this: then the work belongs to the invocation before.
const SETTLE: Duration = Duration::from_millis(4);
/// Under a quota: two periods, so that no invocation pays the debts of the one before.
const SETTLE_THROTTLED: Duration = Duration::from_millis(45);

/// The calls that were made, by operation.
pub(crate) type Calls = BTreeMap<String, u32>;

/// What one process took. Times are CPU seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) init: f64,
    pub(crate) first: f64,
    /// The median of the warm invocations.
    pub(crate) warm: f64,
    /// Bytes.
    pub(crate) peak: f64,
    pub(crate) init_calls: Calls,
    pub(crate) first_calls: Calls,
}

impl Sample {
    pub(crate) fn cold(&self) -> f64 {
        self.init + self.first
    }
}

/// Wall seconds under the quota.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Throttled {
    pub(crate) first: f64,
    /// The median of the warm invocations.
    pub(crate) warm: f64,
}

struct Running<'a> {
    cloud: &'a Cloud,
    target: Target,
    store: Store,
    api: RuntimeApi,
    process: Process,
    invoked: usize,
    settle: Duration,
    /// What `api` knows its caller by.
    token: String,
}

impl<'a> Running<'a> {
    /// Starts a process on a table of its own, and waits for the end of INIT.
    async fn start(cloud: &'a Cloud, programs: &Programs, target: Target, table: &str, invocations: usize) -> Result<Self, Failure> {
        let store = cloud.table(target, table, invocations).await?;
        let (program, args) = programs.of(target).ok_or("there is no program for this target")?;
        let api = RuntimeApi::start().await?;
        let now = boot::world::now();
        let (secret, token) = secret::new_token(&store, "measure", Scope::Read, 1, now).await?;
        if target == Target::Api {
            // A token's use is noted once an hour, by whichever process is asked first; the other target shows what that costs.
            store.token_used(&token, now).await?;
        }
        cloud.reset();
        let process = Process::spawn(&program, args, &api, &cloud.env(programs, table))?;
        let running = Self { cloud, target, store, api, process, invoked: 0, settle: SETTLE, token: secret };
        running.polled(1).await?;
        Ok(running)
    }

    async fn polled(&self, n: u64) -> Result<(), Failure> {
        let polled = tokio::time::timeout(LIMIT, self.api.polled(n)).await.unwrap_or(false);
        if !polled {
            return Err(format!("{} does not ask for event {n}: {:#?}", self.target.says(), self.process.lines()).into());
        }
        // Nothing ever comes: this only lets time pass.
        let _ = tokio::time::timeout(self.settle, std::future::pending::<()>()).await;
        Ok(())
    }

    /// Lets it handle one event; gives the wall seconds from the event to the answer.
    async fn invoke(&mut self) -> Result<f64, Failure> {
        self.cloud.before(self.target, &self.store, self.invoked).await?;
        let mut event = self.target.event(self.invoked);
        if matches!(self.target, Target::Api | Target::ApiOurs) {
            event["headers"]["authorization"] = format!("Bearer {}", self.token).into();
        }
        let body = event.to_string().into_bytes();
        self.cloud.reset();
        let start = Instant::now();
        let ended = self.api.invoke(body, LIMIT).await;
        let wall = start.elapsed().as_secs_f64();
        self.invoked += 1;
        self.polled(self.invoked as u64 + 1).await?;
        let Invocation::Response(answer) = &ended else {
            return Err(format!("{}: {ended:?}: {:#?}", self.target.says(), self.process.lines()).into());
        };
        let answer = serde_json::from_slice(answer)?;
        if !self.target.is_good(&event, &answer) {
            return Err(format!("{} answered {answer}: {:#?}", self.target.says(), self.process.lines()).into());
        }
        let published = self.cloud.sns.take().len();
        if published != usize::from(self.target == Target::AlertDue) {
            return Err(format!("{} published {published}: {:#?}", self.target.says(), self.process.lines()).into());
        }
        Ok(wall)
    }

    /// Ends it, and looks whether it did in each invocation what it was meant to.
    async fn end(mut self) -> Result<(), Failure> {
        self.process.kill().await;
        let lines = self.process.lines();
        let done = lines.iter().filter(|line| line.contains(self.target.logs())).count();
        if !self.target.logs().is_empty() && done != self.invoked {
            return Err(format!("{}: {done} of {} invocations did it: {lines:#?}", self.target.says(), self.invoked).into());
        }
        Ok(())
    }
}

/// Measures one fresh process.
pub(crate) async fn measure(cloud: &Cloud, programs: &Programs, target: Target, table: &str, warm: usize) -> Result<Sample, Failure> {
    let mut running = Running::start(cloud, programs, target, table, warm + 1).await?;
    let pid = running.process.pid();
    let init = cpu(pid)?;
    let init_calls = cloud.calls();
    running.invoke().await?;
    let mut before = cpu(pid)?;
    let first = before.saturating_sub(init);
    let first_calls = cloud.calls();
    let mut times = Vec::with_capacity(warm);
    for _ in 0..warm {
        running.invoke().await?;
        let now = cpu(pid)?;
        times.push(now.saturating_sub(before).as_secs_f64());
        before = now;
    }
    let peak = peak(pid)?;
    running.end().await?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let peak = peak as f64;
    Ok(Sample { init: init.as_secs_f64(), first: first.as_secs_f64(), warm: median(&times), peak, init_calls, first_calls })
}

/// Measures one fresh process whose INIT is free and whose invocations are under Lambda's quota for 128 MB.
pub(crate) async fn throttled(
    cloud: &Cloud,
    programs: &Programs,
    target: Target,
    table: &str,
    warm: usize,
    quota: &Quota,
) -> Result<Throttled, Failure> {
    let mut running = Running::start(cloud, programs, target, table, warm + 1).await?;
    quota.take(running.process.pid())?;
    running.settle = SETTLE_THROTTLED;
    let first = running.invoke().await?;
    let mut times = Vec::with_capacity(warm);
    for _ in 0..warm {
        times.push(running.invoke().await?);
    }
    running.end().await?;
    Ok(Throttled { first, warm: median(&times) })
}

impl Cloud {
    fn reset(&self) {
        self.dynamo.calls().reset();
        self.s3.calls().reset();
        self.sns.calls().reset();
    }

    fn calls(&self) -> Calls {
        let mut calls = self.dynamo.calls().all();
        calls.extend(self.s3.calls().all());
        calls.extend(self.sns.calls().all());
        calls
    }
}
