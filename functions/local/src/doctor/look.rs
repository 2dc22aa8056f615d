//! Looking: every call that the doctor makes. All of them read.

use boot::aws::{endpoint, service};
use boot::log::chain;
use jiff::Timestamp;
use mail_auth::{MessageAuthenticator, RecordSet, ResolverCache};
use serde_json::{Value, json};
use store::Store;
use wire::{Call, Wire, WireError};

use super::facts::{Facts, Identity, Look, Names, Rule, RuleSet, Subscriptions, TableFacts};
use crate::aws::query::{ask, encode};
use crate::aws::queue::Queues;
use crate::aws::xml::Element;
use crate::cli::Error;

/// What one answer takes at most.
const ANSWER_MAX: usize = 1024 * 1024;
/// Subscriptions that are looked at one by one.
const SUBSCRIPTIONS_MAX: usize = 100;

/// A way to look: where AWS is, and what the things are called.
pub(super) struct Looker<'a, L> {
    pub(super) wire: &'a Wire,
    pub(super) names: &'a Names,
    pub(super) lookup: L,
    pub(super) dns: Dns,
}

/// Where MX records are asked for.
pub enum Dns {
    /// At the DNS of this machine.
    System,
    /// Nowhere: these are the hosts.
    Fixed(Vec<String>),
}

/// What was found out, or why it could not be.
type Found<T> = Result<T, Error>;

