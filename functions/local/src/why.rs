//! `port25 why`: why people were told of a request or not, and when they will be told next.

use boot::log;
use domain::text::cut;
use serde_json::{Value, json};

use crate::cli::Done;
use crate::fields::{is, items, maybe, number, print, print_json, text};
use crate::show::{ShowArgs, alert, detail};

/// Explains. The exit code is 1 when no request answers to the reference.
///
/// # Errors
/// When the data folder or the API cannot be used, or nothing is found.
pub async fn run(args: ShowArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let detail = detail(&args).await?;
    if args.json {
        print_json(&json!({
            "id": detail["id"],
            "turn": detail["turn"],
            "since": detail["since"],
            "overdue_at": detail["overdue_at"],
            "deadline_seconds": detail["deadline_seconds"],
            "next_alert_at": detail["next_look"],
            "next_alert_why": detail["next_look_why"],
            "told": told(&detail),
        }))?;
    } else {
        print(&words(&detail))?;
    }
    Ok(0)
}

fn words(detail: &Value) -> String {
    let (id, since) = (text(detail, "id"), text(detail, "since"));
    let hours = number(detail, "deadline_seconds").unwrap_or_default() / 3600;
    let mut lines = vec![match (text(detail, "turn").as_str(), maybe(detail, "overdue_at")) {
        ("aws", Some(at)) if is(detail, "overdue") => {
            format!("{id}: AWS has been silent since {since}, and its {hours} hours were over at {at}.")
        }
        ("aws", Some(at)) => format!("{id}: it is AWS's turn since {since}; its {hours} hours are over at {at}."),
        ("ours", _) => format!("{id}: it is our turn since {since} ({}).", maybe(detail, "why").as_deref().unwrap_or("-")),
        _ => format!("{id}: it is settled since {since} ({}).", maybe(detail, "outcome").as_deref().unwrap_or("-")),
    }];
    let told = told(detail);
    if told.is_empty() {
        lines.push("Nobody was told anything of it yet.".to_owned());
    } else {
        lines.push("What people were told, and why:".to_owned());
        lines.extend(told.into_iter().map(|line| format!("  {line}")));
    }
    let why = text(detail, "next_look_why");
    lines.push(match maybe(detail, "next_look") {
        Some(at) => format!("Next alert: {at} ({why}), unless something happens before."),
        None => format!("Next alert: none ({why})."),
    });
    lines.push(String::new());
    lines.join("\n")
}

/// Every alert, with its cause and how it ended, and what held alerts back.
fn told(detail: &Value) -> Vec<String> {
    let line = |event: &Value| {
        let at = text(event, "at");
        match (event["kind"].as_str().unwrap_or_default(), text(event, "act").as_str()) {
            ("alert", _) => Some(format!("{at}  {}", alert(event))),
            ("action", act @ ("ack" | "snooze")) => Some(format!("{at}  {act} by {}: repeats are held back", cut(&text(event, "by"), 80))),
            ("hold-ended", _) => Some(format!("{at}  {}", text(event, "says"))),
            _ => None,
        }
    };
    items(detail, "history").iter().filter_map(line).collect()
}
