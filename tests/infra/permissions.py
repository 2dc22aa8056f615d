"""One permission at a time is taken from each role, and the step that needs it has to fail; given back, it has to work again.

`permissions.py TEMPLATE SAM PORT25 [WORD…]`, on MiniStack with IAM evaluated. What cannot be tried there is listed with its reason (`NOT_TRIED`),
and a permission that is neither tried nor listed is a failure.

One statement is put otherwise before the trial, in the role that was deployed (`as_ministack_asks`): MiniStack asks for `ses:SendEmail` on `*` and
without the key `ses:FromAddress`, where AWS asks on the identity and with it. So the trial shows that alert needs the action; that it may use it
for one address only, `allowed.py` holds on the template.
"""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cloud import ARCHITECTURE, DOMAIN, Cloud, Stack, until
from story import ID, SECONDS, Story, check, without

# An object that is younger may be on its way still: the audit leaves it alone.
AUDIT_AGE = 15 * 60
# The key of a mail that ingest is not told of.
LOST = "lost"

LAMBDAS = "MiniStack does it itself, in the place of Lambda, and asks nobody"
AHEAD = "it only opens the connection ahead of the first event; all else works without it"
LOGS = {"logs:CreateLogStream": LAMBDAS, "logs:PutLogEvents": LAMBDAS}
# By role: what no step here shows to be needed, and why not.
NOT_TRIED = {
    "ingest": {
        **LOGS, "sqs:ReceiveMessage": LAMBDAS, "sqs:DeleteMessage": LAMBDAS, "sqs:GetQueueAttributes": LAMBDAS, "dynamodb:GetItem": AHEAD,
        "s3:ListBucket": "for MiniStack an object that is not there is a 404 in any case, for S3 only with this permission"},
    "alert": LOGS,
    "api": {**LOGS, "dynamodb:GetItem": AHEAD},
    "sweep": {"lambda:InvokeFunction": "MiniStack does it itself, in the place of Scheduler, and asks nobody"},
}


