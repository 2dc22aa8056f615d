"""Who may do what: one role for each function, and conditions where a service acts for us."""

import json

from held import DROP, Change, held
from template import INFRA, Templates, as_list

STATEMENTS = "Properties/Policies/{}/PolicyDocument/Statement"
INGEST, ALERT, API = (f"{role}Role/" + STATEMENTS.format(role.lower()) for role in ("Ingest", "Alert", "Api"))
ITEMS = {f"dynamodb:{action}" for action in ("BatchGetItem", "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
# What each function may do, and nothing else. The list is meant to be read: a new permission is written twice.
MAY = {
    "IngestRole": ITEMS | LOGS | {"s3:GetObject", "s3:ListBucket", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    "AlertRole": ITEMS | LOGS | {"s3:ListBucket", "sqs:SendMessage", "sns:Publish", "sns:ListSubscriptionsByTopic",
                                 "sns:GetSubscriptionAttributes"},
    "ApiRole": ITEMS | LOGS | {"s3:GetObject"},
    "SweepRole": {"lambda:InvokeFunction"},
}


def statements(role: dict) -> list[dict]:
    assert not role.get("ManagedPolicyArns"), "a managed policy allows more than is used"
    return [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]


def actions(role: dict) -> set[str]:
    return {action for statement in statements(role) for action in as_list(statement["Action"])}


def resources(role: dict, action: str) -> str:
    found = [resource for s in statements(role) if action in as_list(s["Action"]) for resource in as_list(s["Resource"])]
    return json.dumps(found)


@held(
    Change(f"{API}/+", {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "AlertTopic"}}),
    Change(f"{INGEST}/+", {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "AlertTopic"}}),
    Change(f"{ALERT}/+", {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${MailBucket.Arn}/*"}}),
    Change(f"{ALERT}/AuditTheBucket", DROP), Change(f"{INGEST}/KnowWhatIsGone", DROP), Change(f"{API}/Table/Action", ["dynamodb:Query"]),
    Change("ApiRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"]),
    Change("ApiFunction/Properties/Role", {"Fn::GetAtt": ["IngestRole", "Arn"]}), Change(f"{ALERT}/BringToIngestAgain", DROP),
    Change(f"{API}/Table/Action/+", "dynamodb:Scan"))
def each_function_has_its_own_role_with_what_it_uses(t: Templates) -> None:
    """ingest and api cannot publish, alert lists the bucket, sends to the mail queue and cannot read mail; nobody scans the table."""
    for application, full in ((t.plain, False), (t.full, True)):
        roles = application.of_type("AWS::IAM::Role")
        used = [function["Role"]["Fn::GetAtt"][0] for function in application.of_type("AWS::Lambda::Function").values()]
        assert sorted(used) == ["AlertRole", "ApiRole", "IngestRole"] and set(roles) == set(MAY)
        for name, role in roles.items():
            more = {"ses:SendEmail"} if full and name == "AlertRole" else set()
            assert actions(role) == MAY[name] | more, f"{name}: {actions(role) ^ (MAY[name] | more)}"


@held(
    Change(f"{ALERT}/Publish/Resource", "*"), Change(f"{API}/Indexes/Resource/+", {"Fn::Sub": "${Table.Arn}/index/*"}),
    Change(f"{INGEST}/TakeFromTheQueue/Resource", {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}),
    Change(f"{ALERT}/Indexes/Resource/+", {"Fn::Sub": "${Table.Arn}/index/by_account"}),
    Change(f"{ALERT}/BringToIngestAgain/Resource", {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}),
    Change("SweepRole/Properties/Policies/sweep/PolicyDocument/Statement/Sweep/Resource", {"Fn::GetAtt": ["ApiFunction", "Arn"]}),
    Change(f"{API}/Table/Resource", {"Fn::GetAtt": ["Table", "Arn"]}), Change("/Globals/Function/Environment/Variables/TABLE_NAME", {"Ref": "Table"}),
    Change(f"{API}/Log/Resource", {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*"}))
def each_permission_is_for_what_it_names(t: Templates) -> None:
    for application, full in ((t.plain, False), (t.full, True)):
        ingest, alert, api = (application.properties(f"{name}Role") for name in ("Ingest", "Alert", "Api"))
        table = {"Fn::GetAtt": ["Table", "Arn"]}
        index = lambda *names: [{"Fn::Sub": f"${{Table.Arn}}/index/{name}"} for name in names]
        queried = {"ingest": [table], "alert": [table, *index("work", "by_turn")], "api": [table, *index("work", "by_turn", "by_account")]}
        for name, role in (("ingest", ingest), ("alert", alert), ("api", api)):
            assert resources(role, "dynamodb:Query") == json.dumps(queried[name]), name
            assert all(resources(role, action) == json.dumps([table]) for action in ITEMS - {"dynamodb:Query"}), name
            log = f"log-group:/aws/lambda/${{AWS::StackName}}-{name}:*"
            assert log in resources(role, "logs:PutLogEvents") and resources(role, "logs:PutLogEvents").count("log-group") == 1
        queue = json.dumps([{"Fn::GetAtt": ["MailQueue", "Arn"]}])
        assert resources(alert, "sqs:SendMessage") == queue == resources(ingest, "sqs:ReceiveMessage")
        topics = [{"Ref": "AlertTopic"}, *([{"Ref": "PagerTopic"}] if full else [])]
        assert resources(alert, "sns:Publish") == json.dumps(topics)
        invoked = resources(application.properties("SweepRole"), "lambda:InvokeFunction")
        assert invoked == json.dumps([{"Fn::GetAtt": ["AlertFunction", "Arn"]}])
    # A restored table is the only one then.
    for name in ("Ingest", "Alert", "Api"):
        reached = [r for s in statements(t.restored.properties(f"{name}Role")) for r in as_list(s["Resource"]) if "Table" in json.dumps(r)]
        assert reached and all(":table/${RestoredTable}" in r["Fn::Sub"] for r in reached), f"{name}: {reached}"
    assert t.restored.properties("IngestFunction")["Environment"]["Variables"]["TABLE_NAME"] == "port25-restored"


@held(
    Change(f"{ALERT}/AuditTheBucket/Action", "s3:*"), Change(f"{INGEST}/Table/Resource", "*"),
    Change(f"{ALERT}/WhoseSubscriptionIsFiltered/Action", ["sns:GetSubscriptionAttributes", "sns:Subscribe"]),
    Change("HttpApiPermission/Properties/SourceArn", "*"))
def no_wildcard_without_a_reason(t: Templates) -> None:
    """Every line of the templates with a star in a policy has a comment `wildcard: why` above it (or is in the statement that has it)."""
    allowed = {
        '"${MailBucket.Arn}/*"', '"*"', "s3:*", ":*\"", "-*\"", "/*/$default\""}
    for name in ("application", "mail"):
        lines = (INFRA / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            code = line.split(" #")[0]
            if "*" not in code or "AllowedPattern" in code or code.lstrip().startswith("#"):
                continue
            assert any(end in code for end in allowed), f"{name}.yaml:{number + 1}: a wildcard of a form that is not known: {code.strip()}"
            above = [earlier for earlier in lines[max(0, number - 4):number] if "# wildcard:" in earlier]
            assert above, f"{name}.yaml:{number + 1}: a wildcard without a reason: {code.strip()}"
    for application in t.applications:
        for role, properties in application.of_type("AWS::IAM::Role").items():
            assert not any("*" in action for action in actions(properties)), role
            for statement in statements(properties):
                # The one action that policies cannot tie to anything; it reads.
                named = as_list(statement["Action"]) != ["sns:GetSubscriptionAttributes"]
                assert not (named and "*" in as_list(statement["Resource"])), f"{role}: {statement}"
        for permission in application.of_type("AWS::Lambda::Permission").values():
            assert permission["SourceArn"] != "*"


def condition_of(statement: dict) -> tuple[object, object]:
    """The source account and the source ARN that a statement asks for."""
    keys = {key: value for test in statement["Condition"].values() for key, value in test.items()}
    assert set(statement["Condition"]) <= {"StringEquals", "ArnEquals", "ArnLike"}, statement["Condition"]
    return keys["aws:SourceAccount"], keys["aws:SourceArn"]


POLICY = "Properties/PolicyDocument/Statement"


@held(
    Change(f"MailBucketPolicy/{POLICY}/SesStoresMail/Condition/StringEquals/aws:SourceAccount", DROP),
    Change(f"MailBucketPolicy/{POLICY}/SesStoresMail/Condition/StringEquals/aws:SourceArn", DROP),
    Change(f"MailTopicPolicy/{POLICY}/SesNotifies/Condition", DROP), Change(f"MailTopicPolicy/{POLICY}/SesNotifies/Principal", "*"),
    Change(f"MailQueuePolicy/{POLICY}/TheMailTopicDelivers/Condition/ArnEquals", DROP),
    Change(f"MailQueuePolicy/{POLICY}/TheMailTopicDelivers/Condition/StringEquals", DROP),
    Change(f"AlarmTopicPolicy/{POLICY}/OurAlarmsSpeak/Condition/ArnLike", DROP),
    Change(f"AlarmTopicPolicy/{POLICY}/OurAlarmsSpeak/Principal/Service", "events.amazonaws.com"),
    Change(f"AlarmChatTopicPolicy/{POLICY}/OurAlarmsSpeak/Condition", DROP),
    Change("HttpApiPermission/Properties/SourceAccount", DROP), Change("HttpApiPermission/Properties/SourceArn", DROP),
    Change("SweepRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition", DROP),
    Change(f"MailBucketPolicy/{POLICY}/+", {"Sid": "More", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                                            "Action": "s3:PutObject", "Resource": "x"}))
def no_service_is_anybodys_deputy(t: Templates) -> None:
    """Each statement that lets a service in asks for this account and for the very thing that sends."""
    account = {"Ref": "AWS::AccountId"}
    senders = {"ses.amazonaws.com": 0, "sns.amazonaws.com": 0, "cloudwatch.amazonaws.com": 0, "scheduler.amazonaws.com": 0}
    for application, chat in ((t.plain, 0), (t.full, 1)):
        found = dict(senders)
        documents = [properties["PolicyDocument"] for kind in ("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy")
                     for properties in application.of_type(kind).values()]
        documents.append(application.properties("SweepRole")["AssumeRolePolicyDocument"])
        for statement in (s for document in documents for s in document["Statement"] if s["Effect"] == "Allow"):
            service = statement["Principal"]["Service"]
            sender, source = condition_of(statement)
            assert sender == account, statement
            text = json.dumps(source)
            expected = {"ses.amazonaws.com": ":receipt-rule/${AWS::StackName}", "sns.amazonaws.com": '{"Ref": "MailTopic"}',
                        "cloudwatch.amazonaws.com": ":alarm:${AWS::StackName}-*", "scheduler.amazonaws.com": '["SweepGroup", "Arn"]'}[service]
            assert expected in text, f"{service}: {text}"
            found[service] += 1
        assert found == {"ses.amazonaws.com": 2, "sns.amazonaws.com": 1, "cloudwatch.amazonaws.com": 1 + chat, "scheduler.amazonaws.com": 1}
        permission, = application.of_type("AWS::Lambda::Permission").values()
        assert permission["Principal"] == "apigateway.amazonaws.com" and permission["SourceAccount"] == account
        assert permission["SourceArn"]["Fn::Sub"].endswith(":${HttpApi}/*/$default")
    rule = t.full.properties("MailBucketPolicy")["PolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]["aws:SourceArn"]
    assert rule["Fn::Sub"][1] == {"RuleSet": "main"}, "the existing rule set counts"


@held(
    Change("AlertTopicPolicy", DROP), Change("PagerTopicPolicy", DROP), Change(f"AlertTopicPolicy/{POLICY}/TlsOnly/Effect", "Allow"),
    Change("MailTopicPolicy", DROP), Change("AlarmTopicPolicy/Properties/Topics", [{"Ref": "MailTopic"}]),
    Change("HttpApiStage/Type", "AWS::SNS::Topic"))
def no_topic_has_the_policy_that_sns_gives_it(t: Templates) -> None:
    """SNS's own policy lets everybody in the account publish, also a role without the permission. Ours let in a service, or only deny."""
    for application in t.applications:
        topics = set(application.of_type("AWS::SNS::Topic"))
        ruled = [topic["Ref"] for policy in application.of_type("AWS::SNS::TopicPolicy").values() for topic in policy["Topics"]]
        assert sorted(ruled) == sorted(topics), f"{topics ^ set(ruled)}"
        for policy in application.of_type("AWS::SNS::TopicPolicy").values():
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Resource"] == policy["Topics"][0]
                assert statement["Effect"] == "Deny" or set(statement["Principal"]) == {"Service"}, statement


@held(
    Change(f"{ALERT}/+", {"Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:x"}),
    Change("HttpApiPermission/Properties/SourceArn", {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*/$default"}))
def no_arn_names_a_partition_a_region_or_an_account(t: Templates) -> None:
    for name, template in t.written.items():
        text = json.dumps(template)
        assert "arn:aws" not in text, name
        for arn in text.split('"arn:')[1:]:
            assert arn.startswith("${AWS::Partition}:"), arn[:60]
            assert "${AWS::Region}:${AWS::AccountId}:" in arn.split('"')[0], arn[:80]


@held(
    Change("AlertRole/Properties/Policies/alert/PolicyDocument/Statement/6/Fn::If/1/Condition", DROP),
    Change("AlertRole/Properties/Policies/alert/PolicyDocument/Statement/6/Fn::If/1/Resource", "*"),
    Change("AlertRole/Properties/Policies/alert/PolicyDocument/Statement/6/Fn::If/1/Action", ["ses:SendEmail", "ses:SendRawEmail"]))
def alert_sends_nothing_but_the_canary(t: Templates) -> None:
    sending = [s for s in statements(t.full.properties("AlertRole")) if any(a.startswith("ses:") for a in as_list(s["Action"]))]
    statement, = sending
    assert statement["Action"] == "ses:SendEmail" and statement["Resource"]["Fn::Sub"].endswith(":identity/${MailDomain}")
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Fn::Sub": "canary@${MailDomain}"}}}
    assert t.full.properties("AlertFunction")["Environment"]["Variables"]["CANARY_FROM"] == {"Fn::Sub": "canary@${MailDomain}"}
    assert not [s for s in statements(t.plain.properties("AlertRole")) if "ses:SendEmail" in as_list(s["Action"])]
