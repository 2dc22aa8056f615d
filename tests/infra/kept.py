"""What is kept, and how mail comes in: table, bucket, topics, queues, rule."""

import json

from held import DROP, Change, held
from template import INFRA, Templates, as_list

TABLE, BUCKET = "Table/Properties", "MailBucket/Properties"
OUR_RULE = "receipt-rule-set/${RuleSet}:receipt-rule/${AWS::StackName}"


def index(properties: dict, name: str) -> dict:
    return next(index for index in properties["GlobalSecondaryIndexes"] if index["IndexName"] == name)


@held(
    Change(f"{TABLE}/KeySchema/0/AttributeName", "id"), Change(f"{TABLE}/AttributeDefinitions/0/AttributeType", "N"),
    Change(f"{TABLE}/GlobalSecondaryIndexes/work", DROP), Change(f"{TABLE}/GlobalSecondaryIndexes/work/Projection/ProjectionType", "ALL"),
    Change(f"{TABLE}/GlobalSecondaryIndexes/by_turn/KeySchema/1/AttributeName", "work_at"),
    Change(f"{TABLE}/GlobalSecondaryIndexes/by_account/IndexName", "by_accounts"), Change(f"{TABLE}/BillingMode", "PROVISIONED"),
    Change(f"{TABLE}/TimeToLiveSpecification/AttributeName", "expires"))
def the_table_is_the_one_that_the_store_defines(t: Templates) -> None:
    """infra/table.json is what the store creates: a test of the store holds the two together."""
    store = json.loads((INFRA / "table.json").read_text(encoding="utf-8"))
    for application in t.applications:
        table = application.properties("Table")
        keys = lambda schema: [{"name": key["AttributeName"], "kind": key["KeyType"]} for key in schema]
        template = {
            "billing": table["BillingMode"],
            "ttl": table["TimeToLiveSpecification"]["AttributeName"],
            "attributes": sorted(({"name": a["AttributeName"], "type": a["AttributeType"]} for a in table["AttributeDefinitions"]),
                                 key=lambda a: a["name"]),
            "keys": keys(table["KeySchema"]),
            "indexes": sorted(({"name": i["IndexName"], "keys": keys(i["KeySchema"]), "projection": i["Projection"]["ProjectionType"]}
                               for i in table["GlobalSecondaryIndexes"]), key=lambda i: i["name"]),
        }
        assert template == store, f"{template} is not {store}"


@held(
    Change(f"{TABLE}/TimeToLiveSpecification/Enabled", False), Change(f"{TABLE}/PointInTimeRecoverySpecification", DROP),
    Change(f"{TABLE}/DeletionProtectionEnabled", False), Change("Table/DeletionPolicy", "Delete"), Change("Table/UpdateReplacePolicy", DROP))
def the_table_can_be_restored_and_not_be_lost(t: Templates) -> None:
    for application in t.applications:
        table = application.properties("Table")
        assert table["TimeToLiveSpecification"]["Enabled"] is True
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["DeletionProtectionEnabled"] is True
        assert kept(application, "Table")


def kept(application, name: str) -> bool:
    resource = application.resources[name]
    return resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


@held(
    Change(f"{BUCKET}/BucketEncryption", DROP), Change(f"{BUCKET}/PublicAccessBlockConfiguration/BlockPublicPolicy", False),
    Change(f"{BUCKET}/OwnershipControls", DROP), Change("MailBucket/DeletionPolicy", "Delete"),
    Change("MailBucketPolicy/Properties/PolicyDocument/Statement/TlsOnly", DROP),
    Change("MailBucketPolicy/Properties/PolicyDocument/Statement/TlsOnly/Effect", "Allow"),
    Change(f"{BUCKET}/LifecycleConfiguration/Rules/0/Status", "Disabled"), Change("/Parameters/MailDays/MinValue", 1))
def the_bucket_is_private_encrypted_tls_only_and_ends_old_mail(t: Templates) -> None:
    assert t.plain.template["Parameters"]["MailDays"]["MinValue"] >= 35, "a restored table may ask for mail of the last 35 days"
    for application in t.applications:
        bucket = application.properties("MailBucket")
        rules = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules] == ["AES256"]
        assert all(bucket["PublicAccessBlockConfiguration"][name] is True
                   for name in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"))
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        rule, = bucket["LifecycleConfiguration"]["Rules"]
        assert rule["Status"] == "Enabled" and int(rule["ExpirationInDays"]) >= 35
        statements = application.properties("MailBucketPolicy")["PolicyDocument"]["Statement"]
        tls = next(statement for statement in statements if statement["Sid"] == "TlsOnly")
        assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", "*", "s3:*")
        assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}} and len(tls["Resource"]) == 2
        assert kept(application, "MailBucket")


@held(
    Change("MailQueue/Properties/VisibilityTimeout", 179), Change("MailQueue/Properties/MessageRetentionPeriod", 345600),
    Change("MailQueue/Properties/SqsManagedSseEnabled", False), Change("MailQueue/Properties/RedrivePolicy", DROP),
    Change("MailQueue/Properties/RedrivePolicy/maxReceiveCount", 3), Change("MailDeadLetters/Properties/MessageRetentionPeriod", DROP),
    Change("MailDeadLetters/Properties/RedriveAllowPolicy/redrivePermission", "allowAll"),
    Change("IngestFunction/Properties/Timeout", 31), Change("MailDeadLetters/Properties/SqsManagedSseEnabled", DROP))
