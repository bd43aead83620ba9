"""What a supplier decides of its lines: to accept or reject them, to send them, that they have arrived."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from commerce.supplier_order.commands import (
    AcceptLines,
    CancelLines,
    DeliverLines,
    LineSelection,
    RecallShipment,
    RejectLines,
    RejectUnanswered,
    Sending,
    ShipLines,
)
from commerce.supplier_order.events import (
    Event,
    SupplierOrderLinesAccepted,
    SupplierOrderLinesCancelled,
    SupplierOrderLinesDelivered,
    SupplierOrderLinesRejected,
    SupplierOrderLinesShipped,
    SupplierOrderShipmentRecalled,
)
from commerce.supplier_order.line_selection import Count, counted, named, selected, withdrawn
from commerce.supplier_order.lines import LINES, UNSENT, Arrival, LineQuantity, LineState
from commerce.supplier_order.state import Shipment, SupplierLine, SupplierOrder
from troupe.domain.decider import Context, Invalid, Rejected

MOST_SHIPMENTS = 100  # of one supplier's part of an order


def send(command: Sending, state: SupplierOrder, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    now = context.now
    match command:
        case AcceptLines(lines=lines):
            return _accept(lines, state, now)
        case RejectLines(lines=lines, reason=reason):
            return _reject(lines, reason, state, now)
        case RejectUnanswered(lines=lines):
            return _unanswered(lines, state, now)
        case CancelLines(lines=lines):
            return _cancel(lines, state, now)
        case ShipLines():
            return _ship(command, state, context)
        case RecallShipment(shipment_id=shipment_id):
            return _recall(shipment_id, state, now)
        case DeliverLines():
            return _deliver(command, state, now)
        case _:
            assert_never(command)


def _accept(line_ids: Iterable[str], state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    lines = [named(each, state) for each in dict.fromkeys(line_ids)] or _in(state, "reserved")
    for line in lines:
        if line.state != "accepted":
            LINES.check(line.state, "accepted")
    units = tuple(_all(line) for line in lines if line.state == "reserved")
    return (SupplierOrderLinesAccepted(lines=units, accepted_at=now),) if units else ()


def _in(state: SupplierOrder, expected: LineState) -> list[SupplierLine]:
    return [line for line in state.lines if line.state == expected]


def _all(line: SupplierLine) -> LineQuantity:
    return LineQuantity(line_id=line.id, quantity=line.waiting)


def _waiting(line: SupplierLine) -> int:
    return line.waiting


def _still(picks: Iterable[LineSelection], state: SupplierOrder, to: LineState) -> tuple[LineSelection, ...]:
    """Those of the lines that are not so already; refuses what has gone on."""
    left = [
        selection for selection in picks if selection.quantity or named(selection.line_id, state).state != to
    ]
    for selection in left:
        LINES.check(named(selection.line_id, state).state, to)
    return tuple(left)


def _reject(
    picks: tuple[LineSelection, ...], reason: str | None, state: SupplierOrder, now: datetime
) -> tuple[Event, ...]:
    left = _still(picks, state, "rejected")
    units = () if picks and not left else selected(left, state, _waiting)
    return (_rejected(units, reason, state, now),) if units else ()


def _unanswered(line_ids: Iterable[str], state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    wanted = set(line_ids)
    lines = [line for line in _in(state, "reserved") if not wanted or line.id in wanted]
    units = tuple(_all(line) for line in lines)
    return (_rejected(units, None, state, now, unanswered=True),) if units else ()


def _rejected(
    units: tuple[LineQuantity, ...],
    reason: str | None,
    state: SupplierOrder,
    now: datetime,
    *,
    unanswered: bool = False,
) -> SupplierOrderLinesRejected:
    return SupplierOrderLinesRejected(
        lines=units, stock=withdrawn(units, state), reason=reason, unanswered=unanswered, rejected_at=now
    )


def _cancel(picks: tuple[LineSelection, ...], state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    left = _still(picks, state, "cancelled")
    units = () if picks and not left else selected(left, state, _waiting)
    if not units:
        return ()
    return (SupplierOrderLinesCancelled(lines=units, stock=withdrawn(units, state), cancelled_at=now),)


# Shipments.


def _ship(command: ShipLines, state: SupplierOrder, context: Context) -> tuple[Event, ...]:
    if any(_same(command, each) for each in state.shipments):
        return ()
    for selection in command.lines:
        LINES.check(named(selection.line_id, state).state, "shipped")
    if len(state.shipments) >= MOST_SHIPMENTS:
        raise Rejected("too_many_shipments", f"One part of an order is sent in {MOST_SHIPMENTS} at most.")
    units = selected(command.lines, state, lambda line: _ready(line, command.location_id))
    if not units:
        raise Rejected("invalid_transition", "Nothing of it is accepted and waits to be shipped.")
    shipped = SupplierOrderLinesShipped(
        shipment_id=context.new_id(),
        carrier=command.carrier,
        tracking_number=command.tracking_number,
        lines=units,
        stock=withdrawn(units, state, command.location_id),
        shipped_at=context.now,
    )
    return (shipped,)


def _same(command: ShipLines, shipment: Shipment) -> bool:
    """A parcel has one tracking number: it leaves once, with the same in it."""
    if shipment.recalled_at or command.tracking_number is None:
        return False
    parcel = (shipment.carrier, shipment.tracking_number)
    if parcel != (command.carrier, command.tracking_number):
        return False
    inside = counted(shipment.lines)
    return all(selection.quantity in {None, inside.get(selection.line_id, 0)} for selection in command.lines)


def _ready(line: SupplierLine, location_id: str | None) -> int:
    """What of a line may leave, from there."""
    if line.state not in UNSENT - {"reserved"}:
        return 0
    return sum(each.held for each in line.allocations if location_id in {None, each.location_id})


def _shipment(shipment_id: str, state: SupplierOrder) -> Shipment:
    found = next((each for each in state.shipments if each.id == shipment_id), None)
    if found is None:
        raise Invalid("no_shipment", "This supplier's part of the order has no such shipment.", "shipment_id")
    return found


def _recall(shipment_id: str, state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    found = _shipment(shipment_id, state)
    if found.recalled_at:
        return ()
    if found.arrived:
        raise Rejected("invalid_transition", "What has arrived cannot be called back, but sent back.")
    recalled = SupplierOrderShipmentRecalled(
        shipment_id=found.id, lines=found.lines, stock=found.stock, recalled_at=now
    )
    return (recalled,)


def _deliver(command: DeliverLines, state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    shipments = state.shipments
    if command.shipment_id is not None:
        shipments = (_shipment(command.shipment_id, state),)
        if shipments[0].recalled_at:
            raise Rejected("invalid_transition", "The shipment was called off.")
        if shipments[0].delivered_at:
            return ()

    def coming(line: SupplierLine) -> int:
        return sum(each.due.get(line.id, 0) for each in shipments)

    picks = tuple(each for each in command.lines if not _there(each, state, coming))
    units = () if command.lines and not picks else selected(picks, state, coming)
    if not units:
        if any(line.delivered_quantity for line in state.lines):
            return ()
        raise Rejected("invalid_transition", "Nothing of it is on its way.")
    delivered = SupplierOrderLinesDelivered(
        lines=units,
        arrived=tuple(_arrived(units, shipments)),
        return_until=now + state.return_window,
        delivered_at=now,
    )
    return (delivered,)


def _there(selection: LineSelection, state: SupplierOrder, coming: Count) -> bool:
    """Whether a line has arrived already, as far as it was sent."""
    line = named(selection.line_id, state)
    return selection.quantity is None and bool(line.delivered_quantity) and not coming(line)


def _arrived(units: Iterable[LineQuantity], shipments: Iterable[Shipment]) -> Iterable[Arrival]:
    """With which shipments the units came: the oldest first."""
    sent = tuple(shipments)
    for each in units:
        left = each.quantity
        for shipment in sent:
            here = min(left, shipment.due.get(each.line_id, 0))
            if here:
                yield Arrival(shipment_id=shipment.id, line_id=each.line_id, quantity=here)
            left -= here
