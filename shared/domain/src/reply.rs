//! How AWS is answered: through which channel, from which mailbox, to which mail, and with what words. Drafts only.

use jiff::Timestamp;

use crate::classify::Family;
use crate::ids::EntryId;
use crate::policy::Policy;
use crate::request::{Entry, MailFact, Request, ShownId, Turn, Why};
use crate::text::one_line;
use crate::trust::Trust;

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Reply to a mail.
    Mail {
        /// The address to write to.
        to: String,
        /// The mailbox that received the mail, to reply from.
        mailbox: Option<String>,
        /// When the mail to answer was sent.
        sent: Timestamp,
        /// Its subject.
        subject: String,
    },
    /// AWS does not read replies to this mail: answer in Support Center.
    SupportCenter {
        /// The link to the case.
        link: String,
    },
    /// There is nothing to answer to, for this reason.
    Nowhere(&'static str),
}

/// The channel of a request: a property of its family. The mail to answer is the one that asks us something, else the first
/// that came (AWS's own advice when it is silent).
pub fn channel(request: &Request, entries: &[Entry], policy: &Policy) -> Channel {
    if request.family == Family::SupportCase {
        return Channel::SupportCenter { link: support_link(request) };
    }
    let mail_of = |id: &EntryId| entries.iter().find(|e| e.id == *id).and_then(|e| Some((e, e.mail()?)));
    let asked = mail_of(&request.opened_by).filter(|_| matches!(request.turn, Turn::Ours { .. }));
    let asked = asked.filter(|(_, mail)| mail.trust == Trust::Verified && recipient(mail, policy).is_some());
    let Some((entry, mail)) = asked.or_else(|| mail_of(request.first_mail.as_ref()?)) else {
        return Channel::Nowhere("no mail of AWS came yet; ask for a copy of the confirmation, or open the case in Support Center");
    };
    match recipient(mail, policy) {
        Some(to) => Channel::Mail { to, mailbox: mail.mailbox.clone(), sent: entry.at, subject: mail.subject.clone() },
        None => Channel::Nowhere("the first mail came from no known AWS address; find AWS's own mail and answer that one"),
    }
}

/// Its Reply-To only when that is a listed AWS address, else its From, else none.
fn recipient(mail: &MailFact, policy: &Policy) -> Option<String> {
    let listed = |a: &&String| policy.is_aws(a);
    mail.reply_to.as_ref().filter(listed).or(Some(&mail.from).filter(listed)).cloned()
}

/// The page of the case in Support Center, or its home while AWS gave no id. The id holds only letters, digits and dashes
/// ([`crate::ids::AwsId`]).
fn support_link(request: &Request) -> String {
    match &request.id {
        ShownId::Aws(id) => format!("https://console.aws.amazon.com/support/home#/case/?displayId={id}"),
        ShownId::Key(_) => "https://console.aws.amazon.com/support/home".to_owned(),
    }
}

/// What to do, in one line: the first line of every alert.
pub fn instruction(channel: &Channel) -> String {
    match channel {
        Channel::Mail { to, mailbox, sent, .. } => {
            let from = mailbox.as_deref().map(|m| format!(", from the mailbox {}", one_line(m))).unwrap_or_default();
            format!("Reply to the mail of {} from {}{from}.", minute(*sent), one_line(to))
        }
        Channel::SupportCenter { link } => format!("Answer in Support Center: {link}"),
        Channel::Nowhere(why) => format!("There is no mail to answer: {why}."),
    }
}

/// A draft to send or to paste; the person who sends it reads it first.
pub fn draft(request: &Request, now: Timestamp) -> String {
    let hours = now.duration_since(request.turn.since()).as_hours().max(0);
    let name = request.id.to_string();
    let regions: Vec<&str> = request.regions.iter().map(|r| r.as_str()).collect();
    let place = match (request.account.as_ref(), regions.is_empty()) {
        (Some(account), false) => format!(" (account {account}, {})", regions.join(", ")),
        (Some(account), true) => format!(" (account {account})"),
        (None, false) => format!(" ({})", regions.join(", ")),
        (None, true) => String::new(),
    };
    let about = if name.starts_with("p25-") { format!("our request{place}") } else { format!("our request {name}{place}") };
    let body = match request.turn {
        Turn::Ours { why: Why::Question | Why::DeniedQuestion, .. } => {
            format!(
                "Thank you for your message about {about}. Here is the information that you asked for:\n\n[answer each question here]\n"
            )
        }
        Turn::Ours { .. } => format!("We write about {about}.\n\n[say here what is still open]\n"),
        Turn::Aws { since } => format!(
            "We write about {about}. Your last update, or our last answer, was on {}, {hours} hours ago. \
             Could you please tell us its status, or what you still need from us?\n",
            minute(since)
        ),
        Turn::Settled { .. } => format!("We write about {about}.\n\n[say here what is still open]\n"),
    };
    format!("Hello,\n\n{body}\nThank you\n")
}

/// `2026-11-20 10:02Z`.
pub fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, "00:00"));
    format!("{date} {}Z", time.get(..5).unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_reads_as_in_the_documentation() {
        let at: Timestamp = "2026-11-20T10:02:31Z".parse().unwrap();
        assert_eq!(minute(at), "2026-11-20 10:02Z");
    }
}
