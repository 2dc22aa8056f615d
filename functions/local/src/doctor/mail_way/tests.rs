use jiff::Timestamp;
use serde_json::json;

use super::super::facts::Look;
use super::super::line::State;
use super::*;

fn holds(line: &Line, state: State, says: &str, mend: &str) {
    line.holds(state, says, mend);
}

fn names() -> Names {
    let text = |text: &str| Some(text.to_owned());
    Names {
        region: "eu-west-1".to_owned(),
        domain: text("track.corp.example"),
        rule_set: text("port25"),
        bucket: text("mail-bucket"),
        queue: text("https://sqs.eu-west-1.amazonaws.com/111122223333/mail"),
        dead_letters: text("https://sqs.eu-west-1.amazonaws.com/111122223333/dead"),
        topic: text("arn:aws:sns:eu-west-1:111122223333:alerts"),
        table: text("port25"),
    }
}

#[test]
fn an_identity_is_verified_pending_or_unknown() {
    let line = |verified, status: &str| identity_line(Some(&Identity { verified, status: status.to_owned() }), &names());
    holds(&line(true, "SUCCESS"), State::Ok, "track.corp.example is verified", "");
    holds(&line(false, "PENDING"), State::Fail, "(PENDING)", "aws sesv2 get-email-identity --email-identity track.corp.example");
    holds(&identity_line(None, &names()), State::Fail, "does not know", "aws sesv2 create-email-identity");
}

#[test]
fn mail_is_received_here_elsewhere_or_nowhere() {
    let line = |hosts: &[&str]| mx_line(&hosts.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>(), &names());
    let ours = "inbound-smtp.eu-west-1.amazonaws.com.";
    holds(&line(&[ours]), State::Ok, "is received by", "");
    holds(&line(&["Inbound-SMTP.eu-west-1.amazonaws.com"]), State::Ok, "is received by", "");
    holds(&line(&["mx.corp.example.", ours]), State::Warn, "prefers another host: mx.corp.example", "MX 10 inbound-smtp.eu-west-1");
    holds(&line(&["inbound-smtp.us-east-1.amazonaws.com."]), State::Fail, "received elsewhere", "MX 10 inbound-smtp.eu-west-1");
    holds(&line(&[]), State::Fail, "no MX record", "track.corp.example. MX 10");
}

fn rule() -> Rule {
    Rule {
        name: "store".to_owned(),
        enabled: true,
        recipients: vec!["p25-x7@track.corp.example".to_owned()],
        scan: true,
        tls: true,
        s3: Some(("mail-bucket".to_owned(), true, false)),
    }
}

fn set(rules: Vec<Rule>) -> RuleSet {
    RuleSet { name: "port25".to_owned(), rules }
}

#[test]
fn the_active_rule_set_is_ours_anothers_or_none() {
    let others = RuleSet { name: "corp-mail".to_owned(), ..RuleSet::default() };
    holds(&rule_set_line(Some(&set(Vec::new())), &names()), State::Ok, "port25 is active", "");
    let line = rule_set_line(Some(&others), &names());
    holds(&line, State::Warn, "corp-mail is active, and not port25", "ExistingRuleSet=corp-mail");
    assert!(!line.mend.unwrap().contains("set-active-receipt-rule-set"), "nothing that switches off other mail is advised");
    holds(&rule_set_line(None, &names()), State::Fail, "no receipt rule set is active", "aws ses set-active-receipt-rule-set");
    holds(&rule_set_line(Some(&others), &Names { rule_set: None, ..names() }), State::Ok, "corp-mail is active", "");
}

