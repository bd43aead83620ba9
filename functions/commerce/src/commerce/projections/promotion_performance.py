"""What became of a promotion in each community, in numbers: a row for each, so that one Query is all of it.

Impressions and clicks come in batches; conversions and revenue follow the orders. Derived: it can be rebuilt
from the events.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from troupe.events import Envelope
from troupe.views import Increment, Place, View

EVERYBODY = "GLOBAL"  # the row of what is shown in no community
FIELDS = ("impressions", "clicks")


def place(promotion_id: str, community_id: str | None) -> Place:
    return Place(parts=(promotion_id,), sort=community_id or EVERYBODY)


def count(event: Envelope, _at: datetime) -> Iterable[Increment]:
    if event.type != "promotion.impressions_recorded":
        return
    for shown in event.data["shown"]:
        yield from _added(shown)


def _added(shown: Mapping[str, Any]) -> Iterable[Increment]:
    row = place(shown["promotion_id"], shown["community_id"])
    return [Increment(place=row, field=field, by=shown[field]) for field in FIELDS if shown[field]]


PROMOTION_PERFORMANCE = View(name="promotion_performance", count=count)
