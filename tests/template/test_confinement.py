"""Row-level security as the template has it: what a request's role may do by itself, and what only as a tenant."""

import pytest

from checks.stack import Stack, branches, named
from support.templates import CONTEXTS, TEMPLATES, of_type, resources

ROOT_STACK = Stack({"Resources": resources(TEMPLATES[0])} | {"AWSTemplateFormatVersion": "2010-09-09"})
OWN, GUARDS = "${aws:PrincipalTag/tenant}#*", {"@#UNIQUE#EMAIL#*", "@#UNIQUE#SLUG#*"}


def confined(value):
    """A template with row-level security on: the first branch of every If that asks for it."""
    match value:
        case {"Fn::If": ["Confined", yes, _]}:
            return confined(yes)
        case dict():
            return {name: confined(each) for name, each in value.items()}
        case list():
            return [confined(each) for each in value]
        case _:
            return value


def keys(role):
    statements = [each for name, each in ROOT_STACK.statements if name == role and "Resource" in each]
    assert statements
    for statement in statements:
        actions = set(branches(statement["Action"]))
        yield actions, set(statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])


def test_a_request_reads_and_writes_its_tenant_alone():
    allowed = {action: patterns for actions, patterns in keys("RequestRole") for action in actions}
    assert all(OWN in patterns for patterns in allowed.values())
    assert allowed["dynamodb:Query"] - {OWN} == {"@#FEATURE_FLAG#*", "@#GENERATION#*"}
    assert allowed["dynamodb:PutItem"] - {OWN} == {"@#UNIQUE#*"}
    assert "dynamodb:Scan" not in allowed


COUNTS = {"@#TALLY#SOURCE#*"}  # of strangers by source address


def test_a_stranger_reads_guards_and_is_counted():
    assert list(keys("EntryRole")) == [
        ({"dynamodb:GetItem", "dynamodb:BatchGetItem"}, {*GUARDS, *COUNTS}),
        ({"dynamodb:PutItem", "dynamodb:UpdateItem"}, COUNTS),
    ]


@pytest.mark.parametrize("role", ["RequestRole", "EntryRole"])
def test_only_requests_roles_assume_them_and_only_with_the_tag(role):
    trust = ROOT_STACK.properties(role)["AssumeRolePolicyDocument"]["Statement"]
    (condition,) = (statement["Condition"] for statement in trust)
    assert condition["ArnLike"]["aws:PrincipalArn"]["Fn::Sub"].endswith(":role/${AWS::StackName}/request/*")
    assert condition["ForAllValues:StringEquals"] == {"aws:TagKeys": ["tenant"]}
    assert condition["Null"] == {"aws:TagKeys": "false"}


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_a_function_that_serves_requests_reaches_nothing_in_the_table_by_itself(template):
    stack = Stack({"Resources": confined(resources(template))})
    roles = {
        name
        for name, role in of_type(stack.resources, "AWS::IAM::Role").items()
        if role.get("Path") == {"Fn::Sub": "/${Stack}/request/"}
    }
    assert roles
    for role in roles:
        assert {"sts:AssumeRole", "sts:TagSession"} <= stack.allowed(role)
        assert not [action for action in stack.allowed(role) if action.startswith("dynamodb:")]
    for name, function in of_type(stack.resources, "AWS::Serverless::Function").items():
        served = any(event["Type"] == "HttpApi" for event in function.get("Events", {}).values())
        if served and ".webhook." not in function["Handler"]:
            assert named(function["Role"]) in roles, name


WEBHOOKS = [
    pytest.param(template, function, id=f"{template.parent.name}.{name}")
    for template in CONTEXTS
    for name, function in of_type(resources(template), "AWS::Serverless::Function").items()
    if ".webhook." in function["Handler"]
    and any(event["Type"] == "HttpApi" for event in function["Events"].values())
]


@pytest.mark.parametrize(("template", "function"), WEBHOOKS)
def test_a_webhook_writes_into_the_inbox_and_reads_nothing(template, function):
    stack, role = Stack({"Resources": resources(template)}), named(function["Role"])
    assert "sts:TagSession" not in stack.allowed(role)  # it names no tenant
    tables = [
        each
        for name, each in stack.statements
        if name == role and "dynamodb:" in str(each["Action"]) and each["Effect"] == "Allow"
    ]
    (inbox,) = tables
    assert inbox["Action"] == "dynamodb:PutItem"
    assert inbox["Condition"]["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["@#INBOX#*"]}
    assert {each for each in stack.allowed(role) if each.startswith("dynamodb:")} == {"dynamodb:PutItem"}


def test_there_is_a_webhook():
    assert WEBHOOKS
