//! Findings on the tracker itself: table, sweep, versions, who hears it, and the canary.

use domain::canary::LATE;
use jiff::{SignedDuration, Timestamp};
use store::table::{INDEXES, PK, SK, TTL};
use store::{Canary, Pulse, SCHEMA};

use super::facts::{Facts, Names, Subscriptions, TableFacts};
use super::line::Line;

/// A sweep runs every minute and is noted every four.
const SWEEP_LATE: SignedDuration = SignedDuration::from_mins(10);

/// The findings.
pub(super) fn lines(facts: &Facts, names: &Names) -> Vec<Line> {
    let table = names.table.as_deref().unwrap_or("TABLE");
    vec![
        Line::about("table", &facts.table, |facts| table_line(facts.as_ref(), table)),
        Line::about("ttl", &facts.table, |facts| ttl_line(facts.as_ref(), table, &names.region)),
        Line::about("backups", &facts.table, |facts| backups_line(facts.as_ref(), table, &names.region)),
        Line::about("sweep", &facts.pulse, |pulse| sweep_line(pulse.as_ref(), facts.now)),
        Line::about("version", &facts.pulse, |pulse| version_line(pulse.as_ref(), env!("CARGO_PKG_VERSION"))),
        Line::about("subscriptions", &facts.subscriptions, |subscriptions| subscriptions_line(subscriptions, names)),
        Line::about("canary", &facts.canary, |canary| canary_line(canary.as_ref(), facts.now)),
    ]
}

fn table_line(facts: Option<&TableFacts>, table: &str) -> Line {
    let deploy = "deploy the application template";
    let Some(facts) = facts else { return Line::fail("table", format!("there is no table {table}"), deploy) };
    let wanted = INDEXES.iter().map(|index| (index.name, index.partition, index.sort)).chain([("", PK, SK)]);
    for (name, partition, sort) in wanted {
        let what = if name.is_empty() { format!("the table {table}") } else { format!("the index {name}") };
        match facts.keys.get(name) {
            None => return Line::fail("table", format!("{what} is not there"), deploy),
            Some((p, s)) if p != partition || s != sort => {
                return Line::fail("table", format!("{what} has the keys {p}, {s}, and not {partition}, {sort}"), deploy);
            }
            Some(_) => {}
        }
    }
    if facts.status != "ACTIVE" {
        return Line::warn("table", format!("{table} is {}", facts.status), "wait until it is ACTIVE");
    }
    if !facts.protected {
        let mend = format!("aws dynamodb update-table --table-name {table} --deletion-protection-enabled");
        return Line::warn("table", format!("{table} can be deleted by mistake"), mend);
    }
    Line::ok("table", format!("{table} is there, with its indexes, and protected"))
}

fn ttl_line(facts: Option<&TableFacts>, table: &str, region: &str) -> Line {
    let mend = format!(
        "aws dynamodb update-time-to-live --table-name {table} --region {region} --time-to-live-specification Enabled=true,AttributeName={TTL}"
    );
    match facts.and_then(|facts| facts.ttl.as_deref()) {
        Some(attribute) if attribute == TTL => Line::ok("ttl", "sessions, login codes and nonces go by themselves"),
        Some(attribute) => Line::fail("ttl", format!("items go by the attribute {attribute}, and not by {TTL}"), mend),
        None => Line::warn("ttl", "sessions, login codes and nonces never go", mend),
    }
}

fn backups_line(facts: Option<&TableFacts>, table: &str, region: &str) -> Line {
    if facts.is_some_and(|facts| facts.restorable) {
        return Line::ok("backups", "the table can be restored to any second");
    }
    let mend = format!(
        "aws dynamodb update-continuous-backups --table-name {table} --region {region} --point-in-time-recovery-specification \
         PointInTimeRecoveryEnabled=true"
    );
    Line::warn("backups", "the table has no point-in-time recovery", mend)
}

