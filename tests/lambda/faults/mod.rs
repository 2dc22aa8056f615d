//! Faults on real processes: `ingest` and `alert` play random stories while the services throttle, fail, fall silent and lose answers,
//! processes are killed, clocks step, and the queue delivers as queues do. Then all of that stops, sweeps run, and the promises of
//! docs/GUARANTEES.md must hold.
//!
//! `PORT25_FAULT_RUNS` and `PORT25_SEED` say how many runs and which (20 in `cargo test`, 1,000 in `.ci/long`); a failure names its
//! seed. The seed decides the story and what goes wrong; in which order two processes reach the table it cannot decide.

mod story;
mod queue;
mod machine;
mod trouble;
mod rest;
mod watch;
mod verdict;

use std::path::PathBuf;

use api::act::{self, Deed};
use domain::alert::State;
use jiff::SignedDuration;
use port25_tests::runtime_api::Invocation;
use serde_json::Value;
use store::Store;

use super::{BUCKET, Cloud, TABLE, sqs};
use crate::world::{notification, unique_folder};
use machine::Machine;
use queue::{Message, Queue};
use story::Story;
use trouble::{Tally, Trouble};
use watch::Watch;

/// Runs at the same time, of a few runs and of many: most of a run is waiting, and a few run beside other tests.
const LANES: [u64; 2] = [4, 12];
/// So many runs are many.
const MANY: u64 = 100;
/// Steps of a run after which all faults end.
const STEPS: u32 = 45;
/// What the scheduler sends to `alert`.
const SWEEP: &str = r#"{"version":"0","source":"aws.scheduler","detail-type":"Scheduled Event","detail":{}}"#;

struct Run {
    cloud: Cloud,
    store: Store,
    rng: fastrand::Rng,
    story: Story,
    queue: Queue,
    ingest: [Machine; 2],
    alert: [Machine; 2],
    watch: Watch,
    tally: Tally,
    folder: PathBuf,
}

