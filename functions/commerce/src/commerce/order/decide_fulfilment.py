"""An order's side of what its suppliers do: how many of its lines are how far, and how far it is itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from commerce.order.commands import MoveLines
from commerce.order.events import (
    Event,
    OrderCancelled,
    OrderDelivered,
    OrderLinesMoved,
    OrderProcessing,
    OrderShipped,
)
from commerce.order.state import Order
from commerce.order.values import LIFECYCLE, SHOWN, DetailStatus, LineMove, Reason, Stage
from commerce.supplier_order.lines import LINES, RANK, LineState
from commerce.supplier_order.state import SupplierOrder
from troupe.domain.decider import Rejected

_STATUS: Mapping[LineState, DetailStatus] = {
    "reserved": "paid",
    "accepted": "accepted",
    "packed": "packed",
    "shipped": "shipped",
    "delivered": "delivered",
    "completed": "completed",
}


def moves(was: SupplierOrder, now: SupplierOrder) -> tuple[LineMove, ...]:
    """What lines of a supplier's part have another state now, counted."""
    pairs = zip(was.lines, now.lines, strict=True)
    counts = Counter[tuple[LineState, LineState]]()
    for before, after in pairs:
        if before.state != after.state:
            counts[before.state, after.state] += 1
    return tuple(LineMove(was=before, to=after, lines=lines) for (before, after), lines in counts.items())


def fulfilled(state: Order) -> None:
    """Refuse an order that was never paid: it is not shipped."""
    if state.accept_by is None:
        raise Rejected("order_not_paid", f"An order that is {state.detail_status} is not fulfilled.")


def overdue(state: Order, now: datetime) -> bool:
    """Whether its suppliers should have answered by now."""
    return state.accept_by is not None and now >= state.accept_by


def move(command: MoveLines, state: Order, now: datetime) -> tuple[Event, ...]:
    if not command.moves:
        return ()
    fulfilled(state)
    for each in command.moves:
        LINES.check(each.was, each.to)
    status = worst(_after(state, command.moves))
    if status != state.detail_status:
        LIFECYCLE.check(state.detail_status, status)
    moved = OrderLinesMoved(
        supplier_id=command.supplier_id,
        moves=command.moves,
        detail_status=status,
        customer_id=state.customer.id,
        moved_at=now,
    )
    return (moved, *_status_event(state, status, command.reason, now))


def _after(state: Order, moved: tuple[LineMove, ...]) -> Mapping[str, int]:
    counts = Counter(state.histogram)
    for each in moved:
        counts[each.was] -= each.lines
        counts[each.to] += each.lines
    if any(count < 0 for count in counts.values()):
        raise Rejected("invalid_transition", "The order has no such lines.")
    return counts


def worst(histogram: Mapping[str, int]) -> DetailStatus:
    """The status of an order: that of its least advanced line; cancelled and returned lines do not count."""
    for state in RANK:
        if histogram.get(state):
            return _STATUS[state]
    return "returned" if histogram.get("returned") else "cancelled"


def _status_event(state: Order, status: DetailStatus, reason: Reason, now: datetime) -> tuple[Event, ...]:
    """What others are told, when the order is called something else now."""
    if SHOWN[status] == state.status:
        return ()
    customer_id = state.customer.id
    match SHOWN[status]:
        case "processing":
            return (OrderProcessing(customer_id=customer_id, processing_at=now),)
        case "shipped":
            return (
                OrderShipped(customer_id=customer_id, shipped_at=now, reached=_reached(state, "shipped")),
            )
        case "delivered":
            reached = _reached(state, "shipped", "delivered")  # what was delivered had been shipped
            return (OrderDelivered(customer_id=customer_id, delivered_at=now, reached=reached),)
        case _:
            parts = state.supplier_orders
            cancelled = OrderCancelled(
                reason=reason, customer_id=customer_id, supplier_orders=parts, cancelled_at=now
            )
            return (cancelled,)


def _reached(state: Order, *stages: Stage) -> tuple[Stage, ...]:
    """Those of the stages that the order has never been at; a shipment may have been called off meanwhile."""
    told = {moment.what for moment in state.timeline}
    been = {status for name, status in SHOWN.items() if name in told}
    return tuple(stage for stage in stages if stage not in been and "delivered" not in been)
