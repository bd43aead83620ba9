"""A supplier's part of an order as it stands: its lines unit by unit, what was sent, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from commerce.supplier_order.lines import LineAllocation, LineHold, LineQuantity, LineState, Withdrawal
from commerce.supplier_order.payout import Payout
from commerce.supplier_order.refund import RefundStatus
from troupe.domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLine:
    """A line; the quantities tell what has become of its units. `return_until`: of what came last."""

    id: str
    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    allocations: tuple[LineAllocation, ...]
    state: LineState = "reserved"
    hold: LineHold = "held"
    rejected_quantity: int = 0
    cancelled_quantity: int = 0
    shipped_quantity: int = 0  # that have left and were not called back
    delivered_quantity: int = 0
    returned_quantity: int = 0
    refunding_quantity: int = 0  # asked for, and not back yet
    refunding_cents: int = 0
    refunded_quantity: int = 0
    refunded_cents: int = 0
    return_until: datetime | None = None

    @property
    def wants(self) -> tuple[str, int]:
        return self.variant_id, self.quantity

    @property
    def waiting(self) -> int:
        """What has not left yet, and is still to."""
        return self.quantity - self.rejected_quantity - self.cancelled_quantity - self.shipped_quantity

    @property
    def on_the_way(self) -> int:
        return self.shipped_quantity - self.delivered_quantity

    @property
    def kept(self) -> int:
        """What the customer has."""
        return self.delivered_quantity - self.returned_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What left together. `delivered_at`: when the last of it arrived."""

    id: str
    carrier: str
    tracking_number: str | None
    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    shipped_at: datetime
    arrived: tuple[LineQuantity, ...] = ()
    delivered_at: datetime | None = None
    recalled_at: datetime | None = None

    @property
    def due(self) -> dict[str, int]:
        """What of it has yet to arrive, by line."""
        there = {each.line_id: each.quantity for each in self.arrived}
        left = {each.line_id: each.quantity - there.get(each.line_id, 0) for each in self.lines}
        return {} if self.recalled_at else {name: quantity for name, quantity in left.items() if quantity}


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What the customer sends back; `approved`: what of it was taken back."""

    id: str
    lines: tuple[LineQuantity, ...]
    reason: str | None
    requested_at: datetime
    approved: tuple[LineQuantity, ...] = ()
    approved_at: datetime | None = None
    declined_at: datetime | None = None
    decline_reason: str | None = None

    @property
    def open(self) -> bool:
        """The return is not decided yet."""
        return self.approved_at is None and self.declined_at is None


def unexplained(returns: tuple[Return, ...]) -> tuple[Return, ...]:
    """Without what people wrote."""
    return tuple(replace(each, reason=None, decline_reason=each.decline_reason and "") for each in returns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrder:
    """`confirmed_at`: since when it is known to be paid.

    `delivered_at`: since when nothing of it is to come any more, if anything came.
    """

    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[SupplierLine, ...]
    shipping_cents: int
    commission_basis_points: int
    created_at: datetime
    updated_at: datetime
    return_window_days: int = 14
    payout_hold_days: int = 7
    shipments: tuple[Shipment, ...] = ()
    returns: Annotated[tuple[Return, ...], Personal("supplier_order", unexplained)] = ()
    delivered_at: datetime | None = None
    confirmed_at: datetime | None = None
    shipping_refunding_cents: int = 0
    shipping_refunded_cents: int = 0
    refunds: Mapping[str, RefundStatus] = field(default_factory=dict[str, RefundStatus])
    payout: Payout = field(default_factory=Payout)
    state: Literal["supplier_order"] = "supplier_order"

    @property
    def return_window(self) -> timedelta:
        return timedelta(days=self.return_window_days)

    @property
    def payout_hold(self) -> timedelta:
        return timedelta(days=self.payout_hold_days)

    def line(self, line_id: str) -> SupplierLine | None:
        return next((each for each in self.lines if each.id == line_id), None)

    def coming_back(self, line_id: str) -> int:
        """The units of a line in return requests that are not decided yet."""
        wanted = (units for each in self.returns if each.open for units in each.lines)
        return sum(units.quantity for units in wanted if units.line_id == line_id)
