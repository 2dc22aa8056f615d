//! Filing a mail: what it looks up, what it claims, and how it ends.
//!
//! References are an address book: they say in which bundle a mail lies. Which mails of a bundle are one request is decided by
//! the fold alone, so a claim made by the wrong mail can cost a little room, never a wrong state.

use std::collections::BTreeSet;

use crate::classify::{Family, Meaning, Reading};
use crate::ids::{AwsId, Key, MessageId};
use crate::mail::Mail;
use crate::policy::Policy;
use crate::request::{Act, Action, Belongs, Entry, Fact, MailFact, Reference};
use crate::trust::Trust;

/// How many foreign ids of an unverified mail are looked up.
const LOOKUPS_MAX: usize = 5;
/// Why a mail is ignored whose request a person forgot. No rule has this name.
pub const FORGOTTEN: &str = "forgotten";

/// How a stored object ended. Every object ends as one of these; nothing is dropped in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is an entry of a request.
    Applied,
    /// The same object, or another copy of a mail that was already filed.
    Duplicate,
    /// A more trusted copy of the same mail counts.
    Superseded,
    /// It is about none of our requests, by this rule; or its request was forgotten ([`FORGOTTEN`]).
    Ignored(String),
    /// It may be about a request, and nothing proves who sent it: kept apart for a person.
    Quarantined(String),
    /// It had ended without an entry, and a person judged it: it is one now, by this word.
    Released(String),
}

impl Ending {
    /// The stable word for JSON, storage and logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Duplicate => "duplicate",
            Self::Superseded => "superseded",
            Self::Ignored(_) => "ignored",
            Self::Quarantined(_) => "quarantined",
            Self::Released(_) => "released",
        }
    }

    /// The rule or reason, for those that have one.
    pub fn why(&self) -> &str {
        match self {
            Self::Ignored(why) | Self::Quarantined(why) | Self::Released(why) => why,
            Self::Applied | Self::Duplicate | Self::Superseded => "",
        }
    }
}

/// What is to be done with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filing {
    /// It becomes an entry of the request that its references lead to, or of a new one.
    File,
    /// It ends without an entry.
    End(Ending),
}

/// Decides how a mail is filed. `known` says whether one of [`lookups`] leads to a request.
pub fn decide(mail: &Mail, reading: &Reading, known: bool, policy: &Policy) -> Filing {
    let rule = || reading.evidence.first().map_or_else(|| "irrelevant".to_owned(), |e| e.rule.clone());
    let from_people = mail.from.iter().any(|a| policy.is_own(&a.address) || policy.is_forwarder(&a.address));
    let end = match reading.trust {
        // Our own alert coming back carries our request IDs; SNS proves itself, and nobody needs to look at it.
        _ if reading.family == Family::AlertEcho => Ending::Ignored(rule()),
        Trust::Unverified if reading.claims_aws => Ending::Quarantined(format!("claims to be AWS: {}", reading.trust_why)),
        Trust::Unverified if known => Ending::Quarantined(format!("names a known request: {}", reading.trust_why)),
        Trust::Unverified if from_people => Ending::Quarantined(format!("claims to be one of us: {}", reading.trust_why)),
        Trust::Unverified => Ending::Ignored("unrelated".to_owned()),
        _ if reading.meaning == Meaning::Irrelevant => Ending::Ignored(rule()),
        Trust::Own if mail.thread.is_empty() && reading.own_id.is_none() => Ending::Ignored("own-unrelated".to_owned()),
        Trust::Own | Trust::Forwarded | Trust::Verified => return Filing::File,
    };
    Filing::End(end)
}

/// The references under which a mail's request is looked for, the strongest first: its own ID, the thread from the nearest
/// mail to the farthest, its own Message-ID (a reply to it may have come before it). An unverified mail also asks for the ids it
/// mentions, to know whether it names a request.
pub fn lookups(fact: &MailFact) -> Vec<Reference> {
    let own = fact.own_id.iter().map(|o| Reference::Aws(o.id.clone()));
    let thread = fact.thread.iter().rev().cloned().map(Reference::Message);
    let itself = std::iter::once(Reference::Message(fact.message_id.clone()));
    let mut all: Vec<Reference> = own.chain(thread).chain(itself).collect();
    if fact.trust == Trust::Unverified {
        let mentions: Vec<&AwsId> = fact.mentions.iter().take(LOOKUPS_MAX).collect();
        all.extend(mentions.into_iter().cloned().map(Reference::Aws));
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|r| seen.insert(r.clone()));
    all
}

