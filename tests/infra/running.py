"""How it runs: functions, trigger, schedule, API, logs."""

import json
import re

from held import DROP, Change, held
from template import INFRA, Templates

FUNCTIONS = {"IngestFunction": "ingest", "AlertFunction": "alert", "ApiFunction": "api"}


@held(
    Change("IngestTrigger/Properties/FunctionResponseTypes", DROP), Change("IngestTrigger/Properties/BatchSize", 10),
    Change("IngestTrigger/Properties/EventSourceArn", {"Fn::GetAtt": ["MailDeadLetters", "Arn"]}),
    Change("IngestTrigger/Properties/Enabled", False), Change("IngestTrigger/Properties/ScalingConfig", DROP))
def ingest_takes_one_mail_at_a_time_and_says_what_failed(t: Templates) -> None:
    for application in t.applications:
        trigger, = application.of_type("AWS::Lambda::EventSourceMapping").values()
        assert trigger["FunctionResponseTypes"] == ["ReportBatchItemFailures"] and trigger["BatchSize"] == 1
        assert trigger["EventSourceArn"] == {"Fn::GetAtt": ["MailQueue", "Arn"]} and trigger.get("Enabled", True)
        assert trigger["FunctionName"] == {"Ref": "IngestFunction"} and 2 <= trigger["ScalingConfig"]["MaximumConcurrency"] < 10


@held(
    Change("Sweep/Properties/Target/RetryPolicy", DROP), Change("Sweep/Properties/Target/RetryPolicy/MaximumRetryAttempts", 185),
    Change("Sweep/Properties/ScheduleExpression", "rate(5 minutes)"), Change("Sweep/Properties/State", "DISABLED"),
    Change("Sweep/Properties/FlexibleTimeWindow/Mode", "FLEXIBLE"), Change("AlertFunction/Properties/EventInvokeConfig", DROP),
    Change("AlertFunction/Properties/EventInvokeConfig/MaximumEventAgeInSeconds", 21600),
    Change("AlertFunction/Properties/EventInvokeConfig/MaximumRetryAttempts", 2), Change("AlertFunction/Properties/Timeout", 90))
