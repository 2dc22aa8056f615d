"""A check of the templates, with changes of the templates that must break it: a check that cannot fail says nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from template import Templates

DROP = object()
CHECKS: list["Check"] = []


@dataclass(frozen=True)
class Change:
    """One change: a path in the resources of a template, and what stands there then (`DROP`: nothing)."""

    path: str
    value: Any
    template: str = "application"

    def __str__(self) -> str:
        return f"{self.template}: {self.path} {'dropped' if self.value is DROP else f'= {self.value!r}'}"

    def made(self, written: dict[str, dict]) -> dict[str, dict]:
        """Both templates with the change."""
        written = copy.deepcopy(written)
        steps = self.path.split("/")
        place = written[self.template]
        if steps[0] == "":
            steps = steps[1:]  # from the root of the template
        else:
            place = place["Resources"]
        for step in steps[:-1]:
            place = place[key(place, step)]
        last = key(place, steps[-1], new=self.value is not DROP)
        if self.value is DROP:
            del place[last]
        elif isinstance(place, list) and last == len(place):
            place.append(self.value)
        else:
            place[last] = self.value
        return written


def key(place: Any, step: str, new: bool = False) -> Any:
    """The key or index that a step names: a list's item by number, `+` for a new one, or by its Sid, IndexName or PolicyName."""
    if not isinstance(place, list):
        assert new or step in place, f"there is no {step} among {sorted(place)}"
        return step
    if step == "+":
        return len(place)
    if step.isdigit():
        return int(step)
    for index, item in enumerate(place):
        if isinstance(item, dict) and step in (item.get("Sid"), item.get("IndexName"), item.get("PolicyName")):
            return index
    raise AssertionError(f"there is no {step} in the list")


@dataclass(frozen=True)
class Check:
    """What has to hold, and the changes under which it must not."""

    name: str
    holds: Callable[[Templates], None]
    changes: tuple[Change, ...]


def held(*changes: Change) -> Callable:
    """Registers a check with the changes that break it."""
    def register(holds: Callable[[Templates], None]) -> Callable[[Templates], None]:
        CHECKS.append(Check(holds.__name__, holds, changes))
        return holds
    return register


def fails(check: Check, templates: Templates) -> str | None:
    """Why the check does not hold, if it does not."""
    try:
        check.holds(templates)
    except Exception as error:  # what is not there at all shows in many ways
        return f"{type(error).__name__}: {error}"
    return None