class Trial(Story):
    """The story's stack, with steps that need one permission each. Every step raises when it does not work."""

    def __init__(self, cloud: Cloud, stack: Stack, port25: Path) -> None:
        super().__init__(cloud, stack, port25)
        self.number = 172345678910001
        self.log_in()

    # ---- ingest

    def another(self, path: str, hours: float = 1, number: int | None = None) -> tuple[str, str]:
        """Stores a mail of a request of its own (or of this number); gives its key and the request's id."""
        self.number += 1
        shown, key = str(number or self.number), f"trial{self.number}"
        raw = self.mail(key, path, hours).replace(ID.encode(), shown.encode())
        raw = raw.replace(b"1723456=\r\n78900123", shown.encode())
        # A thread of its own: ids of another mail would make it a duplicate.
        own = lambda line: re.sub(rb"(<[\w.-]+)@", rb"\g<1>-" + shown.encode() + b"@", line.group(0))
        raw = re.sub(rb"^(Message-ID|In-Reply-To|References):.*$", own, raw, flags=re.M)
        self.s3.put_object(Bucket=self.out["MailBucketName"], Key=key, Body=raw)
        return key, shown

    def ingest(self, key: str, dmarc: str = "PASS") -> None:
        """Hands a notification to ingest as the queue would."""
        body = self.notification(key).replace('"dmarcVerdict": {"status": "PASS"}', f'"dmarcVerdict": {{"status": "{dmarc}"}}')
        event = {"Records": [{"messageId": key, "body": body, "eventSource": "aws:sqs"}]}
        answer = self.functions.invoke(FunctionName="port25-ci-ingest", Payload=json.dumps(event))
        said = json.loads(answer["Payload"].read())
        check("FunctionError" not in answer and not said.get("batchItemFailures"), f"ingest: {said}")

    def a_new_mail(self) -> None:
        self.ingest(self.another("story/01-received.eml")[0])

    def a_second_mail(self) -> None:
        key, shown = self.another("story/01-received.eml")
        with self.given_back():
            self.ingest(key)
        self.ingest(self.another("story/02-question.eml", number=int(shown))[0])

    def a_forgery(self) -> None:
        self.ingest(self.another("story/04-forged-approval.eml")[0], dmarc="FAIL")

    def a_canary(self) -> None:
        with self.given_back():
            self.hour_again()
            self.sweep()
        sent = self.canaries()
        check(sent, "a canary to be sent")
        key = f"canary{time.time_ns()}"
        at = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
        raw = (f"Received: from a by inbound-smtp.eu-west-1.amazonaws.com with SMTP id {key} for canary; {at}\r\n"
               f"From: canary@{DOMAIN}\r\nTo: {self.out['Recipients']}\r\nSubject: {sent[-1]}\r\nDate: {at}\r\n"
               f"Message-ID: <{key}@eu-west-1.amazonses.com>\r\n\r\nmail\r\n")
        self.s3.put_object(Bucket=self.out["MailBucketName"], Key=key, Body=raw.encode())
        self.ingest(key)

    # ---- alert

    def canaries(self) -> list[str]:
        """The subjects of what went out through SES, the newest last."""
        trust = ssl.create_default_context(cafile=self.cloud.ca)
        with urllib.request.urlopen(f"{self.cloud.url}/_ministack/ses/messages", context=trust, timeout=SECONDS) as answer:
            sent = [mail for mails in json.load(answer)["messages"].values() for mail in mails]
        check(all(mail["Source"] == f"canary@{DOMAIN}" for mail in sent), f"nothing but the canary to go out: {sent}")
        return [mail["Subject"] for mail in sent]

    def role_of(self, name: str) -> str:
        """The name of a function's role, or of the schedule's (`sweep`)."""
        if name == "sweep":
            schedule = self.cloud.client("scheduler").get_schedule(Name="sweep", GroupName="port25-ci")
            return schedule["Target"]["RoleArn"].rsplit("/", 1)[-1]
        return self.functions.get_function_configuration(FunctionName=f"port25-ci-{name}")["Role"].rsplit("/", 1)[-1]

    def sweep(self) -> None:
        """One sweep, that has to end without an error."""
        began = int(time.time() * 1000)
        answer = self.functions.invoke(FunctionName="port25-ci-alert", Payload=b"{}")
        check("FunctionError" not in answer, f"alert: {answer['Payload'].read()[:500]}")
        events = until("the sweep's line", lambda: [
            event["message"] for event in self.logs.filter_log_events(logGroupName="/aws/lambda/port25-ci-alert", startTime=began)["events"]
            if '"swept' in event["message"]], 15)
        check(not any("with failures" in line for line in events), f"the sweep: {events[-1][:2000]}")

    def something_due(self) -> None:
        with self.given_back():
            key, shown = self.another("story/01-received.eml", 51)
            self.ingest(key)
        self.sweep()
        heard = []
        while got := self.sqs.receive_message(QueueUrl=self.heard, MaxNumberOfMessages=10).get("Messages"):
            heard += [json.loads(message["Body"])["Subject"] for message in got]
            for message in got:
                self.sqs.delete_message(QueueUrl=self.heard, ReceiptHandle=message["ReceiptHandle"])
        check(any(shown in subject for subject in heard), f"an alert on {shown}, not {heard}")

    def a_summary(self) -> None:
        """Mail in quarantine is told a minute after the hour: the hour is over as soon as its item says so."""
        with self.given_back():
            self.a_forgery()
            for item in self.items("S#quarantine"):
                if item["state"]["S"] == "pending":
                    self.move(item, "work_at", minutes=-1)
        self.sweep()

    def the_hour(self) -> None:
        with self.given_back():
            self.hour_again()
        self.sweep()

    def items(self, beginning: str) -> list[dict]:
        found = self.table.scan(TableName=self.out["TableName"], ConsistentRead=True)["Items"]
        return [item for item in found if item["pk"]["S"].startswith(beginning)]

    def move(self, item: dict, name: str, minutes: int) -> None:
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 60 * minutes))
        self.table.put_item(TableName=self.out["TableName"], Item={**item, name: {"S": at}})

    def hour_again(self) -> None:
        """What is done once an hour is due, as if the hour had passed."""
        for item in self.items("T#audit"):
            self.table.put_item(TableName=self.out["TableName"], Item={**item, "hour": {"S": "2026-01-01T00"}})
            self.move({**item, "hour": {"S": "2026-01-01T00"}}, "work_at", minutes=-1)

    def a_lost_mail(self) -> None:
        """The audit misses a mail that is old enough: nobody ever told ingest of it, or its ending is taken away again."""
        with self.given_back():
            until("the mail queue is empty", lambda: self.waiting(self.out["MailQueueUrl"]) == 0, SECONDS)
            for item in self.items("O#"):
                if item["object"]["S"] == LOST:
                    self.table.delete_item(TableName=self.out["TableName"], Key={name: item[name] for name in ("pk", "sk")})
            self.hour_again()
        self.sweep()

    def a_request_half_forgotten(self) -> None:
        with self.given_back():
            key, shown = self.another("story/01-received.eml")
            self.ingest(key)
            with without(self, "api", "dynamodb:DeleteItem"):
                status, _ = self.ask("DELETE", f"/v1/requests/{shown}")
                check(status >= 500, f"forgetting to stop half-way: {status}")
            for item in self.items("B#"):
                if "forgotten" in item and "work_at" in item:
                    self.move(item, "work_at", minutes=-1)
        self.sweep()

    # ---- api

    def ok(self, method: str, path: str, body: object = None, wanted: tuple[int, ...] = (200, 201, 202, 204)) -> dict:
        status, said = self.ask(method, path, body)
        check(status in wanted, f"{method} {path}: {status} {said}")
        return said

    def a_note(self) -> None:
        self.ok("POST", f"/v1/requests/{ID}/note", {"text": f"note {time.time_ns()}"})

    def a_test_alert(self) -> None:
        self.ok("POST", "/v1/alerts/test")

    def a_forgetting(self) -> None:
        with self.given_back():
            key, shown = self.another("story/01-received.eml")
            self.ingest(key)
        self.ok("DELETE", f"/v1/requests/{shown}")

    def quarantined(self) -> str:
        key, _ = self.another("story/04-forged-approval.eml")
        self.ingest(key, dmarc="FAIL")
        return key

    def a_release(self) -> None:
        with self.given_back():
            key = self.quarantined()
        self.ok("POST", f"/v1/quarantine/{key}/release", {"meaning": "note"})

    def given_back(self):
        """The permission is there while the step prepares itself."""
        return Back(self)