def the_sweep_runs_every_minute_and_the_next_minute_is_its_retry(t: Templates) -> None:
    for application in t.applications:
        sweep = application.properties("Sweep")
        assert sweep["ScheduleExpression"] == "rate(1 minute)" and sweep["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert sweep.get("State", "ENABLED") == "ENABLED" and sweep["Target"]["Arn"] == {"Fn::GetAtt": ["AlertFunction", "Arn"]}
        assert sweep["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
        invoked, = application.of_type("AWS::Lambda::EventInvokeConfig").values()
        assert (invoked["MaximumRetryAttempts"], invoked["MaximumEventAgeInSeconds"]) == (0, 60)
        assert invoked["FunctionName"] == {"Ref": "AlertFunction"}
        # The lease of a claim is 90 seconds: a sweep that still runs then would send twice.
        assert application.properties("AlertFunction")["Timeout"] < 60


@held(
    Change("IngestFunction/Properties/ReservedConcurrentExecutions", 1), Change("/Globals/Function/Runtime", "provided.al2"),
    Change("/Globals/Function/Architectures", ["arm64"]), Change("/Parameters/Architecture/Default", "x86_64"),
    Change("ApiFunction/Properties/MemorySize", 64), Change("IngestFunction/Properties/MemorySize", 128),
    Change("ApiFunction/Metadata", DROP), Change("ApiFunction/Properties/Timeout", 30))
def the_functions_are_ours_on_either_processor(t: Templates) -> None:
    """No reserved concurrency: young accounts have ten in all, and at least that many must stay unreserved."""
    for application, processor in ((t.plain, "arm64"), (t.full, "x86_64")):
        functions = application.of_type("AWS::Lambda::Function")
        assert set(functions) == set(FUNCTIONS)
        for name, function in functions.items():
            assert (function["Runtime"], function["Architectures"]) == ("provided.al2023", [processor])
            assert "ReservedConcurrentExecutions" not in function and function["MemorySize"] >= 128
            assert t.written["application"]["Resources"][name]["Metadata"] == {"BuildMethod": "makefile"}
        assert functions["IngestFunction"]["MemorySize"] >= 256, "4 MB of a mail are read"
        assert functions["ApiFunction"]["Timeout"] * 1000 < application.properties("HttpApiIntegration")["TimeoutInMillis"] <= 30000


@held(
    Change("/Globals/Function/Environment/Variables/TABLE_NAME", DROP), Change("AlertFunction/Properties/Environment/Variables/MAIL_QUEUE_URL", DROP),
    Change("/Globals/Function/Environment/Variables/DEADLINES", DROP), Change("/Globals/Function/Environment/Variables/DEADLINE", "1"),
    Change("AlertFunction/Properties/Environment/Variables/CRITICAL_TOPIC_ARN", ""),
    Change("AlertFunction/Properties/Environment/Variables/CANARY_TO", ""), Change("ApiFunction/Properties/Environment", DROP))
def every_setting_of_the_readme_reaches_the_functions(t: Templates) -> None:
    readme = (INFRA.parent / "README.md").read_text(encoding="utf-8")
    settings = readme[readme.index("## Configuration"):readme.index("**Whom it believes.**")]
    named = {name for row in re.findall(r"^\| (`.*?) \|", settings, re.M) for name in re.findall(r"`([A-Z][A-Z_0-9]+)`", row)}
    assert {"TABLE_NAME", "OWN_ADDRESSES", "DELIVERY_WINDOW"} <= named, named
    # Where a service is, if not at AWS; and the two of the canary, which go together.
    named = {name for name in named if not name.startswith("AWS_ENDPOINT_URL")} - {"AWS_CA_BUNDLE"}
    for application, full in ((t.plain, False), (t.full, True)):
        variables = [function["Environment"]["Variables"] for function in application.of_type("AWS::Lambda::Function").values()]
        together = {name: value for one in variables for name, value in one.items()}
        assert set(together) == named | {"CANARY_FROM", "CANARY_TO"}, set(together) ^ named
        assert together["TABLE_NAME"] == {"Ref": "Table"} and together["MAIL_QUEUE_URL"] == {"Ref": "MailQueue"}
        assert bool(together["CRITICAL_TOPIC_ARN"]) == full
        assert bool(together["CANARY_FROM"]) == bool(together["CANARY_TO"]) == full
        assert together["API_ACCESS"] == ("iam" if full else "tokens")
        assert ("${HttpApi}" in str(together["PAGE_URL"])) != full, together["PAGE_URL"]


@held(
    Change("HttpApiStage/Properties/StageName", "prod"), Change("HttpApiStage/Properties/DefaultRouteSettings", DROP),
    Change("HttpApiStage/Properties/AccessLogSettings", DROP), Change("HttpApiIntegration/Properties/PayloadFormatVersion", "1.0"),
    Change("HttpApiRoute/Properties/RouteKey", "GET /"), Change("HttpApiRoute/Properties/AuthorizationType", "NONE"),
    Change("HttpApiStage/Properties/AutoDeploy", False),
    Change("HttpApiStage/Properties/AccessLogSettings/Format", "$context.requestId $context.queryString"))
def the_api_is_one_route_throttled_and_logged(t: Templates) -> None:
    for application, authorization in ((t.plain, "NONE"), (t.full, "AWS_IAM")):
        stage = application.properties("HttpApiStage")
        assert stage["StageName"] == "$default" and stage["AutoDeploy"] is True
        limits = stage["DefaultRouteSettings"]
        assert 0 < limits["ThrottlingRateLimit"] <= 100 and 0 < limits["ThrottlingBurstLimit"] <= 100
        assert stage["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["HttpApiLog", "Arn"]}
        line = json.loads(stage["AccessLogSettings"]["Format"])
        # A query holds login codes and search words.
        assert {"status", "path", "id"} <= set(line) and "query" not in stage["AccessLogSettings"]["Format"].lower()
        assert application.properties("HttpApiIntegration")["PayloadFormatVersion"] == "2.0"
        route, = application.of_type("AWS::ApiGatewayV2::Route").values()
        assert (route["RouteKey"], route["AuthorizationType"]) == ("$default", authorization)
        assert not application.of_type("AWS::ApiGateway::RestApi")


@held(
    Change("ApiLog", DROP), Change("IngestLog/Properties/RetentionInDays", DROP), Change("AlertFunction/Properties/LoggingConfig", DROP),
    Change("HttpApiLog/Properties/RetentionInDays", DROP))
def every_log_ends_some_day(t: Templates) -> None:
    for application in t.applications:
        groups = application.of_type("AWS::Logs::LogGroup")
        assert len(groups) == 4 and all(int(group["RetentionInDays"]) > 0 for group in groups.values())
        for name, function in application.of_type("AWS::Lambda::Function").items():
            group = groups[function["LoggingConfig"]["LogGroup"]["Ref"]]
            assert group["LogGroupName"]["Fn::Sub"] == f"/aws/lambda/${{AWS::StackName}}-{FUNCTIONS[name]}"


@held(
    Change("/Parameters/Accounts/AllowedPattern", DROP), Change("/Parameters/MailDomain/Description", DROP),
    Change("/Parameters/LogDays/Default", DROP), Change("/Parameters/Identity/AllowedValues", DROP, "mail"),
    Change("/Outputs/AlertTopicArn", DROP), Change("/Outputs/NextStep", DROP, "mail"), Change("/Outputs/MxRecord", DROP))
def parameters_explain_themselves_and_outputs_say_the_next_step(t: Templates) -> None:
    for name, template in t.written.items():
        for parameter, says in template["Parameters"].items():
            assert len(says["Description"]) > 20, parameter
            assert parameter == "MailDomain" or "Default" in says, f"{parameter} has no default"
            bounded = "AllowedValues" in says or "AllowedPattern" in says or {"MinValue", "MaxValue"} <= set(says)
            assert bounded, f"{parameter} of {name} takes anything"
            if "AllowedPattern" in says and "Default" in says:
                assert re.fullmatch(says["AllowedPattern"], says["Default"]), f"{parameter}: its default is against its pattern"
        assert "NextStep" in template["Outputs"]
    assert {"MxRecord", "AlertTopicArn", "AlarmTopicArn", "ApiAddress", "Recipients"} <= set(t.plain.outputs)
