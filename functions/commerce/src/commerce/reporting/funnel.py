"""How many orders came how far on each day, by the tenant's calendar.

Each order counts once at each stage, on the day that it comes there: what was placed on one day may be
delivered on another.
"""

from collections.abc import Iterable
from datetime import datetime

from troupe.projection.view import Increment, View, daily
from troupe.store.envelope import Envelope

STAGES = ("created", "payment", "confirmed", "shipped", "delivered")


def count(event: Envelope, at: datetime) -> Iterable[Increment]:
    return [daily(at.date(), stage) for stage in _reached(event)]


def _reached(event: Envelope) -> tuple[str, ...]:
    """The stages that an order comes to with an event, for the first time."""
    match event.type:
        case "order.created" | "order.confirmed":
            return (event.type.removeprefix("order."),)
        case "order.payment_started" if event.data["attempt"] == 1:
            return ("payment",)
        case "order.payment_succeeded" if event.data.get("attempt") == 0:
            return ("payment",)  # its start was not recorded
        case "order.shipped" | "order.delivered":
            return tuple(event.data["reached"])
        case _:
            return ()


ORDER_FUNNEL = View(name="order_funnel", count=count)
