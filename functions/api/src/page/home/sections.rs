//! The parts of the home page that are its own: the verdict, and a section for each kind of request.

use maud::{Markup, html};
use store::ListedTurn;

use super::super::table;
use super::super::url::{self, Base};
use super::{Home, SHOWN_MAX, UNPROVEN};
use crate::view::Item;

/// Whether anybody must do something, and what there is of each kind.
pub(super) fn first_of_all(home: &Home) -> Markup {
    let named = home.quarantined.iter().filter(|mail| mail.names_open).count();
    let count =
        |text: String, id: &'static str, none: bool| html! { li { @if none { (text) } @else { a href=(url::place(id)) { (text) } } } };
    html! {
        p.verdict {
            @match (home.ours.is_empty(), home.overdue.is_empty()) {
                (true, true) => strong { "Nothing needs you now." },
                (false, true) => strong { "It is our turn: read AWS's mail and answer it." },
                (true, false) => strong { "AWS is overdue: remind it." },
                (false, false) => strong { "It is our turn: read AWS's mail and answer it. Elsewhere AWS is overdue: remind it." },
            }
        }
        ul.counts {
            (count(format!("{} our turn", home.count(&home.ours, ListedTurn::Ours)), "ours", home.ours.is_empty()))
            (count(format!("{} overdue at AWS", home.count(&home.overdue, ListedTurn::Aws)), "overdue", home.overdue.is_empty()))
            (count(format!("{} waiting for AWS", home.count(&home.waiting, ListedTurn::Aws)), "waiting", home.waiting.is_empty()))
            @if !home.unexpected.is_empty() { (count(format!("{} for no account of ours", home.unexpected.len()), "unexpected", false)) }
            @if !home.settled.is_empty() { (count(format!("{} settled", home.count(&home.settled, ListedTurn::Settled)), "settled", false)) }
            @if !home.dormant.is_empty() { (count(format!("{} dormant", home.dormant.len()), "dormant", false)) }
            @if named > 0 { (count(format!("{named} in quarantine that named an open request"), "quarantine", false)) }
        }
    }
}

/// A section under its heading, where there is something in it.
pub(super) fn section(home: &Home, title: &str, (id, items): (&str, &[Item]), turn: ListedTurn, hint: &str, base: &Base) -> Markup {
    html! {
        @if !items.is_empty() {
            section {
                h2 #(id) { (title) " (" (home.count(items, turn)) ")" }
                p.hint { (hint) }
                (table::requests(base, title, items))
            }
        }
    }
}

/// A section that shows itself when asked. A link to the text inside unfolds it.
pub(super) fn folded(title: &str, (id, items): (&str, &[Item]), what: &str, base: &Base) -> Markup {
    html! {
        @if !items.is_empty() {
            details {
                summary { (title) " (" (items.len()) ")" }
                p.hint #(id) { (what) }
                (table::requests(base, title, items))
            }
        }
    }
}

/// Where the rest is, when a turn has more than was read.
pub(super) fn more(home: &Home, base: &Base) -> Markup {
    html! {
        @for turn in &home.more {
            p.more {
                "There are more than " (SHOWN_MAX) " requests in this state: "
                a href=(base.list_json(turn.as_str())) { "all of turn " (turn.as_str()) " as JSON" } "."
            }
        }
    }
}

/// The mails of the last days that nothing proves; what can be said of them is on their own page.
pub(super) fn quarantined(home: &Home, base: &Base) -> Markup {
    let mails = &home.quarantined;
    html! {
        @if !mails.is_empty() {
            details {
                summary { "Quarantine of the last 7 days (" (mails.len()) @if mails.len() >= SHOWN_MAX { "+" } ")" }
                p.hint #quarantine { (UNPROVEN) " " a href=(base.quarantine()) { "Release or dismiss them" } "." }
                (table::mails(base, "Quarantine", mails))
            }
        } @else if !home.is_empty() {
            p.hint { "Nothing came into quarantine in the last 7 days. " a href=(base.quarantine()) { "Older ones" } "." }
        }
    }
}
