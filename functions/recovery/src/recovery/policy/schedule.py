"""When the next retry is made: by the ladder of its decline, on a good day and hour, and spread."""

import hashlib
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from recovery.policy.decline import Classification, Reason
from troupe.domain import time_zones

DAY = timedelta(days=1)
SATURDAY = 5


def is_payday(day: date, paydays: tuple[int, ...]) -> bool:
    """Whether wages are paid on it; a month that is too short pays on its last day."""
    last = monthrange(day.year, day.month)[1]
    return day.day in paydays or (day.day == last and any(payday > last for payday in paydays))


def in_payday_window(day: date, paydays: tuple[int, ...]) -> bool:
    """A payday or the day after it."""
    return is_payday(day, paydays) or is_payday(day - DAY, paydays)


def is_business_day(day: date, holidays: tuple[date, ...] = ()) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def zone_for(customer: str | None, workspace: str) -> tuple[str, str]:
    """Whose clocks count, and whose they are: the customer's where the zone is known."""
    return (customer, "customer") if customer in time_zones.names() else (workspace, "workspace")


type PaydayRule = Literal["1st_15th", "business_day", "none"]

MOST_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a workspace retries. Times are local; without one a retry comes when its wait is over.

    Waits are counted from the last decline; after the last of a ladder, it stays the wait.
    """

    retry_limit: int = 8
    payday_rule: PaydayRule = "1st_15th"
    paydays: tuple[int, ...] = (1, 15)
    holidays: tuple[date, ...] = ()
    local_time: time | None = time(10)
    spread_minutes: int = 60
    technical_minutes: tuple[int, ...] = (10, 60, 360, 1440)
    later_days: tuple[int, ...] = (1, 2, 3, 5, 7, 10, 14)

    def __post_init__(self) -> None:
        if not self.paydays or not all(1 <= day <= MOST_DAYS for day in self.paydays):
            raise ValueError("paydays are days of a month")
        if not self.technical_minutes or not self.later_days:
            raise ValueError("a ladder has a rung")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryState:
    """Where a case stands when its next retry is asked for. `retries` counts those that were executed."""

    attempt_id: str
    number: int  # of the retry that comes
    retries: int
    failed_at: datetime
    window_ends_at: datetime
    now: datetime
    zone: str
    not_before: datetime | None = None  # by a ceiling, or because it was held until then


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAt:
    """`held_back`: by `not_before`, from what the ladder alone would say."""

    at: datetime
    held_back: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    reason: Literal["retry_limit", "window_ended"]


def next_retry(classified: Classification, standing: RetryState, policy: RetryPolicy) -> RetryAt | GiveUp:
    """For a classification that is retryable. Never in the past, nor before `not_before`."""
    wait = _wait(classified, standing.retries, policy)
    own = standing.failed_at + wait
    earliest = max(own, standing.not_before or own)
    if standing.retries >= policy.retry_limit or earliest > standing.window_ends_at:
        return _over(standing, policy)
    due, spread = _due(earliest, wait, classified, standing.zone, policy)
    held_back = earliest > own and due > _due(own, wait, classified, standing.zone, policy)[0]
    reasons = [
        Reason(considered=f"{classified.schedule} after {standing.retries}", outcome=_shown(own)),
        Reason(considered=f"hours in {standing.zone}", outcome=_shown(due)),
    ]
    spread_to = max(due + jitter(standing.attempt_id, standing.number, spread), earliest)
    return _at(spread_to, standing, reasons, held_back=held_back)


def at_once(standing: RetryState, policy: RetryPolicy) -> RetryAt | GiveUp:
    """For a card that changed: now, or as soon as it may be."""
    if standing.retries >= policy.retry_limit:
        return _over(standing, policy)
    earliest = max(standing.now, standing.not_before or standing.now)
    return _at(earliest, standing, [], held_back=earliest > standing.now)


def jitter(attempt_id: str, number: int, spread: timedelta) -> timedelta:
    """Whole seconds from nothing to less than the spread: for one retry always the same."""
    digest = hashlib.sha256(f"{attempt_id}:{number}".encode()).digest()
    return timedelta(seconds=(int.from_bytes(digest[:8]) * int(spread.total_seconds())) >> 64)


def _over(standing: RetryState, policy: RetryPolicy) -> GiveUp:
    return GiveUp(reason="retry_limit" if standing.retries >= policy.retry_limit else "window_ended")


def _at(at: datetime, standing: RetryState, reasons: list[Reason], *, held_back: bool) -> RetryAt | GiveUp:
    """The instant, if the window is still open then; its end is part of it."""
    instant = max(at, standing.now).astimezone(UTC)
    if instant > standing.window_ends_at:
        return GiveUp(reason="window_ended")
    chosen = Reason(considered="instant", outcome=_shown(instant))
    return RetryAt(at=instant, held_back=held_back, reasons=(*reasons, chosen))


def _wait(classified: Classification, retries: int, policy: RetryPolicy) -> timedelta:
    """The ladder's wait; the first is no shorter than the decline's own, and no wait than its minimum."""
    first = timedelta(minutes=classified.first_retry_minutes or 0)
    minimum = timedelta(minutes=classified.minimum_wait_minutes)
    match classified.schedule:
        case "technical":
            ladder = [timedelta(minutes=minutes) for minutes in policy.technical_minutes]
        case "payday" if policy.payday_rule != "none":
            ladder = [first]
        case _:
            ladder = [timedelta(days=days) for days in policy.later_days]
    return max(ladder[min(retries, len(ladder) - 1)], first, minimum)


def _good_day(classified: Classification, policy: RetryPolicy) -> Callable[[date], bool] | None:
    """Which days will do; None where the day does not matter."""
    match classified.schedule, policy.payday_rule:
        case "technical" | None, _:
            return None
        case "payday", "1st_15th":
            return lambda day: in_payday_window(day, policy.paydays)
        case "payday", "business_day":
            return lambda day: is_business_day(day, policy.holidays)
        case _:
            return lambda _day: True


def _due(
    earliest: datetime, wait: timedelta, classified: Classification, zone: str, policy: RetryPolicy
) -> tuple[datetime, timedelta]:
    """When it is due, and over how long it is spread.

    On a good day at the local time, unless that is over, spread included, when the wait is.
    """
    spread, clock = timedelta(minutes=policy.spread_minutes), policy.local_time
    good_day = _good_day(classified, policy)
    if good_day is None or clock is None:
        return earliest, min(spread, wait)
    day = time_zones.local_day(earliest - spread, zone)
    while not good_day(day) or time_zones.at(day, clock, zone) + spread < earliest:
        day += DAY
    return time_zones.at(day, clock, zone), spread


def _shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
