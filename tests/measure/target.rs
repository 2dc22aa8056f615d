//! What is measured: a program, what is there before it starts, and what it is asked.

use std::path::PathBuf;

use domain::policy::Policy;
use ingest::{Delivery, Origin, Signatures, file};
use jiff::SignedDuration;
use port25::engine::Engine;
use port25_tests::stand_ins::{DynamoProxy, S3, Sns};
use serde_json::{Value, json};
use store::{Store, table};

use crate::Failure;
use crate::mails::{BUCKET, LARGE, ORDINARY, list, question, receipt, scheduled, sqs};

/// A program with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub(crate) enum Target {
    Echo,
    Ingest,
    Large,
    Duplicate,
    Python,
    AlertIdle,
    AlertDue,
    ApiOurs,
    Api,
}

impl Target {
    pub(crate) const ALL: [Self; 9] =
        [Self::Echo, Self::Ingest, Self::Large, Self::Duplicate, Self::Python, Self::AlertIdle, Self::AlertDue, Self::ApiOurs, Self::Api];

    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Echo => "empty echo Lambda",
            Self::Ingest => "ingest, new mail of 22 KB",
            Self::Large => "ingest, new mail of 2 MB",
            Self::Duplicate => "ingest, duplicate of 22 KB",
            Self::Python => "Python, new mail of 22 KB",
            Self::AlertIdle => "alert, nothing due",
            Self::AlertDue => "alert, one due",
            Self::ApiOurs => "api, what is our turn (nothing), a token's first use of the hour",
            Self::Api => "api, a list of 20 requests of all turns, a token in use",
        }
    }

    const fn binary(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Ingest | Self::Large | Self::Duplicate => "ingest",
            Self::Python => "python",
            Self::AlertIdle | Self::AlertDue => "alert",
            Self::ApiOurs | Self::Api => "api",
        }
    }

    /// What each invocation must leave in the log; nothing, where the answer is looked at instead.
    pub(crate) const fn logs(self) -> &'static str {
        match self {
            Self::Ingest | Self::Large | Self::Python => "applied",
            Self::Duplicate => "duplicate",
            Self::AlertIdle | Self::AlertDue => "swept",
            Self::Echo | Self::ApiOurs | Self::Api => "",
        }
    }

    /// Whether an answer is the one that it must be.
    pub(crate) fn is_good(self, event: &Value, answer: &Value) -> bool {
        match self {
            Self::Echo => answer == event,
            Self::Ingest | Self::Large | Self::Duplicate | Self::Python => answer["batchItemFailures"] == json!([]),
            Self::AlertIdle | Self::AlertDue => answer.is_null(),
            Self::ApiOurs => answer["statusCode"] == 200 && answer["body"].as_str().is_some_and(|body| !body.contains("170000000000")),
            Self::Api => answer["statusCode"] == 200 && answer["body"].as_str().is_some_and(|body| body.contains("170000000000019")),
        }
    }

    pub(crate) fn event(self, n: usize) -> Value {
        match self {
            Self::Echo | Self::Ingest | Self::Python => sqs(&key(ORDINARY, n)),
            Self::Duplicate => sqs(&key(ORDINARY, 0)),
            Self::Large => sqs(&key(LARGE, n)),
            Self::AlertIdle | Self::AlertDue => scheduled(),
            Self::ApiOurs => list("turn=ours"),
            Self::Api => list(""),
        }
    }
}

fn key(size: usize, n: usize) -> String {
    format!("{size}-{n}")
}

/// Where the programs are.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The folder with the binaries.
    pub(crate) binaries: PathBuf,
    /// The interpreter and the folder of the handler, if Python is measured.
    pub(crate) python: Option<(PathBuf, PathBuf)>,
}

impl Programs {
    /// The program of a target, and its arguments.
    pub(crate) fn of(&self, target: Target) -> Option<(PathBuf, &'static [&'static str])> {
        if target == Target::Python {
            return self.python.as_ref().map(|(python, _)| (python.clone(), ["-m", "awslambdaric", "ingest.handler"].as_slice()));
        }
        Some((self.binaries.join(target.binary()), &[]))
    }
}

