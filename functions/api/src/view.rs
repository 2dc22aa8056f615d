//! What a request looks like in JSON, for the API and for `list --json` and `show --json`: times in RFC 3339 UTC, durations in
//! seconds, accounts as strings, mails as excerpts.

use domain::alert::{self, Alert};
use domain::due;
use domain::policy::Policy;
use domain::reply::{self, Channel};
use domain::request::{Entry, Hold, Request, ShownId, Turn, known};
use jiff::Timestamp;
use serde::Serialize;
use store::Head;
use utoipa::ToSchema;

use crate::facts::FactsView;
use crate::history::{self, Event};

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct List {
    /// The requests.
    pub items: Vec<Item>,
    /// The cursor of the next page; `null` at the end.
    pub next: Option<String>,
}

/// A request in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Item {
    /// The id people see: AWS's, else ours.
    pub id: String,
    /// AWS's id.
    pub aws_id: Option<String>,
    /// Our key, while AWS gave no id; one that was shown before still finds the request.
    pub key: Option<String>,
    /// Whose turn it is.
    #[serde(flatten)]
    pub turn: TurnView,
    /// Whether AWS has been silent for the whole deadline.
    pub overdue: bool,
    /// When AWS's time is over; `null` when it is not AWS's turn.
    #[schema(format = DateTime)]
    pub overdue_at: Option<String>,
    /// How long AWS may be silent about it.
    pub deadline_seconds: i64,
    /// How long the turn has lasted; `null` when it is over.
    pub waiting_seconds: Option<i64>,
    /// The AWS account.
    pub account: Option<String>,
    /// The Regions.
    pub regions: Vec<String>,
    /// What kind of AWS mail it is about.
    pub family: &'static str,
    /// The subject of AWS's first mail, or what the request was called when it was registered.
    pub subject: String,
    /// The last mail of AWS, or of ours to AWS.
    #[schema(format = DateTime)]
    pub last_update: String,
    /// How far AWS's last mail is believed.
    pub last_trust: Option<&'static str>,
    /// It was old when it came: listed, not alerted.
    pub dormant: bool,
    /// A thread of it carries a second AWS id.
    pub tangled: bool,
    /// It is for none of the expected accounts.
    pub unexpected: bool,
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TurnView {
    /// `aws`, `ours` or `settled`.
    pub turn: &'static str,
    /// Why it is our turn.
    pub why: Option<&'static str>,
    /// How it ended.
    pub outcome: Option<&'static str>,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: String,
}

/// A request with its history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Detail {
    /// As in lists.
    #[serde(flatten)]
    pub item: Item,
    /// Message-IDs that lead to it.
    pub message_ids: Vec<String>,
    /// Other AWS ids named in its mails.
    pub mentions: Vec<String>,
    /// What AWS's mails name, with the limits or the reason of the last decision.
    pub facts: FactsView,
    /// What holds back repeats.
    pub hold: Option<HoldView>,
    /// When an alert goes out next, if nothing happens; `null` when none will.
    #[schema(format = DateTime)]
    pub next_look: Option<String>,
    /// Why then, or why none.
    pub next_look_why: String,
    /// How AWS is answered.
    pub answer: Answer,
    /// Every mail, action and alert by time, with what it did.
    pub history: Vec<Event>,
}

/// An acknowledgement or a snooze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldView {
    /// `ack` or `snooze`.
    pub act: &'static str,
    /// The entry that asked for it.
    pub by: String,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    pub until: String,
}

/// How AWS is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answer {
    /// `mail`, `support-center` or `nowhere`.
    pub channel: &'static str,
    /// What to do, in one line.
    pub instruction: String,
    /// The address to write to.
    pub to: Option<String>,
    /// The mailbox to write from.
    pub mailbox: Option<String>,
    /// The subject of the mail to answer.
    pub subject: Option<String>,
    /// The case in Support Center.
    pub link: Option<String>,
    /// A draft; the person who sends it reads it first. `null` for readers: it quotes AWS's words.
    pub draft: Option<String>,
    /// Whether the draft is there as a mail (`/v1/requests/{id}/reply?format=eml`).
    pub eml: bool,
}

