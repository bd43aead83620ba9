"""aws:PrincipalArn of an assumed role is the role's ARN, with its path.

MiniStack gives the session's STS ARN, so a trust in role/{stack}/request/* refuses everyone.
"""

from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

SESSION = ":assumed-role/"

resolve_key = iam_evaluator._resolve_condition_key


def resolve_principal(key: str, context: Any, *args: Any, **options: Any) -> Any:
    value = resolve_key(key, context, *args, **options)
    if key.lower() != "aws:principalarn" or not value or SESSION not in value:
        return value
    role = iam._roles.get(value.split(SESSION)[1].split("/")[0])
    return role["Arn"] if role else value


iam_evaluator._resolve_condition_key = resolve_principal
