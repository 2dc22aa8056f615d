//! `port25 show`: one request with its history.

use api::view;
use boot::{log, world};
use clap::Args;
use domain::text::{cut, one_line};
use serde_json::{Value, to_value};

use crate::cli::{Done, Error};
use crate::fields::{dash, is, items, maybe, print, print_json, text, texts};
use crate::list::open;
use crate::paint::{Paint, tone};
use crate::place::{At, Place};

/// `port25 show` and `port25 why`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Where the request is.
    #[command(flatten)]
    pub at: At,
    /// AWS's ID, our key (p25-…), or a Message-ID.
    pub id: String,
    /// As JSON: of show, the request as the API gives it.
    #[arg(long)]
    pub json: bool,
}

/// Shows. The exit code is 1 when no request answers to the reference.
///
/// # Errors
/// When the data folder or the API cannot be used, or nothing is found.
pub async fn run(args: ShowArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let detail = detail(&args).await?;
    if args.json {
        print_json(&detail)?;
    } else {
        print(&words(&detail, Paint::of_stdout()))?;
    }
    Ok(0)
}

/// The request with its history, as the API gives it.
///
/// # Errors
/// As [`run`].
pub async fn detail(args: &ShowArgs) -> Result<Value, Error> {
    let data = match args.at.place()? {
        Place::Remote(remote) => return Ok(remote.get(&format!("v1/requests/{}", api::segment(&args.id))).await?),
        Place::Folder(data) => data,
    };
    let (engine, node) = open(&data).await?;
    let found = api::find(&node.store, &args.id).await;
    engine.close().await;
    let shown = found?.ok_or_else(|| api::act::ActError::NoRequest(cut(&one_line(&args.id), 100)))?;
    Ok(to_value(view::detail(&shown.request, &shown.entries, &shown.alerts, &node.policy, world::now()))?)
}

fn words(detail: &Value, paint: Paint) -> String {
    let mut lines = vec![format!("{}  {}", text(detail, "id"), text(detail, "subject")), String::new()];
    let why = maybe(detail, "why").or_else(|| maybe(detail, "outcome")).map(|w| format!(" ({w})")).unwrap_or_default();
    let overdue = if is(detail, "overdue") { ", OVERDUE" } else { "" };
    let turn = paint.word(&format!("{}{why}{overdue}", text(detail, "turn")), tone(detail));
    lines.push(format!("Turn:      {turn}, since {}", text(detail, "since")));
    lines.push(format!("Account:   {}", dash(detail, "account")));
    let regions = texts(detail, "regions").join(", ");
    lines.push(format!("Region:    {}", if regions.is_empty() { "-" } else { &regions }));
    for (name, text) in facts(&detail["facts"]) {
        lines.push(format!("{:<10} {text}", format!("{name}:")));
    }
    // A settled request asks nothing of anybody; how to write again is still worth knowing.
    let label = if maybe(detail, "outcome").is_some() { "To write again:" } else { "To do:    " };
    lines.push(format!("{label} {}", text(&detail["answer"], "instruction")));
    let next_why = text(detail, "next_look_why");
    lines.push(match maybe(detail, "next_look") {
        Some(at) => format!("Next:      {at} ({next_why})"),
        None => format!("Next:      no alert ({next_why})"),
    });
    for (flag, words) in [
        ("tangled", "tangled: its thread carries a second AWS ID"),
        ("dormant", "dormant: it was old when it came"),
        ("unexpected", "unexpected: it names none of the expected accounts"),
    ] {
        if is(detail, flag) {
            lines.push(format!("Careful:   {words}"));
        }
    }
    lines.push(String::new());
    lines.extend(items(detail, "history").iter().map(happened));
    lines.push(String::new());
    lines.join("\n")
}

/// What AWS's mails name, each with its name for people.
fn facts(facts: &Value) -> Vec<(&'static str, String)> {
    let limits: Vec<String> = items(facts, "limits").iter().map(|limit| text(limit, "text")).collect();
    [
        ("Elastic IP", texts(facts, "elastic_ips").join(", ")),
        ("Reverse DNS", texts(facts, "reverse_dns").join(", ")),
        ("Instance", texts(facts, "instance_ids").join(", ")),
        ("NAT gateway", texts(facts, "nat_gateway_ids").join(", ")),
        ("Allocation", texts(facts, "allocation_ids").join(", ")),
        // A comma stands inside the numbers already.
        ("Granted", limits.join("; ")),
        ("AWS's reason", text(facts, "denial_reason")),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect()
}

/// One line of the history.
fn happened(event: &Value) -> String {
    let at = text(event, "at");
    match event["kind"].as_str().unwrap_or_default() {
        "mail" => {
            let effect = text(event, "effect");
            let did = maybe(event, "effect_why").map_or_else(|| effect.clone(), |why| format!("{effect}: {why}"));
            let from = cut(&text(event, "from"), 80);
            format!("{at}  mail    {} ({}) from {from}: {did} [{}]", text(event, "meaning"), text(event, "trust"), text(event, "id"))
        }
        "action" => {
            let says = maybe(event, "says").map(|says| format!(": {}", cut(&says, 300))).unwrap_or_default();
            let why = maybe(event, "why").map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{at}  action  {} by {}{says}{why}", text(event, "act"), text(event, "by"))
        }
        "hold-ended" => format!("{at}  hold    {}", text(event, "says")),
        "alert" => format!("{at}  alert   {}", alert(event)),
        // A newer API knows more than this program.
        other => format!("{at}  {}", one_line(other)),
    }
}

/// An alert, and how it ended.
pub(crate) fn alert(event: &Value) -> String {
    let word = |name| text(event, name);
    format!("{} {} {} at {}: {}", word("cause"), word("step"), word("state"), word("state_at"), word("why"))
}
