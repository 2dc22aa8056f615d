//! What changed last, whatever it is: so that who comes back sees what happened.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::url::Base;
use super::words;
use crate::view::Item;

/// How many are shown.
const SHOWN: usize = 10;

/// The last ones of all that were read.
pub(super) fn list<'a>(items: impl Iterator<Item = &'a Item>, base: &Base) -> Markup {
    let mut items: Vec<&Item> = items.collect();
    items.sort_by_key(|item| Reverse(changed(item)));
    items.truncate(SHOWN);
    html! {
        @if !items.is_empty() {
            section {
                h2 #recent { "Recently changed" }
                ol.recent {
                    @for item in items {
                        li {
                            (words::time_ago(changed(item))) " " span { (words::state(item)) } " "
                            span { a href=(base.request(&item.id)) { (item.id) } " " span.subject { bdi { (item.subject) } } }
                        }
                    }
                }
            }
        }
    }
}

/// The last mail, or what a person said later. Times of the view sort as text.
fn changed(item: &Item) -> &str {
    item.last_update.as_str().max(item.turn.since.as_str())
}