class Back:
    """Gives a permission back for a while; nothing where none is taken."""

    taken: without | None = None

    def __init__(self, trial: Trial) -> None:
        self.trial = trial

    def __enter__(self) -> None:
        self.held = Back.taken
        if self.held:
            self.held.__exit__()
            Back.taken = None

    def __exit__(self, *_) -> None:
        if self.held:
            self.held.__enter__()
            Back.taken = self.held


@dataclass(frozen=True)
class Permission:
    """An action of a function, perhaps on one of several resources, and the step that needs it."""

    function: str
    action: str
    step: Callable[[Trial], None]
    resource: str | None = None

    def __str__(self) -> str:
        return f"{self.function}: {self.action}" + (f" on {self.resource}" if self.resource else "")


def asks(path: str) -> Callable[[Trial], None]:
    def step(trial: Trial) -> None:
        trial.ok("GET", path)
    step.__name__ = f"GET {path}"
    return step


PERMISSIONS = [
    Permission("ingest", "dynamodb:BatchGetItem", Trial.a_new_mail),
    Permission("ingest", "dynamodb:PutItem", Trial.a_new_mail),
    Permission("ingest", "s3:GetObject", Trial.a_new_mail),
    Permission("ingest", "dynamodb:Query", Trial.a_second_mail),
    Permission("ingest", "dynamodb:UpdateItem", Trial.a_forgery),
    Permission("ingest", "dynamodb:DeleteItem", Trial.a_canary),
    Permission("alert", "dynamodb:Query", Trial.sweep, "/index/work"),
    Permission("alert", "dynamodb:Query", Trial.something_due, "table"),
    Permission("alert", "dynamodb:Query", Trial.a_summary, "/index/by_turn"),
    Permission("alert", "dynamodb:PutItem", Trial.something_due),
    Permission("alert", "sns:Publish", Trial.something_due),
    Permission("alert", "dynamodb:GetItem", Trial.a_summary),
    Permission("alert", "dynamodb:BatchGetItem", Trial.the_hour),
    Permission("alert", "dynamodb:UpdateItem", Trial.the_hour),
    Permission("alert", "dynamodb:DeleteItem", Trial.a_request_half_forgotten),
    Permission("alert", "s3:ListBucket", Trial.the_hour),
    Permission("alert", "sns:ListSubscriptionsByTopic", Trial.the_hour),
    Permission("alert", "sns:GetSubscriptionAttributes", Trial.the_hour),
    Permission("alert", "ses:SendEmail", Trial.the_hour),
    Permission("alert", "sqs:SendMessage", Trial.a_lost_mail),
    Permission("api", "dynamodb:BatchGetItem", asks("/v1/requests")),
    Permission("api", "dynamodb:Query", asks(f"/v1/requests/{ID}"), "table"),
    Permission("api", "dynamodb:Query", asks("/v1/requests"), "/index/by_turn"),
    Permission("api", "dynamodb:Query", asks("/v1/requests?account=111122223333"), "/index/by_account"),
    Permission("api", "dynamodb:Query", asks("/v1/status"), "/index/work"),
    Permission("api", "dynamodb:PutItem", Trial.a_note),
    Permission("api", "dynamodb:UpdateItem", Trial.a_test_alert),
    Permission("api", "dynamodb:DeleteItem", Trial.a_forgetting),
    Permission("api", "s3:GetObject", Trial.a_release),
]


