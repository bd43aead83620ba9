"""A supplier's parts of orders as it finds them: all, the newest first, or those with which this is to do.

A part is there once its order is paid. What the events make of it is what they make of the part itself.
"""

from dataclasses import dataclass, replace
from typing import Literal

from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.lines import LineState
from commerce.supplier_order.state import SupplierOrder
from troupe.domain.decider import Listing
from troupe.domain.instants import rfc3339
from troupe.projection.view import Part, Place, Source, Tombstone, View
from troupe.store.aggregates import event_in
from troupe.store.envelope import Envelope

type Work = Literal["to_accept", "to_ship", "to_take_back", "on_the_way", "delivered", "closed"]

SHOWN = 3  # names of products in a row
_WORK: dict[LineState, Work] = {
    "reserved": "to_accept",
    "accepted": "to_ship",
    "packed": "to_ship",
    "shipped": "on_the_way",
    "delivered": "delivered",
}
_ORDER: tuple[Work, ...] = ("to_accept", "to_ship", "to_take_back", "on_the_way", "delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The part without what no list shows."""

    part: SupplierOrder


def project(row: Part[Queued], event: Envelope) -> Part[Queued]:
    happened = event_in(SUPPLIER_ORDER, event)
    if happened is None or isinstance(row, Tombstone):
        return row
    part = SUPPLIER_ORDER.after(row.part if row else None, happened)
    return Queued(part=_slim(part)) if part else row


def _slim(part: SupplierOrder) -> SupplierOrder:
    """The state without what the list does not show: shipments, allocations and closed returns."""
    lines = tuple(replace(line, allocations=()) for line in part.lines)
    open_returns = tuple(each for each in part.returns if each.open)
    return replace(part, lines=lines, shipments=(), returns=open_returns)


def work(part: SupplierOrder) -> Work:
    """The first thing that there is to do, of all its lines."""
    found: set[Work] = {_WORK[line.state] for line in part.lines if line.state in _WORK}
    if part.returns:
        found.add("to_take_back")
    for each in _ORDER:
        if each in found:
            return each
    return "closed"


def collection(supplier_id: str) -> str:
    return f"SUPPLIER#{supplier_id}"


def queue(supplier_id: str, what: str) -> str:
    return f"{collection(supplier_id)}#{what.upper()}"


def listed(row: Queued) -> Listing:
    part = row.part
    if part.confirmed_at is None:
        return Listing()
    what = work(part)
    return Listing(
        collection=(collection(part.supplier_id), part.order_id),
        queue=(queue(part.supplier_id, what), part.order_id),
        summary={
            "order_id": part.order_id,
            "supplier_id": part.supplier_id,
            "status": what,
            "products": [line.name for line in part.lines[:SHOWN]],
            "line_count": len(part.lines),
            "units": sum(line.quantity for line in part.lines),
            "total": {"amount_cents": _total(part), "currency": part.currency},
            "refunded_cents": sum(line.refunded_cents for line in part.lines) + part.shipping_refunded_cents,
            "country": part.country,
            "created_at": rfc3339(part.created_at),
            "confirmed_at": rfc3339(part.confirmed_at),
        },
    )


def _total(part: SupplierOrder) -> int:
    goods = sum(line.subtotal_cents - line.discount_cents + line.tax_cents for line in part.lines)
    return goods + part.shipping_cents


PARTS = Source[Queued](
    kind="supplier_order",
    shape=Queued,
    place=lambda event: Place(parts=(event.aggregate_id,)),
    project=project,
    listed=listed,
)
SUPPLIER_QUEUE = View(name="supplier_queue", sources=(PARTS,))
