"""A stack as the house rules ask about it, after SAM's transform: who refers to whom, and what a role may do.

cfn-lint checks a SAM template as it is written, and what SAM makes of it would go unseen.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cached_property, lru_cache
from typing import Any

import boto3
from cfnlint.template import Template
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

type Json = Any
type Properties = dict[str, Any]

SAM = "AWS::Serverless-2016-10-31"
BUILT = {  # what sam build and sam package put there
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}
_IN_SUB = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")


def named(value: Json) -> str | None:
    """The logical id that a Ref, a GetAtt or a Sub is about, whichever of its attributes it takes."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), *_]}:
            return name
        case {"Fn::GetAtt": str(path)}:
            return path.partition(".")[0]
        case {"Fn::Sub": str(text)} if found := _IN_SUB.search(text):
            return found[1]
        case _:
            return None


def branches(value: Json) -> Iterator[Json]:
    """What a value may turn out to be: both sides of every Fn::If, every item of a list."""
    match value:
        case {"Fn::If": [_, yes, no]}:
            yield from branches(yes)
            yield from branches(no)
        case list():
            for each in value:
                yield from branches(each)
        case {"Ref": "AWS::NoValue"} | None:
            return
        case _:
            yield value


def expanded(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template as CloudFormation gets it from SAM."""
    copy: dict[str, Any] = deepcopy(dict(template))
    if copy.get("Transform") != SAM:
        return copy
    for resource in copy["Resources"].values():
        if (built := BUILT.get(resource["Type"])) and "Properties" in resource:
            resource["Properties"][built] = "s3://bucket/key"
    copy.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    session = boto3.session.Session(region_name="eu-west-1")
    translator = Translator(managed_policy_map={}, sam_parser=Parser(), boto_session=session)
    translated: dict[str, Any] = translator.translate(sam_template=copy, parameter_values={})
    translator.metrics.publish()  # to no receiver; SAM warns of metrics that were not published
    return translated


class Stack:
    """The resources of one template, by logical id."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.resources: dict[str, dict[str, Any]] = expanded(template)["Resources"]

    def of_type(self, *types: str) -> Iterator[tuple[str, Properties]]:
        """The properties of every resource of these types."""
        for name, resource in self.resources.items():
            if resource.get("Type") in types:
                yield name, resource.get("Properties") or {}

    def type_of(self, name: str | None) -> str | None:
        return self.resources.get(name or "", {}).get("Type")

    def properties(self, name: str | None) -> Properties:
        return self.resources.get(name or "", {}).get("Properties") or {}

    def function(self, value: Json) -> str | None:
        """The function that a value names, by itself or by an alias."""
        name = named(value)
        if self.type_of(name) == "AWS::Lambda::Alias":
            return named(self.properties(name)["FunctionName"])
        return name if self.type_of(name) == "AWS::Lambda::Function" else None

    @cached_property
    def statements(self) -> list[tuple[str, dict[str, Any]]]:
        """Every statement of every policy that grants something, with the resource that carries it."""
        return list(self._statements())

    def _statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, properties in self.of_type("AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            documents = [properties.get("PolicyDocument"), properties.get("AssumeRolePolicyDocument")]
            documents += [policy.get("PolicyDocument") for policy in branches(properties.get("Policies"))]
            for document in branches(documents):
                for statement in branches(document.get("Statement")):
                    yield name, statement

    def granted(self, role: str) -> Iterator[dict[str, Any]]:
        """What a role is allowed by itself, by the policies it names and by those that name it."""
        carriers = {role, *map(named, branches(self.properties(role).get("ManagedPolicyArns")))}
        for name, policy in self.of_type("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            if role in map(named, branches(policy.get("Roles"))):
                carriers.add(name)
        for name, statement in self.statements:
            if name in carriers and statement.get("Effect") == "Allow":
                yield statement

    def allowed(self, role: str) -> set[str]:
        """The actions that a role may do."""
        return {action for statement in self.granted(role) for action in branches(statement.get("Action"))}


@lru_cache(maxsize=8)
def stack_of(cfn: Template) -> Stack:
    """The stack of the template that cfn-lint has before it; each rule asks for it."""
    return Stack(cfn.template)
