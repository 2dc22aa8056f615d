"""MiniStack as a process, with TLS and with IAM evaluated (AUTH=true): the nearest to AWS that there is without an account.

It knows no SES receipt rules, so that piece of the way is the test's: it stores a mail in the bucket and publishes what SES would.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parent.parent.parent
REGION = "eu-west-1"
STACK = "port25-ci"
DOMAIN = "track.corp.example"
ARCHITECTURE = os.environ.get("PORT25_ARCHITECTURE", "x86_64")
ROOT_KEYS = ("test", "test")
START_SECONDS = 60


def until(what: str, attempt, seconds: float, pause: float = 0.2):
    """The first result that is something, within a time; what raises meanwhile is told at the end."""
    end, last = time.monotonic() + seconds, None
    while True:
        try:
            if result := attempt():
                return result
        except Exception as error:  # what is not there yet answers with an error
            last = error
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain: {what}" + (f" ({last!r})" if last else ""))
        time.sleep(pause)


class Cloud:
    """A running MiniStack. Its files lie in a folder of their own, which goes with it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="port25-cloud-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        cert, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=ministack",
             "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True,
        )
        self.ca = str(cert)
        # The functions inherit this environment: AWS_CA_BUNDLE makes them trust the certificate.
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PORT25_"))},
            "TMPDIR": str(self.folder), "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port), "USE_SSL": "1", "AUTH": "true",
            "MINISTACK_SSL_CERT": str(cert), "MINISTACK_SSL_KEY": str(key), "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "AWS_ENDPOINT_URL": self.url, "AWS_CA_BUNDLE": str(cert),
            "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": ROOT_KEYS[0], "AWS_SECRET_ACCESS_KEY": ROOT_KEYS[1],
            "SAM_CLI_TELEMETRY": "0", "HOME": str(self.folder),
        }
        self.log = self.folder / "log"
        program = Path(sys.executable).parent / "ministack"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program], env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            until("MiniStack answers", lambda: self.alive() and self.client("sts").get_caller_identity(), START_SECONDS)
        except BaseException:
            print(self.log.read_text(errors="replace")[-4000:])
            self.stop()
            raise

    def alive(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit(f"MiniStack ended with {self.process.returncode}: {self.log.read_text(errors='replace')[-4000:]}")
        return True

    def client(self, service: str):
        """A client of the account's root."""
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.url, verify=self.ca, aws_access_key_id=ROOT_KEYS[0],
            aws_secret_access_key=ROOT_KEYS[1], config=Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60))

    def stop(self) -> None:
        """Ends MiniStack with the functions that it started: they are in its process group."""
        for end in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, end)
            try:
                self.process.wait(10)
                break
            except subprocess.TimeoutExpired:
                continue
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def __enter__(self) -> "Cloud":
        # Who ends this process ends MiniStack too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
        return self

    def __exit__(self, *_) -> None:
        self.stop()


class Stack:
    """The application, built by `sam build` and deployed by `sam deploy`."""

    def __init__(self, cloud: Cloud, template: Path, sam: Path, parameters: dict[str, str]) -> None:
        self.cloud = cloud
        s3 = cloud.client("s3")
        s3.create_bucket(Bucket="port25-artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
        done = subprocess.run(
            [sam, "deploy", "--template-file", template, "--stack-name", STACK, "--s3-bucket", "port25-artifacts", "--capabilities",
             "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar", "--parameter-overrides",
             *(f"{name}={value}" for name, value in parameters.items())],
            env=cloud.env, cwd=cloud.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise SystemExit(f"sam deploy: {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}")
        stack = cloud.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        self.id = stack["StackId"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
