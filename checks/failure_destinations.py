"""Nothing is lost in silence: what cannot be delivered has a place to go, and an alarm stands there."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import Stack, branches, named, stack_of

ASYNCHRONOUS = "invokes its function asynchronously, and the function has no EventInvokeConfig with OnFailure"


def _caught(stack: Stack, function: str | None) -> bool:
    return any(
        named(config.get("FunctionName")) == function and config.get("DestinationConfig", {}).get("OnFailure")
        for _, config in stack.of_type("AWS::Lambda::EventInvokeConfig")
    )


def _mappings(stack: Stack) -> Iterator[tuple[str, str]]:
    for name, mapping in stack.of_type("AWS::Lambda::EventSourceMapping"):
        source = named(mapping.get("EventSourceArn"))
        if stack.type_of(source) == "AWS::SQS::Queue":
            if "RedrivePolicy" not in stack.properties(source):
                yield name, f"reads the queue {source}, which has no RedrivePolicy"
        elif not mapping.get("DestinationConfig", {}).get("OnFailure"):
            yield name, "reads a stream and has no DestinationConfig with OnFailure"


def _targets(stack: Stack) -> Iterator[tuple[str, str]]:
    for name, rule in stack.of_type("AWS::Events::Rule"):
        for target in branches(rule.get("Targets")):
            if "DeadLetterConfig" not in target:
                yield name, f"has the target {target.get('Id')} without DeadLetterConfig"
            if (function := stack.function(target.get("Arn"))) and not _caught(stack, function):
                yield name, ASYNCHRONOUS
    for name, schedule in stack.of_type("AWS::Scheduler::Schedule"):
        target = schedule.get("Target", {})
        if "DeadLetterConfig" not in target:
            yield name, "has a target without DeadLetterConfig"
        if (function := stack.function(target.get("Arn"))) and not _caught(stack, function):
            yield name, ASYNCHRONOUS


def _pushes(stack: Stack) -> Iterator[tuple[str, str]]:
    for name, logs in stack.of_type("AWS::Logs::SubscriptionFilter"):
        if (function := stack.function(logs.get("DestinationArn"))) and not _caught(stack, function):
            yield name, ASYNCHRONOUS
    for name, subscription in stack.of_type("AWS::SNS::Subscription"):
        if subscription.get("Protocol") in {"lambda", "sqs"} and "RedrivePolicy" not in subscription:
            yield name, "is a subscription without RedrivePolicy"


class FailureDestination(CloudFormationLintRule):
    id = "E9001"
    shortdesc = "Every event source has a failure destination"
    description = "An event that cannot be handled must end where an operator finds it."

    def match(self, cfn: Template) -> list[RuleMatch]:
        stack = stack_of(cfn)
        found = (*_mappings(stack), *_targets(stack), *_pushes(stack))
        return [RuleMatch(["Resources", name], f"{name} {says}") for name, says in found]


def _destinations(stack: Stack) -> Iterator[str]:
    """The queues and buckets of this template where something ends that failed for good."""
    ends: list[Any] = []
    for _, queue in stack.of_type("AWS::SQS::Queue"):
        ends.append(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
    for _, failing in stack.of_type("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"):
        ends.append(failing.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))
    for _, rule in stack.of_type("AWS::Events::Rule"):
        ends += [target.get("DeadLetterConfig", {}).get("Arn") for target in branches(rule.get("Targets"))]
    for _, schedule in stack.of_type("AWS::Scheduler::Schedule"):
        ends.append(schedule.get("Target", {}).get("DeadLetterConfig", {}).get("Arn"))
    for name in sorted({end for end in map(named, ends) if end}):
        if stack.type_of(name) in {"AWS::SQS::Queue", "AWS::S3::Bucket"}:
            yield name


def _watched(stack: Stack) -> set[str | None]:
    return {
        named(dimension.get("Value"))
        for _, alarm in stack.of_type("AWS::CloudWatch::Alarm")
        if alarm.get("AlarmActions")
        for dimension in branches(alarm.get("Dimensions"))
    }


class Alarm(CloudFormationLintRule):
    id = "E9002"
    shortdesc = "Every failure destination has an alarm"
    description = "What failed for good waits for a person, who has to be told."

    def match(self, cfn: Template) -> list[RuleMatch]:
        stack = stack_of(cfn)
        silent = [name for name in _destinations(stack) if name not in _watched(stack)]
        return [RuleMatch(["Resources", name], f"{name} has no alarm that tells anybody") for name in silent]
