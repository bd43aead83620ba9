"""A use of something that is metered, told once: the caller's own identifier makes a repetition harmless."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from troupe.domain.decider import Context, Decider, Rejected, events_of

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUsageRecorded:
    """`period` is the month that it counts in, which is a later one if its own was closed already."""

    metric: str
    amount: int
    usage_id: str
    period: str
    occurred_at: datetime


type Event = TenantUsageRecorded

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    metric: str
    amount: int
    period: str
    occurred_at: datetime
    state: Literal["usage"] = "usage"


def begin(event: Event) -> Usage:
    return Usage(metric=event.metric, amount=event.amount, period=event.period, occurred_at=event.occurred_at)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUsage:
    metric: str
    amount: int
    usage_id: str
    period: str
    occurred_at: datetime


def create(command: RecordUsage, _context: Context) -> tuple[Event, ...]:
    recorded = TenantUsageRecorded(
        metric=command.metric,
        amount=command.amount,
        usage_id=command.usage_id,
        period=command.period,
        occurred_at=command.occurred_at,
    )
    return (recorded,)


def decide(command: RecordUsage, state: Usage, _context: Context) -> tuple[Event, ...]:
    if state.amount != command.amount:
        raise Rejected("usage_id_reused", "This usage was recorded with another amount.")
    return ()


def identify(metric: str, usage_id: str) -> str:
    """The aggregate's id: one for each metric and identifier of the caller's."""
    return f"{metric}:{usage_id}"


USAGE = Decider[Usage, RecordUsage, Event](
    name="usage",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("tenant", Event),
    state=Usage,
    kept_for=timedelta(days=400),
)
