"""Days on which a retry is likely to find money, and the zone whose clocks are meant."""

from calendar import monthrange
from datetime import date, timedelta

from troupe import zones

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
    return (customer, "customer") if customer in zones.names() else (workspace, "workspace")