/// A request as lists show it.
pub fn item(head: &Head, policy: &Policy, now: Timestamp) -> Item {
    let deadline = policy.deadline_of(head.family, head.account.as_ref());
    let overdue_at = due::overdue_at(head.turn, deadline);
    let settled = matches!(head.turn, Turn::Settled { .. });
    let (aws_id, key) = match &head.id {
        ShownId::Aws(id) => (Some(id.to_string()), None),
        ShownId::Key(key) => (None, Some(key.to_string())),
    };
    Item {
        id: head.id.to_string(),
        aws_id,
        key,
        turn: turn(head.turn),
        overdue: due::is_overdue(head.turn, deadline, now),
        overdue_at: overdue_at.map(time),
        deadline_seconds: deadline.as_secs(),
        waiting_seconds: (!settled).then(|| now.duration_since(head.turn.since()).as_secs().max(0)),
        account: head.account.as_ref().map(ToString::to_string),
        regions: head.regions.iter().map(ToString::to_string).collect(),
        family: head.family.as_str(),
        subject: head.subject.clone(),
        last_update: time(head.last_update),
        last_trust: head.last_trust.map(|t| t.as_str()),
        dormant: head.dormant,
        tangled: head.tangled,
        unexpected: head.unexpected,
    }
}

/// A request with its history. `entries` and `alerts` are those of its bundle.
pub fn detail(request: &Request, entries: &[Entry], alerts: &[Alert], policy: &Policy, now: Timestamp) -> Detail {
    let alerts = history::alerts_of(request, alerts);
    let (next, why) = next_look(request, &alerts, policy, now);
    Detail {
        item: item(&Head::from(request), policy, now),
        message_ids: request.message_ids.iter().map(ToString::to_string).collect(),
        mentions: request.mentions.iter().map(ToString::to_string).collect(),
        facts: FactsView::of(&known(request, entries)),
        hold: request.hold.as_ref().filter(|h| now < h.until).map(hold),
        next_look: next.map(time),
        next_look_why: why,
        answer: answer(request, entries, policy, now),
        history: history::events(request, entries, &alerts, policy, now),
    }
}

/// Whose turn it is, as JSON says it.
pub fn turn(turn: Turn) -> TurnView {
    let (why, outcome) = match turn {
        Turn::Aws { .. } => (None, None),
        Turn::Ours { why, .. } => (Some(why.as_str()), None),
        Turn::Settled { outcome, .. } => (None, Some(outcome.as_str())),
    };
    TurnView { turn: turn.as_str(), why, outcome, since: time(turn.since()) }
}

fn hold(hold: &Hold) -> HoldView {
    HoldView { act: if hold.snooze { "snooze" } else { "ack" }, by: hold.by.to_string(), until: time(hold.until) }
}

/// When people hear next of it, and why then or why not: the explanation of every silence.
fn next_look(request: &Request, alerts: &[Alert], policy: &Policy, now: Timestamp) -> (Option<Timestamp>, String) {
    let next = alert::next(request, alerts, policy);
    let at = next.as_ref().map(|next| next.at);
    if let Some(next) = next.as_ref().filter(|next| next.waiting) {
        return (at, format!("the {} alert waits to be sent", next.id.cause.as_str()));
    }
    let held = request.hold.as_ref().filter(|h| now < h.until && at.is_some_and(|at| at >= h.until));
    let why = match (request.turn, held) {
        (Turn::Settled { .. }, _) => "it is settled: nothing is repeated".to_owned(),
        _ if request.unexpected => "it is for none of the expected accounts: told once, never repeated".to_owned(),
        _ if request.dormant => "it was old when it came: no alerts until something new comes".to_owned(),
        (_, Some(hold)) => format!("repeats are held back until {}", reply::minute(hold.until)),
        (Turn::Ours { .. }, _) => "it is our turn: repeated until it is answered".to_owned(),
        (Turn::Aws { .. }, _) if due::is_overdue(request.turn, due::deadline(request, policy), now) => {
            "AWS is overdue: repeated until it answers".to_owned()
        }
        (Turn::Aws { .. }, _) => "AWS has until then to answer".to_owned(),
    };
    match next.and_then(|next| next.shifted_from) {
        Some(due) => (at, format!("{why}; due at {}, and the delivery window opens later", reply::minute(due))),
        None => (at, why),
    }
}

