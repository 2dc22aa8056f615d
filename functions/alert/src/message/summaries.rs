//! Messages about no single request: mail in quarantine, old requests of an import, the tracker itself, a test.

use std::cmp::Reverse;

use domain::alert::{AlertId, Cause, Severity, Step};
use domain::policy::Policy;
use domain::text::{cut, one_line};
use jiff::{SignedDuration, Timestamp};
use store::{Head, StoredMail};

use super::reader::Reader;
use super::text::{body, listed};
use super::{Member, Message, json, sms, subject};

/// How many lines a summary lists.
const LINES_MAX: usize = 20;

/// The summary of mail in quarantine: those that name an open request first. `rarer` says that it is the last one of its day but for
/// the day's own.
pub fn quarantine(id: &AlertId, mails: &[StoredMail], more: bool, rarer: bool, policy: &Policy) -> Message {
    let reader = Reader { policy };
    let open = mails.iter().filter(|m| m.names_open).count();
    let mut sorted: Vec<&StoredMail> = mails.iter().collect();
    sorted.sort_by_key(|m| !m.names_open);
    let line = |mail: &&StoredMail| {
        let (from, subject) = (cut(&one_line(&mail.from), 80), cut(&one_line(&mail.subject), 100));
        let why = cut(&one_line(&mail.why), 200);
        reader.quarantine_line(&reader.time(mail.stored), &from, &subject, &reader.quarantine_mark(mail.names_open), &why)
    };
    let list = listed(sorted.iter().map(line).collect(), LINES_MAX, |more| reader.and_more_mails(more));
    let (to_do, why) = (reader.quarantine_to_do(mails.len(), open, more), reader.quarantine_why());
    let body = body(&[to_do.clone(), why.clone(), list, reader.quarantine_after(rarer)]);
    let subject = subject::quarantined(mails.len(), open);
    message(id, subject, "look at them: port25 quarantine", [&to_do, &why], body, Severity::Warning, Vec::new())
}

/// The digest of old requests that an import brought.
pub fn dormant(id: &AlertId, heads: &[Head], policy: &Policy, now: Timestamp) -> Message {
    let reader = Reader { policy };
    let waited = |h: &Head| now.duration_since(h.turn.since());
    let mut sorted: Vec<&Head> = heads.iter().collect();
    sorted.sort_by_key(|h| Reverse(waited(h)));
    let oldest = sorted.first().map_or(SignedDuration::ZERO, |h| waited(h)).as_hours();
    let line = |head: &&Head| {
        let account = head.account.as_ref().map_or("-", |a| a.as_str());
        let (hours, subject) = (waited(head).as_hours(), cut(&one_line(&head.subject), 100));
        format!("- {} {account} {hours}h {} ({subject})", head.id, head.turn.as_str())
    };
    let members = sorted.iter().map(|head| Member {
        alert_id: None,
        dedup_key: None,
        id: Some(head.id.to_string()),
        account: head.account.as_ref().map(ToString::to_string),
        region: head.regions.first().map(ToString::to_string),
        kind: id.cause.as_str(),
        severity: Severity::Info.as_str(),
        waiting_seconds: waited(head).as_secs().max(0),
    });
    let members: Vec<Member> = members.collect();
    let list = listed(sorted.iter().map(line).collect(), LINES_MAX, |more| reader.and_more(more));
    let (to_do, why) = (reader.dormant_to_do(heads.len()), reader.dormant_why());
    let body = body(&[to_do.clone(), why.clone(), list]);
    let subject = subject::many(subject::word(id), heads.len(), oldest);
    message(id, subject, "old requests, see the mail or port25 list", [&to_do, &why], body, Severity::Info, members)
}

/// Stands for something in the table that cannot be read, among the alerts that do not go out.
pub const UNREADABLE: &str = "unreadable";

/// The tracker itself is not well: these alerts do not go out.
pub fn system(id: &AlertId, stuck: &[String], policy: &Policy) -> Message {
    let reader = Reader { policy };
    let (to_do, why) = (reader.system_to_do(), reader.system_why());
    let words = |id: &String| if id == UNREADABLE { reader.system_unreadable() } else { one_line(id) };
    let list: Vec<String> = stuck.iter().map(|id| format!("- {}", words(id))).collect();
    let body = body(&[to_do.clone(), why.clone(), list.join("\n")]);
    message(id, subject::system(), "look at the tracker's log", [&to_do, &why], body, Severity::Critical, Vec::new())
}

/// A person tries whether alerts arrive.
pub fn test(now: Timestamp, policy: &Policy) -> Message {
    let id = AlertId { opening: format!("{now:.0}"), cause: Cause::Test, step: Step::Nth(1) };
    let to_do = Reader { policy }.test_to_do();
    let body = body(std::slice::from_ref(&to_do));
    message(&id, subject::test(), "nothing to do, somebody tries alerts", [&to_do, ""], body, Severity::Info, Vec::new())
}

fn message(
    id: &AlertId,
    subject: String,
    short: &str,
    [to_do, why]: [&str; 2],
    body: String,
    severity: Severity,
    members: Vec<Member>,
) -> Message {
    let mut message = Message {
        sms: sms::line(&subject, short),
        subject,
        body,
        json: String::new(),
        alert_id: id.to_string(),
        dedup_key: id.dedup_key(),
        // One thing is told by these, and many by the others.
        event: if matches!(id.cause, Cause::System | Cause::Test) { "trigger" } else { "digest" },
        word: subject::word(id),
        cause: id.cause.as_str(),
        request: None,
        account: None,
        region: None,
        severity,
        state: "-",
        age: SignedDuration::ZERO,
        members,
    };
    message.json = json::of_many(&message, to_do, why);
    message
}