fn number(name: &str) -> Option<u64> {
    boot::world::env(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// Names the seed of a run that fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the run failed: PORT25_SEED={} PORT25_FAULT_RUNS=1", self.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_promises_hold_whatever_goes_wrong() {
    let first = number("PORT25_SEED").unwrap_or(20_261_129);
    let runs = number("PORT25_FAULT_RUNS").unwrap_or(20);
    let lanes = LANES[usize::from(runs >= MANY)];
    let lane = |lane: u64| async move {
        let mut all = Tally::new();
        for seed in (first..first + runs).skip(usize::try_from(lane).unwrap()).step_by(usize::try_from(lanes).unwrap()) {
            let _named = Named(seed);
            for (name, times) in Run::new(seed).await.play().await {
                *all.entry(name).or_default() += times;
            }
        }
        all
    };
    let lanes: Vec<_> = (0..lanes).map(|n| tokio::spawn(lane(n))).collect();
    let mut all = Tally::new();
    for lane in lanes {
        let tally = lane.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        for (name, times) in tally {
            *all.entry(name).or_default() += times;
        }
    }
    println!("faults: {runs} runs from seed {first}: {all:?}");
    if machine::library().is_none() {
        println!("faults: no clock stepped, PORT25_FAKETIME is not set");
    }
    // What never happened was not tried.
    let mut wanted = vec!["killed", "past the time-out", "delivered twice at once", "transactions in conflict", "answers lost"];
    wanted.extend(["errors of a service", "throttled or refused", "silent, it was done", "alerts", "told again", "found by the audit"]);
    // Seldom: in one run of six.
    wanted.extend((runs >= MANY).then_some("claims of who died"));
    wanted.extend(machine::library().map(|_| "clocks stepped"));
    let missing: Vec<_> = wanted.into_iter().filter(|name| !all.contains_key(name)).collect();
    assert!(runs < 20 || missing.is_empty(), "never happened: {missing:?}");
}

impl Run {
    async fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let now = boot::world::now();
        let cloud = Cloud::new().await;
        let story = Story::of(&mut rng, now);
        let mut queue = Queue::default();
        for mail in &story.mails {
            // Old enough for the audit.
            cloud.s3.put_at(BUCKET, &mail.key, &mail.bytes, now - SignedDuration::from_hours(1));
            for _ in 0..if mail.told { *rng.choice(&[1, 1, 1, 2]).unwrap_or(&1) } else { 0 } {
                queue.send(notification(&mail.key));
            }
        }
        queue.send("what no ingest can read".to_owned());
        let folder = unique_folder();
        let machine = |name: &'static str, n: u32| Machine::stepping(name, folder.join(format!("clock-{name}-{n}")));
        Self {
            store: Store::new(boot::aws::local_service(&cloud.engine.endpoint()), TABLE),
            ingest: [machine("ingest", 0), machine("ingest", 1)],
            alert: [machine("alert", 0), machine("alert", 1)],
            watch: Watch::default(),
            tally: Tally::new(),
            cloud,
            rng,
            story,
            queue,
            folder,
        }
    }

    async fn play(mut self) -> Tally {
        for _ in 0..STEPS {
            self.step().await;
        }
        self.calm().await;
        self.judge().await;
        for (name, times) in [("alerts", self.watch.messages), ("told again", self.watch.repeated), ("processes", self.processes())] {
            *self.tally.entry(name).or_default() += times;
        }
        std::fs::remove_dir_all(&self.folder).unwrap();
        self.cloud.close().await;
        self.tally
    }

    fn processes(&self) -> u32 {
        self.ingest.iter().chain(&self.alert).map(|machine| machine.started).sum()
    }

    fn count(&mut self, name: &'static str) {
        *self.tally.entry(name).or_default() += 1;
    }

    /// Whatever happens at one time: messages and sweeps, one or two at once, and a person.
    async fn step(&mut self) {
        for machine in self.ingest.iter_mut().chain(&mut self.alert) {
            if self.rng.u8(0..8) == 0 && machine.step(&mut self.rng) {
                *self.tally.entry("clocks stepped").or_default() += 1;
            }
        }
        let (mut messages, mut sweeps) = ([None, None], [false, false]);
        match self.rng.u8(0..20) {
            0..6 => messages[0] = self.queue.receive(&mut self.rng),
            6..9 => {
                let message = self.queue.receive(&mut self.rng);
                messages = [message.clone(), message];
                self.count("delivered twice at once");
            }
            9..13 => messages = [self.queue.receive(&mut self.rng), self.queue.receive(&mut self.rng)],
            13..15 => {
                messages[0] = self.queue.receive(&mut self.rng);
                sweeps[0] = true;
            }
            15..17 => sweeps[0] = true,
            _ => sweeps = [true, true],
        }
        let wait = sweeps[0] && self.rng.u8(0..3) == 0;
        if wait {
            self.cloud.let_everything_be_due().await;
        }
        let deed = if self.rng.u8(0..10) == 0 { self.story.deeds.pop() } else { None };
        let trouble = Trouble::some(&mut self.rng, &self.cloud, sweeps[0]);
        self.happens(messages, sweeps, deed, trouble).await;
    }

    /// The same without trouble, on machines whose clocks are right.
    async fn calmly(&mut self, message: Option<Message>, sweep: bool) {
        self.happens([message, None], [sweep, false], None, Trouble::none()).await;
    }

    async fn happens(&mut self, messages: [Option<Message>; 2], sweeps: [bool; 2], deed: Option<(usize, act::What)>, trouble: Trouble) {
        // INIT is over before anything goes wrong: a function that cannot start never had the message.
        for (machine, _) in self.ingest.iter_mut().zip(&messages).filter(|(_, message)| message.is_some()) {
            machine.ready(&self.cloud).await;
        }
        for (machine, _) in self.alert.iter_mut().zip(sweeps).filter(|(_, sweep)| *sweep) {
            machine.ready(&self.cloud).await;
        }
        let before = self.bundles().await;
        let (limit, kill) = (trouble.limit, trouble.kill);
        // Only one of two is killed: the other one lives on in the middle of it.
        let [ingest, other_ingest] = &mut self.ingest;
        let [alert, other_alert] = &mut self.alert;
        let acts = async {
            let Some((n, what)) = deed else { return };
            let deed = Deed { what, by: "ann".to_owned(), why: None, key: None, expected: None };
            // Some are refused: what would do nothing, or is about nothing yet.
            drop(act::on_request(&self.store, &self.story.policy, &self.story.requests[n], &deed, boot::world::now()).await);
        };
        let (one, two, swept, also_swept, ()) = tokio::join!(
            deliver(ingest, messages[0].as_ref(), limit, kill),
            deliver(other_ingest, messages[1].as_ref(), limit, None),
            sweep(alert, sweeps[0], limit, kill),
            sweep(other_alert, sweeps[1], limit, None),
            acts
        );
        // Told twice in one step is told once too often, unless SNS kept silent or one clock is behind the other one's lease.
        let once = !trouble.publishes_silently && self.alert[0].ahead() == self.alert[1].ahead();
        trouble.end(&self.cloud, &mut self.tally);
        for ended in [&one, &two, &swept, &also_swept].into_iter().flatten() {
            match ended {
                Invocation::Died => self.count("killed"),
                Invocation::TimedOut => self.count("past the time-out"),
                Invocation::Error(_) => self.count("invocations failed"),
                Invocation::Response(_) => self.count("invocations"),
            }
        }
        // Delivered twice it is one message: deleted when one of them was well, and not always then.
        let well = |ended: &Option<Invocation>| ended.as_ref().is_some_and(done);
        let acknowledged = messages.iter().zip([&one, &two]).filter_map(|(message, ended)| message.as_ref().filter(|_| well(ended)));
        self.is_filed(&acknowledged.collect::<Vec<_>>()).await;
        let [first, second] = messages;
        let twice = first.as_ref().zip(second.as_ref()).is_some_and(|(a, b)| a.id == b.id);
        let forgets = kill.is_some() && self.rng.u8(0..4) == 0;
        if twice {
            self.ends(first, (well(&one) || well(&two)) && !forgets);
        } else {
            self.ends(first, well(&one) && !forgets);
            self.ends(second, well(&two));
        }
        for body in self.cloud.sqs.take() {
            self.count("found by the audit");
            self.queue.send(body);
        }
        let (after, now) = (self.bundles().await, boot::world::now());
        let published = self.cloud.sns.take();
        self.watch.never_again(&published, &before, once);
        self.watch.look(&published, &rest::entries(&before), &rest::entries(&after), &machine::clocks(now), &self.story.policy);
        for _ in after.iter().flat_map(|bundle| &bundle.alerts).filter(|alert| matches!(alert.state, State::Sending { .. })) {
            self.count("claims of who died");
        }
        rest::is_looked_at_in_time(&after, &self.story.policy, now);
        self.lists_show_the_fold(after).await;
    }

    fn ends(&mut self, message: Option<Message>, well: bool) {
        if let Some(message) = message.filter(|_| !well) {
            self.queue.back(message);
        }
    }

    /// The faults are over: whatever waits comes, and sweeps run until nothing is owed.
    async fn calm(&mut self) {
        let (left, started) = (self.queue.redrive(), self.processes());
        *self.tally.entry("in the dead-letter queue").or_default() += u32::try_from(left).unwrap();
        *self.tally.entry("processes").or_default() += started;
        self.ingest = [Machine::right("ingest"), Machine::right("ingest")];
        self.alert = [Machine::right("alert"), Machine::right("alert")];
        for round in 0.. {
            assert!(round < 12, "it does not come to rest");
            while let Some(message) = self.queue.receive(&mut self.rng) {
                self.calmly(Some(message), false).await;
            }
            self.cloud.let_everything_be_due().await;
            self.calmly(None, true).await;
            let far = boot::world::now() + SignedDuration::from_hours(24 * 365);
            if round > 1 && self.queue.is_empty() && self.store.unsent(far).await.unwrap().items.is_empty() {
                return;
            }
        }
    }
}

async fn deliver(
    machine: &mut Machine,
    message: Option<&Message>,
    limit: std::time::Duration,
    kill: Option<std::time::Duration>,
) -> Option<Invocation> {
    let message = message?;
    Some(machine.invoke(&sqs(&[(&message.id, message.body.clone())]).to_string(), limit, kill).await)
}

async fn sweep(machine: &mut Machine, wanted: bool, limit: std::time::Duration, kill: Option<std::time::Duration>) -> Option<Invocation> {
    if !wanted {
        return None;
    }
    Some(machine.invoke(SWEEP, limit, kill).await)
}

/// Whether the queue deletes the message.
fn done(ended: &Invocation) -> bool {
    let Invocation::Response(body) = ended else { return false };
    let answer: Value = serde_json::from_slice(body).unwrap();
    answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty)
}