def the_queue_waits_for_ingest_and_sets_aside_what_fails(t: Templates) -> None:
    """Visibility at least six times the function's time-out, five attempts, fourteen days, and a dead-letter queue for this queue alone."""
    for application in t.applications:
        queue, dead = application.properties("MailQueue"), application.properties("MailDeadLetters")
        assert queue["VisibilityTimeout"] >= 6 * application.properties("IngestFunction")["Timeout"]
        assert queue["MessageRetentionPeriod"] == dead["MessageRetentionPeriod"] == 14 * 86400
        assert queue["SqsManagedSseEnabled"] is True and dead["SqsManagedSseEnabled"] is True
        assert queue["RedrivePolicy"] == {"deadLetterTargetArn": {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}, "maxReceiveCount": 5}
        assert dead["RedriveAllowPolicy"]["redrivePermission"] == "byQueue"
        name, = dead["RedriveAllowPolicy"]["sourceQueueArns"]
        assert name["Fn::Sub"].rsplit(":", 1)[-1] == queue["QueueName"]["Fn::Sub"].rsplit(":", 1)[-1]


@held(
    Change("MailTopic/Properties/KmsMasterKeyId", "alias/aws/sns"), Change("AlarmTopic/Properties/KmsMasterKeyId", "alias/aws/sns"),
    Change("AlarmChatTopic/Properties/KmsMasterKeyId", "alias/aws/sns"))
def no_topic_has_a_key_that_its_senders_cannot_use(t: Templates) -> None:
    """SES and CloudWatch cannot publish through alias/aws/sns."""
    for application in t.applications:
        for name, topic in application.of_type("AWS::SNS::Topic").items():
            assert "KmsMasterKeyId" not in topic, name


@held(
    Change("MailSubscription/Properties/Endpoint", "x"), Change("MailSubscription/DependsOn", DROP),
    Change("MailSubscription/Properties/FilterPolicy", {"a": ["b"]}))
def the_mail_topic_fills_the_mail_queue(t: Templates) -> None:
    for application in t.applications:
        subscription = application.properties("MailSubscription")
        assert subscription["TopicArn"] == {"Ref": "MailTopic"} and subscription["Protocol"] == "sqs"
        assert subscription["Endpoint"] == {"Fn::GetAtt": ["MailQueue", "Arn"]} and "FilterPolicy" not in subscription
        assert application.resources["MailSubscription"]["DependsOn"] == "MailQueuePolicy"


@held(
    Change("Rule/Properties/Rule/ScanEnabled", False, "mail"), Change("Rule/Properties/Rule/TlsPolicy", "Optional", "mail"),
    Change("Rule/Properties/Rule/Enabled", False, "mail"), Change("Rule/Properties/Rule/Actions/0/S3Action/TopicArn", DROP, "mail"),
    Change("Rule/Properties/Rule/Actions/0/S3Action/KmsKeyArn", "arn", "mail"), Change("Rule/Properties/Rule/Recipients", DROP, "mail"),
    Change("Rule/Properties/Rule/Name", "port25", "mail"), Change("Rule/Properties/RuleSetName", {"Ref": "RuleSet"}, "mail"),
    Change("RuleSet/Condition", DROP, "mail"), Change("Rule/Properties/Rule/Actions/+", {"StopAction": {"Scope": "RuleSet"}}, "mail"))
def the_rule_scans_wants_tls_stores_and_notifies(t: Templates) -> None:
    """One action with a topic, no KMS on it; in our own rule set, or in the one that is active already."""
    for mail in t.mails:
        rule = mail.properties("Rule")["Rule"]
        assert (rule["Enabled"], rule["ScanEnabled"], rule["TlsPolicy"]) == (True, True, "Require")
        action, = rule["Actions"]
        assert set(action["S3Action"]) == {"BucketName", "TopicArn"}
        assert "Recipients" in json.dumps(rule["Recipients"]) and rule["Name"] == "port25" == mail.parameters["ApplicationStack"]
    assert t.written["mail"]["Resources"]["Rule"]["Properties"]["Rule"]["Name"] == {"Ref": "ApplicationStack"}
    assert t.mail.properties("Rule")["RuleSetName"] == {"Ref": "RuleSet"} and "RuleSet" in t.mail.resources
    assert t.mail_added.properties("Rule")["RuleSetName"] == "main" and "RuleSet" not in t.mail_added.resources


@held(
    Change("/Outputs/Recipients/Export", DROP), Change("/Outputs/MailBucketName/Export/Name", {"Fn::Sub": "${AWS::StackName}-Bucket"}),
    Change("/Globals/Function/Environment/Variables/MAIL_ADDRESSES", "port25@track.corp.example"),
    Change("/Outputs/MailDomain", DROP))
def what_one_stack_gives_the_other_takes(t: Templates) -> None:
    given = {as_list(output["Export"]["Name"]["Fn::Sub"])[0].removeprefix("${AWS::StackName}-")
             for output in t.plain.outputs.values() if "Export" in output}
    text = json.dumps(t.mail.template)
    taken = {part.split('"')[0] for part in text.split("${ApplicationStack}-")[1:] if not part.startswith("ses-")}
    assert taken == given, f"{taken} taken, {given} given"
    # The default address has a random part, and is the same wherever it stands.
    places = [t.plain.outputs["Recipients"]["Value"],
              *(t.plain.properties(name)["Environment"]["Variables"]["MAIL_ADDRESSES"] for name in ("IngestFunction", "ApiFunction"))]
    assert places[0] == places[1] == places[2] and "AWS::StackId" in json.dumps(places[0])
