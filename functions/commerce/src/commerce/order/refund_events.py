"""What happens to an order's money after it was paid. Events are stored for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commerce.order.values import Total
from commerce.supplier_order.refund import Outcome, RefundedLine, ours_alone
from commerce.values import Share
from troupe.domain.personal import Personal

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefundRequested:
    """It is decided, and goes to Stripe now. `shipping`: cents, by supplier."""

    refund_id: str
    amount: Total
    customer_id: str
    lines: tuple[RefundedLine, ...]
    shipping: Mapping[str, int]
    reason: Annotated[str | None, Personal("order", ours_alone)]
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded:
    """`whole`: now everything that was paid is back."""

    refund_id: str
    stripe_refund_id: str
    amount: Total
    customer_id: str
    lines: tuple[RefundedLine, ...]
    shipping: Mapping[str, int]
    whole: bool
    refunded_at: datetime
    attributed: tuple[Share, ...] = ()  # all that was paid, if it is


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefundFailed:
    """Nothing went back, or (`undone`) it had, and has come home again, from a closed account say."""

    refund_id: str
    code: str
    undone: bool
    amount: Total
    customer_id: str
    lines: tuple[RefundedLine, ...]
    shipping: Mapping[str, int]
    failed_at: datetime
    attributed: tuple[Share, ...] = ()  # all that was paid, if it had been back as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDisputed:
    """The customer's bank asks for the money back; nothing is paid out until that is decided."""

    dispute_id: str
    amount: Total
    reason: str
    customer_id: str
    disputed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDisputeClosed:
    dispute_id: str
    outcome: Outcome
    customer_id: str
    closed_at: datetime


type Refunding = OrderRefundRequested | OrderRefunded | OrderRefundFailed
type Disputing = OrderDisputed | OrderDisputeClosed
REFUNDING = (OrderRefundRequested, OrderRefunded, OrderRefundFailed, OrderDisputed, OrderDisputeClosed)

EVENTS = {
    "order.refund_requested": OrderRefundRequested,
    "order.refunded": OrderRefunded,
    "order.refund_failed": OrderRefundFailed,
    "order.disputed": OrderDisputed,
    "order.dispute_closed": OrderDisputeClosed,
}
