//! Scenarios from a seed: what comes when, what people do, and what goes wrong.

use std::sync::LazyLock;

use domain::classify::Meaning;
use domain::ids::{AwsId, EntryId, MessageId};
use domain::policy::Policy;
use domain::request::{Act, Action, Entry, Fact, Outcome, Reference};
use domain::trust::Trust;
use domain::window::Window;
use ingest::{Delivery, Origin, Signatures};
use jiff::{SignedDuration, Timestamp};

use crate::world::Letter;

/// Where every scenario begins: Friday the 20th of November 2026.
const START: &str = "2026-11-20T10:00:00Z";
/// A mailbox that passes AWS's mail on.
pub(crate) const GROUP: &str = "aws-mails@corp.example";

/// What happens to the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Received,
    Progress,
    Question,
    Unclear,
    Approved,
    Denied,
    /// Our mail to AWS, in the thread.
    Ours,
    /// An approval that only a mailbox of ours vouches for.
    PassedOn,
    ForgedApproval,
    ForgedReceived,
    Replied,
    Ack,
    Snooze(u8),
    Close,
    Reopen,
}

pub(crate) const MAILS: [Kind; 10] = [
    Kind::Received,
    Kind::Progress,
    Kind::Question,
    Kind::Unclear,
    Kind::Approved,
    Kind::Denied,
    Kind::Ours,
    Kind::PassedOn,
    Kind::ForgedApproval,
    Kind::ForgedReceived,
];

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    /// When it comes.
    pub(crate) comes: Timestamp,
    /// When it was written: later events may be of earlier.
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
    /// Its number; the same number twice is the same mail or action.
    pub(crate) n: usize,
}

/// How a sweep goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It dies at a moment: after so many steps of reading, claiming, publishing and settling.
    Dies(u8),
    /// A message goes out, and its sender hears of a failure.
    AnswerLost,
    /// Another sweep runs on what both have read.
    Overlap,
}

/// A scenario.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) events: Vec<Event>,
    pub(crate) end: Timestamp,
    /// From when to when no message goes out.
    pub(crate) mute: Option<(Timestamp, Timestamp)>,
    /// From when to when nobody sweeps.
    pub(crate) idle: Option<(Timestamp, Timestamp)>,
    pub(crate) window: bool,
    /// Of a hundred sweeps so many go wrong.
    pub(crate) faults: u8,
}

impl Scenario {
    pub(crate) fn of(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let start: Timestamp = START.parse().unwrap();
        let days = rng.i64(3..13);
        let end = start + SignedDuration::from_hours(24 * days);
        let mut events = vec![Event { comes: start, at: start, kind: Kind::Received, n: 0 }];
        for n in 1..rng.usize(2..9) {
            let comes = start + SignedDuration::from_secs(rng.i64(60..days * 86_400));
            let late = if rng.u8(0..4) == 0 { rng.i64(60..4 * 86_400) } else { 30 };
            let kind = match rng.u8(0..16) {
                0 => Kind::Replied,
                1 => Kind::Ack,
                2 | 3 => Kind::Snooze(rng.u8(1..6)),
                4 => Kind::Close,
                5 => Kind::Reopen,
                _ => MAILS[rng.usize(0..MAILS.len())],
            };
            // A person acts now; a mail may have been under way. Nothing is older than the first mail, and no two share a moment.
            let written = if kind.is_mail() { comes - SignedDuration::from_secs(late) } else { comes };
            let mut at = written.max(start);
            while events.iter().any(|e| e.at == at) {
                at += SignedDuration::from_secs(1);
            }
            events.push(Event { comes: comes.max(at), at, kind, n });
        }
        if rng.u8(0..4) == 0 {
            let again = *rng.choice(&events).unwrap();
            events.push(Event { comes: again.comes + SignedDuration::from_secs(rng.i64(1..86_400)), ..again });
        }
        events.sort_by_key(|e| e.comes);
        let mut interval = |of_ten: u8| {
            let from = start + SignedDuration::from_secs(rng.i64(0..days * 86_400));
            (rng.u8(0..10) < of_ten).then(|| (from, from + SignedDuration::from_mins(rng.i64(1..12 * 60))))
        };
        let (mute, idle) = (interval(3), interval(2));
        Self { events, end, mute, idle, window: rng.u8(0..4) == 0, faults: if rng.bool() { 0 } else { 15 } }
    }

    /// The same without what nothing proves.
    pub(crate) fn without_forgeries(&self) -> Self {
        let events = self.events.iter().filter(|e| !e.kind.is_forged()).copied().collect();
        Self { events, ..self.clone() }
    }

    pub(crate) fn policy(&self) -> Policy {
        let window = self.window.then(|| Window::parse("mon-fri 08:00-20:00").unwrap());
        Policy {
            window,
            own_addresses: [port25::demo::OWN_ADDRESS.to_owned()].into(),
            forwarders: [GROUP.to_owned()].into(),
            ..Policy::default()
        }
    }
}

