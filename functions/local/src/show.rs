//! `port25 show`: one request with its history.

use api::history::Event;
use api::view::{self, Detail};
use boot::{log, world};
use domain::text::{cut, one_line};

use crate::cli::{Done, ShowArgs};
use crate::list::open;

/// Shows. The exit code is 1 when no request answers to the reference.
///
/// # Errors
/// When the data folder cannot be used, or nothing is found.
pub async fn run(args: ShowArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let found = api::find(&node.store, &args.id).await?;
    engine.close().await;
    let Some(shown) = found else {
        return Err(
            format!("no request answers to {:?}: give AWS's ID, our key (p25-…) or a Message-ID; port25 list shows them", args.id).into()
        );
    };
    let detail = view::detail(&shown.request, &shown.entries, &shown.alerts, &node.policy, world::now());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&detail)?);
    } else {
        print!("{}", text(&detail));
    }
    Ok(0)
}

fn text(detail: &Detail) -> String {
    let item = &detail.item;
    let mut lines = vec![format!("{}  {}", item.id, one_line(&item.subject)), String::new()];
    let why = item.turn.why.or(item.turn.outcome).map(|w| format!(" ({w})")).unwrap_or_default();
    let overdue = if item.overdue { ", OVERDUE" } else { "" };
    lines.push(format!("Turn:      {}{why}{overdue}, since {}", item.turn.turn, item.turn.since));
    lines.push(format!("Account:   {}", item.account.as_deref().unwrap_or("-")));
    lines.push(format!("Region:    {}", if item.regions.is_empty() { "-".to_owned() } else { item.regions.join(", ") }));
    for (name, text) in detail.facts.named() {
        lines.push(format!("{:<10} {}", format!("{name}:"), one_line(&text)));
    }
    // A settled request asks nothing of anybody; how to write again is still worth knowing.
    let label = if item.turn.outcome.is_some() { "To write again:" } else { "To do:    " };
    lines.push(format!("{label} {}", detail.answer.instruction));
    match &detail.next_look {
        Some(at) => lines.push(format!("Next:      {at} ({})", detail.next_look_why)),
        None => lines.push(format!("Next:      no alert ({})", detail.next_look_why)),
    }
    for (flag, words) in [
        (item.tangled, "tangled: its thread carries a second AWS ID"),
        (item.dormant, "dormant: it was old when it came"),
        (item.unexpected, "unexpected: it names none of the expected accounts"),
    ] {
        if flag {
            lines.push(format!("Careful:   {words}"));
        }
    }
    lines.push(String::new());
    for event in &detail.history {
        lines.push(match event {
            Event::Mail(mail) => {
                let did = mail.did.effect_why.map_or_else(|| mail.did.effect.to_owned(), |why| format!("{}: {why}", mail.did.effect));
                let from = cut(&one_line(&mail.from), 80);
                format!("{}  mail    {} ({}) from {from}: {did} [{}]", mail.at, mail.meaning, mail.trust, mail.id)
            }
            Event::Action(action) => {
                let says = action.says.as_ref().map(|says| format!(": {}", cut(&one_line(says), 300))).unwrap_or_default();
                let why = action.why.as_ref().map(|why| format!(" ({})", one_line(why))).unwrap_or_default();
                format!("{}  action  {} by {}{says}{why}", action.at, action.act, one_line(&action.by))
            }
            Event::HoldEnded(ended) => format!("{}  hold    {}", ended.at, one_line(&ended.says)),
            Event::Alert(alert) => {
                format!("{}  alert   {} {} {} at {}: {}", alert.at, alert.cause, alert.step, alert.state, alert.state_at, alert.why)
            }
        });
    }
    lines.push(String::new());
    lines.join("\n")
}
