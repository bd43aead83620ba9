"""What a call is about, for IAM: a schedule is in its group, and a task token is of its state machine.

MiniStack takes every schedule for one of the group `default`, and a token for nothing, so that a policy
that names the group or the machine allows neither.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

import json
from typing import Any

from ministack.core import iam_actions

from local.emulator.flows.task_tokens import machines

SCHEDULES = "/schedules/"
extract = iam_actions.extract_resource_arn


def extract_called(service: str, method: str, path: str, headers: Any, body: bytes, *more: Any) -> str:
    if service == "scheduler" and path.startswith(SCHEDULES):
        query, region, account = more
        group = _said(body).get("GroupName") or query.get("groupName") or "default"
        named = group[0] if isinstance(group, list) else group
        return f"arn:aws:scheduler:{region}:{account}:schedule/{named}/{path.removeprefix(SCHEDULES)}"
    if service == "states" and (token := _said(body).get("taskToken")):
        return machines.get(token, "*")
    return str(extract(service, method, path, headers, body, *more))


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


iam_actions.extract_resource_arn = extract_called
