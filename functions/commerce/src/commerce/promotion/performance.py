"""What became of a promotion in each community, in numbers: a row for each, so that one Query is all of it.

Impressions and clicks come in batches. Conversions and revenue follow the orders: what is refunded is taken
off, and an order that is refunded as a whole is no conversion. Derived: it can be rebuilt from the events.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from commerce.sales import RevenueEntry, revenue_entry_of
from troupe.projection.view import Increment, Place, View
from troupe.store.envelope import Envelope

EVERYBODY = "GLOBAL"  # the row of what is shown in no community
FIELDS = ("impressions", "clicks")


def place(promotion_id: str, community_id: str | None) -> Place:
    return Place(parts=(promotion_id,), sort=community_id or EVERYBODY)


def count(event: Envelope, _at: datetime) -> Iterable[Increment]:
    if event.type == "promotion.impressions_recorded":
        return [each for shown in event.data["shown"] for each in _shown(shown)]
    entry = revenue_entry_of(event)
    return _sold(entry) if entry else ()


def _shown(shown: Mapping[str, Any]) -> Iterable[Increment]:
    row = place(shown["promotion_id"], shown["community_id"])
    return [Increment(place=row, field=field, by=shown[field]) for field in FIELDS if shown[field]]


def _sold(entry: RevenueEntry) -> Iterable[Increment]:
    for share in entry.shares:
        if share.promotion_id:
            row = place(share.promotion_id, share.community_id)
            yield Increment(place=row, field="revenue_cents", by=entry.net_sign * share.amount_cents)
    for promotion_id, community_id in entry.converted:
        if promotion_id:
            yield Increment(place=place(promotion_id, community_id), field="conversions", by=entry.net_sign)


PROMOTION_PERFORMANCE = View(name="promotion_performance", count=count)
