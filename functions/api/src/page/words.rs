//! The page's words: a state as symbol, shape and text (never as colour alone), times, and durations.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::view::{Item, TurnView};
use domain::reply::minute;

/// The badge of a request's state.
pub(crate) fn state(item: &Item) -> Markup {
    if item.overdue { badge("overdue", "▲", "AWS is overdue") } else { turn(&item.turn) }
}

/// The badge of a turn, without regard to the clock.
pub(crate) fn turn(turn: &TurnView) -> Markup {
    match (turn.turn, turn.why, turn.outcome) {
        ("ours", Some("question"), _) => badge("ours", "▶", "Our turn: AWS asks"),
        ("ours", Some("denied-question"), _) => badge("ours", "▶", "Our turn: AWS denies and asks"),
        ("ours", Some("unclear"), _) => badge("ours", "▶", "Our turn: read the mail"),
        ("ours", Some("confirm-approved"), _) => badge("ours", "▶", "Our turn: confirm the approval"),
        ("ours", Some("confirm-denied"), _) => badge("ours", "▶", "Our turn: confirm the denial"),
        ("ours", ..) => badge("ours", "▶", "Our turn: reopened"),
        ("settled", _, Some("approved")) => badge("good", "✔", "Approved"),
        ("settled", _, Some("denied")) => badge("bad", "✘", "Denied"),
        ("settled", ..) => badge("over", "■", "Closed"),
        _ => badge("waiting", "◷", "Waiting for AWS"),
    }
}

fn badge(class: &'static str, symbol: &str, text: &str) -> Markup {
    html! { span.badge.(class) { span aria-hidden="true" { (symbol) } " " (text) } }
}

/// What trust means for the reader.
pub(crate) fn trust(word: &str) -> &'static str {
    match word {
        "verified" => "verified: really sent by AWS",
        "forwarded" => "forwarded: through a mailbox of ours, not proven to be AWS",
        "own" => "own: sent by us",
        _ => "unverified: nothing proves the sender, it changes nothing",
    }
}

/// A time of the view (RFC 3339) for people, and for machines beside it.
pub(crate) fn time(rfc3339: &str) -> Markup {
    let shown = rfc3339.parse::<Timestamp>().map_or_else(|_| rfc3339.to_owned(), minute);
    html! { time datetime=(rfc3339) { (shown) } }
}

/// `3 min`, `5 h 10 min`, `2 d 3 h`.
pub(crate) fn duration(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2_880 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} d {} h", minutes / 1_440, minutes % 1_440 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        for (seconds, want) in [(-5, "0 min"), (59, "0 min"), (3_600, "1 h 0 min"), (172_740, "47 h 59 min"), (183_600, "2 d 3 h")] {
            assert_eq!(duration(seconds), want);
        }
    }

    #[test]
    fn a_state_is_said_in_text() {
        let settled = TurnView { turn: "settled", why: None, outcome: Some("denied"), since: String::new() };
        let text = turn(&settled).into_string();
        assert!(text.contains("Denied") && text.contains("aria-hidden"), "{text}");
    }
}