#[test]
fn a_rule_stores_the_mail_and_tells_of_it_or_says_what_it_lacks() {
    let line = |rule: Rule| rule_line(Some(&set(vec![rule])), &names());
    holds(&line(rule()), State::Ok, "stores mail and tells a topic", "");
    holds(&line(Rule { recipients: Vec::new(), ..rule() }), State::Ok, "store", "");
    holds(&line(Rule { recipients: vec!["track.corp.example".to_owned()], ..rule() }), State::Ok, "store", "");
    holds(&line(Rule { enabled: false, ..rule() }), State::Fail, "switched off", "update-receipt-rule");
    holds(&line(Rule { s3: Some(("mail-bucket".to_owned(), false, false)), ..rule() }), State::Fail, "no topic", "S3Action.TopicArn");
    holds(&line(Rule { s3: Some(("mail-bucket".to_owned(), true, true)), ..rule() }), State::Fail, "KMS key", "KmsKeyArn");
    let elsewhere = Rule { recipients: vec!["a@nottrack.corp.example".to_owned()], ..rule() };
    holds(&line(elsewhere), State::Fail, "takes no mail for track.corp.example", "Recipients");
    holds(&line(Rule { scan: false, ..rule() }), State::Warn, "does not scan", "ScanEnabled");
    holds(&line(Rule { tls: false, ..rule() }), State::Warn, "without TLS", "TlsPolicy=Require");
    holds(&line(Rule { s3: Some(("other".to_owned(), true, false)), ..rule() }), State::Fail, "no rule of port25 stores", "deploy");
    holds(&line(Rule { s3: None, ..rule() }), State::Fail, "no rule of port25 stores mail in mail-bucket", "deploy");
    holds(&rule_line(None, &names()), State::Fail, "no rule of port25", "deploy");
    let two = set(vec![Rule { name: "first".to_owned(), s3: None, ..rule() }, rule()]);
    holds(&rule_line(Some(&two), &names()), State::Ok, "store stores", "");
}

#[test]
fn the_bucket_is_open_to_ses_alone() {
    let allow = |condition: Value| json!({"Effect": "Allow", "Principal": {"Service": "ses.amazonaws.com"}, "Action": ["s3:PutObject"], "Condition": condition});
    let account = || allow(json!({"StringEquals": {"AWS:SourceAccount": "111122223333"}}));
    let tls = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    let line = |statements: Vec<Value>| policy_line(Some(&json!({"Statement": statements})), &names());
    holds(&line(vec![tls.clone(), account()]), State::Ok, "SES may write", "");
    holds(&line(vec![account()]), State::Warn, "plain HTTP", "put-bucket-policy");
    holds(&line(vec![allow(json!({})), tls.clone()]), State::Warn, "for any account", "put-bucket-policy");
    holds(&line(vec![tls]), State::Fail, "does not let SES write", "put-bucket-policy --bucket mail-bucket");
    holds(&policy_line(None, &names()), State::Fail, "does not let SES write", "put-bucket-policy");
}

#[test]
fn queues_are_empty_behind_or_hold_what_failed() {
    let queue = |waiting, taken, dead: bool| QueueFacts { waiting, taken, dead_letters: dead.then(|| ("arn".to_owned(), 5)) };
    holds(&queue_line(&queue(0, 0, true)), State::Ok, "fails 5 times is set aside", "");
    holds(&queue_line(&queue(WAITING_MAX, 0, true)), State::Ok, "100 mails wait", "");
    holds(&queue_line(&queue(WAITING_MAX + 1, 0, true)), State::Warn, "101 mails wait", "ingest's errors");
    holds(&queue_line(&queue(0, 0, false)), State::Fail, "no dead-letter queue", "RedrivePolicy");
    holds(&dead_letters_line(&queue(0, 0, false), &names()), State::Ok, "empty", "");
    let mend = "port25 redrive --region eu-west-1 --queue https://sqs.eu-west-1.amazonaws.com/111122223333/mail";
    holds(&dead_letters_line(&queue(1, 2, false), &names()), State::Fail, "about 3 mails", mend);
}

#[test]
fn what_was_not_named_is_to_look_at_and_what_could_not_be_seen_is_a_failure() {
    let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
    let failed = || "refused with 403 AccessDenied".to_owned();
    let facts = Facts {
        identity: Look::NotNamed("--domain"),
        mx: Look::NotNamed("--domain"),
        rules: Look::Failed(failed()),
        policy: Look::NotNamed("--bucket"),
        queue: Look::NotNamed("--queue"),
        dead_letters: Look::Failed(failed()),
        subscriptions: Look::NotNamed("--topic"),
        table: Look::NotNamed("--table"),
        pulse: Look::NotNamed("--table"),
        canary: Look::NotNamed("--table"),
        now,
    };
    let all: Vec<Line> = lines(&facts, &names()).into_iter().chain(super::super::tracker::lines(&facts, &names())).collect();
    assert_eq!(all.len(), 14);
    for line in &all {
        match line.check {
            "rule-set" | "rule" | "dead-letters" => holds(line, State::Fail, "403 AccessDenied", "logged in"),
            _ => holds(line, State::Warn, "not looked at", "port25 doctor --stack STACK, or --"),
        }
    }
}
