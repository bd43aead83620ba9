"""The wall clock, which is read at the edge and nowhere else.

On the local stack it can travel: the file CLOCK_FILE, if there is one, says how many seconds it is ahead.
"""

import math
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)


def now() -> datetime:
    """This instant in UTC, with microseconds."""
    return datetime.now(UTC) + _travelled()


def _travelled() -> timedelta:
    """How far the clock is ahead; asked each time, since it may travel at any."""
    file = os.environ.get("CLOCK_FILE")
    if not file:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(file).read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta()


@contextmanager
def within(invocation: Any) -> Generator[None]:
    """Know inside how much time Lambda leaves this invocation, by its context."""
    remaining = getattr(invocation, "get_remaining_time_in_millis", None)
    ends = time.monotonic() + remaining() / 1000 if remaining else math.inf
    token = _ends.set(ends)
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """Until Lambda ends the invocation; infinite outside of one."""
    return _ends.get() - time.monotonic()
