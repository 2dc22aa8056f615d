"""Reads every golden draft (tests/golden/reply/*.eml) with Python's own parser, which is not the one that wrote it.

Each has to be an unsent mail in the thread of AWS's first one: no Message-ID and no Date of its own, one To, a subject that is
answered once, and a text that names the request. Sent, it has to stand under AWS's first mail in a mailbox that is sorted by threads, as
mail programs sort one (by References, else by In-Reply-To).
"""

import email
import sys
from email import policy
from email.message import EmailMessage
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tests/golden/reply"
ID = "170000000090001"
FIRST = "<first@amazon>"
AWS = "aws-automation@email.amazon.com"
TRACKER = "port25@track.corp.example"
# A folder that lost its files must not pass.
AT_LEAST = 16
# The subjects of AWS's first mail in the golden drafts.
SUBJECTS = {"Your request to remove email sending limitations", "ポート 25 の制限解除について"}


def ids(value) -> list[str]:
    return str(value or "").split()


def parents(mailbox: list[EmailMessage]) -> dict[str, str | None]:
    """The mail that each mail of a mailbox answers: the last of its References that is there, else its In-Reply-To."""
    there = {str(mail["Message-ID"]) for mail in mailbox}
    found = {}
    for mail in mailbox:
        named = [id for id in ids(mail["References"]) + ids(mail["In-Reply-To"])[:1] if id in there]
        found[str(mail["Message-ID"])] = named[-1] if named else None
    return found


def root(id: str, parent: dict[str, str | None]) -> str:
    while parent[id]:
        id = parent[id]
    return id


def mail_of(message_id: str, references: list[str]) -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = message_id
    if references:
        mail["In-Reply-To"], mail["References"] = references[-1], " ".join(references)
    return mail


def threads(raw: bytes) -> list[str]:
    """The draft, sent, in a mailbox with AWS's first mail, AWS's next one, and the first mail of another request."""
    sent = email.message_from_bytes(raw, policy=policy.default)
    sent["Message-ID"] = "<sent@corp.example>"
    mailbox = [mail_of(FIRST, []), mail_of("<second@amazon>", [FIRST]), mail_of("<other@amazon>", []), sent]
    # What AWS writes next answers ours.
    mailbox.append(mail_of("<third@amazon>", ids(sent["References"]) + ["<sent@corp.example>"]))
    parent = parents(mailbox)
    found = [] if parent["<sent@corp.example>"] == FIRST else [f"it answers {parent['<sent@corp.example>']} in a mailbox"]
    roots = {id: root(id, parent) for id in parent}
    alone = [id for id, top in roots.items() if (top == FIRST) != (id != "<other@amazon>")]
    return found + [f"{id} is in another thread" for id in alone]


def problems(path: Path) -> list[str]:
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=policy.default)
    text = mail.get_content()
    found = [f"a defect: {defect!r}" for defect in mail.defects] + threads(raw)
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
    if len(ids(mail["References"])) != (3 if path.name == "in-a-longer-thread.eml" else 1):
        found.append(f"References are not the thread: {mail['References']!r}")
    if ids(mail["References"])[-1:] != [FIRST]:
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
    if subject[4:] not in SUBJECTS:
        found.append(f"the subject is not AWS's: {subject!r}")
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
