//! The doctor looks at a deployment over the wire, says what is there, and only reads.

use std::collections::BTreeMap;

use port25::doctor::{Dns, DoctorArgs, Line, State, examine};
use port25_tests::stand_ins::Canned;
use serde_json::{Value, json};
use store::table::{INDEXES, PK, SK};

use crate::world::World;

const QUEUE: &str = "https://sqs.eu-west-1.amazonaws.com/111122223333/mail";
const DEAD: &str = "https://sqs.eu-west-1.amazonaws.com/111122223333/dead";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alerts";

/// A deployment at a stand-in for all of AWS; the table's items are real.
struct Deployment {
    world: World,
    cloud: Canned,
}

impl Deployment {
    /// One in which all is well.
    async fn new() -> Self {
        let world = World::new().await;
        let cloud = Canned::start(&world.engine.endpoint()).await.unwrap();
        cloud.xml("DescribeStacks", &outputs());
        cloud.json(
            "GET /v2/email/identities/track.corp.example",
            &json!({"VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS"}),
        );
        cloud.xml("DescribeActiveReceiptRuleSet", &rules("port25", "<TopicArn>arn:aws:sns:eu-west-1:111122223333:mail</TopicArn>"));
        cloud.json("GET /mail-bucket?policy=", &policy());
        cloud.json("GetQueueAttributes", &queue(0));
        cloud.json("GetQueueUrl", &json!({ "QueueUrl": DEAD }));
        cloud.xml("ListSubscriptionsByTopic", &subscriptions(&["arn:aws:sns:eu-west-1:111122223333:alerts:1", "PendingConfirmation"]));
        cloud.xml("GetSubscriptionAttributes", "<Attributes><entry><key>Protocol</key><value>email</value></entry></Attributes>");
        cloud.json("DescribeTable", &table());
        cloud.json("DescribeTimeToLive", &json!({"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}}));
        let restorable = json!({"PointInTimeRecoveryStatus": "ENABLED"});
        let backups = json!({"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": restorable});
        cloud.json("DescribeContinuousBackups", &json!({ "ContinuousBackupsDescription": backups }));
        world.store.beat(world.now()).await.unwrap();
        Self { world, cloud }
    }

    async fn examine(&self) -> BTreeMap<&'static str, Line> {
        let endpoint = self.cloud.endpoint();
        let lookup = |name: &str| match name {
            "AWS_REGION" => Some("eu-west-1".to_owned()),
            "AWS_ACCESS_KEY_ID" => Some("ASIAEXAMPLE".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("example".to_owned()),
            "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
            _ => None,
        };
        let wire = boot::aws::wire(lookup).unwrap();
        let args = DoctorArgs { stacks: vec!["port25".to_owned()], ..DoctorArgs::default() };
        let dns = Dns::Fixed(vec!["inbound-smtp.eu-west-1.amazonaws.com.".to_owned()]);
        let lines = examine(&args, &wire, lookup, dns, self.world.now()).await.unwrap();
        assert_eq!(lines.len(), 14);
        lines.into_iter().map(|line| (line.check, line)).collect()
    }
}

fn outputs() -> String {
    let all = [
        ("MailDomain", "track.corp.example"),
        ("RuleSetName", "port25"),
        ("MailBucketName", "mail-bucket"),
        ("MailQueueUrl", QUEUE),
        ("AlertTopicArn", TOPIC),
        ("TableName", "promises"),
    ];
    let members = all.map(|(key, value)| format!("<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"));
    format!("<Stacks><member><Outputs>{}</Outputs></member></Stacks>", members.concat())
}

fn rules(name: &str, topic: &str) -> String {
    format!(
        "<Metadata><Name>{name}</Name></Metadata><Rules><member><Name>store</Name><Enabled>true</Enabled><ScanEnabled>true</ScanEnabled>\
         <TlsPolicy>Require</TlsPolicy><Recipients><member>p25-x7@track.corp.example</member></Recipients><Actions><member><S3Action>\
         <BucketName>mail-bucket</BucketName>{topic}</S3Action></member></Actions></member></Rules>"
    )
}

fn policy() -> Value {
    let ses = json!({
        "Effect": "Allow", "Principal": {"Service": "ses.amazonaws.com"}, "Action": "s3:PutObject",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    });
    let tls = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}});
    json!({ "Statement": [ses, tls] })
}

