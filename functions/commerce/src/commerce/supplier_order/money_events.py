"""What happens to the money of a supplier's part of an order. Events are stored for ever."""

from dataclasses import dataclass
from datetime import datetime

from commerce.supplier_order.payout import HoldReason
from commerce.supplier_order.refund import RefundedUnits

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderRefundRequested:
    refund_id: str
    lines: tuple[RefundedUnits, ...]
    shipping_cents: int
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderRefunded:
    refund_id: str
    lines: tuple[RefundedUnits, ...]
    shipping_cents: int
    refunded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderRefundFailed:
    """`undone`: it had been refunded."""

    refund_id: str
    lines: tuple[RefundedUnits, ...]
    shipping_cents: int
    undone: bool
    failed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutDue:
    """Its hold is over: what was sold, the shop's commission on it, and what that leaves."""

    supplier_id: str
    currency: str
    revenue_cents: int
    commission_cents: int
    amount_cents: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutWithheld:
    """So much goes against what the supplier owes."""

    amount_cents: int
    withheld_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutStarted:
    """It is decided, and goes to Stripe now."""

    number: int
    amount_cents: int
    destination: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutPaid:
    supplier_id: str
    currency: str
    number: int
    transfer_id: str
    amount_cents: int
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutHeld:
    """It is tried again then. `number`: of the transfer that Stripe has refused, if it came to that."""

    supplier_id: str
    reason: HoldReason
    until: datetime
    number: int | None
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutResumed:
    """What held it may be over."""

    resumed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutFrozen:
    """The order is disputed."""

    dispute_id: str
    frozen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutReleased:
    """The money stays: the dispute is won, or withdrawn."""

    dispute_id: str
    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutReversalStarted:
    """It is decided that so much is asked back, and goes to Stripe now."""

    number: int
    transfer_id: str
    amount_cents: int
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderPayoutReversed:
    """The amount reversed, and the rest, which is owed. Without `number` the reversal was made at Stripe."""

    supplier_id: str
    currency: str
    transfer_id: str
    amount_cents: int
    debt_cents: int
    number: int | None
    reversed_at: datetime


type Refunding = SupplierOrderRefundRequested | SupplierOrderRefunded | SupplierOrderRefundFailed
type PayingOut = (
    SupplierOrderPayoutDue
    | SupplierOrderPayoutWithheld
    | SupplierOrderPayoutStarted
    | SupplierOrderPayoutPaid
    | SupplierOrderPayoutHeld
    | SupplierOrderPayoutResumed
    | SupplierOrderPayoutFrozen
    | SupplierOrderPayoutReleased
    | SupplierOrderPayoutReversalStarted
    | SupplierOrderPayoutReversed
)
type Money = Refunding | PayingOut
REFUNDING = (SupplierOrderRefundRequested, SupplierOrderRefunded, SupplierOrderRefundFailed)
PAYING_OUT = (
    SupplierOrderPayoutDue,
    SupplierOrderPayoutWithheld,
    SupplierOrderPayoutStarted,
    SupplierOrderPayoutPaid,
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutResumed,
    SupplierOrderPayoutFrozen,
    SupplierOrderPayoutReleased,
    SupplierOrderPayoutReversalStarted,
    SupplierOrderPayoutReversed,
)

EVENTS = {
    "supplier_order.refund_requested": SupplierOrderRefundRequested,
    "supplier_order.refunded": SupplierOrderRefunded,
    "supplier_order.refund_failed": SupplierOrderRefundFailed,
    "supplier_order.payout_due": SupplierOrderPayoutDue,
    "supplier_order.payout_withheld": SupplierOrderPayoutWithheld,
    "supplier_order.payout_started": SupplierOrderPayoutStarted,
    "supplier_order.payout_paid": SupplierOrderPayoutPaid,
    "supplier_order.payout_held": SupplierOrderPayoutHeld,
    "supplier_order.payout_resumed": SupplierOrderPayoutResumed,
    "supplier_order.payout_frozen": SupplierOrderPayoutFrozen,
    "supplier_order.payout_released": SupplierOrderPayoutReleased,
    "supplier_order.payout_reversal_started": SupplierOrderPayoutReversalStarted,
    "supplier_order.payout_reversed": SupplierOrderPayoutReversed,
}
