"""A supplier's part of an order with its events, for the tests that have no table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from commerce.supplier_order.commands import CreateSupplierOrder, LineSelection, ShipLines
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import (
    Part,
    SupplierOrderCreated,
    SupplierOrderLinesAccepted,
    SupplierOrderLinesCancelled,
    SupplierOrderLinesDelivered,
    SupplierOrderLinesRejected,
    SupplierOrderLinesShipped,
    SupplierOrderShipmentRecalled,
)
from commerce.supplier_order.lines import Arrival, LineAllocation, LineQuantity, Withdrawal
from support.commerce.order_histories import NOW, PART, SUPPLIER
from support.spec import ANN, NOON, Given

HERE, THERE = "l1", "l2"
PARCEL, BACK = "s1", "r1"
RETURN_UNTIL = NOW + timedelta(days=14)


def held(location: str, quantity: int) -> LineAllocation:
    return LineAllocation(location_id=location, bucket=0, quantity=quantity, held=quantity)


def part(number: int, *allocations: LineAllocation) -> Part:
    quantity = sum(each.quantity for each in allocations)
    return Part(
        id=str(number),
        product_id=f"p{number}",
        variant_id=f"v{number}",
        sku=f"SKU-{number}",
        name="Red Running Shoes",
        quantity=quantity,
        subtotal_cents=2000 * quantity,
        discount_cents=0,
        tax_cents=380 * quantity,
        allocations=allocations,
    )


FIELDS: dict[str, Any] = {  # two of one thing, and five of another that lie in two places
    "order_id": PART.partition(".")[0],
    "supplier_id": SUPPLIER,
    "customer_id": ANN,
    "country": "DE",
    "currency": "EUR",
    "lines": (part(1, held(HERE, 2)), part(2, held(HERE, 3), held(THERE, 2))),
    "shipping_cents": 499,
    "commission_basis_points": 1000,
}
CREATE = CreateSupplierOrder(**FIELDS)
CREATED = SupplierOrderCreated(**FIELDS, created_at=NOW)


def units(*wanted: tuple[str, int]) -> tuple[LineQuantity, ...]:
    return tuple(LineQuantity(line_id=name, quantity=quantity) for name, quantity in wanted)


def drawn(*wanted: tuple[str, str, int]) -> tuple[Withdrawal, ...]:
    return tuple(
        Withdrawal(line_id=name, location_id=at, bucket=0, quantity=many) for name, at, many in wanted
    )


def picks(*wanted: tuple[str, int | None] | str) -> tuple[LineSelection, ...]:
    named = [(each, None) if isinstance(each, str) else each for each in wanted]
    return tuple(LineSelection(line_id=name, quantity=quantity) for name, quantity in named)


ACCEPTED = SupplierOrderLinesAccepted(lines=units(("1", 2), ("2", 5)), accepted_at=NOW)
ALL = drawn(("1", HERE, 2), ("2", HERE, 3), ("2", THERE, 2))


def shipped(
    *wanted: tuple[str, str, int], shipment_id: str = PARCEL, **more: Any
) -> SupplierOrderLinesShipped:
    counts: dict[str, int] = {}
    for name, _, many in wanted:
        counts[name] = counts.get(name, 0) + many
    given = {"carrier": "DHL", "tracking_number": "JJD01", **more}
    return SupplierOrderLinesShipped(
        shipment_id=shipment_id, lines=units(*counts.items()), stock=drawn(*wanted), shipped_at=NOW, **given
    )


SHIPPED = shipped(*((each.line_id, each.location_id, each.quantity) for each in ALL))


def delivered(*wanted: tuple[str, int], shipment_id: str = PARCEL) -> SupplierOrderLinesDelivered:
    return SupplierOrderLinesDelivered(
        lines=units(*wanted),
        arrived=tuple(Arrival(shipment_id=shipment_id, line_id=name, quantity=many) for name, many in wanted),
        return_until=RETURN_UNTIL,
        delivered_at=NOW,
    )


DELIVERED = delivered(("1", 2), ("2", 5))
SHIP = ShipLines(carrier="DHL", tracking_number="JJD01")
RECALLED = SupplierOrderShipmentRecalled(shipment_id=PARCEL, lines=SHIPPED.lines, stock=ALL, recalled_at=NOW)
REJECTED = SupplierOrderLinesRejected(
    lines=SHIPPED.lines, stock=ALL, reason=None, unanswered=False, rejected_at=NOW
)
CANCELLED = SupplierOrderLinesCancelled(lines=SHIPPED.lines, stock=ALL, cancelled_at=NOW)
given = Given(SUPPLIER_ORDER, context=replace(NOON, new_id=lambda: PARCEL))
