//! What is expected of a mail's reading: the `.expect` files beside the mails of a corpus.
//!
//! A line is `key: value`; `-` stands for none. A key that is missing is not checked.

use jiff::Timestamp;

use super::Reading;
use crate::filing::{self, Filing};
use crate::mail::Mail;
use crate::policy::Policy;
use crate::request::Entry;

/// What a line expected and what was found instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was looked at.
    pub key: String,
    /// What the line says.
    pub expected: String,
    /// What the reading says.
    pub found: String,
}

/// Holds a reading against the lines of an `.expect` file: what differs, in their order.
///
/// # Errors
/// With words that say what to do, when a line is none, has a key that is not known, or there is no line at all.
pub fn differences(expectations: &str, mail: &Mail, reading: &Reading, policy: &Policy) -> Result<Vec<Difference>, String> {
    let mut differences = Vec::new();
    let mut lines = 0;
    for (at, line) in expectations.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        lines += 1;
        let (key, expected) =
            line.split_once(':').ok_or_else(|| format!("line {} is no expectation: write \"key: value\", - for none", at + 1))?;
        let (key, expected) = (key.trim(), expected.trim());
        let found = value(key, mail, reading, policy)
            .ok_or_else(|| format!("line {} has the unknown key {key:?}: use {}", at + 1, KEYS.join(", ")))?;
        // Of the newest text a part is enough.
        let as_expected = if key == "text" { found.contains(expected) } else { found == expected };
        if !as_expected {
            differences.push(Difference { key: key.to_owned(), expected: expected.to_owned(), found });
        }
    }
    if lines == 0 { Err("it expects nothing: write at least \"meaning: …\"".to_owned()) } else { Ok(differences) }
}

const KEYS: [&str; 24] = [
    "trust",
    "meaning",
    "also_denied",
    "family",
    "own_id",
    "place",
    "mentions",
    "account",
    "regions",
    "problems",
    "claims_aws",
    "automatic",
    "filing",
    "at",
    "alias",
    "to_aws",
    "subject",
    "from_name",
    "text",
    "elastic_ips",
    "reverse_dns",
    "resources",
    "limits",
    "reason",
];

fn value(key: &str, mail: &Mail, reading: &Reading, policy: &Policy) -> Option<String> {
    let list = |words: Vec<&str>| words.join(" ");
    let facts = &reading.facts;
    let found = match key {
        "trust" => reading.trust.as_str().to_owned(),
        "meaning" => reading.meaning.as_str().to_owned(),
        "also_denied" => reading.also_denied.to_string(),
        "family" => reading.family.as_str().to_owned(),
        "own_id" => reading.own_id.as_ref().map(|o| o.id.to_string()).unwrap_or_default(),
        "place" => reading.own_id.as_ref().map(|o| o.place.as_str().to_owned()).unwrap_or_default(),
        "mentions" => list(reading.mentions.iter().map(|m| m.as_str()).collect()),
        "account" => reading.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        "regions" => list(reading.regions.iter().map(|r| r.as_str()).collect()),
        "problems" => list(reading.problems.iter().map(|p| p.as_str()).collect()),
        "claims_aws" => reading.claims_aws.to_string(),
        "subject" => mail.subject.clone(),
        "from_name" => mail.from.first().map(|a| a.name.clone()).unwrap_or_default(),
        "text" => mail.newest.clone(),
        "elastic_ips" => facts.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        "reverse_dns" => list(facts.names.iter().map(|n| n.as_str()).collect()),
        "resources" => list(facts.resources.iter().map(|r| r.as_str()).collect()),
        "limits" => facts.limits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        "reason" => facts.reason.clone().unwrap_or_default(),
        "automatic" => mail.automatic.unwrap_or_default().to_owned(),
        // How it would be filed while nothing is known of what it names.
        "filing" => match filing::decide(mail, reading, false, policy) {
            Filing::File => "file".to_owned(),
            Filing::End(ending) => ending.as_str().to_owned(),
        },
        "at" | "alias" | "to_aws" => of_entry(key, mail, reading, policy)?,
        _ => return None,
    };
    Some(if found.is_empty() { "-".to_owned() } else { found })
}

/// What its entry says, stored long after it was received.
fn of_entry(key: &str, mail: &Mail, reading: &Reading, policy: &Policy) -> Option<String> {
    let entry = Entry::of_mail(mail, reading, policy, "o", Timestamp::MAX);
    let fact = entry.mail()?;
    Some(match key {
        "at" => entry.at.to_string(),
        "alias" => fact.alias.as_ref().map(ToString::to_string).unwrap_or_default(),
        _ => fact.to_aws.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::{Judgement, Trust};

    fn read() -> (Mail, Reading) {
        let mail = crate::mail::read(b"From: aws-automation@email.amazon.com\nSubject: port 25\n\nWe have received your request.");
        let reading = super::super::read(&mail, &Judgement { trust: Trust::Verified, why: "" }, &Policy::default());
        (mail, reading)
    }

    fn held(expectations: &str) -> Result<Vec<Difference>, String> {
        let (mail, reading) = read();
        differences(expectations, &mail, &reading, &Policy::default())
    }

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        assert_eq!(held("trust: verified\n\nmeaning:received\nown_id: -\n"), Ok(vec![]));
        let denied = Difference { key: "meaning".into(), expected: "denied".into(), found: "received".into() };
        assert_eq!(held("family: port25\nmeaning: denied"), Ok(vec![denied]));
    }

    #[test]
    fn a_line_that_checks_nothing_is_an_error() {
        for bad in ["", "\n", "meaning received", "meanin: received", "trust: verified\nx: -"] {
            assert!(held(bad).is_err(), "{bad}");
        }
        let (mail, reading) = read();
        for key in KEYS {
            assert!(value(key, &mail, &reading, &Policy::default()).is_some(), "{key}");
        }
    }
}
