"""What a tenant is told of a quota, in each period: a warning at each threshold, and that it is used up."""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from troupe.domain.decider import Context, Decider, events_of

WARNINGS = (80, 95)  # per cent

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaWarningReached:
    quota: str
    period: str  # the month in the tenant's zone, 2026-11
    percent: Literal[80, 95]
    used: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExceeded:
    quota: str
    period: str


type Event = QuotaWarningReached | QuotaExceeded

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the tenant was told in the period that was last heard of."""

    period: str = ""
    warned: int = 0  # per cent
    exceeded: bool = False


def begin(event: Event) -> Watch:
    return evolve(Watch(), event)


def evolve(state: Watch, event: Event) -> Watch:
    current = state if state.period == event.period else Watch(period=event.period)
    match event:
        case QuotaWarningReached():
            return replace(current, warned=event.percent)
        case QuotaExceeded():
            return replace(current, exceeded=True)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnOfQuota:
    """The quota stands at `used` of `limit`: warn if a threshold is passed that was not warned of yet."""

    quota: str
    period: str
    used: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExceeded:
    quota: str
    period: str


type Command = WarnOfQuota | NoteExceeded


def create(command: Command, context: Context) -> tuple[Event, ...]:
    return decide(command, Watch(), context)


def decide(command: Command, state: Watch, _context: Context) -> tuple[Event, ...]:
    if command.period < state.period:  # what comes late was told, or never will be
        return ()
    current = state if state.period == command.period else Watch(period=command.period)
    match command:
        case WarnOfQuota():
            return _warn(command, current)
        case NoteExceeded():
            told = QuotaExceeded(quota=command.quota, period=command.period)
            return () if current.exceeded else (told,)
        case _:
            assert_never(command)


def _warn(command: WarnOfQuota, current: Watch) -> tuple[Event, ...]:
    due = (at for at in WARNINGS if at > current.warned and command.used * 100 >= at * command.limit)
    return tuple(
        QuotaWarningReached(
            quota=command.quota,
            period=command.period,
            percent=80 if at == WARNINGS[0] else 95,
            used=command.used,
            limit=command.limit,
        )
        for at in due
        if command.limit
    )


QUOTA = Decider[Watch, Command, Event](
    name="quota",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("tenant", Event),
    state=Watch,
)
