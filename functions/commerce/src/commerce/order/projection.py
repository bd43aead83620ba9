"""An order as its customer finds it in a list, the newest first, and by status. Derived from its events.

What the events make of it is what they make of the order itself.
"""

from dataclasses import dataclass, replace

from commerce.order.decider import ORDER
from commerce.order.state import Order
from troupe.domain.decider import Listing
from troupe.domain.instants import rfc3339
from troupe.projection.view import Part, Place, Source, Tombstone, View
from troupe.store.aggregates import event_in
from troupe.store.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The order without what no list shows. `title` and `image_url` are those of its first product."""

    order_id: str
    order: Order
    title: str
    image_url: str | None
    units: int


def project(row: Part[Summary], event: Envelope) -> Part[Summary]:
    happened = event_in(ORDER, event)
    if happened is None or isinstance(row, Tombstone):
        return row
    order = ORDER.after(row.order if row else None, happened)
    if order is None:
        return row
    slim = replace(order, timeline=(), shares=())
    return replace(row, order=slim) if row else _begun(event, slim)


def _begun(event: Envelope, order: Order) -> Summary:
    lines = event.data["lines"]
    first = lines[0]["snapshot"]
    return Summary(
        order_id=event.aggregate_id,
        order=order,
        title=first["name"],
        image_url=first["image_url"],
        units=sum(line["quantity"] for line in lines),
    )


def collection(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def by_status(customer_id: str, status: str) -> str:
    return f"{collection(customer_id)}#{status.upper()}"


def listed(row: Summary) -> Listing:
    order = row.order
    customer_id = order.customer.id
    return Listing(
        collection=(collection(customer_id), row.order_id),
        queue=(by_status(customer_id, order.status), row.order_id),
        summary={
            "status": order.status,
            "detail_status": order.detail_status,
            "payment_status": order.payment.status,
            "total": {"amount_cents": order.totals.total_cents, "currency": order.totals.currency},
            "refunded_cents": order.payment.refunded_cents,
            "title": row.title,
            "image_url": row.image_url,
            "line_count": order.line_count,
            "units": row.units,
            "created_at": rfc3339(order.created_at),
            "updated_at": rfc3339(order.updated_at),
        },
    )


ORDERS = Source[Summary](
    kind="order",
    shape=Summary,
    place=lambda event: Place(parts=(event.aggregate_id,)),
    project=project,
    listed=listed,
)
ORDER_SUMMARIES = View(name="order_summary", sources=(ORDERS,))
