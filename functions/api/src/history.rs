//! The history of a request: its mails and people's actions in the order that counts, and between them the alerts, each with its
//! cause, so that nobody has to guess why there was noise, or why there was none.

use domain::alert::{Alert, Cause, State, Step as AlertStep};
use domain::policy::Policy;
use domain::reply::minute;
use domain::request::{Act, Action, Belongs, Effect, Entry, Fact, MailFact, Reference, Request, Step, Submitted};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::facts::FactsView;
use crate::hold_ended::HoldEndedEvent;
use crate::view::{TurnView, time, turn};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    /// A mail.
    Mail(Box<MailEvent>),
    /// A person's action.
    Action(ActionEvent),
    /// An acknowledgement or snooze that is over.
    HoldEnded(HoldEndedEvent),
    /// An alert.
    Alert(AlertEvent),
}

/// A mail and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MailEvent {
    /// Its effective time.
    #[schema(format = DateTime)]
    pub at: String,
    /// When it was stored.
    #[schema(format = DateTime)]
    pub stored: String,
    /// The entry's id.
    pub id: String,
    /// Its Message-ID.
    pub message_id: String,
    /// What it means, after people's judgements.
    pub meaning: &'static str,
    /// It asks and denies in one.
    pub also_denied: bool,
    /// How far it is believed.
    pub trust: &'static str,
    /// What kind of mail.
    pub family: &'static str,
    /// The sender's address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The beginning of its text, at most 2 KB; `null` where it is not shown.
    pub excerpt: Option<String>,
    /// The one AWS id it is about.
    pub own_id: Option<String>,
    /// Other AWS ids in it.
    pub mentions: Vec<String>,
    /// What else it names.
    pub facts: FactsView,
    /// The rules that matched.
    pub evidence: Vec<EvidenceView>,
    /// What it did.
    #[serde(flatten)]
    pub did: Did,
}

/// A rule that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceView {
    /// The rule's stable id.
    pub rule: String,
    /// The text it matched; `null` for readers.
    pub matched: Option<String>,
    /// Where the text stood.
    pub r#where: &'static str,
}

/// A person's action and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActionEvent {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// The entry's id.
    pub id: String,
    /// Who.
    pub by: String,
    /// `replied`, `settle`, `reopen`, `ack`, `snooze`, `note`, `register`, `identify` or `judge`.
    pub act: &'static str,
    /// The reference it was about.
    pub about: String,
    /// Its words, its end, its outcome, what was submitted, or what it says of which entry.
    pub says: Option<String>,
    /// Why, as the person said.
    pub why: Option<String>,
    /// What it did.
    #[serde(flatten)]
    pub did: Did,
}

/// What an entry did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Did {
    /// `opened` (a new turn, or a new clock), `stayed` (it counts, the turn stays) or `nothing`.
    pub effect: &'static str,
    /// Why it did nothing.
    pub effect_why: Option<&'static str>,
    /// Whose turn it was afterwards.
    pub turn_after: Option<TurnView>,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertEvent {
    /// When it was made.
    #[schema(format = DateTime)]
    pub at: String,
    /// Its identity.
    pub id: String,
    /// Constant over its repeats and its resolve.
    pub dedup_key: String,
    /// What it is about.
    pub cause: &'static str,
    /// `1`, `2`, … or `resolved`.
    pub step: String,
    /// `pending`, `sending`, `sent`, `retry` or `withdrawn`.
    pub state: &'static str,
    /// When it was sent or withdrawn, or when it is tried next.
    #[schema(format = DateTime)]
    pub state_at: String,
    /// How often sending was begun.
    pub attempts: u32,
    /// Earlier steps that fell due and were never sent.
    pub skipped: u32,
    /// Why it exists, and why it was withdrawn if it was.
    pub why: String,
}

/// The alerts of a bundle that are about this request.
pub(crate) fn alerts_of(request: &Request, alerts: &[Alert]) -> Vec<Alert> {
    let ours = |a: &&Alert| request.steps.iter().any(|s| s.entry.as_str() == a.id.opening);
    alerts.iter().filter(ours).cloned().collect()
}

/// Everything that happened, by time; at the same time the entry comes before the alerts about it.
pub(crate) fn events(request: &Request, entries: &[Entry], alerts: &[Alert], policy: &Policy, now: Timestamp) -> Vec<Event> {
    let entry_of = |step: &Step| entries.iter().find(|e| e.id == step.entry);
    let steps = request.steps.iter().filter_map(|step| Some((step.at, of_entry(step, entry_of(step)?))));
    let mut events: Vec<(Timestamp, Event)> = steps.collect();
    events.extend(request.holds_ended(now).into_iter().map(|ended| (ended.at, Event::HoldEnded(HoldEndedEvent::of(&ended, entries)))));
    let mut alerts: Vec<&Alert> = alerts.iter().collect();
    alerts.sort_by(|a, b| (a.made, &a.id).cmp(&(b.made, &b.id)));
    events.extend(alerts.into_iter().map(|alert| (alert.made, Event::Alert(of_alert(alert, request, policy)))));
    events.sort_by_key(|(at, _)| *at);
    events.into_iter().map(|(_, event)| event).collect()
}

