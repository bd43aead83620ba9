"""The wall clock, which is read at the edge and nowhere else.

On the local stack it can travel: the file CLOCK_FILE, if there is one, says how many seconds it is ahead.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


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
