//! The page for people: rendered here, without JavaScript, third-party assets or inline styles. Every text is escaped by maud and
//! text from mail stands in a `bdi`; every link is made in [`url`].

pub(crate) mod home;
pub(crate) mod login;
pub(crate) mod request;
mod table;
pub(crate) mod url;
mod words;

use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use maud::{DOCTYPE, Markup, html};

use crate::access::Caller;
use crate::access::session::Open;
use crate::problem::Problem;
use url::Base;

/// The style sheet, as its own file so that the page needs no inline styles.
const STYLE: &str = include_str!("style.css");

/// `GET /style.css`.
pub(crate) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// A problem as a page, for who asked for one at `path`.
pub(crate) fn problem(problem: &Problem, path: &str) -> Html<String> {
    let base = Base::of(path);
    shell(
        &base,
        &format!("{} - port25", problem.title),
        None,
        None,
        &html! {
            h1 { (problem.title) }
            p { bdi { (problem.detail) } }
            p { a href=(base.home()) { "All requests" } }
        },
    )
}

/// The frame of every page, with the way out of a session. With `refresh` it asks for itself again after so many seconds.
fn shell(base: &Base, title: &str, refresh: Option<u16>, caller: Option<&Caller>, content: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(seconds) = refresh { meta http-equiv="refresh" content=(seconds); }
                title { (title) }
                link rel="stylesheet" href=(base.style());
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    a href=(base.home()) { "port25" } " Whose turn is it, AWS's or ours?"
                    @if let Some((caller, open)) = caller.and_then(|caller| Some((caller, caller.session.as_ref()?))) {
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

/// The secret of the session, in a form.
fn csrf(open: &Open) -> Markup {
    html! { input type="hidden" name="csrf" value=(open.csrf); }
}
