//! The form for a token or a login code. Showing it changes nothing.

use axum::response::Html;
use maud::html;

use super::Shell;
use super::url::{Base, page_of};
use crate::access::login::is_place;

/// What the form says after a wrong secret.
pub(crate) const WRONG: &str = "This is no token or login code of ours, or it has ended, or was used.";

/// The form at `/login`. `code` is one that the address brought, `next` the page to go to afterwards.
pub(crate) fn form(code: Option<&str>, next: Option<&str>, wrong: Option<&str>) -> Html<String> {
    let base = Base::of("/login");
    let content = html! {
        h1 { "Log in" }
        @if let Some(wrong) = wrong { p.flag role="alert" { (wrong) } }
        form.login method="post" action=(base.login()) {
            @if let Some(next) = next { input type="hidden" name="next" value=(next); }
            @match code {
                Some(code) => {
                    p { "The link carried a login code; it can be used once." }
                    input type="hidden" name="secret" value=(code);
                },
                None => {
                    label for="secret" { "Token or login code" }
                    input #secret type="password" name="secret" autocomplete="off" required autofocus;
                    p.hint { code { "port25 token add NAME --scope write" } " makes a token; " code { "port25 serve" } " prints a link with a code." }
                },
            }
            button type="submit" { "Log in" }
        }
    };
    Shell::of(&base, "Log in - port25".to_owned()).around(&content)
}

/// What somebody without a session gets instead of the page at `path`.
pub(crate) fn wanted(path: &str) -> Html<String> {
    let base = Base::of(path);
    // A form that came without a session leads to its page: what it said is not kept.
    let next = page_of(path).or_else(|| path.strip_prefix('/')).filter(|next| is_place(next));
    let to = next.map_or_else(|| base.login(), |next| base.login_then(next));
    let content = html! {
        h1 { "Log in first" }
        p { "This page is for people with a token or a login code." }
        p { a href=(to) { "Log in" } }
        // A link from a mail comes without the session's cookie (SameSite=Strict); from here it is sent along.
        @if let Some(next) = next { p.hint { "You are logged in and came by a link? " a href=(base.to(next)) { "Open the page again" } "." } }
    };
    Shell::of(&base, "Log in - port25".to_owned()).around(&content)
}
