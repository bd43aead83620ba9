"""Nothing is lost in silence: what cannot be delivered has a place to go, and an alarm stands there."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import branches, named, of_type, target_function, type_of

ASYNCHRONOUS = "invokes its function asynchronously, and the function has no EventInvokeConfig with OnFailure"


def _caught(cfn: Template, function: str | None) -> bool:
    return any(
        named(config.get("FunctionName")) == function and config.get("DestinationConfig", {}).get("OnFailure")
        for _, config in of_type(cfn, "AWS::Lambda::EventInvokeConfig")
    )


def _mappings(cfn: Template) -> Iterator[tuple[str, str]]:
    for name, mapping in of_type(cfn, "AWS::Lambda::EventSourceMapping"):
        source = named(mapping.get("EventSourceArn"))
        if type_of(cfn, source) == "AWS::SQS::Queue":
            if "RedrivePolicy" not in cfn.template["Resources"][source].get("Properties", {}):
                yield name, f"reads the queue {source}, which has no RedrivePolicy"
        elif not mapping.get("DestinationConfig", {}).get("OnFailure"):
            yield name, "reads a stream and has no DestinationConfig with OnFailure"


def _targets(cfn: Template) -> Iterator[tuple[str, str]]:
    for name, rule in of_type(cfn, "AWS::Events::Rule"):
        for target in branches(rule.get("Targets")):
            if "DeadLetterConfig" not in target:
                yield name, f"has the target {target.get('Id')} without DeadLetterConfig"
            if (function := target_function(cfn, target.get("Arn"))) and not _caught(cfn, function):
                yield name, ASYNCHRONOUS
    for name, schedule in of_type(cfn, "AWS::Scheduler::Schedule"):
        target = schedule.get("Target", {})
        if "DeadLetterConfig" not in target:
            yield name, "has a target without DeadLetterConfig"
        if (function := target_function(cfn, target.get("Arn"))) and not _caught(cfn, function):
            yield name, ASYNCHRONOUS


def _pushes(cfn: Template) -> Iterator[tuple[str, str]]:
    for name, logs in of_type(cfn, "AWS::Logs::SubscriptionFilter"):
        if (function := target_function(cfn, logs.get("DestinationArn"))) and not _caught(cfn, function):
            yield name, ASYNCHRONOUS
    for name, subscription in of_type(cfn, "AWS::SNS::Subscription"):
        if subscription.get("Protocol") in {"lambda", "sqs"} and "RedrivePolicy" not in subscription:
            yield name, "is a subscription without RedrivePolicy"


class FailureDestination(CloudFormationLintRule):
    id = "E9001"
    shortdesc = "Every event source has a failure destination"
    description = "An event that cannot be handled must end where somebody finds it."

    def match(self, cfn: Template) -> list[RuleMatch]:
        found = (*_mappings(cfn), *_targets(cfn), *_pushes(cfn))
        return [RuleMatch(["Resources", name], f"{name} {says}") for name, says in found]


def _destinations(cfn: Template) -> Iterator[str]:
    """The queues and buckets of this template where something ends that failed for good."""
    ends: list[Any] = []
    for _, queue in of_type(cfn, "AWS::SQS::Queue"):
        ends.append(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
    for _, failing in of_type(cfn, "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"):
        ends.append(failing.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))
    for _, rule in of_type(cfn, "AWS::Events::Rule"):
        ends += [target.get("DeadLetterConfig", {}).get("Arn") for target in branches(rule.get("Targets"))]
    for _, schedule in of_type(cfn, "AWS::Scheduler::Schedule"):
        ends.append(schedule.get("Target", {}).get("DeadLetterConfig", {}).get("Arn"))
    for name in sorted({end for end in map(named, ends) if end}):
        if type_of(cfn, name) in {"AWS::SQS::Queue", "AWS::S3::Bucket"}:
            yield name


def _watched(cfn: Template) -> set[str | None]:
    return {
        named(dimension.get("Value"))
        for _, alarm in of_type(cfn, "AWS::CloudWatch::Alarm")
        if alarm.get("AlarmActions")
        for dimension in branches(alarm.get("Dimensions"))
    }


class Alarm(CloudFormationLintRule):
    id = "E9002"
    shortdesc = "Every failure destination has an alarm"
    description = "What failed for good waits for a person, who has to be told."

    def match(self, cfn: Template) -> list[RuleMatch]:
        silent = [name for name in _destinations(cfn) if name not in _watched(cfn)]
        return [RuleMatch(["Resources", name], f"{name} has no alarm that tells anybody") for name in silent]