/// The references a filed mail claims for its bundle where nobody did: its own ID, its own Message-ID, and its thread, **also
/// mails not yet seen**, so that two mails of one unseen thread meet.
pub fn claims(fact: &MailFact) -> Vec<Reference> {
    match fact.trust {
        Trust::Unverified => Vec::new(),
        _ => lookups(fact),
    }
}

/// The references under which a mail that a person judges is filed: those of the person's word, then its own as in [`lookups`],
/// but for what it only mentions.
pub fn judged_lookups(fact: &MailFact, said: Option<&Belongs>) -> Vec<Reference> {
    let named = match said {
        Some(Belongs::Aws(id)) => Some(Reference::Aws(id.clone())),
        Some(Belongs::With(id)) => Some(Reference::Message(id.clone())),
        Some(Belongs::Apart) | None => None,
    };
    let mentioned = |r: &Reference| match r {
        Reference::Aws(id) => fact.own_id.as_ref().is_none_or(|own| own.id != *id),
        Reference::Message(_) => false,
    };
    let mut all: Vec<Reference> = lookups(fact).into_iter().filter(|r| !mentioned(r)).collect();
    if let Some(named) = named {
        all.retain(|r| *r != named);
        all.insert(0, named);
    }
    all
}

/// What a mail that a person judges claims. A dismissed one claims itself only: what it names is nobody's.
pub fn judged_claims(fact: &MailFact, said: Option<&Belongs>, meaning: Meaning) -> Vec<Reference> {
    match meaning {
        Meaning::Irrelevant => vec![Reference::Message(fact.message_id.clone())],
        _ => judged_lookups(fact, said),
    }
}

/// The references of a request that was registered by hand: AWS's ID where the person knew it, and the Message-ID that stands for the
/// registration. It looks for its request under them and claims them. `None` for any other entry.
pub fn registered(entry: &Entry) -> Option<Vec<Reference>> {
    let Fact::Action(Action { act: Act::Register(_), about, .. }) = &entry.fact else { return None };
    let itself = Reference::Message(MessageId::of_registration(&entry.id));
    let mut all = vec![about.clone(), itself];
    all.dedup();
    Some(all)
}

/// The references that AWS's ID of a registration connects, said by an [`Act::Identify`]: AWS's ID and what the action is about.
pub fn identified(entry: &Entry) -> Option<Vec<Reference>> {
    let Fact::Action(Action { act: Act::Identify(id), about, .. }) = &entry.fact else { return None };
    Some(vec![Reference::Aws(id.clone()), about.clone()])
}

/// All names under which these entries can have been filed: every reference that one of them claims or a person gave it, and every
/// key that may have been shown. Some may be another bundle's, or nobody's.
pub fn names(entries: &[Entry]) -> (BTreeSet<Reference>, BTreeSet<Key>) {
    let mut references = BTreeSet::new();
    for entry in entries {
        match &entry.fact {
            Fact::Mail(fact) => references.extend(lookups(fact)),
            Fact::Action(Action { act: Act::Judge { request, .. }, .. }) => match request {
                Some(Belongs::Aws(id)) => references.extend([Reference::Aws(id.clone())]),
                Some(Belongs::With(id)) => references.extend([Reference::Message(id.clone())]),
                Some(Belongs::Apart) | None => {}
            },
            Fact::Action(_) => references.extend(registered(entry).or_else(|| identified(entry)).into_iter().flatten()),
        }
    }
    let message = |r: &Reference| match r {
        Reference::Message(id) => Some(Key::of(id)),
        Reference::Aws(_) => None,
    };
    let keys = references.iter().filter_map(message).collect();
    (references, keys)
}

/// The Message-IDs of the mails among these entries.
pub fn message_ids(entries: &[Entry]) -> BTreeSet<&MessageId> {
    entries.iter().filter_map(Entry::mail).map(|mail| &mail.message_id).collect()
}

/// Where a mail goes, given the bundles that its [`lookups`] found, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement<A> {
    /// The bundle it joins; `None` begins a new one.
    pub home: Option<A>,
    /// Bundles that become part of that one.
    pub absorb: Vec<A>,
}

/// Places a mail: everything it names becomes one bundle. That is only an address: whether its requests are one is decided by the
/// fold, which lets nothing join two requests but AWS's own references and ours.
pub fn place<A: Clone + Ord>(found: &[A]) -> Placement<A> {
    // Which of them survives is no part of any identity; the smallest, so that two ingests at once choose the same.
    let mut distinct: Vec<A> = found.to_vec();
    distinct.sort();
    distinct.dedup();
    let mut distinct = distinct.into_iter();
    Placement { home: distinct.next(), absorb: distinct.collect() }
}
