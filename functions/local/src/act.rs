//! `port25 replied`, `ack`, `snooze`, `settle`, `reopen` and `note`: what people do with a request, with who and why.

use api::act::{self, Deed, Until, What};
use api::acts::done;
use boot::log;
use clap::Args;
use domain::reply::minute;
use domain::request::Outcome;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json, to_value};

use crate::cli::{Done, Who};
use crate::fields::{is, print_json, stamp, text};
use crate::judge::{by, with};
use crate::list::open;
use crate::place::{At, Place};

/// The request, and who acts on it.
#[derive(Debug, Args)]
pub struct On {
    /// Where the request is.
    #[command(flatten)]
    pub at: At,
    /// AWS's ID, our key (p25-…), or a Message-ID.
    pub id: String,
    /// Who and why.
    #[command(flatten)]
    pub who: Who,
    /// What became of it, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `port25 replied` and `port25 reopen`
#[derive(Debug, Args)]
pub struct PlainArgs {
    /// On which request.
    #[command(flatten)]
    pub on: On,
}

/// `port25 ack`
#[derive(Debug, Args)]
pub struct AckArgs {
    /// On which request.
    #[command(flatten)]
    pub on: On,
    /// How long repeats are held back: 90m, 24h or 3d (default: 24h), at most 30d.
    #[arg(long = "for", value_name = "TIME", value_parser = span)]
    pub span: Option<SignedDuration>,
}

/// `port25 snooze`
#[derive(Debug, Args)]
#[group(id = "end", required = true, multiple = false, args = ["span", "until"])]
pub struct SnoozeArgs {
    /// On which request.
    #[command(flatten)]
    pub on: On,
    /// How long repeats are held back: 90m, 24h or 3d, at most 30d.
    #[arg(long = "for", value_name = "TIME", value_parser = span)]
    pub span: Option<SignedDuration>,
    /// Until when: 2026-11-23T09:00:00Z, or 2026-11-23 (its beginning in UTC).
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub until: Option<Timestamp>,
}

/// `port25 settle`
#[derive(Debug, Args)]
pub struct SettleArgs {
    /// On which request.
    #[command(flatten)]
    pub on: On,
    /// How it ended: approved, denied or closed.
    #[arg(long = "as", value_name = "OUTCOME", value_parser = outcome)]
    pub outcome: Outcome,
}

/// `port25 note`
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// On which request.
    #[command(flatten)]
    pub on: On,
    /// The note.
    pub text: String,
}

/// AWS was answered.
///
/// # Errors
/// Like every act here: when no request answers, the act would do nothing, or the data folder or the API cannot be used.
pub async fn replied(args: PlainArgs) -> Done {
    take(args.on, What::Replied).await
}

/// Seen.
///
/// # Errors
/// As above.
pub async fn ack(args: AckArgs) -> Done {
    take(args.on, What::Ack(args.span.map(Until::For))).await
}

/// Put off.
///
/// # Errors
/// As above.
pub async fn snooze(args: SnoozeArgs) -> Done {
    let until = args.until.map(Until::At).or(args.span.map(Until::For)).ok_or("say until when: --for 3d or --until 2026-11-23")?;
    take(args.on, What::Snooze(until)).await
}

/// Over.
///
/// # Errors
/// As above.
pub async fn settle(args: SettleArgs) -> Done {
    take(args.on, What::Settle(args.outcome)).await
}

/// Not over.
///
/// # Errors
/// As above.
pub async fn reopen(args: PlainArgs) -> Done {
    take(args.on, What::Reopen).await
}

/// A remark.
///
/// # Errors
/// As above.
pub async fn note(args: NoteArgs) -> Done {
    take(args.on, What::Note(args.text)).await
}

