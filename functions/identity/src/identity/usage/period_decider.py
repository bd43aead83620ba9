"""A month of a tenant's usage, in the tenant's zone: open until it is over, then closed with its totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from troupe.domain.decider import COPIES, Context, Decider, Listing, Rejected, events_of
from troupe.domain.time_zones import next_month, start_of_month

GRACE = timedelta(hours=1)  # in which usage is still told that happened in the month's last minutes

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUsagePeriodScheduled:
    """The month is to be closed then; told again when the tenant's zone moves its end."""

    period: str  # 2026-11
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUsagePeriodClosed:
    """`totals` has what was used of each metric; what is told later counts in the next month."""

    period: str
    totals: Mapping[str, int]
    closed_at: datetime


type Event = TenantUsagePeriodScheduled | TenantUsagePeriodClosed

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPeriod:
    closes_at: datetime
    state: Literal["open"] = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriod:
    totals: Mapping[str, int]
    closed_at: datetime
    state: Literal["closed"] = "closed"


type State = OpenPeriod | ClosedPeriod


def begin(event: Event) -> State:
    match event:
        case TenantUsagePeriodScheduled():
            return OpenPeriod(closes_at=event.closes_at)
        case TenantUsagePeriodClosed():
            return ClosedPeriod(totals=event.totals, closed_at=event.closed_at)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleUsagePeriod:
    period: str
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUsagePeriod:
    """`closes_at` is when it may close by the zone that the tenant has now."""

    period: str
    closes_at: datetime
    totals: Mapping[str, int]


type Command = ScheduleUsagePeriod | CloseUsagePeriod


def create(command: Command, _context: Context) -> tuple[Event, ...]:
    if isinstance(command, CloseUsagePeriod):
        raise Rejected("no_usage_period", "This month was never opened.")
    return (TenantUsagePeriodScheduled(period=command.period, closes_at=command.closes_at),)


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    if isinstance(command, ScheduleUsagePeriod):
        return ()
    match state:
        case ClosedPeriod():
            return ()
        case OpenPeriod() if context.now >= command.closes_at:
            closed = TenantUsagePeriodClosed(
                period=command.period, totals=command.totals, closed_at=context.now
            )
            return (closed,)
        case OpenPeriod() if state.closes_at == command.closes_at:
            raise Rejected("usage_period_running", "The month is not over.")
        case OpenPeriod():  # the tenant has moved to the west since
            return (TenantUsagePeriodScheduled(period=command.period, closes_at=command.closes_at),)
        case _:
            assert_never(state)


def end(period: str, zone: str) -> datetime:
    """When a month may be closed."""
    return start_of_month(next_month(period), zone) + GRACE


def _listed(state: State, _period: str) -> Listing:
    return Listing(due=("usage_period", state.closes_at)) if isinstance(state, OpenPeriod) else Listing()


USAGE_PERIOD = Decider[State, Command, Event](
    name="usage_period",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("tenant", Event),
    state=State,
    listed=_listed,
    copies=COPIES,
)
