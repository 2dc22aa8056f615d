"""It watches itself: the alarms, what they cost, and where they go."""

import json
from collections import Counter

from held import DROP, Change, held
from template import INFRA, Templates

# Alarm: namespace, metric, whose, missing data.
ALARMS = {
    "DeadLettersAlarm": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "MailDeadLetters", "notBreaching"),
    "OldestMailAlarm": ("AWS/SQS", "ApproximateAgeOfOldestMessage", "MailQueue", "notBreaching"),
    **{f"{name}ErrorsAlarm": ("AWS/Lambda", "Errors", f"{name}Function", "notBreaching") for name in ("Ingest", "Alert", "Api")},
    **{f"{name}ThrottlesAlarm": ("AWS/Lambda", "Throttles", f"{name}Function", "notBreaching") for name in ("Ingest", "Alert", "Api")},
    "NoSweepAlarm": ("AWS/Lambda", "Invocations", "AlertFunction", "breaching"),
    "UnsentAlertAlarm": ("port25", "OldestUnsentAlertSeconds", "Table", "missing"),
    "NobodyHearsAlarm": ("port25", "ConfirmedSubscriptions", "Table", "breaching"),
}


@held(
    *(Change(name, DROP) for name in ("DeadLettersAlarm", "NoSweepAlarm", "UnsentAlertAlarm", "NobodyHearsAlarm", "CanaryAlarm")),
    Change("NoSweepAlarm/Properties/TreatMissingData", "notBreaching"), Change("NoSweepAlarm/Properties/Dimensions/0/Value", {"Ref": "ApiFunction"}),
    Change("NobodyHearsAlarm/Properties/MetricName", "Subscriptions"), Change("CanaryAlarm/Condition", DROP),
    Change("DeadLettersAlarm/Properties/Dimensions/0/Value", {"Fn::GetAtt": ["MailQueue", "QueueName"]}),
    Change("UnsentAlertAlarm/Properties/Namespace", "Port25"), Change("PublishFailureAlarm", DROP, "mail"),
    Change("PublishExpiredAlarm/Properties/Dimensions/0/Name", "Rule", "mail"))
def what_makes_us_blind_has_an_alarm(t: Templates) -> None:
    for application, canary in ((t.plain, {}), (t.full, {"CanaryAlarm": ("port25", "CanaryAgeSeconds", "Table", "missing")})):
        found = {}
        for name, alarm in application.of_type("AWS::CloudWatch::Alarm").items():
            dimension, = alarm["Dimensions"]
            (_, whose), = dimension["Value"].items()
            whose = whose if isinstance(whose, str) else whose[0]
            found[name] = (alarm["Namespace"], alarm["MetricName"], whose, alarm["TreatMissingData"])
        assert found == {**ALARMS, **canary}, f"{set(found) ^ set({**ALARMS, **canary})}"
    for mail in t.mails:
        alarms = mail.of_type("AWS::CloudWatch::Alarm").values()
        assert sorted(alarm["MetricName"] for alarm in alarms) == ["PublishExpired", "PublishFailure"]
        assert all(alarm["Dimensions"] == [{"Name": "RuleName", "Value": mail.properties("Rule")["Rule"]["Name"]}] for alarm in alarms)


@held(
    Change("NoSweepAlarm/Properties/EvaluationPeriods", 30), Change("NoSweepAlarm/Properties/ComparisonOperator", "GreaterThanThreshold"),
    Change("DeadLettersAlarm/Properties/Threshold", 10), Change("CanaryAlarm/Properties/Threshold", 86400),
    Change("UnsentAlertAlarm/Properties/Threshold", 6000), Change("NobodyHearsAlarm/Properties/Threshold", 0),
    Change("NobodyHearsAlarm/Properties/Statistic", "Maximum"), Change("OldestMailAlarm/Properties/Threshold", 86400),
    Change("UnsentAlertAlarm/Properties/InsufficientDataActions", DROP), Change("CanaryAlarm/Properties/InsufficientDataActions", DROP))
