"""What happens to an order. Events are stored for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commerce.order.refund_events import Disputing, Refunding
from commerce.order.values import (
    Address,
    Customer,
    DetailStatus,
    Ended,
    Line,
    LineMove,
    Reason,
    Stage,
    Total,
    country_alone,
    unnamed,
)
from commerce.pricing import Totals
from commerce.values import Share
from troupe.domain.personal import Personal

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCreated:
    """`chunks`: in how many transactions its stock is reserved; none if it was reserved with this event.

    `accept_hours`: how long its suppliers have to answer once it is paid, as settled when it was ordered.
    """

    customer: Annotated[Customer, Personal("customer", unnamed)]
    address: Annotated[Address, Personal("customer", country_alone)]
    lines: tuple[Line, ...]
    totals: Totals
    shipping: Mapping[str, int]  # cents, by supplier
    supplier_orders: tuple[str, ...]
    budgets: tuple[str, ...]  # promotions that it counts against
    chunks: int | None
    expires_at: datetime
    created_at: datetime
    accept_hours: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChunkReserved:
    chunk: int
    reserved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReserved:
    """All chunks are: now it can be paid."""

    expires_at: datetime
    reserved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReleaseStarted:
    """Its stock goes back chunk by chunk, and then it `ends`."""

    ends: Ended
    reason: Reason
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChunkReleased:
    chunk: int
    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentStarted:
    attempt: int
    payment_method: str
    payment_intent_id: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentFailed:
    """Declined, or called off at Stripe (`dead`: that intent cannot be paid any more)."""

    attempt: int
    code: str
    decline_code: str | None
    dead: bool
    failed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentSucceeded:
    """`attempt`: 0 if Stripe's notice came before the start was recorded."""

    payment_intent_id: str
    amount: Total
    customer_id: str
    succeeded_at: datetime
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed:
    """`attributed` adds up to the total."""

    customer_id: str
    total: Total
    supplier_orders: tuple[str, ...]
    confirmed_at: datetime
    attributed: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentMismatch:
    """The amount paid is not the order's total: an operator must review it."""

    payment_intent_id: str
    amount: Total
    expected: Total
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired:
    """The order was not paid in time; `payment_failed` if the last attempt was declined."""

    detail_status: Ended
    customer_id: str
    supplier_orders: tuple[str, ...]
    expired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """Nothing of it is sent; where it was paid, its lines were moved before, and what was paid goes back."""

    reason: Reason
    customer_id: str
    supplier_orders: tuple[str, ...]
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReinstated:
    """Money came late, and everything was still there."""

    budgets: tuple[str, ...]
    reinstated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLinesMoved:
    """Lines of one supplier have advanced; `detail_status` is the status of the least advanced line now."""

    supplier_id: str
    moves: tuple[LineMove, ...]
    detail_status: DetailStatus
    customer_id: str
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderProcessing:
    """All that is to be sent of it is accepted."""

    customer_id: str
    processing_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped:
    """All that is to be sent of it has left. `reached`: the stages that it comes to for the first time."""

    customer_id: str
    shipped_at: datetime
    reached: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDelivered:
    """All that was sent of it has arrived. `reached`: the stages that it comes to for the first time."""

    customer_id: str
    delivered_at: datetime
    reached: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentReversalStarted:
    """Money that nothing is given for goes back in full."""

    payment_intent_id: str
    amount: Total
    customer_id: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaymentReversed:
    payment_intent_id: str
    refund_id: str
    amount: Total
    customer_id: str
    reversed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPersonalDataErased:
    """The customer's data was erased: amounts and country stay. `of`: as the fields name them."""

    customer_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Later = (  # all that can happen to an order that is there
    OrderChunkReserved
    | OrderReserved
    | OrderReleaseStarted
    | OrderChunkReleased
    | OrderPaymentStarted
    | OrderPaymentFailed
    | OrderPaymentSucceeded
    | OrderConfirmed
    | OrderPaymentMismatch
    | OrderExpired
    | OrderCancelled
    | OrderReinstated
    | OrderLinesMoved
    | OrderProcessing
    | OrderShipped
    | OrderDelivered
    | OrderPaymentReversalStarted
    | OrderPaymentReversed
    | OrderPersonalDataErased
    | Refunding
    | Disputing
)
type Event = OrderCreated | Later