impl Kind {
    pub(crate) fn is_mail(self) -> bool {
        MAILS.contains(&self)
    }

    pub(crate) fn is_forged(self) -> bool {
        matches!(self, Self::ForgedApproval | Self::ForgedReceived)
    }

    /// What people do.
    pub(crate) fn act(self, now: Timestamp) -> Act {
        let in_days = |days: u8| now + SignedDuration::from_hours(24 * i64::from(days));
        match self {
            Self::Replied => Act::Replied,
            Self::Ack => Act::Ack { until: in_days(1) },
            Self::Snooze(days) => Act::Snooze { until: in_days(days) },
            Self::Close => Act::Settle(Outcome::Closed),
            _ => Act::Reopen,
        }
    }

    /// What its mail means, and how far it is believed.
    fn says(self) -> (Meaning, Trust) {
        match self {
            Self::Received => (Meaning::Received, Trust::Verified),
            Self::Progress => (Meaning::Progress, Trust::Verified),
            Self::Question => (Meaning::Question, Trust::Verified),
            Self::Unclear => (Meaning::Unclear, Trust::Verified),
            Self::Approved => (Meaning::Approved, Trust::Verified),
            Self::Denied => (Meaning::Denied, Trust::Verified),
            Self::Ours => (Meaning::Ours, Trust::Own),
            Self::PassedOn => (Meaning::Approved, Trust::Forwarded),
            Self::ForgedApproval => (Meaning::Approved, Trust::Unverified),
            _ => (Meaning::Received, Trust::Unverified),
        }
    }

    fn letter(self, n: usize, at: Timestamp, id: &str) -> Letter {
        let text = port25::simulate::words(self.says().0).unwrap();
        let body = format!("{text}\r\n\r\nRequest ID: {id}");
        let (id, at) = (format!("m{n}.{id}@amazon"), at.to_string());
        let subject = "Your request to remove email sending limitations";
        let letter = match self {
            Self::Ours => Letter::ours(&id, &at, "x", &body),
            _ => Letter::aws(&id, &at, subject, &body),
        };
        match self {
            Self::ForgedApproval | Self::ForgedReceived => letter.forged(),
            Self::PassedOn => Letter { from: GROUP.to_owned(), ..letter },
            _ => letter,
        }
    }
}

impl Event {
    /// The mail as it comes, of the request with this AWS id.
    pub(crate) fn bytes(&self, id: &str) -> Vec<u8> {
        let letter = self.kind.letter(self.n, self.at, id);
        let first = format!("m0.{id}@amazon");
        if self.n == 0 { letter.bytes() } else { letter.answers(&[&first]).bytes() }
    }

    /// The entry that it becomes, as ingest makes it; read once for each kind.
    pub(crate) fn entry(&self) -> Entry {
        static READ: LazyLock<Vec<(Kind, Entry)>> = LazyLock::new(|| MAILS.map(|kind| (kind, kind.read())).to_vec());
        if !self.kind.is_mail() {
            let about = Reference::Aws(AwsId::parse(ID).unwrap());
            let action = Action { by: "ann".to_owned(), about, act: self.kind.act(self.comes), why: None };
            return Entry::of_action(&format!("act {}", self.n), action, self.at);
        }
        let mut entry = READ.iter().find(|(kind, _)| *kind == self.kind).map(|(_, entry)| entry.clone()).unwrap();
        let Fact::Mail(mail) = &mut entry.fact else { unreachable!("a mail") };
        mail.message_id = MessageId::parse(&format!("m{}.{ID}@amazon", self.n)).unwrap();
        mail.thread = if self.n == 0 { Vec::new() } else { vec![MessageId::parse(&format!("m0.{ID}@amazon")).unwrap()] };
        entry.id = EntryId::of_mail(mail.trust, &mail.message_id);
        (entry.at, entry.stored) = (self.at, self.comes);
        entry
    }
}

/// The request of all scenarios.
pub(crate) const ID: &str = "170000000000001";

impl Kind {
    fn read(self) -> Entry {
        let at: Timestamp = START.parse().unwrap();
        let bytes = self.letter(1, at, ID).answers(&["m0@amazon"]).bytes();
        let policy = Scenario::of(0).policy();
        let delivery = Delivery {
            object: "o",
            bytes: &bytes,
            truncated: false,
            verdicts: None,
            origin: Origin::ByHand,
            signatures: Signatures::default(),
        };
        let judged = ingest::file::judge(&delivery, &policy);
        let (meaning, trust) = self.says();
        assert_eq!((judged.reading.meaning, judged.reading.trust), (meaning, trust), "{self:?} is written badly");
        Entry::of_mail(&judged.mail, &judged.reading, &policy, "o", at)
    }
}
