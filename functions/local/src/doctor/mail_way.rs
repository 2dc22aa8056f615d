//! Findings on the way of the mail: identity, DNS, receipt rules, bucket, queues.

use serde_json::Value;

use super::facts::{Facts, Identity, Names, Rule, RuleSet};
use super::line::Line;
use crate::aws::queue::QueueFacts;

/// More mails than that wait only when ingest is behind.
const WAITING_MAX: u64 = 100;

/// The findings, in the order of the mail.
pub(super) fn lines(facts: &Facts, names: &Names) -> Vec<Line> {
    vec![
        Line::about("identity", &facts.identity, |identity| identity_line(identity.as_ref(), names)),
        Line::about("mx", &facts.mx, |hosts| mx_line(hosts, names)),
        Line::about("rule-set", &facts.rules, |active| rule_set_line(active.as_ref(), names)),
        Line::about("rule", &facts.rules, |active| rule_line(active.as_ref(), names)),
        Line::about("bucket", &facts.policy, |policy| policy_line(policy.as_ref(), names)),
        Line::about("queue", &facts.queue, queue_line),
        Line::about("dead-letters", &facts.dead_letters, |queue| dead_letters_line(queue, names)),
    ]
}

/// A name, or what stands for it in a command.
fn or<'a>(name: Option<&'a String>, placeholder: &'a str) -> &'a str {
    name.map_or(placeholder, String::as_str)
}

fn identity_line(identity: Option<&Identity>, names: &Names) -> Line {
    let (domain, region) = (or(names.domain.as_ref(), "DOMAIN"), &names.region);
    match identity {
        None => Line::fail(
            "identity",
            format!("SES in {region} does not know {domain}"),
            format!("deploy the mail template, or: aws sesv2 create-email-identity --email-identity {domain} --region {region}"),
        ),
        Some(identity) if identity.verified => Line::ok("identity", format!("{domain} is verified")),
        Some(identity) => Line::fail(
            "identity",
            format!("{domain} is not verified ({}): SES takes no mail for it", identity.status),
            format!(
                "publish a CNAME record TOKEN._domainkey.{domain} to TOKEN.dkim.amazonses.com for each of: aws sesv2 get-email-identity \
                 --email-identity {domain} --region {region} --query DkimAttributes.Tokens"
            ),
        ),
    }
}

fn mx_line(hosts: &[String], names: &Names) -> Line {
    let domain = or(names.domain.as_ref(), "DOMAIN");
    let wanted = format!("inbound-smtp.{}.amazonaws.com", names.region);
    let record = format!("publish the DNS record: {domain}. MX 10 {wanted}");
    let hosts: Vec<&str> = hosts.iter().map(|host| host.trim_end_matches('.')).collect();
    match hosts.as_slice() {
        [] => Line::fail("mx", format!("{domain} has no MX record: nobody can send mail to it"), record),
        [first, ..] if first.eq_ignore_ascii_case(&wanted) => Line::ok("mx", format!("{domain} is received by {wanted}")),
        several if several.iter().any(|host| host.eq_ignore_ascii_case(&wanted)) => {
            Line::warn("mx", format!("{domain} prefers another host: {}", several.join(", ")), record)
        }
        several => Line::fail("mx", format!("{domain} is received elsewhere: {}", several.join(", ")), record),
    }
}

fn rule_set_line(active: Option<&RuleSet>, names: &Names) -> Line {
    let region = &names.region;
    let ours = or(names.rule_set.as_ref(), "RULE_SET");
    match (active, names.rule_set.as_ref()) {
        (None, _) => Line::fail(
            "rule-set",
            format!("no receipt rule set is active in {region}: SES refuses all mail"),
            format!("aws ses set-active-receipt-rule-set --rule-set-name {ours} --region {region}"),
        ),
        (Some(active), Some(ours)) if active.name != *ours => Line::warn(
            "rule-set",
            format!("{} is active, and not {ours}: only its rules count", active.name),
            format!(
                "deploy both templates with ExistingRuleSet={} (never activate ours: that would end all other mail of this account and \
                 Region)",
                active.name
            ),
        ),
        (Some(active), _) => Line::ok("rule-set", format!("{} is active", active.name)),
    }
}