impl<L: Fn(&str) -> Option<String>> Looker<'_, L> {
    /// Looks at everything that has a name, one after the other.
    pub(super) async fn all(&self, now: Timestamp) -> Facts {
        let names = self.names;
        let (domain, bucket, table) = ("--domain", "--bucket", "--table");
        Facts {
            identity: at(names.domain.as_ref(), domain, |domain| self.identity(domain)).await,
            mx: at(names.domain.as_ref(), domain, |domain| self.dns.mx(domain)).await,
            rules: at(Some(&names.region), "--region", |_| self.rules()).await,
            policy: at(names.bucket.as_ref(), bucket, |bucket| self.policy(bucket)).await,
            queue: at(names.queue.as_ref(), "--queue", |url| self.queue(url)).await,
            dead_letters: at(names.dead_letters.as_ref(), "--dead-letters", |url| self.queue(url)).await,
            subscriptions: at(names.topic.as_ref(), "--topic", |topic| self.subscriptions(topic)).await,
            table: at(names.table.as_ref(), table, |table| self.table(table)).await,
            pulse: at(names.table.as_ref(), table, async |table| Ok(self.store(table).pulse().await?)).await,
            canary: at(names.table.as_ref(), table, async |table| Ok(self.store(table).canary().await?)).await,
            now,
        }
    }

    fn store(&self, table: &str) -> Store {
        Store::new(service(self.wire, &self.lookup, "dynamodb"), table)
    }

    /// Of the second version of SES.
    async fn identity(&self, domain: &str) -> Found<Option<Identity>> {
        let mut url = format!("{}/v2/email/identities/", self.ses("SESV2"));
        encode(&mut url, domain);
        let answer = match self.get("ses", &url).await {
            Err(WireError::Refused { status: 404, .. }) => return Ok(None),
            answer => answer?,
        };
        let answer: Value = serde_json::from_slice(&answer)?;
        let verified = answer["VerifiedForSendingStatus"] == true || answer["VerificationStatus"] == "SUCCESS";
        Ok(Some(Identity { verified, status: answer["VerificationStatus"].as_str().unwrap_or("unknown").to_owned() }))
    }

    /// Of the first version of SES: the second has no receipt rules.
    async fn rules(&self) -> Found<Option<RuleSet>> {
        let url = format!("{}/", self.ses("SES"));
        let answer = ask(self.wire, "ses", &url, "2010-12-01", "DescribeActiveReceiptRuleSet", &[]).await?;
        let Some(name) = answer.text_at(&["Metadata", "Name"]).filter(|name| !name.is_empty()) else { return Ok(None) };
        Ok(Some(RuleSet { name: name.to_owned(), rules: answer.members(&["Rules"]).map(rule).collect() }))
    }

    fn ses(&self, service: &str) -> String {
        self.at(service, "email")
    }

    async fn policy(&self, bucket: &str) -> Found<Option<Value>> {
        // The bucket in the path: its name may have dots.
        let mut url = format!("{}/", self.at("S3", "s3"));
        encode(&mut url, bucket);
        url.push_str("?policy=");
        match self.get("s3", &url).await {
            Err(WireError::Refused { code, .. }) if code == "NoSuchBucketPolicy" => Ok(None),
            answer => Ok(Some(serde_json::from_slice(&answer?)?)),
        }
    }

    async fn queue(&self, url: &str) -> Found<crate::aws::queue::QueueFacts> {
        Ok(Queues::new(self.wire, &self.lookup).facts(url).await?)
    }

    async fn subscriptions(&self, topic: &str) -> Found<Subscriptions> {
        let mut all = Subscriptions::default();
        let mut next = String::new();
        loop {
            let answer = self.sns("ListSubscriptionsByTopic", &[("TopicArn", topic), ("NextToken", &next)]).await?;
            for one in answer.members(&["Subscriptions"]) {
                match one.text_at(&["SubscriptionArn"]).unwrap_or_default() {
                    arn if arn.starts_with("arn:") => {
                        let filtered = all.hears_all + all.filtered < SUBSCRIPTIONS_MAX && self.has_filter(arn).await?;
                        if filtered { all.filtered += 1 } else { all.hears_all += 1 }
                    }
                    "PendingConfirmation" => all.pending += 1,
                    _ => {}
                }
            }
            match answer.text_at(&["NextToken"]) {
                Some(token) if !token.is_empty() => token.clone_into(&mut next),
                _ => return Ok(all),
            }
        }
    }

    async fn has_filter(&self, subscription: &str) -> Found<bool> {
        let answer = self.sns("GetSubscriptionAttributes", &[("SubscriptionArn", subscription)]).await?;
        let entries = answer.get("Attributes").map_or(&[][..], |all| &all.inside);
        let policy = entries.iter().find(|one| one.text_at(&["key"]) == Some("FilterPolicy")).and_then(|one| one.text_at(&["value"]));
        Ok(policy.is_some_and(|policy| !policy.is_empty()))
    }

    async fn sns(&self, operation: &str, fields: &[(&str, &str)]) -> Found<Element> {
        let url = format!("{}/", self.at("SNS", "sns"));
        let fields: Vec<(&str, &str)> = fields.iter().filter(|(_, value)| !value.is_empty()).copied().collect();
        Ok(ask(self.wire, "sns", &url, "2010-03-31", operation, &fields).await?)
    }

    async fn table(&self, table: &str) -> Found<Option<TableFacts>> {
        let described = match self.dynamodb("DescribeTable", table).await {
            Err(WireError::Refused { code, .. }) if code == "ResourceNotFoundException" => return Ok(None),
            answer => answer?,
        };
        let described = &described["Table"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut facts = TableFacts {
            status: text(&described["TableStatus"]),
            protected: described["DeletionProtectionEnabled"] == true,
            ..TableFacts::default()
        };
        facts.keys.insert(String::new(), keys(&described["KeySchema"]));
        for index in described["GlobalSecondaryIndexes"].as_array().into_iter().flatten() {
            facts.keys.insert(text(&index["IndexName"]), keys(&index["KeySchema"]));
        }
        let ttl = &self.dynamodb("DescribeTimeToLive", table).await?["TimeToLiveDescription"];
        if matches!(ttl["TimeToLiveStatus"].as_str(), Some("ENABLED" | "ENABLING")) {
            facts.ttl = Some(text(&ttl["AttributeName"]));
        }
        let backups = self.dynamodb("DescribeContinuousBackups", table).await?;
        let recovery = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        facts.restorable = recovery["PointInTimeRecoveryStatus"] == "ENABLED";
        Ok(Some(facts))
    }

    async fn dynamodb(&self, operation: &str, table: &str) -> Result<Value, WireError> {
        let target = format!("DynamoDB_20120810.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target.as_str())];
        let (url, body) = (format!("{}/", self.at("DYNAMODB", "dynamodb")), json!({ "TableName": table }).to_string());
        let call = Call { service: "dynamodb", method: "POST", url: &url, headers: &headers, body: body.as_bytes() };
        let answer = self.wire.call(&call).await?.read(ANSWER_MAX).await?;
        serde_json::from_slice(&answer.bytes).map_err(|error| WireError::Unreadable(error.into()))
    }

    /// Where a service is, without a slash at the end: by the name of its variable, else by that of its host.
    fn at(&self, variable: &str, host: &str) -> String {
        endpoint(&self.lookup, variable).unwrap_or_else(|| self.wire.regional(host)).trim_end_matches('/').to_owned()
    }

    async fn get(&self, service: &str, url: &str) -> Result<Vec<u8>, WireError> {
        let call = Call { service, method: "GET", url, headers: &[], body: &[] };
        Ok(self.wire.call(&call).await?.read(ANSWER_MAX).await?.bytes)
    }
}

async fn at<'a, T>(name: Option<&'a String>, option: &'static str, look: impl AsyncFnOnce(&'a str) -> Found<T>) -> Look<T> {
    let Some(name) = name else { return Look::NotNamed(option) };
    match look(name).await {
        Ok(seen) => Look::Seen(seen),
        Err(error) => Look::Failed(chain(error.as_ref())),
    }
}

