"""Flows: started once for each name, and answered by task tokens where they wait for a decision.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

import json
from collections.abc import Mapping
from typing import Any

from troupe.aws.clients import flows
from troupe.observability import outcome


def begin(machine: str, name: str, given: Mapping[str, Any]) -> bool:
    """Whether it has been begun now: one of that name may run already, or have ended."""
    client = flows()
    try:
        client.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))
    except client.exceptions.ExecutionAlreadyExists:
        return False
    return True


def answer(token: str) -> None:
    """Let the flow go on. A flow that no longer waits, or no longer exists, needs no answer."""
    client = flows()
    gone = client.exceptions.TaskDoesNotExist, client.exceptions.TaskTimedOut, client.exceptions.InvalidToken
    try:
        client.send_task_success(taskToken=token, output="{}")
    except gone as said:
        outcome("flow_not_waiting", reason=type(said).__name__)
