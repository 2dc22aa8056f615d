//! The end of an acknowledgement or snooze, as the history tells it.

use domain::ids::EntryId;
use domain::request::{EndedHold, Entry, Fact, HoldEnd};
use domain::trust::Trust;
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::time;

/// The end of an acknowledgement or snooze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldEndedEvent {
    /// When it ended.
    #[schema(format = DateTime)]
    pub at: String,
    /// `ack` or `snooze`.
    pub act: &'static str,
    /// Who had asked for it.
    pub by: String,
    /// The entry that had asked for it.
    pub of: String,
    /// `by-itself`, `woken` or `replaced`.
    pub end: &'static str,
    /// The entry that ended it, unless it ended by itself.
    pub ended_by: Option<String>,
    /// All of it in words.
    pub says: String,
}

impl HoldEndedEvent {
    /// In words that name people, not entries.
    pub(crate) fn of(ended: &EndedHold, entries: &[Entry]) -> Self {
        let fact = |id: &EntryId| entries.iter().find(|e| e.id == *id).map(|e| &e.fact);
        let person = |id: &EntryId| match fact(id) {
            Some(Fact::Action(action)) => action.by.clone(),
            Some(Fact::Mail(_)) | None => "somebody".to_owned(),
        };
        let act = if ended.snooze { "snooze" } else { "ack" };
        let by = person(&ended.by);
        let (end, ended_by, how) = match &ended.why {
            HoldEnd::ByItself => ("by-itself", None, " by itself".to_owned()),
            HoldEnd::Replaced(id) => ("replaced", Some(id), format!(": {} asked for another time", person(id))),
            HoldEnd::Woken(id) => match fact(id) {
                Some(Fact::Mail(mail)) if mail.trust == Trust::Own => ("woken", Some(id), ": AWS was answered".to_owned()),
                Some(Fact::Mail(_)) => ("woken", Some(id), ": AWS wrote".to_owned()),
                _ => ("woken", Some(id), format!(": {} changed the turn", person(id))),
            },
        };
        let says = format!("the {act} of {by} ended{how}");
        Self { at: time(ended.at), act, by, of: ended.by.to_string(), end, ended_by: ended_by.map(ToString::to_string), says }
    }
}

#[cfg(test)]
mod tests {
    use domain::classify::Meaning;
    use domain::request::{Act, Action, Reference, fold};

    use super::*;
    use crate::sample::{self, at};

    #[test]
    fn a_hold_that_ended_says_how() {
        let act = |key: &str, when: &str, act: Act| {
            let about = Reference::Message(sample::mail(1, Meaning::Received, when).mail().unwrap().message_id.clone());
            let action = Action { by: "ann".to_owned(), about, act, why: Some("on leave".to_owned()) };
            Entry::of_action(key, action, at(when))
        };
        let until = at("2026-11-21T00:00:00Z");
        let mut entries =
            vec![sample::mail(1, Meaning::Received, "2026-11-20T10:02:00Z"), act("a", "2026-11-20T11:00:00Z", Act::Snooze { until })];
        let says = |entries: &[Entry], now: &str| -> Vec<String> {
            fold(entries)[0].holds_ended(at(now)).iter().map(|ended| HoldEndedEvent::of(ended, entries).says).collect()
        };
        assert!(says(&entries, "2026-11-20T23:59:59Z").is_empty());
        assert_eq!(says(&entries, "2026-11-21T00:00:00Z"), ["the snooze of ann ended by itself"]);
        entries.push(sample::mail(2, Meaning::Progress, "2026-11-20T12:00:00Z"));
        assert_eq!(says(&entries, "2026-11-22T00:00:00Z"), ["the snooze of ann ended: AWS wrote"]);
    }
}
