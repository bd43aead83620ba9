"""A workspace's days of reporting: the day that is to be reported next, and when it may be.

A stream of its own, so that a day's end never makes an edit of the workspace stale.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from troupe.domain import time_zones
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of

GRACE = timedelta(hours=1)  # in which what happened in the day's last minutes is still heard of
DUE = "recovery_report"  # the kind in the due index
DAY = timedelta(days=1)

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingScheduled:
    """The day by the calendar of the workspace's zone, and when its figures are to be published."""

    day: date
    due_at: datetime


type Event = ReportingScheduled

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    day: date
    due_at: datetime
    state: Literal["scheduled"] = "scheduled"


def begin(event: Event) -> Reporting:
    return Reporting(day=event.day, due_at=event.due_at)


# Commands. The zone is the one that the workspace has now.


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginReporting:
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReportingDay:
    """The day's figures are published in the same transaction."""

    day: date
    zone: str


type Command = BeginReporting | CloseReportingDay


UNSCHEDULED = Rejected("day_not_scheduled", "That day is not the next to be reported.")


def create(command: Command, context: Context) -> tuple[Event, ...]:
    if isinstance(command, CloseReportingDay):
        raise UNSCHEDULED
    return (_scheduled(time_zones.local_day(context.now, command.zone), command.zone),)


def decide(command: Command, state: Reporting, context: Context) -> tuple[Event, ...]:
    if isinstance(command, BeginReporting):
        return ()
    day, zone = command.day, command.zone
    if day > state.day:
        raise UNSCHEDULED
    if day < state.day:
        return ()
    due_at = ends_at(day, zone) + GRACE
    if context.now >= due_at:
        return (_scheduled(day + DAY, zone),)
    if due_at == state.due_at:
        raise Rejected("day_running", "The day is not over.")
    return (ReportingScheduled(day=day, due_at=due_at),)  # the workspace has moved to the west since


def _scheduled(day: date, zone: str) -> ReportingScheduled:
    return ReportingScheduled(day=day, due_at=ends_at(day, zone) + GRACE)


def ends_at(day: date, zone: str) -> datetime:
    return time_zones.start_of_day(day + DAY, zone)


def _listed(state: Reporting, _id: str) -> Listing:
    return Listing(due=(DUE, state.due_at))


REPORTING = Decider[Reporting, Command, Event](
    name="reporting",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("reporting", Event),
    state=Reporting,
    listed=_listed,
)