fn of_entry(step: &Step, entry: &Entry) -> Event {
    match &entry.fact {
        Fact::Mail(mail) => Event::Mail(Box::new(of_mail(step, mail))),
        Fact::Action(action) => Event::Action(of_action(step, action)),
    }
}

fn of_mail(step: &Step, mail: &MailFact) -> MailEvent {
    let evidence = mail.evidence.iter();
    MailEvent {
        at: time(step.at),
        stored: time(step.stored),
        id: step.entry.to_string(),
        message_id: mail.message_id.to_string(),
        meaning: step.meaning.unwrap_or(mail.meaning).as_str(),
        also_denied: mail.also_denied,
        trust: mail.trust.as_str(),
        family: mail.family.as_str(),
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        excerpt: Some(mail.excerpt.clone()),
        own_id: mail.own_id.as_ref().map(|own| own.id.to_string()),
        mentions: mail.mentions.iter().map(ToString::to_string).collect(),
        facts: FactsView::of(&mail.facts),
        evidence: evidence
            .map(|e| EvidenceView { rule: e.rule.clone(), matched: Some(e.matched.clone()), r#where: e.place.as_str() })
            .collect(),
        did: did(step),
    }
}

fn of_action(step: &Step, action: &Action) -> ActionEvent {
    let (act, says) = match &action.act {
        Act::Replied => ("replied", None),
        Act::Settle(outcome) => ("settle", Some(outcome.as_str().to_owned())),
        Act::Reopen => ("reopen", None),
        Act::Ack { until } => ("ack", Some(time(*until))),
        Act::Snooze { until } => ("snooze", Some(time(*until))),
        Act::Note(text) => ("note", Some(text.clone())),
        Act::Register(submitted) => ("register", Some(of_submitted(submitted))),
        Act::Identify(id) => ("identify", Some(id.to_string())),
        Act::Judge { target, meaning, request } => {
            let to = match request {
                None => String::new(),
                Some(Belongs::Aws(id)) => format!(", of request {id}"),
                Some(Belongs::With(id)) => format!(", of the request of {id}"),
                Some(Belongs::Apart) => ", a request of its own".to_owned(),
            };
            ("judge", Some(format!("entry {target} means {}{to}", meaning.as_str())))
        }
    };
    let about = match &action.about {
        Reference::Aws(id) => id.to_string(),
        Reference::Message(id) => id.to_string(),
    };
    let why = action.why.clone();
    ActionEvent { at: time(step.at), id: step.entry.to_string(), by: action.by.clone(), act, about, says, why, did: did(step) }
}

/// What was submitted, in one line: `port25, account 123456789012, eu-west-1: Open port 25`.
fn of_submitted(submitted: &Submitted) -> String {
    let account = submitted.account.as_ref().map(|account| format!("account {account}"));
    let named = account.into_iter().chain(submitted.regions.iter().map(ToString::to_string));
    let what: Vec<String> = [submitted.family.as_str().to_owned()].into_iter().chain(named).collect();
    format!("{}: {}", what.join(", "), submitted.subject)
}

fn did(step: &Step) -> Did {
    let (effect, effect_why) = match step.effect {
        Effect::Opened => ("opened", None),
        Effect::Stayed => ("stayed", None),
        Effect::Nothing(why) => ("nothing", Some(why)),
    };
    Did { effect, effect_why, turn_after: step.turn.map(turn) }
}

fn of_alert(alert: &Alert, request: &Request, policy: &Policy) -> AlertEvent {
    let state_at = match &alert.state {
        State::Pending { at } | State::Retry { at } | State::Sent { at } | State::Withdrawn { at, .. } => *at,
        State::Sending { until, .. } => *until,
    };
    AlertEvent {
        at: time(alert.made),
        id: alert.id.to_string(),
        dedup_key: alert.id.dedup_key(),
        cause: alert.id.cause.as_str(),
        step: alert.id.step.to_string(),
        state: alert.state.as_str(),
        state_at: time(state_at),
        attempts: alert.attempts,
        skipped: alert.skipped,
        why: why(alert, request, policy),
    }
}

fn why(alert: &Alert, request: &Request, policy: &Policy) -> String {
    let opened = request.steps.iter().find(|s| s.entry.as_str() == alert.id.opening).map(|s| minute(s.at)).unwrap_or_default();
    let mut why = match (alert.id.step, alert.id.cause) {
        (AlertStep::Resolved, cause) => format!("what the {} alert told is over", cause.as_str()),
        (_, Cause::Overdue) => {
            format!("AWS did not answer within {} hours after {opened}", domain::due::deadline(request, policy).as_hours())
        }
        (_, Cause::OurTurn) => format!("it is our turn since {opened}"),
        (_, Cause::Unclear) => format!("a person must read the mail of {opened}"),
        (_, Cause::Confirm) => format!("the mail of {opened} seems to settle it, and a person must confirm"),
        (_, Cause::Approved) => format!("AWS approved on {opened}"),
        (_, Cause::Denied) => format!("AWS denied on {opened}"),
        (_, Cause::Unexpected) => "it is for none of the expected accounts".to_owned(),
        (_, Cause::Quarantine) => "mail was put into quarantine".to_owned(),
        (_, Cause::Dormant) => "old requests were imported".to_owned(),
        (_, Cause::System) => "the tracker was not well".to_owned(),
        (_, Cause::Test) => "a person tried whether alerts arrive".to_owned(),
    };
    if alert.skipped > 0 {
        why.push_str(&format!("; {} earlier steps fell due and were not sent", alert.skipped));
    }
    if let State::Withdrawn { why: gone, .. } = &alert.state {
        why.push_str(&format!("; withdrawn before it went out: {gone}"));
    }
    why
}

#[cfg(test)]
mod tests {
    use domain::alert::AlertId;
    use domain::classify::Meaning;
    use domain::request::fold;

    use super::*;
    use crate::sample::{self, at};

    fn alert(opening: &Entry, cause: Cause, step: AlertStep, state: State, made: &str) -> Alert {
        let id = AlertId { opening: opening.id.to_string(), cause, step };
        Alert { id, state, standing: true, made: at(made), attempts: 1, skipped: 2 }
    }

    #[test]
    fn alerts_stand_between_the_entries_with_their_cause() {
        let entries =
            [sample::mail(2, Meaning::Question, "2026-11-22T12:00:00Z"), sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z")];
        let sent = State::Sent { at: at("2026-11-22T10:03:05Z") };
        let gone = State::Withdrawn { at: at("2026-11-22T12:01:00Z"), why: "its cause is gone".into() };
        let alerts = [
            alert(&entries[0], Cause::OurTurn, AlertStep::Nth(1), sent.clone(), "2026-11-22T12:00:00Z"),
            alert(&entries[1], Cause::Overdue, AlertStep::Resolved, gone, "2026-11-22T12:00:00Z"),
            alert(&entries[1], Cause::Overdue, AlertStep::Nth(1), sent, "2026-11-22T10:03:00Z"),
        ];
        let request = fold(&entries).swap_remove(0);
        let events = events(&request, &entries, &alerts_of(&request, &alerts), &Policy::default(), at("2026-11-23T00:00:00Z"));
        let json = serde_json::to_value(&events).unwrap();
        let lines: Vec<String> = json.as_array().unwrap().iter().map(|e| format!("{} {}{}", e["kind"], e["meaning"], e["cause"])).collect();
        let want = ["mail received", "alert overdue", "mail question", "alert our-turn", "alert overdue"];
        let lines: Vec<String> = lines.iter().map(|l| l.replace(['"'], "").replace("null", "")).collect();
        let (mut tail, mut want_tail) = (lines[3..].to_vec(), want[3..].to_vec());
        tail.sort();
        want_tail.sort_unstable();
        assert_eq!((&lines[..3], tail), (&want.map(String::from)[..3], want_tail.into_iter().map(String::from).collect()));
        let overdue = &json[1];
        assert_eq!(
            overdue["why"],
            "AWS did not answer within 48 hours after 2026-11-20 10:02Z; 2 earlier steps fell due and were not sent"
        );
        assert_eq!((overdue["step"].as_str(), overdue["state_at"].as_str()), (Some("1"), Some("2026-11-22T10:03:05Z")));
        assert_eq!(overdue["dedup_key"], format!("{}:overdue", entries[1].id));
        assert!(json.to_string().contains("withdrawn before it went out: its cause is gone"));
        assert_eq!((json[2]["effect"].as_str(), json[2]["turn_after"]["why"].as_str()), (Some("opened"), Some("question")));
    }

    #[test]
    fn an_entry_that_does_nothing_says_why() {
        let entries = [sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z"), sample::mail(2, Meaning::Note, "2026-11-20T11:02:00Z")];
        let request = fold(&entries).swap_remove(0);
        let events = events(&request, &entries, &[], &Policy::default(), at("2026-11-23T00:00:00Z"));
        let Event::Mail(note) = &events[1] else { panic!("{events:?}") };
        assert_eq!((note.did.effect, note.did.effect_why), ("nothing", Some("a note changes nothing")));
    }
}
