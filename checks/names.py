"""One name for one thing: file, class, resource and route."""

import re

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from checks.stack import stack_of


class SameName(CloudFormationLintRule):
    id = "E9007"
    shortdesc = "A function's resource is named after its handler"
    description = (
        "identity.user.routes.suspend_user is the function SuspendUser; "
        "identity.staff.handlers.create_user.handler is CreateUser; "
        "recovery.webhook.stripe.handler is StripeWebhook."
    )

    def match(self, cfn: Template) -> list[RuleMatch]:
        found = []
        for name, function in stack_of(cfn).of_type("AWS::Lambda::Function"):
            handler = str(function.get("Handler", ""))
            expected = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            if _named_after(handler) != expected:
                found.append(RuleMatch(["Resources", name], f"{name} has the handler {handler}"))
        return found


def _named_after(handler: str) -> str:
    """What its function is called, in snake case: a webhook's module has its source's name alone."""
    *_, folder, module, entry = ("", "", *handler.split("."))
    if module.endswith("routes"):
        return entry
    if entry != "handler":
        return ""
    return f"{module}_webhook" if folder == "webhook" else module
