//! Tables of requests and of quarantined mails. On a phone each row becomes a card, so the roles are written out.

use maud::{Markup, html};

use super::quarantine::subject;
use super::url::Base;
use super::words;
use crate::quarantine::Quarantined;
use crate::view::Item;

/// A table of requests.
pub(crate) fn requests(base: &Base, caption: &str, items: &[Item]) -> Markup {
    table(
        "requests",
        caption,
        &["Request", "State", "What to do", "Where", "Last update"],
        &html! {
            @for item in items {
                tr role="row" {
                    th scope="row" role="rowheader" {
                        a href=(base.request(&item.id)) { (item.id) }
                        @if !item.subject.is_empty() { " " span.subject { bdi { (item.subject) } } }
                        @if item.tangled { " " span.flag { "two ids in one thread" } }
                    }
                    td role="cell" {
                        (words::state(item))
                        " " (for_how_long(item))
                    }
                    td role="cell" { (words::step(item)) }
                    td role="cell" {
                        @match &item.account {
                            Some(account) => span.account { (account) },
                            None => span.calm { "account unknown" },
                        }
                        @for region in &item.regions { " " span.region { (region) } }
                    }
                    td role="cell" { (words::time_ago(&item.last_update)) }
                }
            }
        },
    )
}

fn for_how_long(item: &Item) -> Markup {
    html! {
        span.long {
            @match (item.waiting_seconds, item.turn.turn) {
                (Some(seconds), "aws") => (words::of_deadline(seconds, item.deadline_seconds)),
                (Some(seconds), _) => { "for " (words::duration(seconds)) },
                (None, _) => { "since " (words::time(&item.turn.since)) },
            }
        }
    }
}

/// A table of mails in quarantine.
pub(crate) fn mails(base: &Base, caption: &str, mails: &[Quarantined]) -> Markup {
    table(
        "mails",
        caption,
        &["Mail", "From", "Why it is kept apart", "Came"],
        &html! {
            @for mail in mails {
                tr role="row" {
                    th scope="row" role="rowheader" {
                        a href=(base.quarantined(&mail.id)) { bdi { (subject(&mail.subject)) } }
                        @if mail.names_open { " " span.flag { "named an open request" } }
                    }
                    td role="cell" { bdi { (mail.from) } }
                    td role="cell" { bdi { (mail.why) } }
                    td role="cell" { (words::time_ago(&mail.stored)) }
                }
            }
        },
    )
}

fn table(class: &'static str, caption: &str, columns: &[&str], rows: &Markup) -> Markup {
    html! {
        table.(class) role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" { @for column in columns { th scope="col" role="columnheader" { (column) } } }
            }
            tbody role="rowgroup" { (rows) }
        }
    }
}
