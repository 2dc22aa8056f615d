//! What people and programs ask: the requests, one request, and a page for each.
//!
//! A question comes in through [`app`]: every route below names its file. A list is a page of heads from the index
//! (`requests`, which a `cursor` continues); one request is found by any reference, read as a bundle and folded
//! (`request`). What is true is shown in the shapes of [`view`], [`history`] and [`facts`], as JSON or through `page`, and what went
//! wrong as a `problem`. No route writes: opening a link changes nothing. Request bodies are never read. What people say of a
//! mail or do with a request is taken by [`act`], which the local program calls; [`reply`] writes the draft of an answer.

pub mod act;
mod cursor;
pub mod facts;
mod frame;
mod health;
pub mod history;
pub mod hold_ended;
mod page;
mod problem;
pub mod quarantine;
pub mod reply;
mod request;
mod requests;
#[cfg(test)]
mod sample;
pub mod view;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use domain::policy::Policy;
use jiff::Timestamp;
use store::Store;

pub use request::{Shown, find};

/// Where the time comes from: `main` hands over a clock, tests their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the answers depend on.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// What the operator configured.
    pub policy: Arc<Policy>,
    /// The time.
    pub clock: Clock,
    /// Where mail goes in, as people must type it (`smtp://127.0.0.1:2525`, or an address); shown on an empty page.
    pub mail_to: Option<String>,
}

impl App {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("policy", &self.policy).field("mail_to", &self.mail_to).finish_non_exhaustive()
    }
}

/// The routes.
pub fn app(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(page::home::get)) // page/home.rs
        .route("/requests/{id}", get(page::request::get)) // page/request.rs
        .route("/style.css", get(page::style)) // page/mod.rs
        .route("/v1/requests", get(requests::get)) // requests.rs
        .route("/v1/requests/{id}", get(request::get)) // request.rs
        .route("/v1/requests/{id}/reply", get(reply::get)) // reply.rs
        .route("/v1/health", get(health::get)) // health.rs
        .with_state(Arc::new(app));
    frame::around(routes) // frame.rs: limits, problems, headers
}