/// Everything around the programs.
#[derive(Debug)]
pub(crate) struct Cloud {
    engine: Engine,
    client: aws_sdk_dynamodb::Client,
    policy: Policy,
    pub(crate) dynamo: DynamoProxy,
    pub(crate) s3: S3,
    pub(crate) sns: Sns,
}

impl Cloud {
    /// One with the mails of so many invocations.
    pub(crate) async fn new(invocations: usize) -> Result<Self, Failure> {
        let engine = Engine::in_memory().await?;
        let client = boot::aws::local_dynamodb(&engine.endpoint());
        let dynamo = DynamoProxy::start(&engine.endpoint()).await?;
        let s3 = S3::start().await?;
        let at = boot::world::now() - SignedDuration::from_mins(30);
        for n in 0..invocations {
            for size in [ORDINARY, LARGE] {
                s3.put(BUCKET, &key(size, n), &question(n, size, at));
            }
        }
        Ok(Self { engine, client, policy: Policy::default(), dynamo, s3, sns: Sns::start().await? })
    }

    /// A table in which everything is as the target's invocations need it.
    pub(crate) async fn table(&self, target: Target, name: &str, invocations: usize) -> Result<Store, Failure> {
        table::create(&self.client, name).await?;
        let store = Store::new(boot::aws::local_service(&self.engine.endpoint()), name);
        let receipts = match target {
            Target::Echo | Target::AlertDue => 0,
            Target::Duplicate => 1,
            Target::Ingest | Target::Large | Target::Python => invocations,
            Target::AlertIdle | Target::ApiOurs | Target::Api => 20,
        };
        for n in 0..receipts {
            self.receive(&store, n, SignedDuration::from_hours(1)).await?;
        }
        if matches!(target, Target::AlertIdle | Target::AlertDue) {
            // What one sweep of an hour does besides is not what is measured.
            store.claim_audit(boot::world::now()).await?;
        }
        if target == Target::Duplicate {
            let at = boot::world::now() - SignedDuration::from_mins(30);
            self.file(&store, &key(ORDINARY, 0), &question(0, ORDINARY, at), SignedDuration::ZERO).await?;
        }
        Ok(store)
    }

    /// What happens just before an invocation.
    pub(crate) async fn before(&self, target: Target, store: &Store, n: usize) -> Result<(), Failure> {
        if target == Target::AlertDue {
            // More than 48 hours of silence: at the next sweep an alert is due.
            self.receive(store, n, SignedDuration::from_hours(50)).await?;
        }
        Ok(())
    }

    async fn receive(&self, store: &Store, n: usize, ago: SignedDuration) -> Result<(), Failure> {
        self.file(store, &format!("receipt-{n}"), &receipt(n, boot::world::now() - ago), ago).await
    }

    async fn file(&self, store: &Store, object: &str, bytes: &[u8], ago: SignedDuration) -> Result<(), Failure> {
        let delivery =
            Delivery { object, bytes, truncated: false, verdicts: None, origin: Origin::ByHand, signatures: Signatures::default() };
        let filed = file(store, &self.policy, &delivery, boot::world::now() - ago).await?;
        if filed.requests.is_empty() {
            return Err(format!("the mail {object} was not filed with a request: {filed:?}").into());
        }
        Ok(())
    }

    /// The environment of a process that works on this table.
    pub(crate) fn env(&self, programs: &Programs, table: &str) -> Vec<(String, String)> {
        let own = [
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_DEFAULT_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
            ("AWS_SESSION_TOKEN", "example".to_owned()),
            ("TABLE_NAME", table.to_owned()),
            ("ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:alerts".to_owned()),
            ("MAIL_BUCKET", BUCKET.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamo.endpoint()),
            ("AWS_ENDPOINT_URL_S3", self.s3.endpoint()),
            ("AWS_ENDPOINT_URL_SNS", self.sns.endpoint()),
        ];
        let python = programs.python.iter().map(|(_, task)| ("PYTHONPATH", task.display().to_string()));
        own.into_iter().chain(python).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Ends it in order.
    pub(crate) async fn close(self) {
        self.engine.close().await;
    }
}
