"""Timers for a promotion's window: one starts it, one ends it; what was cancelled they leave alone."""

from datetime import datetime, timedelta
from typing import Literal

from commerce.timers import Timer, set_once
from troupe.clock import now
from troupe.store.envelope import Envelope

SOONEST = timedelta(minutes=1)  # a schedule of the past would never call; the sweep is there by then


def start(event: Envelope) -> None:
    _time("start", datetime.fromisoformat(event.data["starts_at"]), event)


def end(event: Envelope) -> None:
    """What is always on has no end."""
    ends_at: str | None = event.data["details"]["ends_at"]
    if ends_at is not None:
        _time("end", datetime.fromisoformat(ends_at), event)


def _time(what: Literal["start", "end"], at: datetime, event: Envelope) -> None:
    timer = Timer(
        name=f"{what}-{event.aggregate_id}",
        group="PROMOTION_TIMERS",
        role="PROMOTION_TIMERS_ROLE_ARN",
        command=f"{what.upper()}_PROMOTION_ARN",
    )
    set_once(timer, max(at, now() + SOONEST), {"promotion_id": event.aggregate_id}, event)
