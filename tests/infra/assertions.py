"""Holds the templates against what they promise, and each check against changes that must break it."""

import sys

import allowed  # noqa: F401  each registers its checks
import kept  # noqa: F401
import running  # noqa: F401
import watched  # noqa: F401
from held import CHECKS, fails
from template import Templates, load

AT_LEAST = 26  # a module that is no longer imported must not pass


def main() -> int:
    written = {"application": load("application.yaml"), "mail": load("mail.yaml")}
    templates, bad, changes = Templates(**written), 0, 0
    for check in CHECKS:
        if why := fails(check, templates):
            print(f"{check.name}: {why}")
            bad += 1
        if not check.changes:
            print(f"{check.name}: nothing is known that breaks it")
            bad += 1
    for check in CHECKS:
        for change in check.changes:
            changes += 1
            changed = Templates(**change.made(written), like=templates)
            if not fails(check, changed):
                print(f"{check.name} does not notice: {change}")
                bad += 1
    if len(CHECKS) < AT_LEAST:
        print(f"only {len(CHECKS)} checks")
        bad += 1
    print(f"{len(CHECKS)} checks of the templates, {changes} changes that each has to notice, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
