"""Runs the product as the README says and uses it as a newcomer would: mail in over SMTP, the request out over HTTP.

`smoke.py cargo run` takes the README's run command. It is started on ports of its own choice and in a data folder of its
own; the request has to be there, and still there after Ctrl-C and a restart; a second process on the same folder has to
be told so.
"""

import contextlib
import html
import http.client
import json
import re
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAIL = ROOT / "tests/mail/story/01-received.eml"
BUILD_SECONDS = 1500  # the first start may compile everything
SECONDS = 30  # everything else takes milliseconds; this is for a machine under load


class Program:
    """`port25 serve`, with what it has printed."""

    def __init__(self, command: list[str], data: str) -> None:
        self.lines: list[str] = []
        self.session = ""
        self.process = subprocess.Popen(
            [*command, "--data", data, "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            print("   |", line, end="", flush=True)
            self.lines.append(line)

    def address(self, scheme: str) -> tuple[str, int]:
        """The address that the program printed as `scheme://127.0.0.1:PORT`."""

        def printed() -> str | None:
            if self.process.poll() is not None:
                sys.exit(f"the program ended with exit code {self.process.returncode} before it printed its addresses")
            found = re.search(rf"{scheme}://127\.0\.0\.1:(\d+)", "".join(self.lines))
            return found and found.group(1)

        return "127.0.0.1", int(until(f"{scheme}://127.0.0.1:PORT is printed", printed, BUILD_SECONDS))

    def cookie(self) -> str:
        """The session that the printed login code opens, once."""
        if not self.session:
            code = re.search(r"/login\?code=(\S+)", "".join(self.lines))
            check(code is not None, "a login code to be printed")
            connection = http.client.HTTPConnection(*self.address("http"), timeout=SECONDS)
            with contextlib.closing(connection):
                form = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", "/login", f"secret={code.group(1)}", form)
                answer = connection.getresponse()
                check(answer.status == 303, f"the login code to open a session, not {answer.status}")
                self.session = answer.headers["Set-Cookie"].split(";")[0]
        return self.session

    def get(self, path: str) -> str:
        """The body of a page, which must be there."""
        connection = http.client.HTTPConnection(*self.address("http"), timeout=SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Cookie": self.cookie()})
            answer = connection.getresponse()
            body = answer.read().decode()
            check(answer.status == 200, f"GET {path} answered {answer.status}: {body[:500]}")
            return body

    def requests(self) -> list[dict]:
        """The requests as the API gives them."""
        return json.loads(self.get("/v1/requests"))["items"]

    def interrupt(self) -> None:
        """Ctrl-C, after which the program ends in order."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(SECONDS)
        check(code == 0, f"exit code 0 after Ctrl-C, not {code}")


def check(true: bool, what: str) -> None:
    """Ends the smoke test when something is not as it has to be."""
    if not true:
        sys.exit(f"smoke: expected {what}")


def until(what: str, attempt, seconds: float):
    """The first result that is something, within a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := attempt():
            return result
        time.sleep(0.1)
    sys.exit(f"smoke: waited {seconds} s in vain: {what}")


def send(address: tuple[str, int], mail: bytes) -> None:
    """Hands the file over as a mail program does: with CRLF line ends."""
    mail = re.sub(rb"\r?\n", b"\r\n", mail)
    with smtplib.SMTP(*address, timeout=SECONDS) as client:
        client.sendmail("no-reply@amazonaws.com", ["port25@example.com"], mail)


def smoke(command: list[str], data: str) -> None:
    program = Program(command, data)
    try:
        send(program.address("smtp"), MAIL.read_bytes())
        request = until("the request shows in GET /v1/requests", program.requests, SECONDS)[0]
        shown = request["id"]
        print(f"   the request is {shown}")
        check(shown in html.unescape(program.get("/")), f"the page to show {shown}")
        check(json.loads(program.get(f"/v1/requests/{shown}"))["id"] == shown, f"GET /v1/requests/{shown} to be that request")
        program.get("/v1/health")

        second = subprocess.run(
            [*command[: command.index("serve")], "list", "--data", data],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False,
        )
        print("   a second process hears:", second.stderr.strip().splitlines()[-1:])
        check(second.returncode == 1, f"exit code 1 of a second process on the folder, not {second.returncode}")
        check(data in second.stderr, "the second process to name the folder that is in use")

        program.interrupt()
        program = Program(command, data)
        check([item["id"] for item in program.requests()] == [shown], f"{shown} and nothing else after a restart")
        program.interrupt()
    finally:
        if program.process.poll() is None:
            program.process.kill()


if __name__ == "__main__":
    readme_command = sys.argv[1:]
    check(readme_command[:2] == ["cargo", "run"], f"a README run command that begins with `cargo run`, not {readme_command}")
    if "serve" not in readme_command:
        readme_command += ["--", "serve"]
    readme_command = readme_command[: readme_command.index("serve") + 1]
    with tempfile.TemporaryDirectory(prefix="port25-smoke-") as folder:
        smoke(readme_command, str(Path(folder).resolve() / "data"))
    print("   smoke: all as expected")
