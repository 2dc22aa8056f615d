//! Which entries of a bundle belong to which request.
//!
//! References bind: mails of AWS (and our replies to it) that share a Message-ID or an AWS id are one request. A thread that
//! carries two AWS ids is *tangled*: each mail goes to its own id, those without one to the id of the nearest mail above them.
//! Mails that do not bind (forwarded ones, notes of ours) are filed by their references but never join two requests: what an
//! outsider may have written must not fold a loud request into a quiet one.
//! A mail that a person moved (into another request, or apart) joins nothing by its references any more; what answers it follows it.
//! What was registered by hand binds as a mail does; a mail that is moved there brings its AWS ID along ([`super::registered`]).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use crate::classify::{Meaning, Place};
use crate::ids::{AwsId, EntryId, MessageId};
use crate::trust::Trust;

use super::entry::{Act, Action, Belongs, Entry, Fact, MailFact, Reference};
use super::registered::{Registration, aws_ids, registrations};
use super::sets::Sets;

/// A mail with what people said of it applied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'a> {
    pub entry: &'a Entry,
    pub mail: &'a MailFact,
    pub meaning: Meaning,
    pub own_id: Option<&'a AwsId>,
    /// Where the own ID stood; `None` when a person named it.
    pub place: Option<Place>,
    /// A person said what it means: it counts as said, whatever its trust.
    pub by_person: bool,
    /// Where a person said that it belongs.
    pub said: Option<&'a Belongs>,
}

impl Judged<'_> {
    /// A person said that it is no part of any request's life: it describes none.
    pub(super) fn dismissed(&self) -> bool {
        self.by_person && self.meaning == Meaning::Irrelevant
    }

    /// A person took it out of its thread.
    const fn moved(&self) -> bool {
        match self.said {
            Some(Belongs::Apart) => true,
            // One that brought its AWS ID to a registered request is where its ID is.
            Some(Belongs::With(_)) => self.own_id.is_none(),
            Some(Belongs::Aws(_)) | None => false,
        }
    }

    /// The Message-IDs that lead to its request because of it.
    fn leads(&self) -> impl Iterator<Item = &MessageId> {
        self.mail.message_ids().take(if self.moved() { 1 } else { usize::MAX })
    }
}

impl Judged<'_> {
    /// Whether nothing but an ID in its quoted text leads to its request. Quoted text may be anyone's.
    fn by_quotation(&self) -> bool {
        self.place == Some(Place::Quoted) && self.mail.thread.is_empty() && !self.by_person
    }

    /// Whether it makes the request that it is in known by itself. What was only forwarded does not: it must not push a question aside.
    fn founds(&self) -> bool {
        (self.by_person || self.mail.binds()) && !matches!(self.meaning, Meaning::Note | Meaning::Irrelevant) && !self.by_quotation()
    }
}

/// The entries of one request.
#[derive(Debug, Default)]
pub(super) struct Group<'a> {
    pub aws_id: Option<AwsId>,
    /// In the order of effective time.
    pub mails: Vec<Judged<'a>>,
    pub actions: Vec<(&'a Entry, &'a Action)>,
    /// How it was registered by hand, the first first.
    pub registered: Vec<Registration<'a>>,
    /// Mails of another AWS id that were written into this request's thread: shown as notes.
    pub strays: Vec<Judged<'a>>,
    /// Its thread carries a second AWS id.
    pub tangled: bool,
    /// A mail of it reaches it otherwise than by quoted text, or it was registered.
    pub founded: bool,
    /// Every Message-ID that leads here.
    pub message_ids: BTreeSet<MessageId>,
    /// The Message-ID that our own key of it is made from.
    pub named_by: Option<MessageId>,
}

impl Group<'_> {
    /// Whether a mail leaves this request as it is, because only its quoted text leads to it.
    pub(super) fn leaves_aside(&self, mail: &Judged<'_>) -> bool {
        self.founded && mail.by_quotation()
    }
}

/// How a group is named while entries are sorted into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    Aws(AwsId),
    /// The smallest Message-ID of a component without an AWS id.
    Thread(MessageId),
}

