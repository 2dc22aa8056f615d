//! The engine under the test world's table: the embedded one, or another that the environment names.
//!
//! `PORT25_DYNAMODB` is the endpoint of another engine and `PORT25_DYNAMODB_IS` its name (`dynamodb-local` or `ministack`);
//! `.ci/engines` starts both and sets them. Each world has a table of its own, so many share one engine.

use std::sync::atomic::{AtomicU32, Ordering};

use port25::engine::Engine;

/// An engine, and the name of the table in it: one that nobody else has, where the engine is shared.
pub(crate) struct Under {
    endpoint: String,
    pub(crate) table: String,
    /// Ends with the world.
    _embedded: Option<Engine>,
}

/// Which engine it is: they differ in what they refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Dynoxide, in this process.
    Embedded,
    /// AWS's own, in Java.
    DynamoDbLocal,
    /// `MiniStack`'s.
    MiniStack,
}

impl Under {
    pub(crate) async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        match boot::world::env("PORT25_DYNAMODB") {
            Some(endpoint) => {
                let table = format!("promises-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
                Self { endpoint, table, _embedded: None }
            }
            None => {
                let engine = Engine::in_memory().await.unwrap();
                Self { endpoint: engine.endpoint(), table: "promises".to_owned(), _embedded: Some(engine) }
            }
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        self.endpoint.clone()
    }
}

impl Kind {
    /// The engine that this run is about.
    pub(crate) fn here() -> Self {
        match (boot::world::env("PORT25_DYNAMODB"), boot::world::env("PORT25_DYNAMODB_IS").as_deref()) {
            (None, _) => Self::Embedded,
            (Some(_), Some("dynamodb-local")) => Self::DynamoDbLocal,
            (Some(_), Some("ministack")) => Self::MiniStack,
            (_, other) => panic!("PORT25_DYNAMODB_IS is dynamodb-local or ministack, not {other:?}"),
        }
    }
}
