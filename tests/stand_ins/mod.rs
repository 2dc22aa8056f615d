//! Stand-ins for what the functions call, each on a loopback port of its own that ends with it: an [`S3`], an [`Sqs`], an [`Sns`], and
//! a [`DynamoProxy`] in front of the embedded engine. All of them count their [`Calls`], and each call can be told to go wrong.

mod dynamo;
mod s3;
mod signature;
mod sqs;
mod sns;
mod ses;
mod canned;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

pub use canned::Canned;
pub use dynamo::DynamoProxy;
pub use s3::S3;
pub use ses::Ses;
pub use sns::{Published, Sns};
pub use sqs::Sqs;

use crate::wire::{Answer, Reply};

/// How one call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It waits until the test releases it, and then goes well.
    Hold,
    /// Nothing is done, and no answer ever comes.
    HangBefore,
    /// The test hears of it first; then it is done, and no answer ever comes.
    HangWhile,
    /// It is done, then the test hears of it, and no answer ever comes.
    HangAfter,
    /// It is done, and half of the answer comes.
    HangInBody,
    /// It is done, half of the answer comes, and the connection ends.
    CutInBody,
    /// It is done, and the connection ends instead of the answer.
    CutAfter,
    /// Nothing is done; the answer is this status and error code.
    Refuse(u16, &'static str),
    /// A transaction is cancelled with this reason at its last item. DynamoDB alone says so.
    Cancel(&'static str),
    /// A batch is answered with nothing, and all of it left to be asked for again. DynamoDB alone says so.
    Unprocessed,
    /// It is done at once, and the answer comes this much later.
    Late(Duration),
}

/// A fault that was planned: when it is met, and its release.
#[derive(Debug)]
pub struct Met {
    met: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Met {
    /// Waits until the call has come that goes wrong; `false` when that stand-in has ended first.
    pub async fn wait(&mut self) -> bool {
        (&mut self.met).await.is_ok()
    }

    /// Whether it has come by now.
    pub fn was_met(&mut self) -> bool {
        self.met.try_recv().is_ok()
    }

    /// Lets a call go on that is on [`Fault::Hold`].
    pub fn release(self) {
        // Whoever waited may be gone.
        let _ = self.release.send(());
    }
}

/// The calls of one stand-in: how many of each operation there were, and which of the next go wrong.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    counts: BTreeMap<String, u32>,
    log: Vec<String>,
    plans: Vec<Plan>,
}

/// How many calls are kept in their order.
const LOG_MAX: usize = 1_000;

#[derive(Debug)]
struct Plan {
    /// `None` is any.
    operation: Option<String>,
    nth: u32,
    step: Step,
}

/// What a call does when it meets a fault.
#[derive(Debug)]
struct Step {
    fault: Fault,
    met: oneshot::Sender<()>,
    release: oneshot::Receiver<()>,
}

impl Calls {
    /// How many calls of this operation there were.
    pub fn count(&self, operation: &str) -> u32 {
        self.lock().counts.get(operation).copied().unwrap_or(0)
    }

    /// The counts of all operations.
    pub fn all(&self) -> BTreeMap<String, u32> {
        self.lock().counts.clone()
    }

    /// The first thousand calls, in their order.
    pub fn log(&self) -> Vec<String> {
        self.lock().log.clone()
    }

    /// Counts anew, from nothing.
    pub fn reset(&self) {
        let mut book = self.lock();
        book.counts.clear();
        book.log.clear();
    }

    /// Lets the `nth` of the next calls of an operation go wrong; 1 is the next one.
    pub fn plan(&self, operation: &str, nth: u32, fault: Fault) -> Met {
        self.plan_for(Some(operation.to_owned()), nth, fault)
    }

    /// Lets the `nth` of the next calls go wrong, whichever it is.
    pub fn plan_any(&self, nth: u32, fault: Fault) -> Met {
        self.plan_for(None, nth, fault)
    }

    fn plan_for(&self, operation: Option<String>, nth: u32, fault: Fault) -> Met {
        let (met_sender, met) = oneshot::channel();
        let (release, release_receiver) = oneshot::channel();
        let step = Step { fault, met: met_sender, release: release_receiver };
        self.lock().plans.push(Plan { operation, nth, step });
        Met { met, release }
    }

    /// Forgets the faults that were not met.
    pub fn forgive(&self) {
        self.lock().plans.clear();
    }

    /// Counts a call, and says whether it goes wrong.
    fn take(&self, operation: &str) -> Option<Step> {
        let mut book = self.lock();
        *book.counts.entry(operation.to_owned()).or_default() += 1;
        if book.log.len() < LOG_MAX {
            book.log.push(operation.to_owned());
        }
        let meant = |plan: &Plan| plan.operation.as_deref().is_none_or(|name| name == operation);
        for plan in book.plans.iter_mut().filter(|plan| meant(plan)) {
            plan.nth = plan.nth.saturating_sub(1);
        }
        let due = book.plans.iter().position(|plan| meant(plan) && plan.nth == 0)?;
        Some(book.plans.remove(due).step)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that is no request, but made in this process: it goes wrong as the others do. `None` when its answer is lost or a refusal.
    pub async fn here<T>(&self, operation: &str, work: impl Future<Output = T> + Send) -> Option<T> {
        let Some(Step { fault, met, release }) = self.take(operation) else { return Some(work.await) };
        match fault {
            Fault::Refuse(..) | Fault::Cancel(_) | Fault::Unprocessed => {
                let _ = met.send(());
                None
            }
            Fault::Hold => {
                let _ = met.send(());
                let _ = release.await;
                Some(work.await)
            }
            Fault::Late(_) => {
                let answer = work.await;
                let _ = met.send(());
                Some(answer)
            }
            Fault::HangBefore => {
                let _ = met.send(());
                std::future::pending().await
            }
            Fault::CutInBody | Fault::CutAfter => {
                drop(work.await);
                let _ = met.send(());
                None
            }
            Fault::HangWhile | Fault::HangAfter | Fault::HangInBody => {
                drop(work.await);
                let _ = met.send(());
                std::future::pending().await
            }
        }
    }

    /// Runs a call: `work` does it, `refusal` writes what the service answers instead. A call that has begun is not cancelled.
    async fn run(&self, operation: &str, work: impl Future<Output = Answer> + Send, refusal: impl Fn(Fault) -> Answer + Send) -> Reply {
        let Some(step) = self.take(operation) else { return Reply::Answer(work.await) };
        let Step { fault, met, release } = step;
        match fault {
            Fault::Hold => {
                let _ = met.send(());
                let _ = release.await;
                Reply::Answer(work.await)
            }
            Fault::Refuse(..) | Fault::Cancel(_) | Fault::Unprocessed => {
                let _ = met.send(());
                Reply::Answer(refusal(fault))
            }
            Fault::HangBefore => {
                let _ = met.send(());
                Reply::Silence
            }
            Fault::HangWhile => {
                let _ = met.send(());
                drop(work.await);
                Reply::Silence
            }
            Fault::HangAfter | Fault::HangInBody | Fault::CutInBody | Fault::CutAfter | Fault::Late(_) => {
                let answer = work.await;
                let _ = met.send(());
                match fault {
                    Fault::HangInBody => Reply::Half(answer),
                    Fault::CutInBody => Reply::Cut(answer),
                    Fault::CutAfter => Reply::HangUp,
                    Fault::Late(by) => {
                        let _ = tokio::time::timeout(by, std::future::pending::<()>()).await;
                        Reply::Answer(answer)
                    }
                    _ => Reply::Silence,
                }
            }
        }
    }
}

/// The refusals of a service that knows only a status and a code.
fn plainly(error: fn(u16, &str) -> Answer) -> impl Fn(Fault) -> Answer {
    move |fault| match fault {
        Fault::Refuse(status, code) => error(status, code),
        _ => error(500, "InternalError"),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