def the_thresholds_are_those_that_are_promised(t: Templates) -> None:
    """No sweep for ten minutes, a dead letter, a mail of 15 minutes, an alert unsent for ten, nobody who hears, no canary for two hours."""
    alarms = t.full.of_type("AWS::CloudWatch::Alarm")
    expected = {
        "NoSweepAlarm": ("Sum", 60, 10, "LessThanThreshold", 1), "DeadLettersAlarm": ("Maximum", 300, 1, "GreaterThanThreshold", 0),
        "OldestMailAlarm": ("Maximum", 300, 1, "GreaterThanThreshold", 900),
        "UnsentAlertAlarm": ("Maximum", 60, 5, "GreaterThanThreshold", 600),
        "NobodyHearsAlarm": ("Minimum", 7200, 1, "LessThanThreshold", 1), "CanaryAlarm": ("Maximum", 300, 1, "GreaterThanThreshold", 7200)}
    for name, says in expected.items():
        alarm = alarms[name]
        got = tuple(alarm[key] for key in ("Statistic", "Period", "EvaluationPeriods", "ComparisonOperator", "Threshold"))
        assert got == says, f"{name}: {got}"
    for alarm in alarms.values():
        # What is blind when its number stays away says so, once it had one.
        assert ("InsufficientDataActions" in alarm) == (alarm["TreatMissingData"] == "missing"), alarm["AlarmName"]


@held(
    Change("ApiErrorsAlarm/Properties/AlarmActions", DROP), Change("ApiErrorsAlarm/Properties/OKActions", []),
    Change("AlertErrorsAlarm/Properties/AlarmActions", [{"Ref": "AlertTopic"}]), Change("NoSweepAlarm/Properties/AlarmName", "no-sweep"),
    Change("PublishFailureAlarm/Properties/AlarmName", {"Fn::Sub": "${AWS::StackName}-x"}, "mail"),
    Change("AlarmTopic", DROP), Change("NoSweepAlarm/Properties/AlarmDescription", DROP))
def alarms_go_to_a_topic_of_their_own(t: Templates) -> None:
    """And have a name that the topic's policy lets in, and say what to do."""
    for application, chat in ((t.plain, []), (t.full, [{"Ref": "AlarmChatTopic"}])):
        assert "AlarmTopic" in application.resources
        for alarm in application.of_type("AWS::CloudWatch::Alarm").values():
            assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}, *chat]
            assert alarm["AlarmName"]["Fn::Sub"].startswith("${AWS::StackName}-") and len(alarm["AlarmDescription"]) > 40
    for mail in t.mails:
        for alarm in mail.of_type("AWS::CloudWatch::Alarm").values():
            assert alarm["AlarmName"]["Fn::Sub"].startswith("${ApplicationStack}-") and "AlarmTopicArn" in json.dumps(alarm["AlarmActions"])


@held(
    Change("/Parameters/Dashboard/Default", "on"), Change("/Parameters/Canary/Default", "on"),
    Change("OldestMailAlarm/Properties/Namespace", "port25"), Change("Overview/Condition", DROP))
def what_costs_is_off_or_at_most_three(t: Templates) -> None:
    """A dashboard costs 3 USD, a metric of ours 0.30, an alarm 0.10."""
    assert not t.plain.of_type("AWS::CloudWatch::Dashboard") and t.full.of_type("AWS::CloudWatch::Dashboard")
    assert "CanaryAlarm" not in t.plain.resources
    ours = Counter(alarm["MetricName"] for alarm in t.full.of_type("AWS::CloudWatch::Alarm").values() if alarm["Namespace"] == "port25")
    assert set(ours) == {"OldestUnsentAlertSeconds", "CanaryAgeSeconds", "ConfirmedSubscriptions"}
    body = json.dumps(t.full.properties("Overview"))
    assert all(name in body for name in ours)


@held(
    Change("FailedAttempts", DROP), Change("FailedAttempts/Properties/LogGroupName", {"Ref": "HttpApiLog"}),
    Change("FailedAttempts/Properties/FilterPattern", "401"), Change("FailedAttempts/Properties/MetricTransformations/0/MetricValue", "0"))
def failed_attempts_are_a_metric(t: Templates) -> None:
    """Of the API's own log line, as docs/API.md has it. A number only where there was an attempt: else it costs nothing."""
    pattern = (INFRA.parent / "docs/API.md").read_text(encoding="utf-8")
    attempts = t.plain.properties("FailedAttempts")
    assert f"`{attempts['FilterPattern']}`" in pattern and attempts["LogGroupName"] == {"Ref": "ApiLog"}
    transformation, = attempts["MetricTransformations"]
    assert (transformation["MetricNamespace"], transformation["MetricValue"]) == ("port25", "1") and "DefaultValue" not in transformation