/// Splits a bundle into the entries of its requests, in a fixed order. `entries` are sorted and without doubles.
pub(super) fn group<'a>(entries: &[&'a Entry]) -> Vec<Group<'a>> {
    let registrations = registrations(entries);
    let mails = judged(entries, &registrations);
    let Bound { mut names, registered, tangles } = name_binding(&mails, &registrations);
    name_rest(&mails, &mut names, &registrations, &registered);

    let mut groups: BTreeMap<Name, Group<'a>> = BTreeMap::new();
    let mut home: HashMap<&EntryId, Name> = HashMap::new();
    for (mail, name) in mails.iter().zip(names) {
        let Some(name) = name else { continue };
        home.insert(&mail.entry.id, name.clone());
        let group = groups.entry(name).or_default();
        group.mails.push(*mail);
    }
    for (registration, name) in registrations.into_iter().zip(registered) {
        groups.entry(name).or_default().registered.push(registration);
    }
    let homes: HashMap<&MessageId, (Option<&Name>, bool)> =
        mails.iter().map(|m| (&m.mail.message_id, (home.get(&m.entry.id), m.moved()))).collect();
    for (name, group) in &mut groups {
        if let Name::Aws(id) = name {
            group.tangled = tangles.contains(id);
            group.aws_id = Some(id.clone());
        }
        group.founded = !group.registered.is_empty() || group.mails.iter().any(Judged::founds);
        let binding: Vec<&Judged<'_>> = group.mails.iter().filter(|m| m.mail.binds()).collect();
        let forwarded = || group.mails.iter().filter(|m| m.mail.trust != Trust::Own).collect();
        let leading = if binding.is_empty() && group.registered.is_empty() { forwarded() } else { binding };
        // Where a person took mails apart, a Message-ID leads to the request that has the mail.
        let parted = group.mails.iter().any(Judged::moved);
        let here = |id: &&MessageId| homes.get(id).is_none_or(|(home, moved)| *home == Some(name) || !(parted || *moved));
        group.message_ids =
            leading.iter().flat_map(|m| m.leads()).filter(here).chain(group.registered.iter().map(|r| &r.id)).cloned().collect();
        group.named_by = match name {
            Name::Thread(id) => Some(id.clone()),
            Name::Aws(_) => group.message_ids.first().cloned(),
        };
    }
    strays(&mails, &home, &mut groups);
    actions(entries, &home, &mut groups);
    groups.into_values().collect()
}

