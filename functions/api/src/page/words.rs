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

/// Whose turn it is, as a symbol: for the cells of the matrix, which have no room for words. The words are for who cannot see it.
pub(crate) fn count(class: &'static str, number: u32) -> Markup {
    let (symbol, text) = match class {
        "ours" => ("▶", "our turn"),
        "overdue" => ("▲", "overdue"),
        _ => ("◷", "waiting"),
    };
    html! { @if number > 0 { span.badge.(class) { span aria-hidden="true" { (symbol) } " " (number) " " span.word { (text) } } " " } }
}

/// The next step of people, in a few words; what is urgent stands out.
pub(crate) fn step(item: &Item) -> Markup {
    html! { @if is_urgent(item) { strong { (next(item)) } } @else { span.calm { (next(item)) } } }
}

/// Whether people must do something now.
pub(crate) fn is_urgent(item: &Item) -> bool {
    item.overdue || item.turn.turn == "ours"
}

/// The same step as plain words.
pub(crate) fn next(item: &Item) -> &'static str {
    match (item.turn.turn, item.turn.why, item.turn.outcome) {
        ("ours", Some("question"), _) => "Answer AWS's question",
        ("ours", Some("denied-question"), _) => "Answer AWS, or appeal",
        ("ours", Some("unclear"), _) => "Read AWS's mail; answer it if it asks",
        ("ours", Some("confirm-approved"), _) => "Read AWS's mail: is it approved?",
        ("ours", Some("confirm-denied"), _) => "Read AWS's mail: is it denied?",
        ("ours", ..) => "Write to AWS again",
        ("settled", _, Some("denied")) => "Appeal, or leave it",
        ("settled", ..) => "Nothing: it is settled",
        _ if item.overdue => "Remind AWS",
        _ => "Nothing now: AWS has its time",
    }
}

/// What a mail means.
pub(crate) fn meaning(word: &str) -> &str {
    match word {
        "received" => "AWS confirms the request",
        "question" => "AWS asks something",
        "approved" => "AWS approves",
        "denied" => "AWS denies",
        "progress" => "AWS is working on it",
        "unclear" => "Unclear: a person must read it",
        "ours" => "Our reply to AWS",
        "note" => "A note",
        "irrelevant" => "Not about the request",
        other => other,
    }
}

/// What kind of request it is.
pub(crate) fn family(word: &str) -> &str {
    match word {
        "port25" => "port 25 or reverse DNS",
        "abuse" => "abuse report",
        "support-case" => "support case",
        "verification" => "verification of the account",
        other => other,
    }
}

/// Where in a mail a rule matched.
pub(crate) fn place(word: &str) -> &str {
    match word {
        "newest" => "newest part",
        "quoted" => "quoted part",
        "link" => "footer link",
        other => other,
    }
}

/// What an alert is about.
pub(crate) fn cause(word: &str) -> &str {
    match word {
        "overdue" => "AWS is overdue",
        "our-turn" => "our turn",
        "unclear" => "a mail is unclear",
        "confirm" => "please confirm",
        "approved" => "AWS approved",
        "denied" => "AWS denied",
        "unexpected" => "for no account of ours",
        other => other,
    }
}

/// What a person did; what they said follows.
pub(crate) fn act(word: &str) -> &str {
    match word {
        "replied" => "said that AWS was answered",
        "settle" => "settled it as",
        "reopen" => "opened it again",
        "ack" => "saw it, and holds repeats back until",
        "snooze" => "put it off until",
        "note" => "noted:",
        "register" => "registered what was submitted by hand:",
        "identify" => "said that AWS's ID of it is",
        "judge" => "judged:",
        other => other,
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

/// The same, where it helps to see how long ago that was, or how soon it will be: the script writes that beside it.
pub(crate) fn time_ago(rfc3339: &str) -> Markup {
    html! { span.when data-ago { (time(rfc3339)) } }
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

/// The time passed against the time allowed, in the same unit: `20 min of 48 h`, `51 h of 48 h`.
pub(crate) fn of_deadline(seconds: i64, deadline: i64) -> String {
    let minutes = seconds.max(0) / 60;
    let passed = if minutes < 60 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
    format!("{passed} of {} h", deadline / 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_compared_in_one_unit() {
        for (seconds, want) in [(-5, "0 min of 48 h"), (3_599, "59 min of 48 h"), (3_600, "1 h of 48 h"), (183_700, "51 h of 48 h")] {
            assert_eq!(of_deadline(seconds, 48 * 3600), want);
        }
    }

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
