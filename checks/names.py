"""One name for one thing: file, class, resource and route."""

import re

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import stack_of


class SameName(CloudFormationLintRule):
    id = "E9007"
    shortdesc = "A function's resource is named after the module of its handler"
    description = "identity.commands.suspend_user.handler is the function SuspendUser."

    def match(self, cfn: Template) -> list[RuleMatch]:
        found = []
        for name, function in stack_of(cfn).of_type("AWS::Lambda::Function"):
            handler = str(function.get("Handler", ""))
            expected = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            if handler.split(".")[-2:] != [expected, "handler"]:
                found.append(RuleMatch(["Resources", name], f"{name} has the handler {handler}"))
        return found