async fn take(on: On, what: What) -> Done {
    log::start(log::Format::Text, log::WARN);
    let acted = match on.at.place()? {
        Place::Remote(remote) => {
            let (act, body) = asked(&what);
            remote.post(&format!("v1/requests/{}/{act}", api::segment(&on.id)), &with(body, &on.who)).await?
        }
        Place::Folder(data) => {
            let (engine, node) = open(&data).await?;
            let deed = Deed { what: what.clone(), by: by(&on.who), why: on.who.why, key: None, expected: None };
            let acted = act::on_request(&node.store, &node.policy, &on.id, &deed, (node.clock)()).await;
            engine.close().await;
            to_value(done(acted?))?
        }
    };
    if on.json {
        print_json(&acted)?;
    } else {
        println!("{}", words(&what, &acted));
    }
    Ok(0)
}

/// The act's word in the API's paths, and the members of its body.
fn asked(what: &What) -> (&'static str, Value) {
    let end = |until: &Until| match until {
        Until::At(at) => json!({"until": at.to_string()}),
        Until::For(span) => json!({"seconds": span.as_secs()}),
    };
    match what {
        What::Replied => ("replied", json!({})),
        What::Ack(until) => ("ack", until.as_ref().map_or_else(|| json!({}), end)),
        What::Snooze(until) => ("snooze", end(until)),
        What::Settle(outcome) => ("settle", json!({"outcome": outcome.as_str()})),
        What::Reopen => ("reopen", json!({})),
        What::Note(text) => ("note", json!({"text": text})),
    }
}

fn words(what: &What, acted: &Value) -> String {
    let id = text(acted, "id");
    if is(acted, "said_before") {
        return format!("Nothing to do: that is so already, or was said a moment ago. port25 show {id} tells the history.");
    }
    let at = |name| stamp(acted, name).map(minute).unwrap_or_default();
    let until = at("until");
    let done = match what {
        What::Replied => "AWS was answered: it is AWS's turn, and its time starts again.".to_owned(),
        What::Ack(_) => format!("Seen: no repeats until {until}, or until AWS writes. A first alert still goes out."),
        What::Snooze(_) => format!("Put off: no repeats until {until}, or until AWS writes. A first alert still goes out."),
        What::Settle(outcome) => format!("Settled as {}: no more alerts.", outcome.as_str()),
        What::Reopen => "Opened again: it is our turn.".to_owned(),
        What::Note(_) => "Noted.".to_owned(),
    };
    let turn = match text(acted, "turn").as_str() {
        "aws" => format!("AWS's turn since {}", at("since")),
        "ours" => format!("our turn since {}", at("since")),
        _ => text(acted, "outcome"),
    };
    format!("{done} Request {id}: {turn}.")
}

/// `90m`, `24h`, `3d`.
pub(crate) fn span(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "give a number with m, h or d, such as 90m, 24h or 3d".to_owned();
    let text = text.trim();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return Err(wrong()),
    };
    let number: i64 = text.strip_suffix(unit).and_then(|n| n.parse().ok()).filter(|n| (1..=100_000).contains(n)).ok_or_else(wrong)?;
    Ok(SignedDuration::from_mins(number * minutes))
}

/// RFC 3339, or a date alone: its beginning in UTC.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let whole = if text.len() == "2026-11-23".len() { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse().map_err(|_| "give a time such as 2026-11-23T09:00:00Z, or a date such as 2026-11-23".to_owned())
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::parse(text).ok_or_else(|| "give approved, denied or closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_times_are_read_as_people_write_them() {
        for (text, hours) in [("24h", 24), ("3d", 72), ("120m", 2), (" 1d ", 24)] {
            assert_eq!(span(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for bad in ["", "h", "24", "-1h", "0d", "1w", "24 h", "9999999999999999999h", "日"] {
            assert!(span(bad).is_err(), "{bad}");
        }
        assert_eq!(time("2026-11-23").unwrap().to_string(), "2026-11-23T00:00:00Z");
        assert_eq!(time("2026-11-23T09:00:00+09:00").unwrap().to_string(), "2026-11-23T00:00:00Z");
        for bad in ["tomorrow", "2026-13-01", "2026-11-23T09:00", "09:00", ""] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
