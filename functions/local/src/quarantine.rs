//! `port25 quarantine`: the mails that nothing proves, and why each is kept apart.

use api::quarantine::{Quarantine, page};
use boot::{log, world};
use domain::text::{cut, one_line};

use crate::cli::{Done, QuarantineArgs};
use crate::list::open;

/// Lists a page.
///
/// # Errors
/// When the data folder or the place cannot be used.
pub async fn run(args: QuarantineArgs) -> Done {
    log::start(log::Format::Text, log::WARN);
    let (engine, node) = open(&args.data.data).await?;
    let listed = page(&node.store, args.after.as_deref(), usize::from(args.limit), world::now()).await;
    engine.close().await;
    let listed = listed?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&listed)?);
    } else {
        print!("{}", text(&listed, args.after.is_some()));
    }
    Ok(0)
}

fn text(listed: &Quarantine, continued: bool) -> String {
    if listed.items.is_empty() && listed.next.is_none() {
        return if continued { "No more mail is in quarantine.\n" } else { "No mail is in quarantine.\n" }.to_owned();
    }
    let mut lines = Vec::new();
    for mail in &listed.items {
        let mark = if mail.names_open { "NAMES AN OPEN REQUEST" } else { "names no open request" };
        lines.push(format!("{}  {mark}  from {}", mail.stored, cut(&one_line(&mail.from), 80)));
        lines.push(format!("    {}", cut(&one_line(&mail.subject), 100)));
        lines.push(format!("    why:  {}", cut(&one_line(&mail.why), 200)));
        lines.push(format!("    mail: {}  (Message-ID {})", mail.id, cut(&one_line(&mail.message_id), 100)));
    }
    lines.push(String::new());
    lines.push("Nothing proves who sent these; they changed nothing. Look at one with port25 explain, then decide:".to_owned());
    lines.push("  port25 judge MAIL --as MEANING    it counts as said from now on".to_owned());
    lines.push("  port25 dismiss MAIL               it is none of ours, and leaves this list".to_owned());
    if let Some(next) = &listed.next {
        lines.push(format!("There are more: port25 quarantine --after '{next}'"));
    }
    lines.push(String::new());
    lines.join("\n")
}
