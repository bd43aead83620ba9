"""A role may do what its function needs, and no more."""

from collections.abc import Iterator

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import Properties, Stack, branches, named, stack_of

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
    description = "A reader of a policy must see what it allows."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [
            RuleMatch(["Resources", name], f"{name} allows {action}")
            for name, statement in stack_of(cfn).statements
            if statement.get("Effect") == "Allow"
            for action in branches([statement.get("Action"), statement.get("NotAction")])
            if "*" in action or "NotAction" in statement
        ]


class KeysNeeded(CloudFormationLintRule):
    id = "E9008"
    shortdesc = "ForAllValues has Null: false beside it, for the same key"
    description = "ForAllValues passes when the request has no such key at all."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [
            RuleMatch(["Resources", name], f"{name} allows what has no {key}")
            for name, statement in stack_of(cfn).statements
            if statement.get("Effect") == "Allow"
            for operator, keys in statement.get("Condition", {}).items()
            if operator.startswith("ForAllValues:")
            for key in keys
            if str(statement["Condition"].get("Null", {}).get(key)).lower() != "false"
        ]


def _to_destination(stack: Stack, config: Properties) -> set[str]:
    destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if destination is None:
        return set()
    return DESTINATIONS.get(stack.type_of(named(destination)) or "", {"sqs:SendMessage"})


def needed(stack: Stack, name: str, function: Properties) -> set[str]:
    """What Lambda does in the function's name, before its code does anything."""
    need = set(LOGGING)
    if function.get("TracingConfig", {}).get("Mode") == "Active":
        need |= TRACING
    for _, mapping in stack.of_type("AWS::Lambda::EventSourceMapping"):
        if stack.function(mapping.get("FunctionName")) == name:
            source = stack.type_of(named(mapping.get("EventSourceArn")))
            need |= STREAM if source == "AWS::DynamoDB::Table" else QUEUE
            need |= _to_destination(stack, mapping)
    for _, config in stack.of_type("AWS::Lambda::EventInvokeConfig"):
        if stack.function(config.get("FunctionName")) == name:
            need |= _to_destination(stack, config)
    return need


class Paired(CloudFormationLintRule):
    id = "E9006"
    shortdesc = "A function's role has what its logs, traces, sources and destinations need"
    description = "With an explicit Role, SAM adds no permission for tracing, streams or queues."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [RuleMatch(["Resources", name], f"{name} {says}") for name, says in self._found(stack_of(cfn))]

    def _found(self, stack: Stack) -> Iterator[tuple[str, str]]:
        for name, function in stack.of_type("AWS::Lambda::Function"):
            role = named(function.get("Role"))
            if role is None or stack.type_of(role) != "AWS::IAM::Role":
                yield name, "has no role of this stack"
                continue
            if lacking := needed(stack, name, function) - stack.allowed(role):
                yield name, f"has the role {role}, which lacks {', '.join(sorted(lacking))}"
