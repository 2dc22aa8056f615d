//! Many alerts of one kind in one message: the oldest first, cut visibly; the JSON names all of them.

use std::cmp::Reverse;

use domain::alert::Severity;
use domain::policy::Policy;
use jiff::SignedDuration;

use super::reader::Reader;
use super::text::{body, listed};
use super::{Member, Message, json, sms, subject};

/// How many lines the text of a digest lists.
const LINES_MAX: usize = 50;

/// The digest of these messages, which all have the same word.
pub fn digest_of(members: &[&Message], policy: &Policy) -> Message {
    let reader = Reader { policy };
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|m| Reverse(m.age));
    let ids: Vec<&[u8]> = sorted.iter().map(|m| m.alert_id.as_bytes()).collect();
    let word = sorted.first().map_or("-", |m| m.word);
    let oldest = sorted.first().map_or(SignedDuration::ZERO, |m| m.age);
    let hours = |m: &Message| m.age.as_hours().max(0);
    let lines = sorted.iter().map(|m| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        format!("- {}h {} {} {}", hours(m), or_dash(&m.account), or_dash(&m.region), or_dash(&m.request))
    });
    let (to_do, why) = (reader.digest_to_do(word, sorted.len()), reader.digest_why());
    let list = listed(lines.collect(), LINES_MAX, |more| reader.and_more(more));
    let (subject, key) = (subject::many(word, sorted.len(), oldest.as_hours().max(0)), key(&ids));
    let mut message = Message {
        sms: sms::line(&subject, SHORT),
        subject,
        body: body(&[to_do.clone(), why.clone(), list]),
        json: String::new(),
        alert_id: key.clone(),
        dedup_key: key,
        event: "digest",
        word,
        cause: one_of(&sorted).unwrap_or("mixed"),
        request: None,
        account: None,
        region: None,
        severity: sorted.iter().map(|m| m.severity).max().unwrap_or(Severity::Info),
        state: "-",
        age: oldest,
        members: sorted.iter().map(|m| member(m)).collect(),
    };
    message.json = json::of_many(&message, &to_do, &why);
    message
}

/// What a digest says to a telephone.
const SHORT: &str = "see the mail, or port25 list";

/// The same members make the same digest, so that a repeat after a crash carries the same identity.
fn key(ids: &[&[u8]]) -> String {
    format!("digest:{}", domain::ids::hash_hex(ids, 16))
}

/// The cause of all of them, if it is one.
fn one_of(members: &[&Message]) -> Option<&'static str> {
    let cause = members.first()?.cause;
    members.iter().all(|m| m.cause == cause).then_some(cause)
}

fn member(message: &Message) -> Member {
    Member {
        alert_id: Some(message.alert_id.clone()),
        dedup_key: Some(message.dedup_key.clone()),
        id: message.request.clone(),
        account: message.account.clone(),
        region: message.region.clone(),
        kind: message.cause,
        severity: message.severity.as_str(),
        waiting_seconds: message.age.as_secs().max(0),
    }
}
