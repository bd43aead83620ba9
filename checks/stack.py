"""A transformed template as the house rules ask about it: who refers to whom, and what a role may do."""

import re
from collections.abc import Iterator
from typing import Any

from cfnlint.template import Template

type Json = Any
type Resources = dict[str, dict[str, Any]]

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


def of_type(cfn: Template, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The properties of every resource of these types, by logical id."""
    for name, resource in cfn.template.get("Resources", {}).items():
        if resource.get("Type") in types:
            yield name, resource.get("Properties") or {}


def type_of(cfn: Template, name: str | None) -> str | None:
    return cfn.template["Resources"].get(name, {}).get("Type")


def statements(cfn: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy that grants to somebody, by the resource that carries it."""
    for name, properties in of_type(cfn, "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        documents = [properties.get("PolicyDocument"), properties.get("AssumeRolePolicyDocument")]
        documents += [policy.get("PolicyDocument") for policy in branches(properties.get("Policies"))]
        for document in branches(documents):
            for statement in branches(document.get("Statement")):
                yield name, statement


def grants(cfn: Template, role: str) -> Iterator[dict[str, Any]]:
    """The statements that hold for a role: its own, of the policies it names, of those that name it."""
    properties = cfn.template["Resources"].get(role, {}).get("Properties") or {}
    carriers = {role, *map(named, branches(properties.get("ManagedPolicyArns")))}
    for name, policy in of_type(cfn, "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        if role in map(named, branches(policy.get("Roles"))):
            carriers.add(name)
    for name, statement in statements(cfn):
        if name in carriers and statement.get("Effect") == "Allow":
            yield statement


def actions(statement: dict[str, Any]) -> list[str]:
    return list(branches(statement.get("Action")))


def target_function(cfn: Template, value: Json) -> str | None:
    """The function of this template that a value names, by itself or by an alias."""
    name = named(value)
    if type_of(cfn, name) == "AWS::Lambda::Alias":
        return named(cfn.template["Resources"][name]["Properties"]["FunctionName"])
    return name if type_of(cfn, name) == "AWS::Lambda::Function" else None
