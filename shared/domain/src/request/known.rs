//! What a request's mails name, taken together: shown on its page and in its alerts.

use super::entry::Entry;
use super::fold::{Effect, Request};
use super::turn::Turn;
use crate::classify::{Facts, MAX_ADDRESSES, MAX_NAMES, MAX_RESOURCES, Meaning};
use crate::trust::Trust;

/// The facts of a request's mails, each once, in the order of the mails. Limits and reason are those of the last decision: an approval
/// states limits, a denial its reason, and a later one takes the place of an earlier one. What
/// only seems to be one, until a person confirms it, counts for nothing.
pub fn known(request: &Request, entries: &[Entry]) -> Facts {
    let mut known = Facts::default();
    for step in request.steps.iter().filter(|step| !matches!(step.effect, Effect::Nothing(_))) {
        let Some(mail) = entries.iter().find(|e| e.id == step.entry).and_then(Entry::mail) else { continue };
        let meaning = step.meaning.unwrap_or(mail.meaning);
        if meaning == Meaning::Ours {
            continue;
        }
        add(&mut known.addresses, &mail.facts.addresses, MAX_ADDRESSES);
        add(&mut known.names, &mail.facts.names, MAX_NAMES);
        add(&mut known.resources, &mail.facts.resources, MAX_RESOURCES);
        let settles = [step.turn, Some(request.turn)].iter().any(|turn| matches!(turn, Some(Turn::Settled { .. })));
        let decides = matches!(meaning, Meaning::Approved | Meaning::Denied) && settles;
        if decides || (mail.also_denied && mail.trust == Trust::Verified) {
            known.limits.clone_from(&mail.facts.limits);
            known.reason.clone_from(&mail.facts.reason);
        }
    }
    known
}

fn add<T: Clone + PartialEq>(known: &mut Vec<T>, more: &[T], most: usize) {
    for thing in more {
        if known.len() < most && !known.contains(thing) {
            known.push(thing.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::classify::Limit;
    use crate::mail;
    use crate::policy::Policy;
    use crate::request::fold;
    use crate::trust::Judgement;

    /// Mails of one thread: what AWS wrote, an hour apart.
    fn facts(trust: Trust, texts: &[&str]) -> Facts {
        let policy = Policy::default();
        let entries: Vec<Entry> = (0..)
            .zip(texts)
            .map(|(n, text)| {
                let bytes = format!(
                    "From: aws-automation@email.amazon.com\nSubject: Re: port 25\nMessage-ID: <{n}@amazon>\nReferences: <first@amazon>\n\
                     Date: Fri, 20 Nov 2026 1{n}:00:00 +0000\n\n{text}\n"
                );
                let mail = mail::read(bytes.as_bytes());
                let reading = crate::classify::read(&mail, &Judgement { trust, why: "" }, &policy);
                Entry::of_mail(&mail, &reading, &policy, "o", Timestamp::from_second(1_790_000_000).unwrap())
            })
            .collect();
        known(&fold(&entries)[0], &entries)
    }

    const DENIED: &str = "We are unable to grant your request because your account is new. It is about i-0123456789abcdef0.";
    const APPROVED: &str = "We have granted your request for 203.0.113.5. Your new sending quota is 1,000 messages per day.";

    #[test]
    fn the_last_decision_counts_and_what_was_named_stays() {
        let known = facts(Trust::Verified, &[DENIED, APPROVED]);
        assert_eq!((known.resources.len(), known.addresses.len(), known.reason), (1, 1, None));
        assert_eq!(known.limits.iter().map(Limit::to_string).collect::<Vec<_>>(), ["1,000 messages per day"]);
        let known = facts(Trust::Verified, &[APPROVED, DENIED]);
        assert_eq!((known.limits.len(), known.reason.is_some()), (0, true));
    }

    #[test]
    fn what_only_seems_to_be_a_decision_grants_nothing() {
        let known = facts(Trust::Forwarded, &[APPROVED]);
        assert_eq!((known.limits.len(), known.addresses.len()), (0, 1));
    }
}
