"""No more functions run at once than there are cores; the others wait, and their time has not begun yet.

MiniStack runs all invocations at once, in a process each: sixteen sign-ins on two cores get an eighth of a
core each, exceed their limit of real time and are killed, and those that come next start cold. Here
invocations wait before they take a worker, in one queue per function, and the functions take turns. The
limits of a template are for an idle machine; one factor multiplies them, for the one who ends a function and
for the function itself.
"""

import contextvars
import threading
import time
from collections import OrderedDict, deque
from typing import Any

from ministack.core.lambda_runtime import INVOKE_DEPTH_HEADER, Worker
from ministack.services import lambda_svc

from local.emulator.settings import INVOCATIONS, STALL_SECONDS, TIMEOUT_FACTOR

LIMIT = 3  # seconds, where a function names none

execute_warm, invoke, make_worker = lambda_svc._execute_function_warm, lambda_svc._invoke, Worker.__init__
awaited = contextvars.ContextVar("awaited", default=False)  # by a function that runs


class Turns:
    def __init__(self, at_once: int, stall_seconds: float) -> None:
        self._at_once, self._stall_seconds = at_once, stall_seconds
        self._running, self._last_end = 0, time.monotonic()
        self._waiting: OrderedDict[str, deque[threading.Event]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str) -> None:
        """Returns when it is the function's turn."""
        with self._lock:
            if self._running < self._at_once:
                self._running += 1
                return
            turn = threading.Event()
            self._waiting.setdefault(name, deque()).append(turn)
        while not turn.wait(self._stall_seconds):
            self._break_stall()

    def end(self) -> None:
        with self._lock:
            self._running -= 1
            self._last_end = time.monotonic()
            while self._waiting and self._running < self._at_once:
                self._admit()

    def _break_stall(self) -> None:
        """If nothing ends, all that run may wait for one that queues, over an API: admit one more."""
        with self._lock:
            if self._waiting and time.monotonic() - self._last_end >= self._stall_seconds:
                self._last_end = time.monotonic()
                self._admit()

    def _admit(self) -> None:
        """The first in the queue of the function whose turn it is; that function then goes to the end."""
        name, queue = self._waiting.popitem(last=False)
        self._running += 1
        queue.popleft().set()
        if queue:
            self._waiting[name] = queue


turns = Turns(INVOCATIONS, STALL_SECONDS)


def execute_in_turn(function: dict[str, Any], event: Any, request_id: str) -> Any:
    """One that a running function waits for runs in the turn of its caller, which is idle meanwhile."""
    if awaited.get():
        return execute_warm(function, event, request_id)
    config = function.get("config") or function
    turns.begin(config["FunctionName"])
    try:
        return execute_warm(function, event, request_id)
    finally:
        turns.end()


async def invoke_known(name: str, event: Any, headers: dict[str, str], *more: Any) -> Any:
    """Functions say in a header how deep they are; others do not send it."""
    by_function = INVOKE_DEPTH_HEADER.lower() in headers
    synchronous = headers.get("x-amz-invocation-type", "RequestResponse") == "RequestResponse"
    token = awaited.set(by_function and synchronous)
    try:
        return await invoke(name, event, headers, *more)
    finally:
        awaited.reset(token)


def make_patient_worker(worker: Worker, name: str, config: dict[str, Any], code: bytes) -> None:
    limit = int(config.get("Timeout", LIMIT) * TIMEOUT_FACTOR)
    make_worker(worker, name, {**config, "Timeout": limit}, code)


lambda_svc._execute_function_warm, lambda_svc._invoke = execute_in_turn, invoke_known
lambda_svc._ACCOUNT_CONCURRENCY_CAP = (
    lambda_svc._AWS_DEFAULT_ACCOUNT_CONCURRENCY
)  # those that wait cost nothing
Worker.__init__ = make_patient_worker