/// The mails with people's judgements applied and weaker copies of the same mail left out.
fn judged<'a>(entries: &[&'a Entry], registrations: &[Registration<'a>]) -> Vec<Judged<'a>> {
    // Where the registered request has no AWS ID of its own, the mail's is that of both.
    let nameless = |id: &MessageId| registrations.iter().any(|r| r.aws_id.is_none() && r.id == *id);
    let mut said: HashMap<&EntryId, (Meaning, Option<&Belongs>)> = HashMap::new();
    let mut best: HashMap<&MessageId, Trust> = HashMap::new();
    for entry in entries {
        match &entry.fact {
            Fact::Action(Action { act: Act::Judge { target, meaning, request, .. }, .. }) => {
                let before = said.get(target).and_then(|s| s.1);
                said.insert(target, (*meaning, request.as_ref().or(before)));
            }
            Fact::Action(_) => {}
            Fact::Mail(mail) => {
                let trust = best.entry(&mail.message_id).or_insert(mail.trust);
                *trust = (*trust).max(mail.trust);
            }
        }
    }
    let mails = entries.iter().filter_map(|entry| Some((*entry, entry.mail()?)));
    mails
        .filter(|(_, mail)| best.get(&mail.message_id) == Some(&mail.trust))
        .filter(|(entry, mail)| mail.trust != Trust::Unverified || said.contains_key(&entry.id))
        .map(|(entry, mail)| {
            let word = said.get(&entry.id);
            let said = word.and_then(|w| w.1);
            let (own_id, place) = match said {
                Some(Belongs::Aws(id)) => (Some(id), None),
                Some(Belongs::With(id)) if mail.binds() && nameless(id) && word.is_some_and(|w| w.0 != Meaning::Irrelevant) => {
                    (mail.own_id.as_ref().map(|o| &o.id), None)
                }
                Some(Belongs::With(_) | Belongs::Apart) => (None, None),
                None => (mail.own_id.as_ref().map(|o| &o.id), mail.own_id.as_ref().map(|o| o.place)),
            };
            Judged { entry, mail, meaning: word.map_or(mail.meaning, |w| w.0), own_id, place, by_person: word.is_some(), said }
        })
        .collect()
}

/// The names that binding gives.
struct Bound {
    /// Of the mails; `None` for those that do not bind.
    names: Vec<Option<Name>>,
    /// Of the registrations.
    registered: Vec<Name>,
    /// The AWS ids whose threads are tangled.
    tangles: HashSet<AwsId>,
}

/// Names the binding mails and the registrations: by AWS id, else by the thread's.
fn name_binding(mails: &[Judged<'_>], registrations: &[Registration<'_>]) -> Bound {
    let mut sets = Sets::default();
    let binding: Vec<usize> = (0..mails.len()).filter(|&i| mails[i].mail.binds()).collect();
    let apart: HashSet<&MessageId> = mails.iter().filter(|m| m.moved()).map(|m| &m.mail.message_id).collect();
    let by_id: HashMap<&MessageId, usize> = binding.iter().map(|&i| (&mails[i].mail.message_id, i)).collect();
    let near: Vec<(usize, Near<'_>, bool)> = binding
        .iter()
        .map(|&i| {
            let (near, parted) = nearest(mails, &by_id, i);
            (i, near, parted)
        })
        .collect();
    // What was moved, and what follows it, joins nothing any more.
    for (i, ..) in near.iter().filter(|(.., parted)| !parted) {
        sets.union_all(mails[*i].mail.message_ids());
    }
    let mut components: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(i, ..) in near.iter().filter(|(.., parted)| !parted) {
        if let Some(root) = sets.root_of(&mails[i].mail.message_id) {
            components.entry(root).or_default().push(i);
        }
    }
    let mut common: HashMap<usize, Name> = HashMap::new();
    let mut tangles = HashSet::new();
    for (root, members) in &components {
        let ids: BTreeSet<&AwsId> = members.iter().filter_map(|&i| mails[i].own_id).collect();
        let name = match ids.len() {
            // A moved mail keeps its own Message-ID for its own request.
            0 => {
                let named = || members.iter().flat_map(|&i| mails[i].mail.message_ids());
                named().filter(|m| !apart.contains(m)).min().or_else(|| named().min()).map(|m| Name::Thread(m.clone()))
            }
            _ => members.iter().find_map(|&i| mails[i].own_id).map(|id| Name::Aws(id.clone())),
        };
        common.extend(name.map(|name| (*root, name)));
        if ids.len() > 1 {
            tangles.extend(ids.iter().map(|id| (*id).clone()));
        }
    }
    let leading = binding.iter().filter(|&&i| !mails[i].dismissed()).filter_map(|&i| Some((leads_to(mails, &by_id, i)?, mails[i].own_id?)));
    let known = aws_ids(registrations, leading);
    let mut of_thread = |id: &MessageId| match known.get(id) {
        Some(aws_id) => Name::Aws((*aws_id).clone()),
        None => sets.root_of(id).and_then(|root| common.get(&root).cloned()).unwrap_or_else(|| Name::Thread(id.clone())),
    };
    let registered = registrations.iter().map(|r| of_thread(&r.id)).collect();
    let mut names: Vec<Option<Name>> = vec![None; mails.len()];
    for (i, near, _) in near {
        names[i] = match near {
            Near::Named(name) => Some(name),
            Near::Thread(id) => Some(of_thread(id)),
        };
    }
    Bound { names, registered, tangles }
}

/// The Message-ID, of no mail here, that a person put this mail with, or the nearest mail above it that a person moved.
fn leads_to<'a>(mails: &[Judged<'a>], by_id: &HashMap<&MessageId, usize>, from: usize) -> Option<&'a MessageId> {
    let mut seen = HashSet::new();
    let mut at = from;
    while seen.insert(at) {
        let mail = &mails[at];
        match mail.said {
            Some(Belongs::With(id)) => match by_id.get(id) {
                Some(&other) => at = other,
                None => return Some(id),
            },
            Some(Belongs::Apart) => return None,
            // What has an AWS ID of its own is the end of the way, but for the mail that is asked about.
            _ if at != from && mail.own_id.is_some() => return None,
            _ => at = mail.mail.thread.iter().rev().find_map(|m| by_id.get(m).copied().filter(|&i| i != at))?,
        }
    }
    None
}

