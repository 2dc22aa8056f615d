//! A scenario file: what comes when, what people do, what is down, and the configuration. JSON, refused with the place of a mistake.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::classify::Meaning;
use domain::request::Outcome;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::act::span;

/// The longest time that is played.
const DAYS_MAX: i64 = 400;
/// The most mails and acts, counting repetitions.
const STEPS_MAX: usize = 20_000;
/// Settings that a scenario can have: those that decide something here.
const SETTINGS: [&str; 14] = [
    "OWN_ADDRESSES",
    "AWS_ADDRESSES",
    "FORWARDING_MAILBOXES",
    "TRUSTED_RESULTS",
    "ACCOUNTS",
    "ALIASES",
    "DEADLINE_HOURS",
    "DEADLINES",
    "REPEAT_HOURS",
    "TIME_ZONE",
    "DELIVERY_WINDOW",
    "LANGUAGE",
    "MAIL_ADDRESSES",
    "REPLY_FROM",
];

/// A scenario, checked.
#[derive(Debug)]
pub(super) struct Scenario {
    /// What it is about.
    pub(super) about: String,
    /// When it begins.
    pub(super) from: Timestamp,
    /// When it ends.
    pub(super) until: Timestamp,
    /// The configuration, by the names of the environment's variables.
    pub(super) settings: BTreeMap<String, String>,
    /// What happens, in the order of time.
    pub(super) steps: Vec<Step>,
    /// What is down, and from when to when.
    pub(super) outages: Vec<(Outage, Timestamp, Timestamp)>,
}

/// Something that happens.
#[derive(Debug)]
pub(super) struct Step {
    /// When.
    pub(super) at: Timestamp,
    /// What.
    pub(super) what: What,
}

/// What can happen.
#[derive(Debug)]
pub(super) enum What {
    /// A mail comes, from a file.
    Mail(PathBuf),
    /// AWS, or one of us, writes about a request, in words that the rules know.
    Says {
        /// What the mail means.
        says: Meaning,
        /// The request's AWS ID.
        request: String,
        /// Nothing proves the sender.
        forged: bool,
        /// Other words.
        text: Option<String>,
    },
    /// A person acts on a request.
    Act {
        /// What they do.
        act: api::act::What,
        /// The request.
        request: String,
        /// Who.
        by: String,
    },
}

/// What can be down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outage {
    /// No alert goes out.
    Sns,
    /// The table: mails wait, nobody sweeps.
    Table,
    /// Nobody sweeps.
    Sweep,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    about: String,
    from: String,
    until: String,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    steps: Vec<Line>,
}

/// One step as it is written: one of `mail`, `says`, `act` and `down`, and what belongs to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: String,
    mail: Option<PathBuf>,
    says: Option<String>,
    act: Option<String>,
    down: Option<Outage>,
    request: Option<String>,
    #[serde(default)]
    forged: bool,
    text: Option<String>,
    by: Option<String>,
    #[serde(rename = "for")]
    span: Option<String>,
    #[serde(rename = "as")]
    outcome: Option<String>,
    times: Option<u32>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// With the first mistake, in words that say where it is and what to write.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let time = |name: &str, text: &str| {
            text.parse::<Timestamp>().map_err(|_| format!("{name} is {text:?}: give a time such as 2026-11-20T10:00:00Z"))
        };
        let (from, until) = (time("\"from\"", &file.from)?, time("\"until\"", &file.until)?);
        if until < from || until.duration_since(from) > SignedDuration::from_hours(24 * DAYS_MAX) {
            return Err(format!("\"until\" must be after \"from\", and at most {DAYS_MAX} days"));
        }
        if let Some(unknown) = file.settings.keys().find(|name| !SETTINGS.contains(&name.as_str())) {
            return Err(format!("the setting {unknown:?} is unknown here; there are {}", SETTINGS.join(", ")));
        }
        let mut scenario = Self { about: file.about, from, until, settings: file.settings, steps: Vec::new(), outages: Vec::new() };
        for (n, line) in (1..).zip(file.steps) {
            let at = time("\"at\"", &line.at).and_then(|at| if at < from { Err("\"at\" is before \"from\"".to_owned()) } else { Ok(at) });
            at.and_then(|at| scenario.take(at, line)).map_err(|e| format!("step {n}: {e}"))?;
            if scenario.steps.len() > STEPS_MAX {
                return Err(format!("step {n}: more than {STEPS_MAX} mails and acts"));
            }
        }
        scenario.steps.sort_by_key(|step| step.at);
        Ok(scenario)
    }

    fn take(&mut self, at: Timestamp, line: Line) -> Result<(), String> {
        let long = line.span.as_deref().map(span).transpose()?;
        let request = || line.request.clone().ok_or_else(|| "give the \"request\", by AWS's ID".to_owned());
        let what = match (line.mail, &line.says, &line.act, line.down) {
            (Some(path), None, None, None) => What::Mail(path),
            (None, Some(says), None, None) => {
                let says = Meaning::parse(says).ok_or_else(|| format!("\"says\" is {says:?}: give {}", super::letter::known()))?;
                What::Says { says, request: request()?, forged: line.forged, text: line.text }
            }
            (None, None, Some(act), None) => What::Act {
                act: acts(act, long, line.outcome.as_deref(), line.text.as_deref())?,
                request: request()?,
                by: line.by.unwrap_or_else(|| "somebody".to_owned()),
            },
            (None, None, None, Some(down)) => {
                let long = long.ok_or("give \"for\", how long it is down: 6h")?;
                self.outages.push((down, at, at.checked_add(long).map_err(|e| e.to_string())?));
                return Ok(());
            }
            _ => return Err("give exactly one of \"mail\", \"says\", \"act\" and \"down\"".to_owned()),
        };
        match (line.times, what) {
            (None | Some(1), what) => self.steps.push(Step { at, what }),
            (Some(times), What::Says { says, request, forged, text }) => {
                let first: u64 = request.parse().map_err(|_| "\"times\" counts the request's ID up: give digits".to_owned())?;
                self.steps.extend((0..u64::from(times).min(STEPS_MAX as u64 + 1)).map(|n| {
                    let request = first.saturating_add(n).to_string();
                    Step { at, what: What::Says { says, request, forged, text: text.clone() } }
                }));
            }
            (Some(_), _) => return Err("\"times\" is for \"says\" only".to_owned()),
        }
        Ok(())
    }
}

