"""StartExecution with the name and input of a running execution answers that execution.

MiniStack answers ExecutionAlreadyExists, so an idempotent start cannot be told from a clash.
"""

import json
from typing import Any

from ministack.services import stepfunctions

start_execution = stepfunctions._start_execution


def refused_as_existing(answer: Any) -> str | None:
    """The ARN of the execution in the way, if that is what the answer says."""
    status, _, body = answer
    said = json.loads(body) if status == 400 else {}  # noqa: PLR2004
    existing = "ExecutionAlreadyExists" in said.get("__type", "")
    return said.get("message", "").split("'")[1] if existing else None


def start_once(request: dict[str, Any]) -> Any:
    answer = start_execution(request)
    arn = refused_as_existing(answer)
    held = stepfunctions._executions.get(arn) or {} if arn else {}
    if held.get("status") == "RUNNING" and held.get("input") == request.get("input", "{}"):
        return stepfunctions.json_response({"executionArn": arn, "startDate": held["startDate"]})
    return answer


stepfunctions._start_execution = start_once
