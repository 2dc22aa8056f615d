"""Reads every golden draft (tests/golden/reply/*.eml) with Python's own parser, which is not the one that wrote it.

Each has to be an unsent mail in the thread of AWS's first one: no Message-ID and no Date of its own, one To, a subject that is
answered once, and a text that names the request.
"""

import email
import sys
from email import policy
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tests/golden/reply"
ID = "170000000090001"
FIRST = "<first@amazon>"
AWS = "aws-automation@email.amazon.com"
TRACKER = "port25@track.corp.example"
# A folder that lost its files must not pass.
AT_LEAST = 14


def problems(path: Path) -> list[str]:
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=policy.default)
    text = mail.get_content()
    found = [f"a defect: {defect!r}" for defect in mail.defects]
    names = [name.lower() for name in mail.keys()]
    found += [f"{name} stands there twice" for name in set(names) if names.count(name) > 1]
    found += [f"{name} must not be there" for name in ("message-id", "date") if name in names]
    if raw.replace(b"\r\n", b"").count(b"\n"):
        found.append("a line does not end with CRLF")
    if max(len(line) for line in raw.split(b"\r\n")) > 998:
        found.append("a line is too long")
    for name, want in (("X-Unsent", "1"), ("In-Reply-To", FIRST), ("MIME-Version", "1.0")):
        if mail[name] != want:
            found.append(f"{name} is {mail[name]!r}, not {want!r}")
    if str(mail["References"] or "").split()[-1:] != [FIRST]:
        found.append(f"References do not end with the first mail: {mail['References']!r}")
    for name, want in (("To", AWS), ("Bcc", TRACKER)):
        got = [address.addr_spec for address in mail[name].addresses] if mail[name] else []
        if got != [want]:
            found.append(f"{name} is {got}")
    if mail["From"] and len(mail["From"].addresses) != 1:
        found.append(f"From is {mail['From']!r}")
    subject = str(mail["Subject"])
    if not subject.lower().startswith("re: ") or subject.lower().startswith("re: re:") or "=?" in subject:
        found.append(f"the subject is {subject!r}")
    if (mail.get_content_type(), mail.get_content_charset()) != ("text/plain", "utf-8"):
        found.append(f"it is {mail['Content-Type']}")
    if ID not in text and not path.name.startswith("no-id"):
        found.append("the text does not name the request")
    if "p25-" in text or "port25 replied" in text:
        found.append("the text names what only we know")
    if path.name.startswith("japanese") and "お世話になっております" not in text:
        found.append("it is not Japanese")
    return found


def main() -> int:
    files = sorted(FOLDER.glob("*.eml"))
    bad = 0 if len(files) >= AT_LEAST else 1
    if bad:
        print(f"only {len(files)} drafts in {FOLDER}")
    for path in files:
        for problem in problems(path):
            print(f"{path.name}: {problem}")
            bad += 1
    print(f"{len(files)} drafts read, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
