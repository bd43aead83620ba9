"""A quota: a tally that a condition guards, and the stream that warns once and tells once when it is used up.

The tally holds `used`, `limit` and `available` = limit - used, since a condition has no arithmetic. A lower
limit than what is used makes `available` negative: what is there stays, growth is refused.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, assert_never

from troupe import keys, writes
from troupe.decider import Context, Decider, Rejected

if TYPE_CHECKING:
    from troupe.scope import Scope
    from troupe.writes import Action

UNLIMITED = 10**15
WARNINGS = (80, 95)  # per cent


class Exceeded(Rejected):
    """The hard limit of a quota would be passed; `period` is the month of one that begins anew each month."""

    def __init__(self, quota: str, period: str | None = None) -> None:
        super().__init__("quota_exceeded", f"The plan's limit of {quota} is reached.")
        self.quota = quota
        self.period = period


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
    initial=Watch(),
    decide=decide,
    evolve=evolve,
    events={"tenant.quota_warning_reached": QuotaWarningReached, "tenant.quota_exceeded": QuotaExceeded},
    state=Watch,
)


# The tally.


def tally(tenant_id: str, quota: str) -> keys.Key:
    return keys.tally(tenant_id, "quota", quota)


def opened(tenant_id: str, quota: str, limit: int, used: int = 0) -> "Action":
    """The tally of a new tenant, with what the same transaction uses of it."""
    values = {"used": used, "limit": limit, "available": limit - used}
    return writes.put(tally(tenant_id, quota), values, absent=True)


def take(tenant_id: str, quota: str, amount: int = 1) -> "Action":
    """Use some of a quota in the command's own transaction, or be refused."""
    return writes.update(
        tally(tenant_id, quota),
        "ADD used :taken, available :left",
        {"taken": amount, "left": -amount},
        condition="available >= :taken",
        refused=Exceeded(quota),
    )


def give_back(tenant_id: str, quota: str, amount: int = 1) -> "Action":
    values = {"given": amount, "left": -amount}
    return writes.update(tally(tenant_id, quota), "ADD used :left, available :given", values)


def relimit(tenant_id: str, quota: str, was: int, limit: int) -> "Action":
    """Set another limit; a lower one than is used is accepted and stops growth."""
    return writes.update(
        tally(tenant_id, quota),
        "SET #limit = :limit ADD available :more",
        {"limit": limit, "more": limit - was, "was": was},
        condition="#limit = :was",
        names={"#limit": "limit"},
    )


def note(scope: "Scope", exceeded: Exceeded, zone: str) -> None:
    """After the refusal, in a transaction of its own: say so, once a period."""
    from troupe.aggregates import Ref  # noqa: PLC0415 -- the decider above needs no storage
    from troupe.store import execute  # noqa: PLC0415 -- as above
    from troupe.zones import month_of  # noqa: PLC0415 -- as above

    period = exceeded.period or month_of(scope.context.now, zone)
    told = NoteExceeded(quota=exceeded.quota, period=period)
    bare = replace(scope, idempotency=None, if_match=None)
    execute(bare, Ref(decider=QUOTA, id=exceeded.quota, creates=True), told)
