//! Every mail under `tests/mail`, read and judged, against the expectations beside it, with LF and with CRLF.
//!
//! `<name>.expect` has lines `key: value`; `-` stands for none. A key that is missing is not checked; `text` must only be contained
//! in the newest text.

use std::fs;
use std::path::{Path, PathBuf};

use domain::classify::{self, Reading};
use domain::mail::{self, Mail};
use domain::policy::Policy;
use domain::trust;

/// An empty or half-copied folder must not pass.
const AT_LEAST: usize = 30;

fn policy() -> Policy {
    Policy {
        own_addresses: ["@corp.example".to_owned()].into(),
        forwarders: ["aws-mail@groups.example".to_owned()].into(),
        trusted_results: ["mx.google.com".to_owned()].into(),
        ..Policy::default()
    }
}

#[expect(clippy::unwrap_used, reason = "a folder that cannot be read fails the test")]
fn mails(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(mails(&path));
        } else if path.extension().is_some_and(|e| e == "eml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn judged(bytes: &[u8]) -> (Mail, Reading) {
    let policy = policy();
    let mail = mail::read(bytes);
    let judgement = trust::judge(&mail, &trust::from_headers(&mail, &policy), &policy);
    let reading = classify::read(&mail, &judgement, &policy);
    (mail, reading)
}

fn value(key: &str, mail: &Mail, reading: &Reading) -> Option<String> {
    let list = |words: Vec<&str>| words.join(" ");
    let facts = &reading.facts;
    let found = match key {
        "subject" => mail.subject.clone(),
        "from_name" => mail.from.first().map(|a| a.name.clone()).unwrap_or_default(),
        "text" => mail.newest.clone(),
        "elastic_ips" => facts.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        "reverse_dns" => list(facts.names.iter().map(|n| n.as_str()).collect()),
        "resources" => list(facts.resources.iter().map(|r| r.as_str()).collect()),
        "limits" => facts.limits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        "reason" => facts.reason.clone().unwrap_or_default(),
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
        _ => return None,
    };
    Some(if found.is_empty() { "-".to_owned() } else { found })
}

#[test]
fn every_mail_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail");
    let mails = mails(&folder);
    assert!(mails.len() >= AT_LEAST, "only {} mails in {}", mails.len(), folder.display());
    let mut wrong = Vec::new();
    for path in &mails {
        let lf: Vec<u8> = fs::read(path).unwrap().into_iter().filter(|b| *b != b'\r').collect();
        let crlf: Vec<u8> = lf.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
        let (mail, reading) = judged(&lf);
        assert_eq!((&mail, &reading), (&judged(&crlf).0, &judged(&crlf).1), "{} differs with CRLF", path.display());
        let expectations = fs::read_to_string(path.with_extension("expect")).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (key, expected) in expectations.lines().filter_map(|l| l.split_once(':')) {
            let found = value(key.trim(), &mail, &reading).unwrap_or_else(|| panic!("{}: unknown key {key}", path.display()));
            let as_expected = if key.trim() == "text" { found.contains(expected.trim()) } else { found == expected.trim() };
            if !as_expected {
                let rules: Vec<_> = reading.evidence.iter().map(|e| format!("{} \"{}\"", e.rule, e.matched)).collect();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                wrong.push(format!("{name}: {key} is {found}, not{expected} ({}; {})", reading.trust_why, rules.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What would let people rest is never read out of a mail that was cut.
#[test]
fn a_cut_mail_is_never_approved() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mail/story/05-approved.eml");
    let policy = policy();
    let mut mail = mail::read(&fs::read(path).unwrap());
    mail.problems.push(mail::Problem::Truncated);
    let judgement = trust::judge(&mail, &trust::from_headers(&mail, &policy), &policy);
    assert_eq!(classify::read(&mail, &judgement, &policy).meaning, classify::Meaning::Unclear);
}

/// 256 KB are the most that is judged; hostile ones must not take longer than friendly ones.
#[test]
fn hostile_text_ends() {
    let seeds = [
        "<div style='font-size:0'>",
        "request id: ",
        "case 1234567891 ",
        "(n. virginia) region ",
        "On 20 x wrote:\n",
        "From: a\n",
        "> ",
        "account 1",
        "https://",
        "eu-west-1 ",
    ];
    for seed in seeds {
        for kind in ["plain", "html"] {
            let mail = format!("From: no-reply-aws@amazon.com\nContent-Type: text/{kind}\n\n{}", seed.repeat((1 << 16) / seed.len()));
            let (done, ended) = std::sync::mpsc::channel();
            std::thread::spawn(move || done.send(judged(mail.as_bytes()).1.meaning));
            assert!(ended.recv_timeout(std::time::Duration::from_secs(30)).is_ok(), "{kind} {seed}");
        }
    }
}