/// What names a binding mail.
enum Near<'a> {
    /// This name.
    Named(Name),
    /// Whatever the thread with this Message-ID is called.
    Thread(&'a MessageId),
}

/// The AWS id of the mail itself, else of the nearest mail above it in its thread; people's word on where a mail belongs counts
/// for what stands below it too. Also says whether such a word was met on the way.
fn nearest<'a>(mails: &[Judged<'a>], by_id: &HashMap<&MessageId, usize>, from: usize) -> (Near<'a>, bool) {
    let mut seen = HashSet::new();
    let mut parted = false;
    let mut at = from;
    while seen.insert(at) {
        let mail = &mails[at];
        parted |= mail.moved();
        if let Some(id) = mail.own_id {
            return (Near::Named(Name::Aws(id.clone())), parted);
        }
        match mail.said {
            Some(Belongs::Apart) => return (Near::Named(Name::Thread(mail.mail.message_id.clone())), parted),
            Some(Belongs::With(id)) => match by_id.get(id) {
                Some(&other) => at = other,
                None => return (Near::Thread(id), parted),
            },
            _ => match mail.mail.thread.iter().rev().find_map(|m| by_id.get(m).copied().filter(|&i| i != at)) {
                Some(up) => at = up,
                None => break,
            },
        }
    }
    (Near::Thread(&mails[at].mail.message_id), parted)
}

/// Files the mails that do not bind. Each hangs on exactly one thing, so that none can join two requests: what binding mails carry
/// (its own ID, else the nearest mail of its thread), else its own ID, else the nearest mail of its thread that is here, else
/// the beginning of its thread. Registrations count as binding mails.
fn name_rest(mails: &[Judged<'_>], names: &mut [Option<Name>], registrations: &[Registration<'_>], registered: &[Name]) {
    let bound: Vec<usize> = (0..mails.len()).filter(|&i| names[i].is_some()).collect();
    let rest: Vec<usize> = (0..mails.len()).filter(|&i| names[i].is_none()).collect();
    // An ID that a mail only quotes must not draw others away from the thread they are in.
    let mut ids: HashSet<&AwsId> = bound.iter().filter(|&&i| !mails[i].by_quotation()).filter_map(|&i| mails[i].own_id).collect();
    ids.extend(registrations.iter().filter_map(|r| r.aws_id));
    let mut carried: HashMap<&MessageId, Name> = registrations.iter().map(|r| &r.id).zip(registered.iter().cloned()).collect();
    for &i in &bound {
        carried.extend(names[i].clone().map(|name| (&mails[i].mail.message_id, name)));
    }
    for &i in &bound {
        for (named, name) in mails[i].mail.thread.iter().zip(std::iter::repeat(&names[i])) {
            if let Some(name) = name {
                carried.entry(named).or_insert_with(|| name.clone());
            }
        }
    }
    let held = |mail: &Judged<'_>| -> Option<Name> {
        let by_id = mail.own_id.filter(|id| ids.contains(id) || mail.by_person).map(|id| Name::Aws(id.clone()));
        let by_thread = || mail.mail.thread.iter().rev().find_map(|m| carried.get(m).cloned());
        by_id.or_else(by_thread).or_else(|| carried.get(&mail.mail.message_id).cloned())
    };
    let here: HashMap<&MessageId, usize> = rest.iter().map(|&i| (&mails[i].mail.message_id, i)).collect();
    for &i in &rest {
        let mut seen = HashSet::new();
        let mut at = i;
        names[i] = loop {
            let mail = &mails[at];
            let thread = &mail.mail.thread;
            match mail.said {
                Some(Belongs::Apart) => break Some(Name::Thread(mail.mail.message_id.clone())),
                Some(Belongs::With(id)) => match (carried.get(id), here.get(id)) {
                    (Some(name), _) => break Some(name.clone()),
                    (None, Some(&other)) if seen.insert(at) && !seen.contains(&other) => {
                        at = other;
                        continue;
                    }
                    _ => break Some(Name::Thread(id.clone())),
                },
                _ => {}
            }
            if let Some(name) = held(mail) {
                break Some(name);
            }
            if let Some(id) = mail.own_id.filter(|_| mail.meaning != Meaning::Note) {
                break Some(Name::Aws(id.clone()));
            }
            seen.insert(at);
            match thread.iter().rev().find_map(|m| here.get(m).copied().filter(|&up| up != at)) {
                Some(up) if !seen.contains(&up) => at = up,
                // A circle of mails that answer each other: the smallest of them names it.
                Some(_) => break seen.iter().map(|&i| &mails[i].mail.message_id).min().map(|m| Name::Thread(m.clone())),
                None => break Some(Name::Thread(thread.first().unwrap_or(&mail.mail.message_id).clone())),
            }
        };
    }
}