fn queue(waiting: u32) -> Value {
    let dead = json!({"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead", "maxReceiveCount": 5}).to_string();
    let counts = json!({
        "ApproximateNumberOfMessages": waiting.to_string(), "ApproximateNumberOfMessagesNotVisible": "0", "RedrivePolicy": dead,
    });
    json!({ "Attributes": counts })
}

fn subscriptions(arns: &[&str]) -> String {
    let members: String = arns.iter().map(|arn| format!("<member><SubscriptionArn>{arn}</SubscriptionArn></member>")).collect();
    format!("<Subscriptions>{members}</Subscriptions>")
}

fn table() -> Value {
    let keys =
        |partition: &str, sort: &str| json!([{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]);
    let indexes: Vec<Value> =
        INDEXES.iter().map(|index| json!({"IndexName": index.name, "KeySchema": keys(index.partition, index.sort)})).collect();
    json!({"Table": {
        "TableStatus": "ACTIVE", "DeletionProtectionEnabled": true, "KeySchema": keys(PK, SK), "GlobalSecondaryIndexes": indexes,
    }})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_in_which_all_is_well_is_said_to_be_so_and_nothing_is_changed() {
    let there = Deployment::new().await;
    let hash = domain::canary::Nonce::of(&[1; 32]).hash();
    there.world.store.begin_canary(&hash, there.world.now()).await.unwrap();
    there.cloud.calls().reset();
    let lines = there.examine().await;
    for line in lines.values() {
        // One subscription is to be confirmed yet, and the canary is on its way.
        let expected = if matches!(line.check, "subscriptions" | "canary") { State::Warn } else { State::Ok };
        assert_eq!(line.state, expected, "{line:?}");
    }
    assert!(lines["version"].says.contains(env!("CARGO_PKG_VERSION")));
    for (operation, count) in there.cloud.calls().all() {
        let reads = ["Describe", "Get", "List", "BatchGet", "GET "].iter().any(|word| operation.starts_with(word));
        assert!(reads && count > 0, "the doctor asked for {operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_is_not_as_it_must_be_is_found_by_itself() {
    let there = Deployment::new().await;
    let cloud = &there.cloud;
    cloud.say("GET /v2/email/identities/track.corp.example", 404, "application/json", r#"{"message":"no"}"#);
    cloud.xml("DescribeActiveReceiptRuleSet", &rules("corp-mail", ""));
    cloud.say("GET /mail-bucket?policy=", 404, "application/xml", "<Error><Code>NoSuchBucketPolicy</Code></Error>");
    cloud.json("GetQueueAttributes", &queue(3));
    let filter = "<Attributes><entry><key>FilterPolicy</key><value>{\"kind\":[\"overdue\"]}</value></entry></Attributes>";
    cloud.xml("GetSubscriptionAttributes", &filter.replace('"', "&quot;"));
    cloud.json("DescribeTimeToLive", &json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}));
    cloud.say("DescribeContinuousBackups", 400, "application/x-amz-json-1.0", r#"{"__type":"x#AccessDeniedException"}"#);
    there.world.advance_to("2026-11-20T10:11:00Z");
    let lines = there.examine().await;
    for (check, state, says) in [
        ("identity", State::Fail, "does not know track.corp.example"),
        ("mx", State::Ok, "is received by"),
        ("rule-set", State::Warn, "corp-mail is active, and not port25"),
        ("rule", State::Fail, "no topic"),
        ("bucket", State::Fail, "does not let SES write"),
        ("queue", State::Ok, "3 mails wait"),
        ("dead-letters", State::Fail, "about 3 mails"),
        // One of three answers was refused: nothing is said of what the others held.
        ("table", State::Fail, "it could not be looked at"),
        ("sweep", State::Fail, "11 minutes ago"),
        ("subscriptions", State::Fail, "all 1 subscriptions have a filter policy"),
        ("canary", State::Warn, "no canary was ever sent"),
    ] {
        let line = &lines[check];
        assert!(line.state == state && line.says.contains(says), "{line:?}");
        assert_eq!(line.mend.is_none(), state == State::Ok, "{line:?}");
    }
    assert!(lines["ttl"].says.contains("AccessDeniedException"), "{:?}", lines["ttl"]);
}
