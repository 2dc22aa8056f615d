//! What an entry may do to its request's turn: its meaning, held against its trust and the signals that support it.

use crate::classify::{Meaning, Place};
use crate::trust::Trust;

use super::entry::{Act, Action, Entry};
use super::fold::News;
use super::group::{Group, Judged, order};
use super::turn::{Event, Outcome};

/// Why a mail that only quotes an ID leaves a known request as it is.
pub(super) const ASIDE: &str = "only its quoted text names this request: people hear of it, and nothing changes";

/// An entry of a group, in whichever part.
#[derive(Clone, Copy)]
pub(super) enum Member<'g, 'a> {
    Mail(&'g Judged<'a>),
    Stray(&'g Judged<'a>),
    Action(&'a Entry, &'a Action),
}

impl<'a> Member<'_, 'a> {
    pub(super) fn entry(&self) -> &'a Entry {
        match self {
            Self::Mail(mail) | Self::Stray(mail) => mail.entry,
            Self::Action(entry, _) => entry,
        }
    }
}

/// The entries of a group in the order of effective time.
pub(super) fn members<'g, 'a>(group: &'g Group<'a>) -> Vec<Member<'g, 'a>> {
    let mails = group.mails.iter().map(Member::Mail);
    let strays = group.strays.iter().map(Member::Stray);
    let actions = group.actions.iter().map(|(entry, action)| Member::Action(entry, action));
    let registered = group.registered.iter().map(|r| Member::Action(r.entry, r.action));
    let mut all: Vec<Member<'g, 'a>> = mails.chain(strays).chain(actions).chain(registered).collect();
    all.sort_by(|a, b| order(a.entry()).cmp(&order(b.entry())));
    all
}

/// What a mail may do: its meaning, held against its trust and the signals that support it.
pub(super) fn event_of_mail(mail: &Judged<'_>, group: &Group<'_>) -> Result<Event, &'static str> {
    let plain = match mail.meaning {
        Meaning::Received => Event::Received,
        Meaning::Progress => Event::Progress,
        Meaning::Question if mail.mail.also_denied && !mail.by_person => Event::DeniedQuestion,
        Meaning::Question => Event::Question,
        Meaning::Unclear => Event::Unclear,
        Meaning::Approved => Event::Approved,
        Meaning::Denied => Event::Denied,
        Meaning::Ours => Event::Ours,
        Meaning::Note => return Err("a note changes nothing"),
        Meaning::Irrelevant => return Err("it is no part of a request's life"),
    };
    if mail.by_person {
        return Ok(plain);
    }
    match (mail.mail.trust, plain) {
        (Trust::Unverified, _) => Err("unverified mail changes nothing"),
        (Trust::Forwarded | Trust::Verified, _) if group.leaves_aside(mail) => Err(ASIDE),
        (Trust::Own, Event::Ours) => ours(mail, group).map(|()| Event::Ours),
        (Trust::Own, _) => Err("a note changes nothing"),
        (_, Event::Ours) => Err("only our own mail is our reply"),
        (Trust::Forwarded, Event::Received | Event::Progress) => Ok(Event::Start),
        // Quoted text may be anyone's: it files a mail, it restarts no clock.
        (Trust::Verified, Event::Received | Event::Progress) if mail.place == Some(Place::Quoted) => Ok(Event::Start),
        (Trust::Forwarded, Event::Approved) => Ok(Event::Hint(Outcome::Approved)),
        (Trust::Forwarded, Event::Denied) => Ok(Event::Hint(Outcome::Denied)),
        (Trust::Verified, Event::Approved) if !supported(mail, group) => Ok(Event::Confirm(Outcome::Approved)),
        (Trust::Verified, Event::Denied) if !supported(mail, group) => Ok(Event::Confirm(Outcome::Denied)),
        (Trust::Forwarded | Trust::Verified, event) => Ok(event),
    }
}

/// What people must hear of an entry.
pub(super) fn news(member: &Member<'_, '_>, decided: Result<Event, &'static str>) -> Option<News> {
    match (member, decided) {
        (Member::Stray(_), _) => Some(News::Unclear),
        (Member::Mail(mail), Err(ASIDE)) if !matches!(mail.meaning, Meaning::Received | Meaning::Progress) => Some(News::Unclear),
        (Member::Action(..), _) | (_, Err(_)) => None,
        (Member::Mail(_), Ok(event)) => match event {
            Event::Question | Event::DeniedQuestion => Some(News::Question),
            Event::Unclear => Some(News::Unclear),
            Event::Confirm(_) | Event::Hint(_) => Some(News::Confirm),
            Event::Approved => Some(News::Approved),
            Event::Denied => Some(News::Denied),
            Event::Received | Event::Progress | Event::Ours | Event::Start | Event::Settle(_) | Event::Reopen => None,
        },
    }
}

/// An approval or denial whose own ID stands only in the text settles only when its thread names another mail of the request:
/// the text may be an outsider's, the thread is AWS's.
fn supported(mail: &Judged<'_>, group: &Group<'_>) -> bool {
    match mail.place {
        Some(Place::Newest | Place::Quoted | Place::Header) => names_another(mail, group),
        Some(Place::Subject | Place::Link) | None => true,
    }
}

fn names_another(mail: &Judged<'_>, group: &Group<'_>) -> bool {
    group.mails.iter().any(|other| other.entry.id != mail.entry.id && mail.mail.thread.contains(&other.mail.message_id))
}

/// Our reply restarts the clock only when it went to AWS, in the thread of this request.
fn ours(mail: &Judged<'_>, group: &Group<'_>) -> Result<(), &'static str> {
    let from_aws = || group.mails.iter().filter(|m| m.mail.trust == Trust::Verified && !group.leaves_aside(m));
    let replies: Vec<&str> = from_aws().filter_map(|m| m.mail.reply_to.as_deref()).collect();
    if !mail.mail.to_aws && !mail.mail.recipients.iter().any(|r| replies.contains(&r.as_str())) {
        return Err("it did not go to AWS");
    }
    // What was registered by hand has no mail to answer; there too quoted text alone is not enough.
    if !group.registered.is_empty() && group.leaves_aside(mail) {
        return Err("only its quoted text names this request");
    }
    if from_aws().next().is_some() && !names_another(mail, group) {
        return Err("it answers no mail of this request");
    }
    Ok(())
}

/// What a person's action does.
pub(super) fn event_of_action(action: &Action) -> Result<Event, &'static str> {
    match &action.act {
        Act::Replied => Ok(Event::Ours),
        Act::Settle(outcome) => Ok(Event::Settle(*outcome)),
        Act::Reopen => Ok(Event::Reopen),
        Act::Ack { .. } => Err("acknowledged: repeats are held back"),
        Act::Snooze { .. } => Err("snoozed: repeats are held back"),
        Act::Note(_) => Err("a note changes nothing"),
        // It may start, and must not restart: AWS may have answered since.
        Act::Register(_) => Ok(Event::Start),
        Act::Identify(_) => Err("it says which ID AWS gave it"),
        Act::Judge { .. } => Err("it says what another entry means"),
    }
}
