"""What happens to a supplier's part of an order. Events are stored for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type LineState = Literal[
    "reserved", "accepted", "packed", "shipped", "delivered", "completed", "rejected", "cancelled", "returned"
]
type LineHold = Literal["held", "released", "consumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """So many units from one bucket, to which they are given back. `held`: how many still are."""

    location_id: str
    bucket: int
    quantity: int
    held: int
    chunk: int = 0  # of an order that is reserved in several transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line as its supplier has it to do. The amounts are the line's; its units' follow (pricing.py)."""

    id: str
    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    allocations: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderCreated:
    """`commission_basis_points` as they were when it was ordered."""

    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[Part, ...]
    shipping_cents: int
    commission_basis_points: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReleased:
    """The order ended before it was paid."""

    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Where a line's units come from now."""

    line_id: str
    allocations: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderRevived:
    """It was paid late, and is reserved anew."""

    taken: tuple[Taken, ...]
    revived_at: datetime


type Later = SupplierOrderReleased | SupplierOrderRevived
type Event = SupplierOrderCreated | Later

EVENTS = {
    "supplier_order.created": SupplierOrderCreated,
    "supplier_order.released": SupplierOrderReleased,
    "supplier_order.revived": SupplierOrderRevived,
}
