"""A supplier in numbers: orders that were fulfilled, revenue by currency, and ratings.

How many products it has on sale is counted with them (products.py), since a limit hangs on it. Revenue is
what its part of an order came to when it fell due to be paid; currencies are never summed.
"""

from collections.abc import Iterable
from datetime import datetime

from commerce.supplier.rating_decider import SUPPLIER_RATING, SupplierRated
from troupe.projection import generations
from troupe.projection.view import Increment, Place, View
from troupe.store.aggregates import event_in
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

REVENUE = "revenue_"  # and a currency


def count(event: Envelope, _at: datetime) -> Iterable[Increment]:
    if isinstance(rated := event_in(SUPPLIER_RATING, event), SupplierRated):
        return _rated(rated)
    match event.type:
        case "supplier_order.payout_due":
            supplier_id = event.aggregate_id.partition(".")[2]
            sold = Increment(
                place=place(supplier_id),
                field=REVENUE + event.data["currency"],
                by=event.data["revenue_cents"],
            )
            return (Increment(place=place(supplier_id), field="orders_fulfilled"), sold)
        case _:
            return ()


def _rated(rated: SupplierRated) -> tuple[Increment, ...]:
    """A customer's first rating of an order adds to the count; a later one only changes the sum."""
    at = place(rated.supplier_id)
    stars = Increment(place=at, field="stars", by=rated.stars - (rated.former or 0))
    return (stars,) if rated.former else (Increment(place=at, field="ratings"), stars)


def place(supplier_id: str) -> Place:
    return Place(parts=(supplier_id,))


SUPPLIER_METRICS = View(name="supplier_metrics", count=count)


def key_of(tenant_id: str, supplier_id: str) -> Key:
    """The row in the generation that is live."""
    at = place(supplier_id)
    return Key(generations.partition(tenant_id, SUPPLIER_METRICS.name, *at.parts), at.sort)