fn rule_line(active: Option<&RuleSet>, names: &Names) -> Line {
    let set = active.map_or_else(|| or(names.rule_set.as_ref(), "RULE_SET").to_owned(), |active| active.name.clone());
    let bucket = names.bucket.as_deref();
    let into = |rule: &&Rule| rule.s3.as_ref().is_some_and(|(to, ..)| bucket.is_none_or(|bucket| bucket == to));
    let Some(rule) = active.and_then(|active| active.rules.iter().find(into)) else {
        let says = format!("no rule of {set} stores mail in {}", bucket.unwrap_or("the mail bucket"));
        return Line::fail("rule", says, format!("deploy both templates with ExistingRuleSet={set}"));
    };
    let name = &rule.name;
    let mend = |what: &str| {
        format!(
            "deploy the mail template again, or set {what} with: aws ses update-receipt-rule --rule-set-name {set} --region {}",
            names.region
        )
    };
    let (_, topic, encrypts) = rule.s3.as_ref().map_or(("", false, false), |(bucket, topic, key)| (bucket.as_str(), *topic, *key));
    if !rule.enabled {
        return Line::fail("rule", format!("the rule {name} is switched off"), mend("Enabled"));
    }
    if !topic {
        return Line::fail(
            "rule",
            format!("the S3 action of {name} has no topic: ingest never hears of a mail"),
            mend("S3Action.TopicArn"),
        );
    }
    if encrypts {
        let says = format!("the S3 action of {name} has a KMS key: SES encrypts mails so that ingest cannot read them");
        return Line::fail("rule", says, mend("no S3Action.KmsKeyArn (the bucket encrypts)"));
    }
    if let Some(domain) = names.domain.as_ref().filter(|domain| !covers(&rule.recipients, domain)) {
        return Line::fail("rule", format!("{name} takes no mail for {domain}: {}", rule.recipients.join(", ")), mend("Recipients"));
    }
    if !rule.scan || !rule.tls {
        let lacks = if rule.scan { "takes mail without TLS" } else { "does not scan for spam and viruses" };
        return Line::warn("rule", format!("{name} {lacks}"), mend(if rule.scan { "TlsPolicy=Require" } else { "ScanEnabled" }));
    }
    Line::ok("rule", format!("{name} stores mail and tells a topic"))
}

/// Whether a rule takes mail for a domain: for all of it, for one address in it, or because it names nobody.
fn covers(recipients: &[String], domain: &str) -> bool {
    let of = |recipient: &String| recipient.rsplit('@').next().is_some_and(|there| there.eq_ignore_ascii_case(domain));
    recipients.is_empty() || recipients.iter().any(of)
}

fn policy_line(policy: Option<&Value>, names: &Names) -> Line {
    let bucket = or(names.bucket.as_ref(), "BUCKET");
    let deploy = format!("deploy the application template again, or: aws s3api put-bucket-policy --bucket {bucket}");
    let empty = Vec::new();
    let statements = policy.and_then(|policy| policy["Statement"].as_array()).unwrap_or(&empty);
    let ses = |one: &&Value| {
        one["Effect"] == "Allow" && has(&one["Principal"]["Service"], "ses.amazonaws.com") && has(&one["Action"], "s3:PutObject")
    };
    let Some(allows) = statements.iter().find(ses) else {
        return Line::fail("bucket", format!("the policy of {bucket} does not let SES write: mail is lost"), deploy);
    };
    let condition = allows["Condition"].to_string().to_ascii_lowercase();
    if !condition.contains("aws:sourceaccount") && !condition.contains("aws:sourcearn") {
        return Line::warn("bucket", format!("the policy of {bucket} lets SES write for any account (no aws:SourceAccount)"), deploy);
    }
    let plain = |one: &Value| one["Effect"] == "Deny" && one["Condition"].to_string().to_ascii_lowercase().contains("aws:securetransport");
    if !statements.iter().any(plain) {
        return Line::warn("bucket", format!("the policy of {bucket} allows plain HTTP"), deploy);
    }
    Line::ok("bucket", format!("SES may write to {bucket}, for this account alone"))
}

/// A value that is this text, or a list with it.
fn has(value: &Value, text: &str) -> bool {
    value == text || value.as_array().is_some_and(|all| all.iter().any(|one| one == text))
}

fn queue_line(queue: &QueueFacts) -> Line {
    let Some((_, attempts)) = &queue.dead_letters else {
        let mend = "deploy the application template again: the queue needs a RedrivePolicy";
        return Line::fail("queue", "the mail queue has no dead-letter queue: what fails is lost after 14 days", mend);
    };
    if queue.waiting > WAITING_MAX {
        let mend = "look at ingest's errors: aws logs tail of its log group, and the alarms";
        return Line::warn("queue", format!("about {} mails wait in the mail queue", queue.waiting), mend);
    }
    Line::ok("queue", format!("{} mails wait; what fails {attempts} times is set aside", queue.waiting))
}

fn dead_letters_line(queue: &QueueFacts, names: &Names) -> Line {
    if queue.waiting + queue.taken == 0 {
        return Line::ok("dead-letters", "the dead-letter queue is empty");
    }
    let says = format!("about {} mails lie in the dead-letter queue", queue.waiting + queue.taken);
    let mend =
        format!("see why in ingest's log, then: port25 redrive --region {} --queue {}", names.region, or(names.queue.as_ref(), "URL"));
    Line::fail("dead-letters", says, mend)
}

#[cfg(test)]
mod tests;
