"""What happens to a supplier's part of an order. Events are stored for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commerce.supplier_order.lines import Arrival, LineAllocation, LineQuantity, Reservation, Withdrawal
from commerce.supplier_order.money_events import Money
from troupe.domain.personal import Personal

# Events: never rename one, and give a new field a default.


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
    allocations: tuple[LineAllocation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderCreated:
    """The commission, the return window and the payouts' hold as they were when it was ordered."""

    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[Part, ...]
    shipping_cents: int
    commission_basis_points: int
    created_at: datetime
    return_window_days: int = 14
    payout_hold_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderConfirmed:
    """The order is paid: from now on the supplier has it to do."""

    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReservationReleased:
    """The order ended before it was paid."""

    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReinstated:
    """It was paid late, and is reserved anew."""

    taken: tuple[Reservation, ...]
    reinstated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesAccepted:
    """The supplier will send what is ordered there."""

    lines: tuple[LineQuantity, ...]
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesRejected:
    """The supplier does not send these, or has not answered in time. `stock` goes back to where it was."""

    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    reason: Annotated[str | None, Personal("supplier_order", None)]
    unanswered: bool
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesCancelled:
    """The customer, or the shop, calls off what has not left yet."""

    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesShipped:
    """They have left, from where `stock` tells."""

    shipment_id: str
    carrier: str
    tracking_number: str | None
    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    shipped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderShipmentRecalled:
    """The shipment is called off: all of it is back where it was, and still ordered."""

    shipment_id: str
    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    recalled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesDelivered:
    """`lines` in all, `arrived` by shipment; they may be sent back until `return_until`."""

    lines: tuple[LineQuantity, ...]
    arrived: tuple[Arrival, ...]
    return_until: datetime
    delivered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReturnRequested:
    return_id: str
    lines: tuple[LineQuantity, ...]
    reason: Annotated[str | None, Personal("supplier_order", None)]
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReturnApproved:
    """The supplier has them back, perhaps fewer than were meant to come; `stock` is fit for sale again."""

    return_id: str
    lines: tuple[LineQuantity, ...]
    stock: tuple[Withdrawal, ...]
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderReturnDeclined:
    """Nothing of it is taken back; within the window it may be asked again."""

    return_id: str
    reason: Annotated[str, Personal("supplier_order")]
    declined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderLinesCompleted:
    """Their return window is over."""

    lines: tuple[LineQuantity, ...]
    completed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPersonalDataErased:
    """The customer's data was erased. `of`: as the fields name them."""

    customer_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Moved = (  # what is done with the lines of an order that is paid
    SupplierOrderLinesAccepted
    | SupplierOrderLinesRejected
    | SupplierOrderLinesCancelled
    | SupplierOrderLinesShipped
    | SupplierOrderShipmentRecalled
    | SupplierOrderLinesDelivered
    | SupplierOrderReturnRequested
    | SupplierOrderReturnApproved
    | SupplierOrderReturnDeclined
    | SupplierOrderLinesCompleted
)
type Later = (
    SupplierOrderConfirmed
    | SupplierOrderReservationReleased
    | SupplierOrderReinstated
    | SupplierOrderPersonalDataErased
    | Moved
    | Money
)
type Event = SupplierOrderCreated | Later