def as_ministack_asks(trial: Trial) -> None:
    """Puts the one statement that MiniStack cannot evaluate so that it can: see the head of this file. When MiniStack has learned it, this fails."""
    role = trial.role_of("alert")
    policy = trial.iam.get_role_policy(RoleName=role, PolicyName="alert")["PolicyDocument"]
    statement, = (s for s in policy["Statement"] if s["Action"] == "ses:SendEmail")
    check(statement["Resource"].endswith(f":identity/{DOMAIN}"), f"ses:SendEmail on the identity: {statement}")
    check(statement["Condition"] == {"StringEquals": {"ses:FromAddress": f"canary@{DOMAIN}"}}, f"ses:SendEmail from one address: {statement}")
    try:
        trial.the_hour()
    except AssertionError as error:
        check("no canary was sent" in str(error), f"the canary alone not to go out: {error}")
    else:
        raise AssertionError("MiniStack evaluates ses:FromAddress now: as_ministack_asks can go")
    statement.update(Resource="*")
    del statement["Condition"]
    trial.iam.put_role_policy(RoleName=role, PolicyName="alert", PolicyDocument=json.dumps(policy))


def tried(trial: Trial, permission: Permission) -> str | None:
    """What is wrong with a permission, if something is."""
    def works() -> str | None:
        try:
            permission.step(trial)
        except AssertionError as error:
            return str(error)
        return None

    if said := works():
        return f"the step does not work with it: {said}"
    taken = without(trial, permission.function, permission.action, permission.resource)
    taken.__enter__()
    Back.taken = taken
    try:
        failed = works()
    finally:
        Back.taken = None
        taken.__exit__()
    if failed is None:
        return "the step works without it"
    if said := works():
        return f"the step does not work when it is given back: {said}"
    return None


def not_tried(trial: Trial, name: str) -> int:
    """Tells what of a role no step takes away. The number of those without a reason, and of reasons without a permission."""
    policy = trial.iam.get_role_policy(RoleName=trial.role_of(name), PolicyName=name)["PolicyDocument"]
    has = {a for s in policy["Statement"] for a in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]])}
    left, reasons = has - {p.action for p in PERMISSIONS if p.function == name}, NOT_TRIED[name]
    for action in sorted(left | set(reasons)):
        problem = None if action in left else "it is listed as not tried, and the role has none or it is tried"
        print(f"   {name}: {action}: {problem or 'not tried: ' + reasons.get(action, 'NOBODY SAYS WHY')}")
    return len(left ^ set(reasons))


def main() -> int:
    template, sam, port25 = (Path(arg).resolve() for arg in sys.argv[1:4])
    # Words to choose by, for who looks into one of them: `sns: ses:`.
    words = sys.argv[4:]
    chosen = [p for p in PERMISSIONS if not words or any(word in str(p) for word in words)]
    bad = 0
    with Cloud() as cloud:
        stack = Stack(cloud, template, sam, {"Architecture": ARCHITECTURE, "MailDomain": DOMAIN, "Canary": "on"})
        cloud.client("ses").verify_domain_identity(Domain=DOMAIN)
        trial = Trial(cloud, stack, port25)
        trial.store(LOST, "story/06-second-received.eml", 1)
        stored = time.monotonic()
        trial.store("first", "story/01-received.eml", 3)
        trial.ingest("first")
        # The schedule's own sweeps would take what a step prepares.
        schedules = cloud.client("scheduler")
        sweep = schedules.get_schedule(Name="sweep", GroupName="port25-ci")
        schedules.update_schedule(**{k: sweep[k] for k in ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")}, State="DISABLED")
        as_ministack_asks(trial)
        for permission in sorted(chosen, key=lambda p: p.action == "sqs:SendMessage"):
            if permission.action == "sqs:SendMessage":
                wait = max(0.0, AUDIT_AGE + 5 - (time.monotonic() - stored))
                print(f"   {wait:.0f} s until the audit misses a mail")
                time.sleep(wait)
            began = time.monotonic()
            problem = tried(trial, permission)
            bad += bool(problem)
            print(f"   {permission} ({permission.step.__name__}): {problem or 'needed'} ({time.monotonic() - began:.0f} s)", flush=True)
        bad += 0 if words else sum(not_tried(trial, role) for role in NOT_TRIED)
    print(f"{len(chosen)} permissions taken away, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
