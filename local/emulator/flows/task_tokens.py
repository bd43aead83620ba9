"""A task with a token waits as long as its definition says, by the clock, and fails when its call fails.

MiniStack takes TimeoutSeconds as it is written, so that an expression in it breaks the execution; it waits by
the true time; and it goes on waiting when the function that was to take the token has failed.
"""

import threading
import time
from typing import Any

from ministack.services import stepfunctions

from local.emulator.flows.waits import STEP, ahead

FOR_EVER = 99_999_999  # seconds: the longest that there is
execute_task = stepfunctions._execute_task
machines: dict[str, str] = {}  # token -> the state machine whose task it is of
_running = threading.local()


def execute_timed(state: dict[str, Any], given: Any, execution: Any, context: Any) -> Any:
    """The task with its time limit as a number."""
    _running.machine = context["StateMachine"]["Id"]
    if isinstance(state.get("TimeoutSeconds"), str):
        seconds = stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", given, context)
        state = {**state, "TimeoutSeconds": seconds}
    return execute_task(state, given, execution, context)


def invoke_and_wait(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
    """The time limit is of both, by a clock that may travel."""
    event, began, left_behind = threading.Event(), time.monotonic(), ahead()
    seconds = state.get("TimeoutSeconds", FOR_EVER)
    held: dict[str, Any] = {"event": event, "result": None, "error": None, "heartbeat": None}
    stepfunctions._task_tokens[token] = held
    machines[token] = _running.machine
    try:
        stepfunctions._invoke_resource(resource.replace(".waitForTaskToken", ""), given)
        while not event.wait(STEP):
            if time.monotonic() - began + ahead() - left_behind >= seconds:
                raise stepfunctions._ExecutionError("States.Timeout", f"No answer for {seconds} seconds")
    finally:
        stepfunctions._task_tokens.pop(token, None)
    if held["error"]:
        raise stepfunctions._ExecutionError(held["error"]["Error"], held["error"]["Cause"])
    return stepfunctions.json.loads(held["result"])


stepfunctions._execute_task = execute_timed
stepfunctions._invoke_with_callback = invoke_and_wait
