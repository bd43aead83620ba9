"""What a shop took on each day, by the tenant's calendar: what came in, and what went back on that day.

It stands three times: as a whole, by community and by promotion; what came by none is a row too. Each time it
adds up to the same, after every event. Each currency has fields of its own, for they are never summed.
"""

from collections.abc import Iterable
from datetime import date, datetime

from commerce.sales import RevenueEntry, revenue_entry_of
from troupe.projection.view import Increment, Place, View
from troupe.store.envelope import Envelope

WHOLE, COMMUNITIES, PROMOTIONS = "DAYS", "COMMUNITIES", "PROMOTIONS"
NONE = "NONE"  # the row of what came by no community, or no promotion
ORDERS, GROSS, REFUNDED = "orders_", "gross_", "refunded_"  # and a currency


def month_place(day: date) -> Place:
    """One partition for each month, one row for each day."""
    return Place(parts=(WHOLE, day.isoformat()[:7]), sort=day.isoformat())


def parts_of(breakdown: str, day: date) -> tuple[str, ...]:
    """The partition of one day's rows, one for each community or promotion."""
    return (breakdown, day.isoformat())


def count(event: Envelope, at: datetime) -> Iterable[Increment]:
    entry = revenue_entry_of(event)
    if entry is None:
        return ()
    day = at.date()
    by_place: dict[Place, int] = {month_place(day): entry.amount_cents}
    for share in entry.shares:
        for breakdown, found_by in ((COMMUNITIES, share.community_id), (PROMOTIONS, share.promotion_id)):
            place = Place(parts=parts_of(breakdown, day), sort=found_by or NONE)
            by_place[place] = by_place.get(place, 0) + entry.sign * share.amount_cents
    return [each for place, cents in by_place.items() for each in _added(place, entry, cents)]


def _added(place: Place, entry: RevenueEntry, cents: int) -> Iterable[Increment]:
    if entry.kind == "refunded":
        return (Increment(place=place, field=REFUNDED + entry.currency, by=cents),)
    order = Increment(place=place, field=ORDERS + entry.currency)
    return (order, Increment(place=place, field=GROSS + entry.currency, by=cents))


REVENUE = View(name="revenue", count=count)