fn acts(word: &str, long: Option<SignedDuration>, outcome: Option<&str>, text: Option<&str>) -> Result<api::act::What, String> {
    use api::act::{Until, What};
    Ok(match word {
        "replied" => What::Replied,
        "ack" => What::Ack(long.map(Until::For)),
        "snooze" => What::Snooze(Until::For(long.ok_or("give \"for\", how long: 3d")?)),
        "settle" => What::Settle(outcome.and_then(Outcome::parse).ok_or("give \"as\": approved, denied or closed")?),
        "reopen" => What::Reopen,
        "note" => What::Note(text.ok_or("give the \"text\" of the note")?.to_owned()),
        _ => return Err(format!("\"act\" is {word:?}: give replied, ack, snooze, settle, reopen or note")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_said_with_its_place() {
        let with = |steps: &str| {
            Scenario::parse(&format!(r#"{{"from":"2026-11-20T10:00:00Z","until":"2026-11-22T10:00:00Z","steps":[{steps}]}}"#))
        };
        assert!(with(r#"{"at":"2026-11-20T10:00:00Z","says":"received","request":"1","times":3}"#).is_ok_and(|s| s.steps.len() == 3));
        for (steps, says) in [
            (r#"{"at":"yesterday","says":"received","request":"1"}"#, "step 1: \"at\" is \"yesterday\""),
            (r#"{"at":"2026-11-20T10:00:00Z"}"#, "exactly one of"),
            (r#"{"at":"2026-11-20T10:00:00Z","says":"maybe","request":"1"}"#, "\"says\" is \"maybe\": give received"),
            (r#"{"at":"2026-11-20T10:00:00Z","says":"received"}"#, "give the \"request\""),
            (r#"{"at":"2026-11-20T10:00:00Z","act":"snooze","request":"1"}"#, "give \"for\""),
            (r#"{"at":"2026-11-20T10:00:00Z","down":"sns"}"#, "give \"for\""),
            (r#"{"at":"2026-11-20T10:00:00Z","down":"moon","for":"1h"}"#, "unknown variant"),
            (r#"{"at":"2026-11-20T10:00:00Z","typo":1}"#, "unknown field"),
        ] {
            let error = with(steps).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(Scenario::parse(r#"{"from":"2026-11-20T10:00:00Z","until":"2026-11-19T10:00:00Z","steps":[]}"#).is_err());
        let error =
            Scenario::parse(r#"{"from":"2026-11-20T10:00:00Z","until":"2026-11-21T10:00:00Z","settings":{"DEADLINE":"1"},"steps":[]}"#);
        assert!(error.unwrap_err().contains("\"DEADLINE\" is unknown"));
    }
}
