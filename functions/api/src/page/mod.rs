//! The page for people: rendered here, and whole without JavaScript; no third-party assets, no inline styles or scripts. Every text is
//! escaped by maud and text from mail stands in a `bdi`; every link is made in [`url`].
//!
//! [`home`] puts its parts together: whether the tracker is well (`tracker`), tables of requests (`table`), the `matrix`, what changed
//! (`recent`), the first steps (`first`). [`request`] shows one request with its `history`, and the `forms` of those who may write;
//! [`deeds`] takes them. [`quarantine`] has the mails that nothing proves, with forms of its own.

pub(crate) mod deeds;
mod first;
mod forms;
mod history;
pub(crate) mod home;
pub(crate) mod login;
mod matrix;
pub(crate) mod quarantine;
mod recent;
pub(crate) mod request;
mod table;
mod tracker;
pub(crate) mod url;
mod words;

use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::access::Caller;
use crate::access::session::Open;
use crate::problem::Problem;
use crate::view;
use url::Base;

/// How often an open page asks for itself again, in seconds: the sweep runs every minute.
const REFRESH: u16 = 30;

/// The style sheet and the script, as their own files so that the page needs nothing inline.
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// `GET /style.css`.
pub(crate) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// `GET /script.js`.
pub(crate) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

/// A problem as a page, for who asked for one at `path`. What a form wanted and did not get leads back to its page.
pub(crate) fn problem(problem: &Problem, path: &str) -> Html<String> {
    let base = Base::of(path);
    let content = html! {
        h1 { (problem.title) }
        p { bdi { (problem.detail) } }
        @if let Some(page) = url::page_of(path) { p { a href=(base.to(page)) { "Back, and look again" } } }
        p { a href=(base.home()) { "All requests" } }
    };
    Shell::of(&base, format!("{} - port25", problem.title)).around(&content)
}

/// Whether the query asks for a page that does not renew itself.
fn is_still(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.split('&').any(|part| part.split('=').next() == Some("still")))
}

/// The frame of every page.
struct Shell<'a> {
    base: &'a Base,
    title: String,
    /// Who looks: a session has a way out.
    caller: Option<&'a Caller>,
    /// The page's time, for how long ago its times are.
    now: Option<Timestamp>,
    renewed: Renewed,
}

/// How a page renews itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Renewed {
    Never,
    /// By the script alone, which takes no form from under its reader.
    InPlace,
    /// Without the script too.
    Always,
}

impl<'a> Shell<'a> {
    /// Of a page that stays as it is.
    fn of(base: &'a Base, title: String) -> Self {
        Self { base, title, caller: None, now: None, renewed: Renewed::Never }
    }

    fn around(self, content: &Markup) -> Html<String> {
        let base = self.base;
        let now = self.now.map(view::time);
        let refresh = (self.renewed != Renewed::Never).then_some(REFRESH);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if self.renewed == Renewed::Always { noscript { meta http-equiv="refresh" content=(REFRESH); } }
                    title { (self.title) }
                    link rel="stylesheet" href=(base.style());
                    script src=(base.script()) defer {}
                }
                body data-now=[now] data-refresh=[refresh] {
                    a.skip href=(url::place("main")) { "Skip to the content" }
                    header {
                        span { a href=(base.home()) { "port25" } " Whose turn is it, AWS's or ours?" }
                        @if let Some((caller, open)) = self.caller.and_then(|caller| Some((caller, caller.session.as_ref()?))) {
                            form.logout method="post" action=(base.logout()) {
                                (csrf(open))
                                bdi { (caller.name) } " " button type="submit" { "Log out" }
                            }
                        }
                    }
                    main #main tabindex="-1" { (content) }
                }
            }
        };
        Html(page.into_string())
    }
}

/// As of when a page is, and how it is stopped from renewing itself or told to: `renewing` and `still` lead to it either way.
fn as_of(now: Timestamp, is_still: bool, renewing: &str, still: &str) -> Markup {
    html! {
        p.as-of {
            "As of " (words::time(&view::time(now))) "; all times are UTC. "
            @if is_still {
                "This page stays as it is: " a href=(renewing) { "renew it every " (REFRESH) " seconds" } "."
            } @else {
                "Renewed every " (REFRESH) " seconds: " a href=(still) { "stop that" } "."
            }
        }
    }
}

/// The secret of the session, in a form.
fn csrf(open: &Open) -> Markup {
    html! { input type="hidden" name="csrf" value=(open.csrf); }
}
