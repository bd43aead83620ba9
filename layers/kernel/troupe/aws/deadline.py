"""How long an invocation has left, so that what is slow ends as our 503 and not as a time-out of Lambda's.

A time-out ends the process: the caller gets the gateway's bare 503, and no line of ours says why.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

MARGIN_SECONDS = 0.5  # to answer

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


class OutOfTime(Exception):  # noqa: N818 -- an answer: 503, try again
    """There is no time left for another call; nothing is said of what was done."""


@contextmanager
def within(context: Any) -> Generator[None]:
    """The time that Lambda's context has left, for what happens inside."""
    left = getattr(context, "get_remaining_time_in_millis", None)
    token = _ends.set(None if left is None else time.monotonic() + left() / 1000 - MARGIN_SECONDS)
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float | None:
    """None where no caller waits: behind a queue or a schedule."""
    ends = _ends.get()
    return None if ends is None else ends - time.monotonic()


def enough(seconds: float) -> None:
    """Raise `OutOfTime` if a call that takes so long at most would outlast the invocation."""
    left = seconds_left()
    if left is not None and left < seconds:
        raise OutOfTime
