//! The fold: from the entries of a bundle to its requests.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::classify::{Family, Meaning};
use crate::ids::{AccountId, AwsId, EntryId, Key, MessageId, Region};
use crate::trust::Trust;

use super::entry::{Act, Entry};
use super::event::{Member, event_of_action, event_of_mail, members, news};
use super::group::{Group, Judged, group, order};
use super::hold::{EndedHold, Hold, HoldEnd, Holds};
use super::turn::{Outcome, Turn, Why};

/// A request is dormant when its last entry was this old when it was stored (an old mailbox, imported).
const DORMANT_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many Regions are kept of all mails of a request.
const REGIONS_MAX: usize = 50;

/// One thing asked of AWS, as its entries tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How people see it.
    pub id: ShownId,
    /// Our own key of it, shown while there is no AWS id.
    pub key: Key,
    /// Whose turn it is.
    pub turn: Turn,
    /// The entry that opened this stretch of one turn: the name of the episode.
    pub opened_by: EntryId,
    /// Why repeats are held back, until its time is over.
    pub hold: Option<Hold>,
    /// The holds that an entry ended; [`Request::holds_ended`] adds the one that ended by itself.
    pub ended_holds: Vec<EndedHold>,
    /// What kind of AWS mail it is about.
    pub family: Family,
    /// The AWS account.
    pub account: Option<AccountId>,
    /// The Regions, in order of appearance.
    pub regions: Vec<Region>,
    /// The subject of the first mail of AWS, or what the person called it who submitted it by hand.
    pub subject: String,
    /// The first mail of AWS (the first that is proven, where there is one): the one to answer when AWS is silent. `None` while
    /// no mail of AWS came, as for one that was registered by hand.
    pub first_mail: Option<EntryId>,
    /// The last mail of AWS, or of ours to AWS, the form included that was registered by hand.
    pub last_update: Timestamp,
    /// How far the last mail of AWS is believed.
    pub last_trust: Option<Trust>,
    /// Its last entry was over 30 days old when it came: listed, no repeats until woken.
    pub dormant: bool,
    /// A thread of it carries a second AWS id.
    pub tangled: bool,
    /// Its first mail names no expected account.
    pub unexpected: bool,
    /// Every Message-ID that leads to it.
    pub message_ids: BTreeSet<MessageId>,
    /// Other AWS ids named in its mails.
    pub mentions: BTreeSet<AwsId>,
    /// Every entry, in the order of effective time, with what it did.
    pub steps: Vec<Step>,
}

/// The id people see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShownId {
    /// AWS's own.
    Aws(AwsId),
    /// Ours, while AWS gave none.
    Key(Key),
}

/// One entry and what it did to its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The entry.
    pub entry: EntryId,
    /// Its effective time.
    pub at: Timestamp,
    /// When it was stored.
    pub stored: Timestamp,
    /// A mail's meaning after people's judgements; `None` for an action.
    pub meaning: Option<Meaning>,
    /// What it did.
    pub effect: Effect,
    /// Whose turn it was afterwards.
    pub turn: Option<Turn>,
    /// What people must hear of it, once.
    pub news: Option<News>,
}

/// What is told once of an entry, also when it is history by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// AWS asks.
    Question,
    /// A person must read it.
    Unclear,
    /// It seems settled; a person must confirm.
    Confirm,
    /// Granted.
    Approved,
    /// Refused.
    Denied,
}

/// What an entry did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It opened a new stretch: a new turn, or a new clock.
    Opened,
    /// It counts, and the turn stays as it was.
    Stayed,
    /// It changes nothing, for this reason.
    Nothing(&'static str),
}

impl ShownId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Aws(id) => id.as_str(),
            Self::Key(key) => key.as_str(),
        }
    }
}

impl std::fmt::Display for ShownId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The requests of a bundle, sorted by the id that people see.
///
/// A bundle of notes alone (our own mail about nothing known) has none.
pub fn fold(entries: &[Entry]) -> Vec<Request> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by(|a, b| order(a).cmp(&order(b)));
    sorted.dedup_by(|a, b| a.id == b.id);
    let mut requests: Vec<Request> = group(&sorted).iter().filter_map(walk).collect();
    requests.sort_by(|a, b| a.id.cmp(&b.id));
    requests
}

