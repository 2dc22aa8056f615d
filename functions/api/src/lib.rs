//! What people and programs ask: the requests, one request, and a page for each.
//!
//! A question comes in through [`app`]: every route below names its file. [`access`] says who asks and whether they may, and readers see
//! less (`redact`). A list is a page of heads from the index (`requests`, asked for by a `listing`, continued by a `cursor`); one request is
//! found by any reference, read as a bundle and folded (`request`; `thread` shows parts of it). What is true is shown in the shapes of
//! [`view`], [`history`] and [`facts`], as JSON or through `page`, and what went wrong as a `problem`. Only a POST or DELETE
//! changes something: its `body` is what people do with a request (`acts`, `registration`, `forgetting`) or with a mail in [`quarantine`], taken by [`act`], which the
//! local program and the page's forms call too. [`reply`] writes the draft of an answer; [`alerts`], [`summary`] and [`status`] look at the whole.
//! [`openapi`] describes all of it.

pub mod access;
pub mod act;
pub mod acts;
pub mod alerts;
mod body;
pub mod bucket;
mod cursor;
pub mod facts;
mod forgetting;
mod frame;
mod health;
pub mod history;
pub mod hold_ended;
mod listing;
pub mod mails;
pub mod openapi;
mod page;
mod problem;
pub mod quarantine;
mod redact;
mod registration;
pub mod reply;
mod request;
mod requests;
#[cfg(test)]
mod sample;
pub mod status;
pub mod summary;
mod thread;
pub mod view;
mod waited;
mod writing;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use domain::policy::Policy;
use jiff::Timestamp;
use store::Store;

use access::Door;
use mails::Mails;

pub use forgetting::{Gone, view as forgotten};
pub use page::url::segment;
pub use registration::view as registered;
pub use request::{Shown, find};
pub use requests::{ListError, list};

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
    /// Who may come in.
    pub door: Door,
    /// The stored mails; without them none can be released.
    pub mails: Option<Arc<dyn Mails>>,
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
    let app = Arc::new(app);
    let guarded = Router::new()
        .route("/", get(page::home::get)) // page/home/mod.rs
        .route("/requests/{id}", get(page::request::get)) // page/request.rs
        .route("/requests/{id}/replied", post(page::deeds::replied)) // page/deeds.rs
        .route("/requests/{id}/ack", post(page::deeds::ack))
        .route("/requests/{id}/snooze", post(page::deeds::snooze))
        .route("/requests/{id}/settle", post(page::deeds::settle))
        .route("/requests/{id}/reopen", post(page::deeds::reopen))
        .route("/requests/{id}/note", post(page::deeds::note))
        .route("/requests/{id}/identify", post(page::deeds::identify))
        .route("/quarantine", get(page::quarantine::get)) // page/quarantine.rs
        .route("/quarantine/{mail}/release", post(page::quarantine::release))
        .route("/quarantine/{mail}/dismiss", post(page::quarantine::dismiss))
        .route("/logout", post(access::login::out)) // access/login.rs
        .route("/v1/requests", get(requests::get).post(registration::post)) // requests.rs, registration.rs
        .route("/v1/requests/{id}", get(request::get).delete(forgetting::delete)) // request.rs, forgetting.rs
        .route("/v1/requests/{id}/events", get(thread::events)) // thread.rs
        .route("/v1/requests/{id}/messages", get(thread::messages))
        .route("/v1/requests/{id}/reply", get(reply::get)) // reply.rs
        .route("/v1/requests/{id}/replied", post(acts::replied)) // acts.rs
        .route("/v1/requests/{id}/ack", post(acts::ack))
        .route("/v1/requests/{id}/snooze", post(acts::snooze))
        .route("/v1/requests/{id}/settle", post(acts::settle))
        .route("/v1/requests/{id}/reopen", post(acts::reopen))
        .route("/v1/requests/{id}/note", post(acts::note))
        .route("/v1/requests/{id}/judge", post(acts::judge))
        .route("/v1/requests/{id}/identify", post(acts::identify))
        .route("/v1/quarantine", get(quarantine::get)) // quarantine.rs
        .route("/v1/quarantine/{mail}/release", post(quarantine::release))
        .route("/v1/quarantine/{mail}/dismiss", post(quarantine::dismiss))
        .route("/v1/alerts", get(alerts::get)) // alerts.rs
        .route("/v1/alerts/test", post(alerts::test))
        .route("/v1/summary", get(summary::get)) // summary.rs
        .route("/v1/status", get(status::get)) // status.rs
        .layer(from_fn_with_state(Arc::clone(&app), access::guard)); // access/mod.rs
    let public = Router::new()
        .route("/login", get(access::login::get).post(access::login::post)) // access/login.rs
        .route("/style.css", get(page::style)) // page/mod.rs
        .route("/script.js", get(page::script))
        .route("/openapi.json", get(openapi::get)) // openapi.rs
        .route("/v1/health", get(health::get)); // health.rs
    let door = Arc::new(app.door.clone());
    frame::around(public.merge(guarded).with_state(app), door) // frame.rs: limits, problems, headers
}
