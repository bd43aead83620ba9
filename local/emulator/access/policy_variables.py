"""Policy variables, such as ${aws:PrincipalTag/tenant}, stand for their values.

MiniStack compares them as plain text, so a policy that confines a request to its tenant confines nothing.
"""

import re
from dataclasses import replace
from typing import Any

from ministack.core import iam_evaluator

VARIABLE = re.compile(r"\$\{([^}]+)\}")
LITERALS = ("*", "?", "$")

first_match = iam_evaluator._first_match


class Unset(Exception):  # noqa: N818
    """A variable without a value and without a default: its statement matches nothing."""


def value_of(expression: str, context: Any) -> str:
    name, _, default = expression.partition(",")
    if name in LITERALS:
        return name
    value = iam_evaluator._resolve_condition_key(name.strip(), context)
    if value is None and not default:
        raise Unset(name)
    return str(value if value is not None else default.strip().strip("'"))


def filled(text: Any, context: Any) -> Any:
    if isinstance(text, list):
        return [filled(one, context) for one in text]
    return VARIABLE.sub(lambda m: value_of(m[1], context), text) if isinstance(text, str) else text


def filled_statement(statement: Any, context: Any) -> Any:
    return replace(
        statement,
        resources=filled(statement.resources, context),
        not_resources=filled(statement.not_resources, context),
        conditions={
            operator: {key: filled(value, context) for key, value in block.items()}
            for operator, block in statement.conditions.items()
            if isinstance(block, dict)
        },
    )


def concerns(statement: Any, action: str, effect: str) -> bool:
    """Whether it says anything of the action at all: filling every statement costs more than comparing it."""
    return statement.effect == effect and iam_evaluator._action_matches(
        action, statement.actions, statement.not_actions
    )


def first_filled_match(context: Any, statements: list[Any], effect: str) -> Any:
    for statement in statements:
        if not concerns(statement, context.action, effect):
            continue
        try:
            if first_match(context, [filled_statement(statement, context)], effect):
                return statement
        except Unset:
            continue
    return None


iam_evaluator._first_match = first_filled_match