fn keys(schema: &Value) -> (String, String) {
    let of = |kind: &str| {
        let found = schema.as_array().into_iter().flatten().find(|one| one["KeyType"] == kind);
        found.and_then(|one| one["AttributeName"].as_str()).unwrap_or_default().to_owned()
    };
    (of("HASH"), of("RANGE"))
}

fn rule(element: &Element) -> Rule {
    let is = |name: &str, value: &str| element.text_at(&[name]).is_some_and(|text| text.eq_ignore_ascii_case(value));
    let s3 = element.members(&["Actions"]).find_map(|action| action.get("S3Action"));
    let full = |action: &Element, name: &str| action.text_at(&[name]).is_some_and(|text| !text.is_empty());
    Rule {
        name: element.text_at(&["Name"]).unwrap_or_default().to_owned(),
        enabled: is("Enabled", "true"),
        recipients: element.members(&["Recipients"]).map(|one| one.text.clone()).collect(),
        scan: is("ScanEnabled", "true"),
        tls: is("TlsPolicy", "Require"),
        s3: s3.map(|action| {
            (action.text_at(&["BucketName"]).unwrap_or_default().to_owned(), full(action, "TopicArn"), full(action, "KmsKeyArn"))
        }),
    }
}

impl Dns {
    async fn mx(&self, domain: &str) -> Found<Vec<String>> {
        match self {
            Self::System => mx(domain).await,
            Self::Fixed(hosts) => Ok(hosts.clone()),
        }
    }
}

async fn mx(domain: &str) -> Found<Vec<String>> {
    let dns = MessageAuthenticator::new_system_conf().map_err(|error| format!("this machine's DNS cannot be used: {error}"))?;
    match dns.mx_lookup(domain, None::<&NoCache>).await {
        Ok(records) => {
            let mut found: Vec<_> = records.rrset.iter().collect();
            found.sort_by_key(|record| record.preference);
            Ok(found.into_iter().flat_map(|record| record.exchanges.iter().map(ToString::to_string)).collect())
        }
        Err(mail_auth::Error::Dns(mail_auth::DnsError::RecordNotFound(_))) => Ok(Vec::new()),
        Err(error) => Err(format!("the DNS was asked for MX of {domain}: {error}").into()),
    }
}

/// One question needs no cache.
struct NoCache;

impl ResolverCache<Box<str>, RecordSet<mail_auth::MX>> for NoCache {
    fn get<Q>(&self, _: &Q) -> Option<RecordSet<mail_auth::MX>>
    where
        Box<str>: std::borrow::Borrow<Q>,
        Q: std::hash::Hash + Eq + ?Sized,
    {
        None
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<mail_auth::MX>>
    where
        Box<str>: std::borrow::Borrow<Q>,
        Q: std::hash::Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<mail_auth::MX>, _: std::time::Instant) {}
}