/// Walks the entries of one request through the turn table.
fn walk(group: &Group<'_>) -> Option<Request> {
    let key = Key::of(group.named_by.as_ref()?);
    // Notes alone are no request, whatever was said of them; what a person submitted is one without any mail.
    let begun = !group.registered.is_empty();
    let closed = if begun || group.mails.iter().any(|m| event_of_mail(m, group).is_ok()) { None } else { Some(dismissed(group)?) };
    let mut turn: Option<(Turn, EntryId)> = None;
    let mut holds = Holds::default();
    let mut steps = Vec::new();
    let mut last_update = None;
    let mut last_stored: Option<(Timestamp, Timestamp)> = None;
    for member in members(group) {
        let entry = member.entry();
        let (meaning, decided) = match member {
            Member::Mail(mail) => (Some(mail.meaning), event_of_mail(mail, group)),
            Member::Stray(mail) => (Some(mail.meaning), Err("it carries another request's id and is filed there")),
            Member::Action(_, action) => (None, event_of_action(action)),
        };
        if let (Member::Action(_, action), Some(_)) = (&member, &turn) {
            holds.begin(entry, action);
        }
        let news = news(&member, decided);
        let effect = match decided {
            Err(why) => Effect::Nothing(why),
            Ok(event) => match Turn::after(turn.as_ref().map(|t| t.0), event, entry.at) {
                None => Effect::Stayed,
                Some(next) => {
                    turn = Some((next, entry.id.clone()));
                    Effect::Opened
                }
            },
        };
        let to_or_from_aws = match member {
            Member::Mail(_) => true,
            Member::Action(_, action) => matches!(action.act, Act::Register(_)),
            Member::Stray(_) => false,
        };
        if to_or_from_aws && decided.is_ok() {
            last_update = Some(entry.at);
        }
        // AWS's mail wakes whatever it says; our own words end it when the turn changes by them.
        let of_aws = matches!(member, Member::Mail(mail) if decided.is_ok() && mail.mail.trust != Trust::Own);
        if of_aws || effect == Effect::Opened {
            holds.end(entry, HoldEnd::Woken);
        }
        last_stored = Some((entry.at, entry.stored));
        steps.push(Step {
            entry: entry.id.clone(),
            at: entry.at,
            stored: entry.stored,
            meaning,
            effect,
            turn: turn.as_ref().map(|t| t.0),
            news,
        });
    }
    // What people did before they dismissed its last mail is over too.
    let (turn, opened_by) = match (turn, closed) {
        (Some(turn), Some(closed)) if turn.0.since() <= closed.0.since() => closed,
        (turn, closed) => turn.or(closed)?,
    };
    let mut from_aws: Vec<&Judged<'_>> =
        group.mails.iter().filter(|m| m.mail.trust != Trust::Own && !m.dismissed() && !group.leaves_aside(m)).collect();
    let last_trust = from_aws.last().map(|m| m.mail.trust);
    // What AWS proved describes the request; a forwarded mail with an earlier Date must not make it another one.
    from_aws.sort_by_key(|m| std::cmp::Reverse(m.mail.trust));
    let first = from_aws.first();
    // Where nothing is proven, one mail that names an expected account is enough: another one must not quiet it.
    let expected = |m: &&Judged<'_>| m.mail.expected || m.by_person;
    let proven = first.is_some_and(|m| m.mail.trust == Trust::Verified);
    // So does an answer of ours: nobody answers for an account that is not theirs.
    let answered = steps.iter().any(|s| s.effect == Effect::Opened && (s.meaning.is_none() || s.meaning == Some(Meaning::Ours)));
    let unexpected = first.is_some_and(|m| !expected(m)) && (proven || !from_aws.iter().any(expected)) && !answered && !begun;
    let mentions = group.mails.iter().filter(|m| !m.dismissed()).flat_map(|m| m.mail.mentions.iter().chain(m.own_id));
    // What AWS proved describes it, then the person who submitted it, then what was only passed on.
    let (sure, passed_on) = from_aws.split_at(from_aws.partition_point(|m| m.mail.trust == Trust::Verified));
    let submitted = || group.registered.iter().map(|r| r.submitted);
    let mut regions: Vec<Region> = Vec::new();
    let all = |mails: &[&Judged<'_>]| mails.iter().flat_map(|m| m.mail.regions.clone()).collect::<Vec<_>>();
    for region in all(sure).iter().chain(submitted().flat_map(|s| &s.regions)).chain(&all(passed_on)) {
        if regions.len() < REGIONS_MAX && !regions.contains(region) {
            regions.push(region.clone());
        }
    }
    let known = |family: &Family| *family != Family::Other;
    let families = |mails: &[&Judged<'_>]| mails.iter().map(|m| m.mail.family).collect::<Vec<_>>().into_iter();
    let accounts = |mails: &[&Judged<'_>]| mails.iter().find_map(|m| m.mail.account.clone());
    let subject = |mail: Option<&Judged<'_>>| mail.map(|m| m.mail.subject.clone());
    Some(Request {
        id: group.aws_id.clone().map_or_else(|| ShownId::Key(key.clone()), ShownId::Aws),
        key,
        turn,
        opened_by,
        hold: holds.now,
        ended_holds: holds.ended,
        family: families(sure).chain(submitted().map(|s| s.family)).chain(families(passed_on)).find(known).unwrap_or(Family::Other),
        // What a mail says of itself, else what its recipient says: an alias never pushes the text aside.
        account: accounts(sure)
            .or_else(|| submitted().find_map(|s| s.account.clone()))
            .or_else(|| accounts(passed_on))
            .or_else(|| from_aws.iter().find_map(|m| m.mail.alias.clone())),
        regions,
        subject: subject(sure.first().copied())
            .or_else(|| submitted().map(|s| s.subject.clone()).next())
            .or_else(|| subject(passed_on.first().copied().or(group.mails.first())))
            .unwrap_or_default(),
        first_mail: first.map(|m| m.entry.id.clone()),
        last_update: last_update.unwrap_or(turn.since()),
        last_trust,
        dormant: last_stored.is_some_and(|(at, stored)| stored.duration_since(at) > DORMANT_AGE),
        tangled: group.tangled,
        unexpected,
        message_ids: group.message_ids.clone(),
        mentions: mentions.filter(|id| Some(*id) != group.aws_id.as_ref()).cloned().collect(),
        steps,
    })
}

/// A request whose every mail a person dismissed is closed and stays to be seen, with who did it. Mail that nothing proves never
/// was a request.
fn dismissed(group: &Group<'_>) -> Option<(Turn, EntryId)> {
    let was_one = |m: &&Judged<'_>| m.mail.trust != Trust::Unverified && !matches!(m.mail.meaning, Meaning::Irrelevant | Meaning::Note);
    group.mails.iter().filter(|m| m.dismissed()).find(was_one)?;
    let judges = group.actions.iter().filter(|(_, action)| matches!(action.act, Act::Judge { meaning: Meaning::Irrelevant, .. }));
    let last = judges.max_by(|a, b| order(a.0).cmp(&order(b.0)))?.0;
    Some((Turn::Settled { since: last.at, outcome: Outcome::Closed }, last.id.clone()))
}

impl Request {
    /// Why it is our turn, if it is.
    pub const fn why(&self) -> Option<Why> {
        match self.turn {
            Turn::Ours { why, .. } => Some(why),
            _ => None,
        }
    }

    /// Whether this reference, or an id that was shown, means this request.
    pub fn answers_to(&self, reference: &str) -> bool {
        self.id.as_str() == reference || self.key.as_str() == reference || self.message_ids.iter().any(|m| m.as_str() == reference)
    }

    /// What an entry did here.
    pub fn step(&self, entry: &EntryId) -> Option<&Step> {
        self.steps.iter().find(|s| s.entry == *entry)
    }
}
