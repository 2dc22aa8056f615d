//! What goes wrong in one step: calls of the services, and the process itself. And how often each thing went wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use port25_tests::stand_ins::{Calls, Fault, Met};

use super::super::Cloud;

/// Longer than a function ever takes here.
const LONG: Duration = Duration::from_secs(30);

/// Whichever operation it is.
const ANY: &str = "any";

/// How often things went wrong, by their names.
pub(super) type Tally = BTreeMap<&'static str, u32>;

/// What is to go wrong in one step.
pub(super) struct Trouble {
    planned: Vec<(&'static str, Met)>,
    /// After how long Lambda ends the invocation.
    pub(super) limit: Duration,
    /// After how long the process is killed.
    pub(super) kill: Option<Duration>,
    /// Whether SNS may publish something and not say so: then it is published again.
    pub(super) publishes_silently: bool,
}

impl Trouble {
    pub(super) fn none() -> Self {
        Self { planned: Vec::new(), limit: LONG, kill: None, publishes_silently: false }
    }

    pub(super) fn some(rng: &mut fastrand::Rng, cloud: &Cloud, sweeps: bool) -> Self {
        let mut trouble = Self::none();
        for _ in 0..*rng.choice(&[0, 1, 1, 1, 2, 3]).unwrap_or(&1) {
            let (calls, operation, fault) = any_fault(rng, cloud, sweeps);
            trouble.publishes_silently |= operation == "Publish" && !matches!(fault, Fault::Refuse(..));
            let hangs = matches!(fault, Fault::HangBefore | Fault::HangWhile | Fault::HangAfter | Fault::HangInBody | Fault::Late(_));
            if hangs && rng.u8(0..12) > 0 {
                // Slower than the function may be. Else its own time-outs for each call are faster.
                trouble.limit = Duration::from_millis(rng.u64(250..900));
            }
            // One call, or a service that is away for a while. A sweep publishes little.
            let first = rng.u32(1..if operation == "Publish" { 3 } else { 5 });
            let last = if rng.u8(0..4) == 0 { first + 11 } else { first };
            for nth in first..=last {
                let met = if operation == ANY { calls.plan_any(nth, fault) } else { calls.plan(operation, nth, fault) };
                trouble.planned.push((name(fault), met));
            }
        }
        if rng.u8(0..5) == 0 {
            // An invocation takes from a few milliseconds to a few dozen, and the end of a sweep is not to be missed.
            let within = *rng.choice(&[4_000, 15_000, 60_000]).unwrap_or(&60_000);
            trouble.kill = Some(Duration::from_micros(rng.u64(0..within)));
        }
        trouble
    }

    /// The step is over: counts what was met, and lets the rest go well.
    pub(super) fn end(self, cloud: &Cloud, tally: &mut Tally) {
        for (name, mut met) in self.planned {
            if met.was_met() {
                *tally.entry(name).or_default() += 1;
            }
        }
        for calls in [cloud.dynamo.calls(), cloud.s3.calls(), cloud.sqs.calls(), cloud.sns.calls()] {
            calls.forgive();
        }
    }
}

fn any_fault<'a>(rng: &mut fastrand::Rng, cloud: &'a Cloud, sweeps: bool) -> (&'a Calls, &'static str, Fault) {
    let late = Fault::Late(Duration::from_millis(rng.u64(20..400)));
    let silent = [Fault::HangBefore, Fault::HangWhile, Fault::HangAfter, Fault::HangInBody, Fault::CutAfter, Fault::CutAfter, late];
    let silent = *rng.choice(&silent).unwrap_or(&Fault::CutAfter);
    // A story has few alerts: a sweep is met where it claims, sends and settles more often than by chance.
    let some = if sweeps && rng.bool() { 12..20 } else { 0..20 };
    match rng.u8(some) {
        0 | 1 => (cloud.dynamo.calls(), "TransactWriteItems", Fault::Cancel("TransactionConflict")),
        2 => (cloud.dynamo.calls(), "TransactWriteItems", Fault::Cancel("ThrottlingError")),
        3 => (cloud.dynamo.calls(), ANY, Fault::Refuse(400, "ProvisionedThroughputExceededException")),
        4 => (cloud.dynamo.calls(), ANY, Fault::Refuse(400, "ThrottlingException")),
        5 => (cloud.dynamo.calls(), ANY, Fault::Refuse(500, "InternalServerError")),
        6 => (cloud.dynamo.calls(), "BatchGetItem", Fault::Unprocessed),
        7 | 8 | 15 | 16 => (cloud.dynamo.calls(), "TransactWriteItems", silent),
        9 => (cloud.dynamo.calls(), ANY, silent),
        10 => (cloud.s3.calls(), ANY, Fault::Refuse(503, "SlowDown")),
        11 => (cloud.s3.calls(), ANY, silent),
        12 => (cloud.sns.calls(), "Publish", Fault::Refuse(400, "Throttled")),
        13 => (cloud.sns.calls(), "Publish", Fault::Refuse(403, "AuthorizationError")),
        14 => (cloud.sqs.calls(), ANY, Fault::Refuse(500, "InternalFailure")),
        _ => (cloud.sns.calls(), "Publish", silent),
    }
}

const fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Cancel(_) => "transactions in conflict",
        Fault::Refuse(500.., _) => "errors of a service",
        Fault::Refuse(..) => "throttled or refused",
        Fault::Unprocessed => "batches left unprocessed",
        Fault::HangBefore => "silent, nothing done",
        Fault::HangWhile | Fault::HangAfter | Fault::HangInBody => "silent, it was done",
        Fault::CutInBody | Fault::CutAfter => "answers lost",
        Fault::Late(_) => "answers late",
        Fault::Hold => "held",
    }
}
