"""What the events of a supplier's part of an order make of it: each line as far as its units are."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from commerce.supplier_order.decide_refund import refunded
from commerce.supplier_order.events import (
    Later,
    Moved,
    Part,
    SupplierOrderConfirmed,
    SupplierOrderCreated,
    SupplierOrderLinesAccepted,
    SupplierOrderLinesCancelled,
    SupplierOrderLinesCompleted,
    SupplierOrderLinesDelivered,
    SupplierOrderLinesRejected,
    SupplierOrderLinesShipped,
    SupplierOrderPersonalDataErased,
    SupplierOrderReinstated,
    SupplierOrderReservationReleased,
    SupplierOrderReturnApproved,
    SupplierOrderReturnDeclined,
    SupplierOrderReturnRequested,
    SupplierOrderShipmentRecalled,
)
from commerce.supplier_order.evolve_payout import paid_out
from commerce.supplier_order.lines import (
    UNSENT,
    Arrival,
    LineAllocation,
    LineHold,
    LineQuantity,
    LineState,
    Withdrawal,
)
from commerce.supplier_order.money_events import PAYING_OUT, REFUNDING
from commerce.supplier_order.state import Return, Shipment, SupplierLine, SupplierOrder
from troupe.domain.personal import blanked


def begin(event: SupplierOrderCreated) -> SupplierOrder:
    return SupplierOrder(
        order_id=event.order_id,
        supplier_id=event.supplier_id,
        customer_id=event.customer_id,
        country=event.country,
        currency=event.currency,
        lines=tuple(_line(part) for part in event.lines),
        shipping_cents=event.shipping_cents,
        commission_basis_points=event.commission_basis_points,
        created_at=event.created_at,
        updated_at=event.created_at,
        return_window_days=event.return_window_days,
        payout_hold_days=event.payout_hold_days,
    )


def evolve(state: SupplierOrder, event: Later) -> SupplierOrder:  # noqa: PLR0911 -- one line for each kind of event
    if isinstance(event, REFUNDING):
        return refunded(state, event)
    if isinstance(event, PAYING_OUT):
        return paid_out(state, event)
    match event:
        case SupplierOrderPersonalDataErased():
            return blanked(state, *event.of)
        case SupplierOrderConfirmed(confirmed_at=at):
            return replace(state, confirmed_at=at)
        case SupplierOrderReservationReleased(released_at=at):
            lines = tuple(_released(line) for line in state.lines)
            return replace(state, lines=lines, updated_at=at)
        case SupplierOrderReinstated(taken=taken, reinstated_at=at):
            anew = {each.line_id: each.allocations for each in taken}
            lines = tuple(_reinstated(line, anew[line.id]) for line in state.lines)
            return replace(state, lines=lines, updated_at=at)
        case _:
            return _settled(_move(state, event))


def _line(part: Part) -> SupplierLine:
    return SupplierLine(
        id=part.id,
        product_id=part.product_id,
        variant_id=part.variant_id,
        sku=part.sku,
        name=part.name,
        quantity=part.quantity,
        subtotal_cents=part.subtotal_cents,
        discount_cents=part.discount_cents,
        tax_cents=part.tax_cents,
        allocations=part.allocations,
    )


def _released(line: SupplierLine) -> SupplierLine:
    back = tuple(replace(each, held=0) for each in line.allocations)
    gone = line.quantity
    return replace(line, state="cancelled", hold="released", allocations=back, cancelled_quantity=gone)


def _reinstated(line: SupplierLine, allocations: tuple[LineAllocation, ...]) -> SupplierLine:
    return replace(line, state="reserved", hold="held", allocations=allocations, cancelled_quantity=0)


# What is done with its lines.


def _move(state: SupplierOrder, event: Moved) -> SupplierOrder:  # noqa: C901, PLR0911 -- one line for each kind of event
    match event:
        case SupplierOrderLinesAccepted(lines=lines, accepted_at=at):
            return _changed(state, lines, lambda line, _: replace(line, state="accepted"), at)
        case SupplierOrderLinesRejected(lines=lines, stock=stock, rejected_at=at):
            return _withdrawn(_changed(state, lines, _rejected, at), stock)
        case SupplierOrderLinesCancelled(lines=lines, stock=stock, cancelled_at=at):
            return _withdrawn(_changed(state, lines, _cancelled, at), stock)
        case SupplierOrderLinesShipped():
            return _shipped(state, event)
        case SupplierOrderShipmentRecalled():
            return _recalled(state, event)
        case SupplierOrderLinesDelivered():
            return _delivered(state, event)
        case SupplierOrderReturnRequested(return_id=name, lines=lines, reason=reason, requested_at=at):
            asked = Return(id=name, lines=lines, reason=reason, requested_at=at)
            return replace(state, returns=(*state.returns, asked), updated_at=at)
        case SupplierOrderReturnApproved(return_id=name, lines=lines, approved_at=at):
            taken = _decided(state, name, approved=lines, approved_at=at)
            return _changed(taken, lines, _returned, at)
        case SupplierOrderReturnDeclined(return_id=name, reason=reason, declined_at=at):
            return replace(_decided(state, name, declined_at=at, decline_reason=reason), updated_at=at)
        case SupplierOrderLinesCompleted(lines=lines, completed_at=at):
            return _changed(state, lines, lambda line, _: replace(line, state="completed"), at)
        case _:
            assert_never(event)


def _decided(state: SupplierOrder, return_id: str, **decision: Any) -> SupplierOrder:
    returns = tuple(replace(each, **decision) if each.id == return_id else each for each in state.returns)
    return replace(state, returns=returns)


type Change = Callable[[SupplierLine, int], SupplierLine]


def _changed(
    state: SupplierOrder, lines: Iterable[LineQuantity], change: Change, at: datetime
) -> SupplierOrder:
    units = {each.line_id: each.quantity for each in lines}
    found = tuple(change(line, units[line.id]) if line.id in units else line for line in state.lines)
    return replace(state, lines=found, updated_at=at)


def _rejected(line: SupplierLine, quantity: int) -> SupplierLine:
    return replace(line, rejected_quantity=line.rejected_quantity + quantity)


def _cancelled(line: SupplierLine, quantity: int) -> SupplierLine:
    return replace(line, cancelled_quantity=line.cancelled_quantity + quantity)


def _returned(line: SupplierLine, quantity: int) -> SupplierLine:
    return replace(line, returned_quantity=line.returned_quantity + quantity)


def _sent(line: SupplierLine, quantity: int) -> SupplierLine:
    return replace(line, shipped_quantity=line.shipped_quantity + quantity)


def _shipped(state: SupplierOrder, event: SupplierOrderLinesShipped) -> SupplierOrder:
    shipment = Shipment(
        id=event.shipment_id,
        carrier=event.carrier,
        tracking_number=event.tracking_number,
        lines=event.lines,
        stock=event.stock,
        shipped_at=event.shipped_at,
    )
    left = _withdrawn(_changed(state, event.lines, _sent, event.shipped_at), event.stock)
    return replace(left, shipments=(*state.shipments, shipment))


def _recalled(state: SupplierOrder, event: SupplierOrderShipmentRecalled) -> SupplierOrder:
    back = _changed(state, event.lines, lambda line, quantity: _sent(line, -quantity), event.recalled_at)
    shipments = tuple(
        replace(each, recalled_at=event.recalled_at) if each.id == event.shipment_id else each
        for each in state.shipments
    )
    return replace(_withdrawn(back, event.stock, -1), shipments=shipments)


def _delivered(state: SupplierOrder, event: SupplierOrderLinesDelivered) -> SupplierOrder:
    def came(line: SupplierLine, quantity: int) -> SupplierLine:
        there = line.delivered_quantity + quantity
        return replace(line, delivered_quantity=there, return_until=event.return_until)

    shipments = tuple(_arrived(each, event.arrived, event.delivered_at) for each in state.shipments)
    return replace(_changed(state, event.lines, came, event.delivered_at), shipments=shipments)


def _arrived(shipment: Shipment, arrived: Iterable[Arrival], at: datetime) -> Shipment:
    there = {each.line_id: each.quantity for each in shipment.arrived}
    mine = [each for each in arrived if each.shipment_id == shipment.id]
    for each in mine:
        there[each.line_id] = there.get(each.line_id, 0) + each.quantity
    if not mine:
        return shipment
    units = tuple(LineQuantity(line_id=name, quantity=quantity) for name, quantity in there.items())
    now = replace(shipment, arrived=units)
    return now if now.due else replace(now, delivered_at=at)


def _withdrawn(state: SupplierOrder, stock: Iterable[Withdrawal], sign: int = 1) -> SupplierOrder:
    """What is held in each bucket, less what has left it."""
    left = {(each.line_id, each.location_id, each.bucket): sign * each.quantity for each in stock}
    lines = tuple(
        replace(
            line,
            allocations=tuple(
                replace(each, held=each.held - left.get((line.id, each.location_id, each.bucket), 0))
                for each in line.allocations
            ),
        )
        for line in state.lines
    )
    return replace(state, lines=lines)


def _settled(state: SupplierOrder) -> SupplierOrder:
    """Each line in the state that its units make, and the whole delivered when the last of it is."""
    lines = tuple(replace(line, state=_stands(line), hold=_hold(line)) for line in state.lines)
    now = replace(state, lines=lines)
    over = all(not line.waiting and not line.on_the_way for line in lines)
    came = any(line.delivered_quantity for line in lines)
    return replace(now, delivered_at=state.updated_at) if over and came and not now.delivered_at else now


def _stands(line: SupplierLine) -> LineState:
    if line.waiting:
        return line.state if line.state in UNSENT else "packed"
    if line.on_the_way:
        return "shipped"
    if line.kept:
        return "completed" if line.state == "completed" else "delivered"
    if line.returned_quantity:
        return "returned"
    return "cancelled" if line.cancelled_quantity else "rejected"


def _hold(line: SupplierLine) -> LineHold:
    if any(each.held for each in line.allocations):
        return "held"
    return "consumed" if line.shipped_quantity else "released"
