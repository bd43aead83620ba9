"""A function that sends to its own queue says that it knows of Lambda's loop detection.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

from collections.abc import Iterator

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import Stack, branches, named, stack_of

SEND = "sqs:SendMessage"


def _may_send(stack: Stack, role: str, queue: str) -> bool:
    return any(
        SEND in branches(statement.get("Action"))
        and any(named(each) == queue or str(each).endswith("*") for each in branches(statement["Resource"]))
        for statement in stack.granted(role)
    )


def _silent(stack: Stack) -> Iterator[tuple[str, str]]:
    for _, mapping in stack.of_type("AWS::Lambda::EventSourceMapping"):
        queue, function = named(mapping.get("EventSourceArn")), stack.function(mapping.get("FunctionName"))
        properties = stack.properties(function)
        role = named(properties.get("Role"))
        if stack.type_of(queue) != "AWS::SQS::Queue" or not (queue and function and role):
            continue
        if "RecursiveLoop" not in properties and _may_send(stack, role, queue):
            yield function, queue


class LoopKnown(CloudFormationLintRule):
    id = "E9009"
    shortdesc = "A function that may send to its own queue has RecursiveLoop"
    description = "After about 16 rounds Lambda ends what looks like a loop: send all at once, or allow it."

    def match(self, cfn: Template) -> list[RuleMatch]:
        return [
            RuleMatch(["Resources", function], f"{function} may send to {queue}, and has no RecursiveLoop")
            for function, queue in _silent(stack_of(cfn))
        ]
