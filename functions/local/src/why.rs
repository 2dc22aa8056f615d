//! `port25 why`: why people were told of a request or not, and when they will be told next.

use api::history::Event;
use api::view::{self, Detail};
use boot::{log, world};
use domain::text::{cut, one_line};
use serde::Serialize;

use crate::cli::{Done, ShowArgs};
use crate::list::open;

/// The explanation, as `--json` prints it.
#[derive(Serialize)]
struct Why<'a> {
    id: &'a str,
    turn: &'a str,
    since: &'a str,
    overdue_at: Option<&'a str>,
    deadline_seconds: i64,
    next_alert_at: Option<&'a str>,
    next_alert_why: &'a str,
    told: Vec<String>,
}

/// Explains. The exit code is 1 when no request answers to the reference.
///
/// # Errors
/// When the data folder cannot be used, or nothing is found.
pub async fn run(args: ShowArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let found = api::find(&node.store, &args.id).await?;
    engine.close().await;
    let unknown = || format!("no request answers to {:?}: give AWS's ID, our key (p25-…) or a Message-ID; port25 list shows them", args.id);
    let shown = found.ok_or_else(unknown)?;
    let detail = view::detail(&shown.request, &shown.entries, &shown.alerts, &node.policy, world::now());
    if args.json {
        let why = Why {
            id: &detail.item.id,
            turn: detail.item.turn.turn,
            since: &detail.item.turn.since,
            overdue_at: detail.item.overdue_at.as_deref(),
            deadline_seconds: detail.item.deadline_seconds,
            next_alert_at: detail.next_look.as_deref(),
            next_alert_why: &detail.next_look_why,
            told: told(&detail),
        };
        println!("{}", serde_json::to_string_pretty(&why)?);
    } else {
        print!("{}", text(&detail));
    }
    Ok(0)
}

fn text(detail: &Detail) -> String {
    let item = &detail.item;
    let since = &item.turn.since;
    let mut lines = vec![match (item.turn.turn, item.overdue_at.as_deref()) {
        ("aws", Some(at)) if item.overdue => {
            format!("{}: AWS has been silent since {since}, and its {} hours were over at {at}.", item.id, item.deadline_seconds / 3600)
        }
        ("aws", Some(at)) => {
            format!("{}: it is AWS's turn since {since}; its {} hours are over at {at}.", item.id, item.deadline_seconds / 3600)
        }
        ("ours", _) => format!("{}: it is our turn since {since} ({}).", item.id, item.turn.why.unwrap_or("-")),
        _ => format!("{}: it is settled since {since} ({}).", item.id, item.turn.outcome.unwrap_or("-")),
    }];
    let told = told(detail);
    if told.is_empty() {
        lines.push("Nobody was told anything of it yet.".to_owned());
    } else {
        lines.push("What people were told, and why:".to_owned());
        lines.extend(told.into_iter().map(|line| format!("  {line}")));
    }
    lines.push(match &detail.next_look {
        Some(at) => format!("Next alert: {at} ({}), unless something happens before.", detail.next_look_why),
        None => format!("Next alert: none ({}).", detail.next_look_why),
    });
    lines.push(String::new());
    lines.join("\n")
}

/// Every alert, with its cause and how it ended, and what held alerts back.
fn told(detail: &Detail) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Alert(alert) => {
            Some(format!("{}  {} {} {} at {}: {}", alert.at, alert.cause, alert.step, alert.state, alert.state_at, alert.why))
        }
        Event::Action(action) if matches!(action.act, "ack" | "snooze") => {
            Some(format!("{}  {} by {}: repeats are held back", action.at, action.act, cut(&one_line(&action.by), 80)))
        }
        Event::HoldEnded(ended) => Some(format!("{}  {}", ended.at, ended.says)),
        _ => None,
    };
    detail.history.iter().filter_map(line).collect()
}