fn sweep_line(pulse: Option<&Pulse>, now: Timestamp) -> Line {
    let mend = "see that the schedule is on and look at alert's log: aws scheduler list-schedules; aws logs tail of its log group";
    match pulse {
        None => Line::fail("sweep", "no sweep has ended yet: nobody is told anything", mend),
        Some(pulse) if now.duration_since(pulse.swept) > SWEEP_LATE => {
            Line::fail("sweep", format!("the last sweep ended {}: nobody is told anything", ago(pulse.swept, now)), mend)
        }
        Some(pulse) => Line::ok("sweep", format!("the last sweep ended {}", ago(pulse.swept, now))),
    }
}

fn version_line(pulse: Option<&Pulse>, ours: &str) -> Line {
    let Some(pulse) = pulse else { return Line::warn("version", "no sweep says which version runs", "let it sweep first") };
    let runs = pulse.program.as_deref().unwrap_or("an older one");
    if pulse.schema > SCHEMA {
        let says = format!("the items have form {}, and this program knows {SCHEMA} at most", pulse.schema);
        return Line::fail("version", says, format!("use port25 {runs}"));
    }
    if pulse.program.as_deref() != Some(ours) {
        return Line::warn("version", format!("{runs} sweeps, and this is {ours}"), "deploy this version, or use that one");
    }
    Line::ok("version", format!("port25 {ours}, items of form {}", pulse.schema))
}

fn subscriptions_line(all: &Subscriptions, names: &Names) -> Line {
    let topic = names.topic.as_deref().unwrap_or("TOPIC_ARN");
    let subscribe = format!(
        "aws sns subscribe --topic-arn {topic} --region {} --protocol email --notification-endpoint you@corp.example, then open the link in \
         the mail",
        names.region
    );
    let Subscriptions { hears_all, filtered, pending } = *all;
    match (hears_all, filtered, pending) {
        (0, 0, 0) => Line::fail("subscriptions", "nobody is subscribed to the alerts", subscribe),
        (0, 0, pending) => Line::fail(
            "subscriptions",
            format!("{pending} wait for their confirmation: nobody hears the alerts"),
            "open the link in the mail that SNS sent",
        ),
        (0, filtered, _) => Line::fail(
            "subscriptions",
            format!("all {filtered} subscriptions have a filter policy: something may be heard by nobody"),
            subscribe,
        ),
        (heard, _, pending) if pending > 0 => Line::warn(
            "subscriptions",
            format!("{heard} hear all alerts; {pending} wait for their confirmation"),
            "open the link in the mail that SNS sent, or subscribe them again after three days",
        ),
        (heard, filtered, _) => Line::ok("subscriptions", format!("{heard} hear all alerts, {filtered} some of them")),
    }
}

fn canary_line(canary: Option<&Canary>, now: Timestamp) -> Line {
    let Some(canary) = canary else {
        let mend = "deploy the application template with Canary=on: then silence is provably AWS's";
        return Line::warn("canary", "no canary was ever sent: a broken mail path shows as silence", mend);
    };
    if now.duration_since(canary.sent) > LATE {
        let mend = "look at alert's log for \"no canary was sent\"; if it is switched off, switch it on again";
        return Line::fail("canary", format!("the last canary was sent {}", ago(canary.sent, now)), mend);
    }
    let mend = "follow the mail: the lines above from identity to dead-letters, then ingest's log";
    match canary.arrived {
        Some(arrived) if now.duration_since(arrived) <= LATE => {
            Line::ok("canary", format!("the last canary arrived {}", ago(arrived, now)))
        }
        Some(arrived) => Line::fail("canary", format!("the last canary arrived {}: the mail path is broken", ago(arrived, now)), mend),
        None if now.duration_since(canary.first) <= LATE => Line::warn(
            "canary",
            format!("the first canary was sent {}, and has not arrived yet", ago(canary.first, now)),
            "wait a few minutes",
        ),
        None => Line::fail("canary", "no canary ever arrived: the mail path is broken", mend),
    }
}

/// How long ago something was, for people.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(then).as_mins().max(0);
    match minutes {
        0 => "less than a minute ago".to_owned(),
        1 => "a minute ago".to_owned(),
        2..=119 => format!("{minutes} minutes ago"),
        _ => format!("{} hours ago", minutes / 60),
    }
}

#[cfg(test)]
mod tests;
