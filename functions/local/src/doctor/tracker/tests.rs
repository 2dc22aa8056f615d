use super::super::line::State;
use super::*;

fn holds(line: &Line, state: State, says: &str, mend: &str) {
    line.holds(state, says, mend);
}

const NOW: &str = "2026-11-20T10:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn before(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn names() -> Names {
    Names { region: "eu-west-1".to_owned(), topic: Some("arn:t".to_owned()), ..Names::default() }
}

fn table() -> TableFacts {
    let indexes = INDEXES.iter().map(|index| (index.name, index.partition, index.sort)).chain([("", PK, SK)]);
    TableFacts {
        status: "ACTIVE".to_owned(),
        keys: indexes.map(|(name, p, s)| (name.to_owned(), (p.to_owned(), s.to_owned()))).collect(),
        protected: true,
        ttl: Some(TTL.to_owned()),
        restorable: true,
    }
}

#[test]
fn a_table_is_whole_and_protected_or_says_what_it_lacks() {
    holds(&table_line(Some(&table()), "port25"), State::Ok, "port25 is there", "");
    holds(&table_line(None, "port25"), State::Fail, "there is no table port25", "deploy");
    for index in INDEXES {
        let mut lacks = table();
        lacks.keys.remove(index.name);
        holds(&table_line(Some(&lacks), "port25"), State::Fail, &format!("the index {} is not there", index.name), "deploy");
    }
    let mut other = table();
    other.keys.insert(String::new(), ("id".to_owned(), SK.to_owned()));
    holds(&table_line(Some(&other), "port25"), State::Fail, "the table port25 has the keys id, sk, and not pk, sk", "deploy");
    holds(&table_line(Some(&TableFacts { status: "UPDATING".to_owned(), ..table() }), "t"), State::Warn, "t is UPDATING", "wait");
    let open = TableFacts { protected: false, ..table() };
    holds(&table_line(Some(&open), "port25"), State::Warn, "deleted by mistake", "--table-name port25 --deletion-protection-enabled");
}

#[test]
fn what_ends_goes_and_what_was_can_be_restored() {
    holds(&ttl_line(Some(&table()), "t", "r"), State::Ok, "go by themselves", "");
    let off = TableFacts { ttl: None, ..table() };
    holds(&ttl_line(Some(&off), "t", "r"), State::Warn, "never go", "update-time-to-live --table-name t --region r");
    let wrong = TableFacts { ttl: Some("ends".to_owned()), ..table() };
    holds(&ttl_line(Some(&wrong), "t", "r"), State::Fail, "by the attribute ends, and not by ttl", "AttributeName=ttl");
    holds(&backups_line(Some(&table()), "t", "r"), State::Ok, "any second", "");
    let none = TableFacts { restorable: false, ..table() };
    holds(&backups_line(Some(&none), "t", "r"), State::Warn, "no point-in-time recovery", "update-continuous-backups --table-name t");
}

fn pulse(swept: Timestamp) -> Pulse {
    Pulse { swept, program: Some("1.2.3".to_owned()), schema: SCHEMA }
}

#[test]
fn a_sweep_is_late_after_ten_minutes() {
    holds(&sweep_line(Some(&pulse(before(4))), now()), State::Ok, "4 minutes ago", "");
    holds(&sweep_line(Some(&pulse(before(10))), now()), State::Ok, "10 minutes ago", "");
    let late = now() - SWEEP_LATE - SignedDuration::from_secs(1);
    holds(&sweep_line(Some(&pulse(late)), now()), State::Fail, "nobody is told", "aws scheduler list-schedules");
    holds(&sweep_line(None, now()), State::Fail, "no sweep has ended yet", "aws scheduler");
}

#[test]
fn versions_are_the_same_differ_or_cannot_be_read() {
    holds(&version_line(Some(&pulse(now())), "1.2.3"), State::Ok, "port25 1.2.3", "");
    holds(&version_line(Some(&pulse(now())), "1.2.4"), State::Warn, "1.2.3 sweeps, and this is 1.2.4", "deploy");
    let old = Pulse { program: None, schema: 0, ..pulse(now()) };
    holds(&version_line(Some(&old), "1.2.3"), State::Warn, "an older one sweeps", "deploy");
    let newer = Pulse { program: Some("9.0.0".to_owned()), schema: SCHEMA + 1, ..pulse(now()) };
    holds(&version_line(Some(&newer), "1.2.3"), State::Fail, "knows 1 at most", "use port25 9.0.0");
    holds(&version_line(None, "1.2.3"), State::Warn, "no sweep says", "sweep first");
}

#[test]
fn somebody_hears_the_alerts_or_nobody_does() {
    let line = |hears_all, filtered, pending| subscriptions_line(&Subscriptions { hears_all, filtered, pending }, &names());
    holds(&line(1, 0, 0), State::Ok, "1 hear all alerts, 0 some", "");
    holds(&line(2, 3, 0), State::Ok, "2 hear all alerts, 3 some", "");
    holds(&line(1, 0, 1), State::Warn, "1 wait for their confirmation", "open the link");
    holds(&line(0, 0, 2), State::Fail, "nobody hears the alerts", "open the link");
    holds(&line(0, 0, 0), State::Fail, "nobody is subscribed", "aws sns subscribe --topic-arn arn:t --region eu-west-1");
    holds(&line(0, 2, 1), State::Fail, "all 2 subscriptions have a filter policy", "aws sns subscribe");
}

#[test]
fn a_canary_arrives_waits_or_stays_away() {
    let line = |first, sent, arrived: Option<i64>| {
        canary_line(Some(&Canary { first: before(first), sent: before(sent), arrived: arrived.map(before) }), now())
    };
    holds(&line(600, 30, Some(29)), State::Ok, "arrived 29 minutes ago", "");
    holds(&line(600, 30, Some(120)), State::Ok, "arrived 2 hours ago", "");
    holds(&line(600, 30, Some(121)), State::Fail, "the mail path is broken", "from identity to dead-letters");
    holds(&line(600, 121, Some(120)), State::Fail, "the last canary was sent 2 hours ago", "no canary was sent");
    holds(&line(120, 60, None), State::Warn, "has not arrived yet", "wait");
    holds(&line(121, 60, None), State::Fail, "no canary ever arrived", "ingest's log");
    holds(&canary_line(None, now()), State::Warn, "no canary was ever sent", "Canary=on");
}
