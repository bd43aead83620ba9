"""Calendars in a tenant's zone: which day and month an instant is in, and when a day and a month begin.

Rules come from the tzdata package alone, never from the machine, so they are the same wherever this runs.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class UnknownZone(ValueError):  # noqa: N818 -- what it is, for a validator to report
    """Not the name of a zone in the IANA time zone database."""


@cache
def names() -> frozenset[str]:
    """Every zone and link name of the IANA database but `Factory`, which stands for "not set up"."""
    return frozenset((files("tzdata") / "zones").read_text("ascii").split()) - {"Factory"}


def checked(zone: str) -> str:
    """The name itself, if it is one; raises `UnknownZone`. Names are case-sensitive."""
    if zone not in names():
        raise UnknownZone("not a zone of the IANA database")
    return zone


@cache
def _rules(zone: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *checked(zone).split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The zone that a tenant has, and those before it, each with the instant at which it ended, in order."""

    current: str
    before: tuple[tuple[datetime, str], ...] = ()

    def at(self, instant: datetime) -> str:
        """The zone by which something counts that happened then, whenever it is counted."""
        return next((zone for ended, zone in self.before if instant < ended), self.current)


def local(instant: datetime, zone: str) -> datetime:
    """An instant as the zone's clocks show it; ValueError for a naive one, `UnknownZone`."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant.astimezone(_rules(zone))


def local_day(instant: datetime, zone: str) -> date:
    return local(instant, zone).date()


def at(day: date, clock: time, zone: str) -> datetime:
    """The first instant (UTC) at which the zone's clocks show that time of the day, or a later one.

    Where clocks go forward over it, that is the change; where they go back over it, the first of the two
    counts (https://peps.python.org/pep-0495/).
    """
    wall = datetime.combine(day, clock, _rules(zone))
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    return first if first <= second else _first_from(wall.replace(tzinfo=None), zone, second, first)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) that the zone's clocks show that day, or a later one if they leave it out."""
    return at(day, time.min, zone)


def _first_from(wall: datetime, zone: str, before: datetime, after: datetime) -> datetime:
    """The change of clocks (on a second) between two instants, of which the earlier one shows less."""
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if local(datetime.fromtimestamp(middle, UTC), zone).replace(tzinfo=None) < wall:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def month_of(instant: datetime, zone: str) -> str:
    """The calendar month of an instant, as in `2026-11`."""
    return local_day(instant, zone).isoformat()[:7]


def start_of_month(month: str, zone: str) -> datetime:
    """The first instant (UTC) of a month such as `2026-11`; ValueError if it is none."""
    return start_of_day(_first_day(month), zone)


def next_month(month: str) -> str:
    """`2027-01` for `2026-12`; ValueError if it is no month."""
    first = _first_day(month)
    return f"{first.year + first.month // 12:04}-{first.month % 12 + 1:02}"


def _first_day(month: str) -> date:
    if not _MONTH.fullmatch(month):
        raise ValueError("a month is of the form YYYY-MM")
    return date.fromisoformat(f"{month}-01")