/// Notes in the request whose thread a mail of another AWS id was written into.
fn strays<'a>(mails: &[Judged<'a>], home: &HashMap<&EntryId, Name>, groups: &mut BTreeMap<Name, Group<'a>>) {
    let by_id: HashMap<&MessageId, &EntryId> = mails.iter().map(|m| (&m.mail.message_id, &m.entry.id)).collect();
    // What a person named is where it should be: nobody needs to hear of it.
    for mail in mails.iter().filter(|m| m.mail.binds() && m.own_id.is_some() && m.said.is_none()) {
        let own = home.get(&mail.entry.id);
        let others: BTreeSet<&Name> =
            mail.mail.thread.iter().filter_map(|m| home.get(*by_id.get(m)?)).filter(|name| Some(*name) != own).collect();
        for other in others {
            if let Some(group) = groups.get_mut(other) {
                group.strays.push(*mail);
            }
        }
    }
}

/// Files people's actions by the reference they name; a judgement goes where its target is.
fn actions<'a>(entries: &[&'a Entry], home: &HashMap<&EntryId, Name>, groups: &mut BTreeMap<Name, Group<'a>>) {
    for entry in entries {
        let Fact::Action(action) = &entry.fact else { continue };
        let target = match &action.act {
            // It is where it made a request.
            Act::Register(_) => continue,
            Act::Judge { target, .. } => home.get(target).cloned(),
            _ => None,
        };
        let named = || match &action.about {
            Reference::Aws(id) => Some(Name::Aws(id.clone())).filter(|name| groups.contains_key(name)),
            Reference::Message(id) => lead(groups, id),
        };
        if let Some(group) = target.or_else(named).and_then(|n| groups.get_mut(&n)) {
            group.actions.push((entry, action));
        }
    }
}

/// The group that a Message-ID leads to: the one that has the mail or the registration, is named by it, or whose binding mails
/// carry it.
fn lead(groups: &BTreeMap<Name, Group<'_>>, id: &MessageId) -> Option<Name> {
    let first = |test: &dyn Fn(&Group<'_>) -> bool| groups.iter().find(|(_, g)| test(g)).map(|(name, _)| name.clone());
    first(&|g| g.mails.iter().any(|m| m.mail.message_id == *id) || g.registered.iter().any(|r| r.id == *id))
        .or_else(|| Some(Name::Thread(id.clone())).filter(|name| groups.contains_key(name)))
        .or_else(|| first(&|g| g.message_ids.contains(id) && g.mails.iter().any(|m| m.mail.binds())))
}

/// The order of entries everywhere: effective time, then id.
pub(super) fn order(entry: &Entry) -> (Timestamp, &EntryId) {
    (entry.at, &entry.id)
}
