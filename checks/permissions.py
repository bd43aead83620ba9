"""A role may do what its function needs, and no more."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import actions, branches, grants, named, of_type, statements, target_function, type_of

TRACING = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
QUEUE = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}
DESTINATIONS = {
    "AWS::S3::Bucket": {"s3:PutObject", "s3:ListBucket"},
    "AWS::SNS::Topic": {"sns:Publish"},
    "AWS::SQS::Queue": {"sqs:SendMessage"},
}


class NoWildcardAction(CloudFormationLintRule):
    id = "E9005"
    shortdesc = "No policy allows a wildcard of actions"
    description = "Whoever reads a policy must see what it allows."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [
            RuleMatch(["Resources", name], f"{name} allows {action}")
            for name, statement in statements(cfn)
            if statement.get("Effect") == "Allow"
            for action in (*actions(statement), *branches(statement.get("NotAction")))
            if "*" in action or "NotAction" in statement
        ]


def _to_destination(cfn: Template, config: dict[str, Any]) -> set[str]:
    destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if destination is None:
        return set()
    return DESTINATIONS.get(type_of(cfn, named(destination)) or "", {"sqs:SendMessage"})


def needed(cfn: Template, name: str, function: dict[str, Any]) -> set[str]:
    """What Lambda does in the function's name, before its code does anything."""
    need = set(LOGGING)
    if function.get("TracingConfig", {}).get("Mode") == "Active":
        need |= TRACING
    for _, mapping in of_type(cfn, "AWS::Lambda::EventSourceMapping"):
        if target_function(cfn, mapping.get("FunctionName")) == name:
            source = type_of(cfn, named(mapping.get("EventSourceArn")))
            need |= STREAM if source == "AWS::DynamoDB::Table" else QUEUE
            need |= _to_destination(cfn, mapping)
    for _, config in of_type(cfn, "AWS::Lambda::EventInvokeConfig"):
        if target_function(cfn, config.get("FunctionName")) == name:
            need |= _to_destination(cfn, config)
    return need


class Paired(CloudFormationLintRule):
    id = "E9006"
    shortdesc = "A function's role has what its logs, traces, sources and destinations need"
    description = "With an explicit Role, SAM adds no permission for tracing, streams or queues."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [RuleMatch(["Resources", name], f"{name} {says}") for name, says in self._found(cfn)]

    def _found(self, cfn: Template) -> Iterator[tuple[str, str]]:
        for name, function in of_type(cfn, "AWS::Lambda::Function"):
            role = named(function.get("Role"))
            if role is None or type_of(cfn, role) != "AWS::IAM::Role":
                yield name, "has no role of this stack"
                continue
            allowed = {action for statement in grants(cfn, role) for action in actions(statement)}
            if lacking := needed(cfn, name, function) - allowed:
                yield name, f"has the role {role}, which lacks {', '.join(sorted(lacking))}"
