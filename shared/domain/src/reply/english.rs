//! The drafts in English.

use super::about::{About, utc};
use super::situation::Situation;

/// The text of a draft.
pub(super) fn text(situation: &Situation, about: &About) -> String {
    let name = about.id.as_ref().map_or_else(|| "our request".to_owned(), |id| format!("our request {id}"));
    let hours = hours(about.hours);
    let facts = facts(about);
    match situation {
        Situation::FollowUp => format!(
            "Hello,\n\nWe write about {name}. Your last update was {hours} ago, and we have not heard from you since.\n\n{facts}\n\
             Could you please tell us its status, or what you still need from us?\n\nThank you\n"
        ),
        Situation::Submitted(at) => format!(
            "Hello,\n\nWe write about {name}. We submitted it on {}, and {hours} later we have not heard from you.\n\n{facts}\n\
             Could you please tell us its status, or what you still need from us?\n\nThank you\n",
            utc(*at)
        ),
        Situation::SecondFollowUp(ours) => format!(
            "Hello,\n\nWe write again about {name}. We wrote to you on {}, and {hours} later we still have no answer.\n\n{facts}\n\
             Could you please tell us its status, or what you still need from us? If somebody else has to decide, please pass it \
             on to them.\n\nThank you\n",
            utc(*ours)
        ),
        Situation::Answer { questions, denied } => {
            let again = if *denied { "With this information, please look at the request again. " } else { "" };
            format!(
                "Hello,\n\nThank you for your message about {name}. Here is the information that you asked for.\n\n{}\n{facts}\n\
                 {again}Please tell us if you need anything else.\n\nThank you\n",
                headings(questions)
            )
        }
        Situation::Appeal(reason) => {
            let reason = reason.as_ref().map(|reason| format!("You wrote:\n\n  > {reason}\n\n")).unwrap_or_default();
            format!(
                "Hello,\n\nThank you for looking at {name}. You were unable to grant it; please look at it again, with the information \
                 below.\n\n{reason}What we use it for:\n  [who gets which mail, and how much of it]\n\n\
                 How we prevent unwanted mail:\n  [confirmed addresses, handling of bounces and complaints, who can send]\n\n\
                 What has changed since then:\n  [what you did about AWS's reason]\n\n{facts}\n\
                 If anything is still missing, please tell us what it is.\n\nThank you\n"
            )
        }
        Situation::Other => {
            format!("Hello,\n\nWe write about {name}.\n\n[say here what is still open]\n\n{facts}\nThank you\n")
        }
    }
}

fn headings(questions: &[String]) -> String {
    if questions.is_empty() {
        return "[answer each question here]\n".to_owned();
    }
    (1..).zip(questions).map(|(n, question)| format!("{n}. {question}\n   [your answer]\n")).collect()
}

fn hours(hours: i64) -> String {
    format!("{hours} hour{}", if hours == 1 { "" } else { "s" })
}

fn facts(about: &About) -> String {
    let mut lines = String::new();
    let regions = if about.regions.len() > 1 { "Regions" } else { "Region" };
    let list = Some(about.regions.join(", ")).filter(|list| !list.is_empty());
    for (name, value) in [
        ("Request ID", about.id.clone()),
        ("AWS account", about.account.clone()),
        (regions, list),
        ("Your first mail", about.first.map(utc)),
        ("Last update", Some(format!("{} ({} ago)", utc(about.last), hours(about.hours)))),
    ] {
        if let Some(value) = value {
            lines.push_str(&format!("{name}: {value}\n"));
        }
    }
    lines
}
