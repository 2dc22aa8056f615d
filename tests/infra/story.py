"""The whole story through the deployed stack, with the real binaries, on MiniStack with IAM evaluated.

`story.py TEMPLATE SAM PORT25`: the template that `sam build` wrote, the program `sam`, the program `port25`.

A mail in the bucket and SES's notification → topic → queue → ingest → table → the scheduled sweep → alert topic → a subscribed queue;
a message that fails each time → dead-letter queue → `port25 redrive` → filed; the API through the HTTP API.
"""

from __future__ import annotations

import datetime
import http.client
import json
import re
import ssl
import subprocess
import sys
import time
from email.utils import format_datetime
from pathlib import Path

from cloud import ARCHITECTURE, DOMAIN, ROOT, ROOT_KEYS, Cloud, Stack, until

ID = "172345678900123"
SWEEP_SECONDS = 130  # the schedule's minute, MiniStack's tick of ten seconds, and a slow machine
SECONDS = 60


def check(true: object, what: str) -> None:
    """Ends the story when something is not as it has to be."""
    if not true:
        raise AssertionError(what)


class Story:
    """The stack, and what a person and SES do with it."""

    def __init__(self, cloud: Cloud, stack: Stack, port25: Path) -> None:
        self.cloud, self.out, self.port25 = cloud, stack.outputs, port25
        self.sqs, self.s3, self.sns, self.iam = (cloud.client(name) for name in ("sqs", "s3", "sns", "iam"))
        self.functions, self.logs, self.table = cloud.client("lambda"), cloud.client("logs"), cloud.client("dynamodb")
        self.api_id = re.match(r"https://([^.]+)\.", self.out["ApiAddress"]).group(1)
        self.token = ""
        # A team's queue that hears the alerts.
        self.heard = self.sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.heard, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = {"Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": self.out["AlertTopicArn"]}}}]}
        self.sqs.set_queue_attributes(QueueUrl=self.heard, Attributes={"Policy": json.dumps(policy)})
        self.sns.subscribe(TopicArn=self.out["AlertTopicArn"], Protocol="sqs", Endpoint=arn)

    def mail(self, key: str, path: str, hours: float) -> bytes:
        """A fixture as SES would have it under this key, so many hours ago."""
        at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)
        raw = (ROOT / "tests/mail" / path).read_text(encoding="ascii")
        raw = re.sub(r"[A-Z][a-z]{2}, \d\d Nov 2026 \d\d:\d\d:\d\d \+0000", format_datetime(at), raw)
        return re.sub(r"(with SMTP id )\w+", rf"\g<1>{key}", raw).replace("\n", "\r\n").encode()

    def notification(self, key: str) -> str:
        """What SES publishes after it has stored an object."""
        passed = {"status": "PASS"}
        return json.dumps({
            "notificationType": "Received",
            "receipt": {
                "spamVerdict": passed, "virusVerdict": passed, "spfVerdict": passed, "dkimVerdict": passed, "dmarcVerdict": passed,
                "action": {"type": "S3", "topicArn": self.out["MailTopicArn"], "bucketName": self.out["MailBucketName"], "objectKey": key}},
            "mail": {"messageId": key, "destination": [self.out["Recipients"]]}})

    def store(self, key: str, path: str, hours: float) -> None:
        self.s3.put_object(Bucket=self.out["MailBucketName"], Key=key, Body=self.mail(key, path, hours))

    def arrives(self, key: str, path: str, hours: float) -> None:
        """A mail comes as SES brings it: stored, then told."""
        self.store(key, path, hours)
        self.sns.publish(TopicArn=self.out["MailTopicArn"], Message=self.notification(key))

    def program(self, *args: str) -> str:
        """The command line, with a person's credentials."""
        done = subprocess.run([self.port25, *args], env=self.cloud.env, cwd=self.cloud.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=SECONDS, check=False)
        check(done.returncode == 0, f"port25 {' '.join(args[:2])}: exit code {done.returncode}: {done.stderr[-1500:]}")
        return done.stdout

    def log_in(self) -> None:
        """A token for the API, made in the table at AWS."""
        said = self.program("token", "add", "ci", "--scope", "write", "--table", self.out["TableName"])
        self.token = re.search(r"p25w_\S+", said).group(0)

    def ask(self, method: str, path: str, body: object = None, token: bool = True) -> tuple[int, dict]:
        """One question to the HTTP API."""
        trust = ssl.create_default_context(cafile=self.cloud.ca)
        connection = http.client.HTTPSConnection("localhost", self.cloud.port, timeout=SECONDS, context=trust)
        headers = {"Host": f"{self.api_id}.execute-api.localhost:{self.cloud.port}", "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        return answer.status, json.loads(raw) if raw.startswith(b"{") else {"raw": raw.decode(errors="replace")[:300]}

    def waiting(self, queue: str) -> int:
        """How many messages are in a queue, those that somebody is at work on included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(int(n) for n in self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"].values())

    def redrive(self) -> dict:
        return json.loads(self.program("redrive", "--queue", self.out["MailQueueUrl"], "--json"))

    def requests(self) -> list[dict]:
        status, body = self.ask("GET", "/v1/requests")
        check(status == 200, f"GET /v1/requests: {status} {body}")
        return body["items"]

    def next_alert(self, seconds: float) -> dict:
        """The next alert that the subscribed queue hears."""
        def take() -> dict | None:
            got = self.sqs.receive_message(QueueUrl=self.heard, MaxNumberOfMessages=1).get("Messages")
            if not got:
                return None
            self.sqs.delete_message(QueueUrl=self.heard, ReceiptHandle=got[0]["ReceiptHandle"])
            return json.loads(got[0]["Body"])
        return until("an alert", take, seconds)

    def ended(self, outcome: str, key: str | None) -> int:
        """How many times ingest's log says that a message ended so: one that names this object, or none."""
        lines = [json.loads(line) for line in self.log_of("port25-ci-ingest").splitlines() if line.startswith("{") and '"records"' in line]
        return sum(record["outcome"] == outcome and record["object"] == key for line in lines for record in line["records"])

    def log_of(self, function: str) -> str:
        """What a function wrote into the log group that the template gives it."""
        group = f"/aws/lambda/{function}"
        events = self.logs.filter_log_events(logGroupName=group)["events"]
        return "\n".join(event["message"] for event in events)


def a_mail_becomes_an_alert(story: Story) -> None:
    story.log_in()
    story.arrives("k1received", "story/01-received.eml", 51)
    until("the request is in the API", lambda: [r for r in story.requests() if r["id"] == ID], SECONDS)
    alert = story.next_alert(SWEEP_SECONDS)
    check(alert["Subject"].startswith(f"[port25] OVERDUE 51h 111122223333 eu-west-1 {ID}"), f"the overdue alert, not {alert['Subject']}")
    check(json.loads(alert["Message"])["request"]["aws_id"] == ID if alert["Message"].startswith("{") else ID in alert["Message"],
          f"the alert to name the request: {alert['Message'][:300]}")


def a_question_moves_the_turn(story: Story) -> None:
    status, _ = story.ask("GET", "/v1/requests", token=False)
    check(status == 401, f"401 without a token, not {status}")
    status, body = story.ask("POST", f"/v1/requests/{ID}/note", {"text": "seen through the HTTP API", "by": "ci"})
    check(status in (200, 201), f"a note to be taken: {status} {body}")
    status, body = story.ask("GET", "/v1/status")
    check(status == 200 and body.get("last_sweep"), f"the last sweep in the status: {status} {body}")


def what_nobody_can_read_is_seen_once(story: Story) -> None:
    """No retry cures it: it is an outcome in the log, and neither tried again nor among the dead letters."""
    story.sns.publish(TopicArn=story.out["MailTopicArn"], Message="no notification of SES")
    until("the log says that it is poison", lambda: story.ended("poison", None) == 1, SECONDS)
    queue, dead = story.out["MailQueueUrl"], story.out["DeadLettersUrl"]
    until("it is taken from the queue", lambda: story.waiting(queue) == 0, SECONDS)
    check(story.waiting(dead) == 0, "nothing to be among the dead letters")


def what_fails_comes_home(story: Story) -> None:
    """Somebody breaks ingest's role: mail fails each time and ends among the dead letters; mended, `redrive` brings it home."""
    queue, dead = story.out["MailQueueUrl"], story.out["DeadLettersUrl"]
    usual = story.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout", "RedrivePolicy"])["Attributes"]
    attempts = int(json.loads(usual.pop("RedrivePolicy"))["maxReceiveCount"])
    check(usual["VisibilityTimeout"] == "180", f"the queue's time-out to be 180 s: {usual}")
    # Five attempts would take fifteen minutes.
    story.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    with without(story, "ingest", "s3:GetObject"):
        story.arrives("k2question", "story/02-question.eml", 1)
        until("the mail is among the dead letters", lambda: story.waiting(dead) == 1, SECONDS)
    until("each attempt is in the log", lambda: story.ended("failed", "k2question") >= attempts, SECONDS)
    check(story.ended("failed", "k2question") == attempts == 5, f"{attempts} attempts, not {story.ended('failed', 'k2question')}")
    check(story.waiting(queue) == 0, "it to be in the mail queue no longer")
    check(not any(r["turn"] == "ours" for r in story.requests()), "nothing to be filed of a mail that could not be read")
    story.sqs.set_queue_attributes(QueueUrl=queue, Attributes=usual)
    done = story.redrive()
    check([(m["object"], m["kept"]) for m in done["moved"]] == [("k2question", False)] and not done["error"], f"the mail to be moved: {done}")
    until("the question is filed", lambda: [r for r in story.requests() if r["id"] == ID and r["turn"] == "ours"], SECONDS)
    until("the mail is taken from the queue", lambda: story.waiting(queue) == 0, SECONDS)
    check(story.waiting(dead) == 0, "no dead letter to be left")
    check(story.redrive()["moved"] == [], "nothing to be there for a second redrive")
    check(story.ended("applied", "k2question") == 1, "the mail to be filed once")
    alert = story.next_alert(SWEEP_SECONDS)
    check("OUR TURN" in alert["Subject"] or "RESOLVED" in alert["Subject"], f"people to hear of the question, not {alert['Subject']}")


class without:
    """A role without one action, for a while."""

    def __init__(self, story: Story, function: str, action: str, resource: str | None = None) -> None:
        self.story, self.function, self.action, self.resource = story, function, action, resource

    def __enter__(self) -> None:
        iam = self.story.iam
        config = self.story.functions.get_function_configuration(FunctionName=f"port25-ci-{self.function}")
        self.role = config["Role"].rsplit("/", 1)[-1]
        self.policy = iam.get_role_policy(RoleName=self.role, PolicyName=self.function)["PolicyDocument"]
        cut, found = json.loads(json.dumps(self.policy)), False
        for statement in cut["Statement"]:
            actions, resources = ([value] if isinstance(value, str) else value for value in (statement["Action"], statement["Resource"]))
            taken = [r for r in resources if self.names(r)]
            if self.action in actions and taken:
                found = True
                if len(taken) < len(resources):
                    statement["Resource"] = [r for r in resources if r not in taken]
                else:
                    statement["Action"] = [a for a in actions if a != self.action]
        check(found, f"{self.function}'s role to have {self.action} on {self.resource}")
        cut["Statement"] = [s for s in cut["Statement"] if s["Action"]]
        iam.put_role_policy(RoleName=self.role, PolicyName=self.function, PolicyDocument=json.dumps(cut))

    def names(self, arn: str) -> bool:
        """Whether it is the resource that is meant: all of them, an index, or the `table` itself."""
        if self.resource == "table":
            return ":table/" in arn and "/index/" not in arn
        return self.resource is None or self.resource in arn

    def __exit__(self, *_) -> None:
        self.story.iam.put_role_policy(RoleName=self.role, PolicyName=self.function, PolicyDocument=json.dumps(self.policy))


def main() -> int:
    template, sam, port25 = (Path(arg).resolve() for arg in sys.argv[1:4])
    began = time.monotonic()
    with Cloud() as cloud:
        stack = Stack(cloud, template, sam, {"Architecture": ARCHITECTURE, "MailDomain": DOMAIN, "OwnAddresses": "net-ops@corp.example"})
        print(f"   deployed: {time.monotonic() - began:.0f} s")
        story = Story(cloud, stack, port25)
        try:
            for step in (a_mail_becomes_an_alert, a_question_moves_the_turn, what_nobody_can_read_is_seen_once, what_fails_comes_home):
                step(story)
                print(f"   {step.__name__}: {time.monotonic() - began:.0f} s")
        except BaseException:
            for name in ("ingest", "alert", "api"):
                try:
                    print(f"--- {name}\n{story.log_of(f'port25-ci-{name}')[-3000:]}")
                except Exception as error:
                    print(f"--- {name}: no log ({error!r})")
            print(cloud.log.read_text(errors="replace")[-3000:])
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
