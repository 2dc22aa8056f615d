//! The JSON document, version 1: for programs. `docs/ALERTS.md` describes it; within a version, fields are only added.

use domain::reply::Channel;
use domain::request::{Request, ShownId, known};
use domain::{due, request::Turn};
use jiff::Timestamp;
use serde::Serialize;

use super::Message;
use super::telling::{Occasion, Telling};

/// The version of the document.
const VERSION: u32 = 1;

/// One of the many that a digest tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The identity of its alert; none where it has none of its own (old requests of an import).
    pub alert_id: Option<String>,
    /// Its deduplication key.
    pub dedup_key: Option<String>,
    /// The request, as people see it.
    pub id: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// Its first Region.
    pub region: Option<String>,
    /// The cause's word.
    pub kind: &'static str,
    /// How much it matters.
    pub severity: &'static str,
    /// How long its present turn has lasted.
    pub waiting_seconds: i64,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    alert_id: &'a str,
    dedup_key: &'a str,
    event: &'a str,
    kind: &'a str,
    severity: &'a str,
    subject: &'a str,
    to_do: &'a str,
    why: String,
    request: Option<RequestView>,
    answer: Option<AnswerView<'a>>,
    draft: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    quote: Option<&'a str>,
    next_alert_at: Option<String>,
    trust: Option<&'static str>,
    facts: Option<FactsView>,
    skipped: u32,
    members: &'a [Member],
    text: &'a str,
}

#[derive(Serialize)]
struct RequestView {
    id: String,
    aws_id: Option<String>,
    key: String,
    account: Option<String>,
    regions: Vec<String>,
    family: &'static str,
    state: &'static str,
    since: String,
    waiting_seconds: i64,
    deadline_at: Option<String>,
}

#[derive(Serialize)]
struct AnswerView<'a> {
    channel: &'static str,
    to: Option<&'a str>,
    mailbox: Option<&'a str>,
    subject: Option<String>,
    sent: Option<String>,
    link: Option<&'a str>,
}

#[derive(Serialize)]
struct FactsView {
    elastic_ips: Vec<String>,
    reverse_dns: Vec<String>,
    resources: Vec<String>,
    granted: Vec<String>,
    reason: Option<String>,
}

/// The document of an alert about a request.
pub(super) fn of_request(message: &Message, telling: &Telling, occasion: &Occasion<'_>) -> String {
    let known = known(occasion.request, occasion.entries);
    write(&Document {
        request: Some(request_view(message, occasion)),
        answer: Some(answer(&telling.channel)),
        draft: telling.draft.as_ref().map(|draft| draft.text.as_str()),
        page: occasion.link(),
        quote: telling.quote.as_ref().map(|quote| quote.text.as_str()),
        next_alert_at: telling.next.as_ref().map(|next| time(next.at)),
        trust: occasion.request.last_trust.map(|trust| trust.as_str()),
        facts: Some(FactsView {
            elastic_ips: strings(&known.addresses),
            reverse_dns: strings(&known.names),
            resources: strings(&known.resources),
            granted: strings(&known.limits),
            reason: known.reason,
        }),
        skipped: occasion.planned.skipped,
        ..document(message, &telling.to_do, telling.why.join("\n"))
    })
}

/// The document of any other message.
pub(super) fn of_many(message: &Message, to_do: &str, why: &str) -> String {
    write(&document(message, to_do, why.to_owned()))
}

fn document<'a>(message: &'a Message, to_do: &'a str, why: String) -> Document<'a> {
    Document {
        version: VERSION,
        alert_id: &message.alert_id,
        dedup_key: &message.dedup_key,
        event: message.event,
        kind: message.cause,
        severity: message.severity.as_str(),
        subject: &message.subject,
        to_do,
        why,
        request: None,
        answer: None,
        draft: None,
        page: None,
        quote: None,
        next_alert_at: None,
        trust: None,
        facts: None,
        skipped: 0,
        members: &message.members,
        text: &message.body,
    }
}

fn request_view(message: &Message, occasion: &Occasion<'_>) -> RequestView {
    let request: &Request = occasion.request;
    let overdue_at = match request.turn {
        Turn::Aws { .. } => due::overdue_at(request.turn, due::deadline(request, occasion.policy)),
        _ => None,
    };
    RequestView {
        id: request.id.to_string(),
        aws_id: match &request.id {
            ShownId::Aws(id) => Some(id.to_string()),
            ShownId::Key(_) => None,
        },
        key: request.key.to_string(),
        account: message.account.clone(),
        regions: strings(&request.regions),
        family: request.family.as_str(),
        state: message.state,
        since: time(request.turn.since()),
        waiting_seconds: message.age.as_secs().max(0),
        deadline_at: overdue_at.map(time),
    }
}

fn answer(channel: &Channel) -> AnswerView<'_> {
    let none = AnswerView { channel: "nowhere", to: None, mailbox: None, subject: None, sent: None, link: None };
    match channel {
        Channel::Nowhere(_) => none,
        Channel::SupportCenter { link } => AnswerView { channel: "support-center", link: Some(link), ..none },
        Channel::Mail { to, mailbox, sent, subject } => AnswerView {
            channel: "mail",
            to: Some(to),
            mailbox: mailbox.as_deref(),
            subject: Some(super::telling::fact_line(subject)),
            sent: Some(time(*sent)),
            ..none
        },
    }
}

fn strings<T: ToString>(things: &[T]) -> Vec<String> {
    things.iter().map(ToString::to_string).collect()
}

/// RFC 3339 in UTC, to the second.
fn time(at: Timestamp) -> String {
    format!("{at:.0}")
}

fn write(document: &Document<'_>) -> String {
    // Texts and numbers with names that are texts: there is nothing in it that JSON cannot say.
    serde_json::to_string(document).unwrap_or_default()
}
