//! Acknowledgements and snoozes: what holds repeats back, and how each of them ended.

use jiff::{SignedDuration, Timestamp};

use crate::ids::EntryId;

use super::entry::{Act, Action, Entry};
use super::fold::Request;

/// How long an acknowledgement holds when no end is given.
pub const ACK_DEFAULT: SignedDuration = SignedDuration::from_hours(24);
/// The farthest end of an acknowledgement or a snooze.
pub const SNOOZE_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An acknowledgement or snooze that holds back repeats. It ends by itself at `until`, at AWS's next mail, or when a person's act
/// changes the turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The entry that asked for it.
    pub by: EntryId,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Whether it is a snooze (else an acknowledgement).
    pub snooze: bool,
}

/// A hold that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedHold {
    /// The entry that asked for it.
    pub by: EntryId,
    /// Whether it was a snooze (else an acknowledgement).
    pub snooze: bool,
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub why: HoldEnd,
}

/// How a hold ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldEnd {
    /// Its time was over.
    ByItself,
    /// By this entry: AWS's mail, or a person's act that changed the turn.
    Woken(EntryId),
    /// By this entry, a later acknowledgement or snooze.
    Replaced(EntryId),
}

impl Request {
    /// The holds that are over at `now`, in the order of their ends: those that an entry ended, and the last one if its time has
    /// passed since.
    pub fn holds_ended(&self, now: Timestamp) -> Vec<EndedHold> {
        let passed = self.hold.as_ref().filter(|hold| hold.until <= now).map(|hold| hold.ended(HoldEnd::ByItself, hold.until));
        self.ended_holds.iter().cloned().chain(passed).collect()
    }
}

impl Hold {
    /// The hold that an act asks for; `None` for any other act.
    fn of(entry: &Entry, action: &Action) -> Option<Self> {
        let (until, snooze) = match action.act {
            Act::Ack { until } => (until, false),
            Act::Snooze { until } => (until, true),
            _ => return None,
        };
        let farthest = entry.at.checked_add(SNOOZE_MAX).unwrap_or(until);
        Some(Self { by: entry.id.clone(), until: until.min(farthest), snooze })
    }

    fn ended(&self, why: HoldEnd, at: Timestamp) -> EndedHold {
        EndedHold { by: self.by.clone(), snooze: self.snooze, at, why }
    }
}

/// The holds of one request while its entries are walked in the order of effective time.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// The last one, which nothing ended; its time may have passed.
    pub now: Option<Hold>,
    pub ended: Vec<EndedHold>,
}

impl Holds {
    /// An act that asks for a hold takes the place of the one before.
    pub(super) fn begin(&mut self, entry: &Entry, action: &Action) {
        if let Some(hold) = Hold::of(entry, action) {
            self.end(entry, HoldEnd::Replaced);
            self.now = Some(hold);
        }
    }

    /// An entry that ends what holds, if it has not ended by itself before.
    pub(super) fn end(&mut self, by: &Entry, why: impl FnOnce(EntryId) -> HoldEnd) {
        let Some(hold) = self.now.take() else { return };
        let ended = match hold.until <= by.at {
            true => hold.ended(HoldEnd::ByItself, hold.until),
            false => hold.ended(why(by.id.clone()), by.at),
        };
        self.ended.push(ended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MessageId;
    use crate::policy::Policy;
    use crate::request::{Reference, fold};
    use crate::trust::{Judgement, Trust};

    const RECEIVED: &str = "We have received your request to remove the port 25 email sending limitations.";
    const QUESTION: &str = "Please provide us with details about your use case.";

    fn at(hour: i64) -> Timestamp {
        "2026-11-20T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hour)
    }

    fn mail(hour: i64, text: &str) -> Entry {
        let policy = Policy::default();
        let bytes = format!("From: aws-automation@email.amazon.com\nMessage-ID: <{hour}@amazon>\nReferences: <first@amazon>\n\n{text}\n");
        let mail = crate::mail::read(bytes.as_bytes());
        let reading = crate::classify::read(&mail, &Judgement { trust: Trust::Verified, why: "" }, &policy);
        Entry { at: at(hour), ..Entry::of_mail(&mail, &reading, &policy, "o", at(hour)) }
    }

    fn act(hour: i64, act: Act) -> Entry {
        let about = Reference::Message(MessageId::parse("first@amazon").unwrap());
        Entry::of_action(&format!("{hour}"), Action { by: "ann".to_owned(), about, act, why: None }, at(hour))
    }

    fn ends(entries: &[Entry], now: i64) -> Vec<(bool, i64, HoldEnd)> {
        let ended = fold(entries)[0].holds_ended(at(now));
        ended.into_iter().map(|e| (e.snooze, e.at.duration_since(at(0)).as_hours(), e.why)).collect()
    }

    #[test]
    fn a_hold_ends_by_itself_and_says_so_from_then_on() {
        let entries = [mail(1, RECEIVED), act(2, Act::Ack { until: at(10) })];
        assert_eq!(ends(&entries, 9), []);
        assert_eq!(ends(&entries, 10), [(false, 10, HoldEnd::ByItself)]);
        // What comes later does not change how it ended.
        let later = [entries.as_slice(), &[mail(11, QUESTION)]].concat();
        assert_eq!(ends(&later, 12), [(false, 10, HoldEnd::ByItself)]);
        assert!(fold(&later)[0].hold.is_none());
    }

    #[test]
    fn a_hold_is_woken_by_aws_or_by_an_act_that_changes_the_turn_and_replaced_by_the_next() {
        let (question, snooze) = (mail(5, QUESTION), act(6, Act::Snooze { until: at(90) }));
        let (ack, replied) = (act(7, Act::Ack { until: at(31) }), act(8, Act::Replied));
        let entries = [mail(1, RECEIVED), act(2, Act::Ack { until: at(26) }), question.clone(), snooze, ack.clone(), replied.clone()];
        let want = [(false, 5, HoldEnd::Woken(question.id)), (true, 7, HoldEnd::Replaced(ack.id)), (false, 8, HoldEnd::Woken(replied.id))];
        assert_eq!(ends(&entries, 9), want);
        let noted = [mail(1, RECEIVED), act(2, Act::Ack { until: at(26) }), act(3, Act::Note("x".to_owned()))];
        assert_eq!(ends(&noted, 4), [], "a note wakes nobody");
    }
}
