"""A rolling window: at most so many within any stretch of that length."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def free_at(times: Iterable[datetime], limit: int, window: timedelta) -> datetime | None:
    """From when one more is within the limit, if anything keeps it back: what is a window old has left it."""
    if limit < 1:
        raise ValueError("a limit is positive")
    latest = sorted(times)[-limit:]
    return latest[0] + window if len(latest) == limit else None
