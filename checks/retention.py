"""What holds data outlives its stack, and logs do not live for ever."""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import Stack, named, stack_of

STATEFUL = {  # and the property that would give it a physical name
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::KMS::Key": "KeyId",  # CloudFormation knows no such property: a key never has a name
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
}


class Logged(CloudFormationLintRule):
    id = "E9003"
    shortdesc = "Every function logs JSON to a log group of its stack, with retention"
    description = "The log group that Lambda makes by itself keeps everything for ever."

    def match(self, cfn: Template) -> list[RuleMatch]:
        stack = stack_of(cfn)
        return [
            RuleMatch(["Resources", name], f"{name} {says}")
            for name, function in stack.of_type("AWS::Lambda::Function")
            if (says := self._lacks(stack, function.get("LoggingConfig") or {}))
        ]

    def _lacks(self, stack: Stack, logging: dict[str, Any]) -> str | None:
        group = named(logging.get("LogGroup"))
        if stack.type_of(group) != "AWS::Logs::LogGroup":
            return "logs to no log group of this stack"
        if "RetentionInDays" not in stack.properties(group):
            return f"logs to {group}, which has no retention"
        return None if logging.get("LogFormat") == "JSON" else "does not log JSON"


class Retained(CloudFormationLintRule):
    id = "E9004"
    shortdesc = "What holds data is retained and has no physical name"
    description = "A retained resource with a name could not be made a second time."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [RuleMatch(["Resources", name], f"{name} {says}") for name, says in self._found(stack_of(cfn))]

    def _found(self, stack: Stack) -> Iterator[tuple[str, str]]:
        dead = {
            named(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
            for _, queue in stack.of_type("AWS::SQS::Queue")
        }
        for name, resource in stack.resources.items():
            kind = resource.get("Type")
            if kind not in STATEFUL and name not in dead:
                continue
            if resource.get("DeletionPolicy") != "RetainExceptOnCreate":
                yield name, "has no DeletionPolicy: RetainExceptOnCreate"
            if resource.get("UpdateReplacePolicy") != "Retain":
                yield name, "has no UpdateReplacePolicy: Retain"
            if STATEFUL.get(kind, "QueueName") in (resource.get("Properties") or {}):
                yield name, "is retained and has a physical name"