fn answer(request: &Request, entries: &[Entry], policy: &Policy, now: Timestamp) -> Answer {
    let channel = reply::channel(request, entries, policy);
    let instruction = reply::instruction(&channel);
    let draft = reply::text(request, entries, policy, now);
    let eml = reply::draft(request, entries, policy, now).is_ok();
    let none = Answer { channel: "nowhere", instruction, to: None, mailbox: None, subject: None, link: None, draft: Some(draft), eml };
    match channel {
        Channel::Nowhere(_) => none,
        Channel::SupportCenter { link } => Answer { channel: "support-center", link: Some(link), ..none },
        Channel::Mail { to, mailbox, subject, .. } => Answer { channel: "mail", to: Some(to), mailbox, subject: Some(subject), ..none },
    }
}

/// RFC 3339 in UTC, to the second.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[cfg(test)]
mod tests {
    use domain::classify::Meaning;
    use domain::request::fold;

    use super::*;
    use crate::sample::{self, at};

    #[test]
    fn an_item_has_the_documented_members() {
        let request = fold(&[sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z")]).swap_remove(0);
        let policy = Policy::default();
        let got = serde_json::to_value(item(&Head::from(&request), &policy, at("2026-11-22T10:01:59Z"))).unwrap();
        let want = serde_json::json!({
            "id": "170000000100123",
            "aws_id": "170000000100123",
            "key": null,
            "turn": "aws",
            "why": null,
            "outcome": null,
            "since": "2026-11-20T10:02:00Z",
            "overdue": false,
            "overdue_at": "2026-11-22T10:02:00Z",
            "deadline_seconds": 172_800,
            "waiting_seconds": 172_799,
            "account": "123456789012",
            "regions": ["eu-west-1"],
            "family": "port25",
            "subject": "Your request",
            "last_update": "2026-11-20T10:02:00Z",
            "last_trust": "verified",
            "dormant": false,
            "tangled": false,
            "unexpected": false,
        });
        assert_eq!(got, want);
        for (now, overdue) in [("2026-11-22T10:01:59Z", false), ("2026-11-22T10:02:00Z", true), ("2026-11-22T10:02:01Z", true)] {
            let item = item(&Head::from(&request), &policy, at(now));
            assert_eq!(item.overdue, overdue, "{now}");
            assert_eq!(item.overdue, due::is_overdue(request.turn, policy.deadline, at(now)), "the list says what the alerts say");
        }
    }

    #[test]
    fn what_is_over_waits_for_nothing() {
        let entries =
            [sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z"), sample::mail(2, Meaning::Approved, "2026-11-21T10:02:00Z")];
        let request = fold(&entries).swap_remove(0);
        let detail = detail(&request, &entries, &[], &Policy::default(), at("2026-12-22T10:02:00Z"));
        assert_eq!((detail.item.turn.outcome, detail.item.waiting_seconds), (Some("approved"), None));
        assert_eq!((detail.next_look, detail.next_look_why.as_str()), (None, "it is settled: nothing is repeated"));
    }

    #[test]
    fn a_detail_says_when_the_next_alert_comes_and_how_to_answer() {
        let entries = [sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z")];
        let request = fold(&entries).swap_remove(0);
        let detail = detail(&request, &entries, &[], &Policy::default(), at("2026-11-20T11:00:00Z"));
        assert_eq!(detail.next_look.as_deref(), Some("2026-11-22T10:02:00Z"));
        assert_eq!(detail.next_look_why, "AWS has until then to answer");
        assert_eq!(detail.answer.channel, "mail");
        assert_eq!(detail.answer.to.as_deref(), Some("trustandsafety@support.aws.com"));
        let json = serde_json::to_value(&detail).unwrap();
        assert_eq!(json["history"][0]["kind"], "mail");
        assert!(json["answer"]["draft"].as_str().unwrap().starts_with("Hello,"));
    }
}
