//! `port25 replied`, `ack`, `snooze`, `settle`, `reopen` and `note`: what people do with a request, with who and why.

use api::act::{self, Acted, Deed, Until, What};
use api::view::TurnView;
use boot::log;
use clap::Args;
use domain::reply::minute;
use domain::request::{Outcome, Turn};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cli::{Data, Done, Who};
use crate::judge::by;
use crate::list::open;

/// The request, and who acts on it.
#[derive(Debug, Args)]
pub struct On {
    /// Where the data is.
    #[command(flatten)]
    pub data: Data,
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

/// What became of an act, as JSON.
#[derive(Debug, Serialize)]
struct ActedView {
    /// The request.
    request: String,
    /// The entry that says it.
    entry: String,
    #[serde(flatten)]
    turn: TurnView,
    /// When the acknowledgement or snooze ends.
    until: Option<String>,
    said_before: bool,
}

/// AWS was answered.
///
/// # Errors
/// Like every act here: when no request answers, the act would do nothing, or the data folder cannot be used.
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
    let (engine, node) = open(&on.data.data).await?;
    let deed = Deed { what, by: by(&on.who), why: on.who.why, key: None, expected: None };
    let done = act::on_request(&node.store, &node.policy, &on.id, &deed, (node.clock)()).await;
    engine.close().await;
    let acted = done?;
    if on.json {
        let view = ActedView {
            request: acted.request.to_string(),
            entry: acted.entry.to_string(),
            turn: api::view::turn(acted.turn),
            until: acted.until.map(|at| format!("{at:.0}")),
            said_before: acted.said_before,
        };
        println!("{}", serde_json::to_string_pretty(&view)?);
    } else {
        println!("{}", text(&deed.what, &acted));
    }
    Ok(0)
}

fn text(what: &What, acted: &Acted) -> String {
    let id = &acted.request;
    if acted.said_before {
        return format!("Nothing to do: that is so already, or was said a moment ago. port25 show {id} tells the history.");
    }
    let until = acted.until.map(minute).unwrap_or_default();
    let done = match what {
        What::Replied => "AWS was answered: it is AWS's turn, and its time starts again.".to_owned(),
        What::Ack(_) => format!("Seen: no repeats until {until}, or until AWS writes. A first alert still goes out."),
        What::Snooze(_) => format!("Put off: no repeats until {until}, or until AWS writes. A first alert still goes out."),
        What::Settle(outcome) => format!("Settled as {}: no more alerts.", outcome.as_str()),
        What::Reopen => "Opened again: it is our turn.".to_owned(),
        What::Note(_) => "Noted.".to_owned(),
    };
    let turn = match acted.turn {
        Turn::Aws { since } => format!("AWS's turn since {}", minute(since)),
        Turn::Ours { since, .. } => format!("our turn since {}", minute(since)),
        Turn::Settled { outcome, .. } => outcome.as_str().to_owned(),
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
