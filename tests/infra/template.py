"""The two templates as CloudFormation will have them: SAM's part translated, conditions decided, parameters filled in."""

from __future__ import annotations

import copy
import logging
import os
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

INFRA = Path(__file__).resolve().parent.parent.parent / "infra"
NOTHING = object()
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
logging.getLogger("samtranslator").setLevel(logging.ERROR)


class NoManagedPolicies:
    """The roles are written out: SAM need not look AWS's managed policies up."""

    @staticmethod
    def load() -> dict:
        return {}


def load(name: str) -> dict:
    """A template as it is written."""
    return yaml_parse((INFRA / name).read_text(encoding="utf-8"))


def translated(template: dict) -> dict:
    """The template with SAM's resources replaced by CloudFormation's."""
    template = copy.deepcopy(template)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` writes such an address; here only its form counts.
            resource["Properties"]["CodeUri"] = "s3://artifacts/key"
    parameters = {name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()}
    return transform(template, parameters, NoManagedPolicies())


class Resolved:
    """A translated template with its conditions decided. References to resources stay as they are."""

    def __init__(self, template: dict, parameters: dict[str, str]) -> None:
        self.template = template
        self.parameters = {
            **{name: str(parameter.get("Default", "")) for name, parameter in self.template["Parameters"].items()}, **parameters}
        conditions = self.template.get("Conditions", {})
        self.conditions = {name: self._decide(condition) for name, condition in conditions.items()}
        here = {name: resource for name, resource in self.template["Resources"].items()
                if self.conditions.get(resource.get("Condition"), True)}
        self.resources: dict[str, dict] = {name: self._value(resource) for name, resource in here.items()}
        self.outputs: dict[str, dict] = {name: self._value(output) for name, output in self.template.get("Outputs", {}).items()
                                         if self.conditions.get(output.get("Condition"), True)}

    def _decide(self, condition: Any) -> bool:
        (kind, args), = condition.items()
        if kind == "Fn::Equals":
            left, right = (self._value(arg) for arg in args)
            return left == right
        if kind == "Fn::Not":
            return not self._decide(args[0])
        if kind == "Condition":
            return self._decide(self.template["Conditions"][args])
        raise AssertionError(f"a condition of a kind that is not known here: {kind}")

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(self._value, value) if item is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (kind, arg), = value.items()
            if kind == "Fn::If":
                return self._value(arg[1] if self.conditions[arg[0]] else arg[2])
            if kind == "Ref" and arg == "AWS::NoValue":
                return NOTHING
            if kind == "Ref" and arg in self.parameters:
                return self.parameters[arg]
        return {key: kept for key, item in value.items() if (kept := self._value(item)) is not NOTHING}

    def of_type(self, kind: str) -> dict[str, dict]:
        """The properties of all resources of a type."""
        return {name: resource.get("Properties", {}) for name, resource in self.resources.items() if resource["Type"] == kind}

    def properties(self, name: str) -> dict:
        """The properties of one resource, which has to be there."""
        assert name in self.resources, f"there is no {name}"
        return self.resources[name].get("Properties", {})


class Templates:
    """Both templates, as they are by default and with everything on."""

    def __init__(self, application: dict, mail: dict, like: Templates | None = None) -> None:
        self.written = {"application": application, "mail": mail}
        # Translating takes most of the time: of two templates that differ from others by one change, one is the same.
        known = lambda name: like is not None and like.written[name] == self.written[name]
        self.translated = {name: like.translated[name] if known(name) else translated(self.written[name]) for name in self.written}
        application, mail = self.translated["application"], self.translated["mail"]
        domain = {"MailDomain": "track.corp.example"}
        self.plain = Resolved(application, domain)
        self.full = Resolved(application, {
            **domain, "Recipients": "a@track.corp.example,b@track.corp.example", "ExistingRuleSet": "main", "AlertEmail": "a@corp.example",
            "AlarmEmail": "b@corp.example", "CriticalTopic": "yes", "ChatTopic": "yes", "ApiAccess": "iam", "Canary": "on", "Dashboard": "on",
            "Architecture": "x86_64"})
        self.restored = Resolved(application, {**domain, "RestoredTable": "port25-restored"})
        self.mail = Resolved(mail, {})
        self.mail_added = Resolved(mail, {"ExistingRuleSet": "main", "AfterRule": "first", "Identity": "existing"})
        self.applications = (self.plain, self.full)
        self.mails = (self.mail, self.mail_added)
        

def as_list(value: Any) -> list:
    """What may be written as one or as many, as many."""
    return value if isinstance(value, list) else [value]
