"""Reading a mail, done the ordinary way in Python: the standard library's mail parser and regular expressions. It is what the Rust
reading is measured against, by itself (as a program, below) and as part of `ingest.py`; it is never shipped.

It judges far less than the Rust code: no authentication results of other hosts, no rules in Japanese, no forwards, no limits against
hostile mail. What it leaves out makes it faster, so the comparison favours it.
"""

import email
import email.policy
import re
import sys
import time
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

AWS_ID = re.compile(r"\b(?:request|case)\s*(?:id)?\s*:?\s*#?\s*(\d{15})\b", re.IGNORECASE)
CASE_LINK = re.compile(r"[?&](?:displayId|caseId)=([\w-]+)")
ACCOUNT = re.compile(r"\b(\d{12})\b")
REGION = re.compile(r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?:north|south|east|west|central|northeast|southeast)+-\d\b")
QUOTED = re.compile(r"^(?:>|-{2,}\s*(?:original|forwarded) message|on .{1,200} wrote:)", re.IGNORECASE)
MEANINGS = [
    ("approved", re.compile(r"\b(?:have|has been) (?:approved|removed|granted|increased)\b", re.IGNORECASE)),
    ("denied", re.compile(r"\b(?:unable to|cannot|not able to) (?:process|approve|grant|remove|fulfil)\b", re.IGNORECASE)),
    ("question", re.compile(r"\b(?:gather more information|reply directly to this message|please provide|could you)\b", re.IGNORECASE)),
    ("received", re.compile(r"\b(?:have received your request|opened case)\b", re.IGNORECASE)),
]
FAMILIES = [
    ("port25", re.compile(r"port 25|email sending limit", re.IGNORECASE)),
    ("rdns", re.compile(r"reverse dns|\brdns\b", re.IGNORECASE)),
    ("ses", re.compile(r"\bses\b|production access", re.IGNORECASE)),
    ("quota", re.compile(r"quota|limit increase", re.IGNORECASE)),
]


class Text(HTMLParser):
    """The text and the link targets of HTML."""

    def __init__(self):
        super().__init__()
        self.out, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "script", "head", "title"):
            self.hidden += 1
        if tag in ("p", "br", "div", "li", "tr", "table"):
            self.out.append("\n")
        if tag == "a":
            self.out.extend(f" {value} " for name, value in attrs if name == "href" and value)

    def handle_endtag(self, tag):
        if tag in ("style", "script", "head", "title"):
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.out.append(data)


def body_text(mail):
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    if part.get_content_type() == "text/html":
        reader = Text()
        reader.feed(content)
        content = "".join(reader.out)
    return content


def newest_part(text):
    lines = []
    for line in text.splitlines():
        if QUOTED.match(line):
            break
        lines.append(line)
    return "\n".join(lines)


def judge(raw, receipt):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    sender = mail["From"].addresses[0].addr_spec.lower()
    thread = re.findall(r"<([^<>\s]+)>", f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}")
    text = newest_part(body_text(mail))
    whole = f"{mail['Subject']}\n{text}"
    verified = receipt.get("dmarcVerdict", {}).get("status") == "PASS" or "dmarc=pass" in mail.get("Authentication-Results", "")
    own = AWS_ID.search(whole) or CASE_LINK.search(whole)
    return {
        "message_id": mail["Message-ID"].strip().strip("<>"),
        "thread": list(dict.fromkeys(thread)),
        "from": sender,
        "subject": " ".join(mail["Subject"].split()),
        "at": parsedate_to_datetime(mail["Date"]),
        "trust": "verified" if verified and sender.endswith("amazon.com") else "unverified",
        "meaning": next((name for name, rule in MEANINGS if rule.search(text)), "other"),
        "family": next((name for name, rule in FAMILIES if rule.search(whole)), "unknown"),
        "own_id": own.group(1) if own else None,
        "accounts": ACCOUNT.findall(text),
        "regions": REGION.findall(text),
        "excerpt": text[:2000],
    }


def measure():
    """Reads mails from standard input, each led by a line with its length, and answers with the CPU seconds that one reading takes."""
    while line := sys.stdin.buffer.readline():
        raw = sys.stdin.buffer.read(int(line))
        start, calls = time.process_time(), 0
        while calls == 0 or time.process_time() - start < 0.05:
            judge(raw, {})
            calls += 1
        print((time.process_time() - start) / calls, flush=True)


if __name__ == "__main__":
    measure()
