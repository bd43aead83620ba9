"""An order as it stands. Its lines' snapshots stand apart, and never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from commerce.order.values import (
    SHOWN,
    Address,
    Customer,
    DetailStatus,
    Ended,
    Reason,
    Status,
    country_alone,
    unnamed,
)
from commerce.pricing import Totals
from commerce.supplier_order.refund import Dispute, Refund, unexplained
from commerce.values import Share
from troupe.domain.personal import Personal

type Hold = Literal["held", "released", "consumed"]
type PaymentStatus = Literal[
    "none",
    "started",
    "failed",
    "succeeded",
    "partially_refunded",
    "refunded",
    "mismatch",
    "reversing",
    "reversed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One PaymentIntent, confirmed as often as it takes; another only if that one is called off."""

    status: PaymentStatus = "none"
    attempt: int = 0
    payment_method: str | None = None
    payment_intent_id: str | None = None
    captured_cents: int = 0
    refunded_cents: int = 0
    code: str | None = None
    decline_code: str | None = None
    reversal_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A line of the timeline."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`histogram` counts the lines by their states; `done_chunks` are those whose stock is reserved.

    `accept_by`: until when its suppliers are to answer, once it is paid.
    """

    customer: Annotated[Customer, Personal("customer", unnamed)]
    address: Annotated[Address, Personal("customer", country_alone)]
    totals: Totals
    shipping: Mapping[str, int]
    supplier_orders: tuple[str, ...]
    line_count: int
    detail_status: DetailStatus
    histogram: Mapping[str, int]
    budgets: tuple[str, ...]
    chunks: int | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    hold: Hold = "held"
    payment: Payment = field(default_factory=Payment)
    done_chunks: tuple[int, ...] = ()
    ends: Ended | None = None  # while its stock goes back
    reason: Reason | None = None
    accept_hours: int = 48
    accept_by: datetime | None = None
    timeline: tuple[Moment, ...] = ()
    shares: tuple[Share, ...] = ()  # of its total, by what it was found
    refunds: Annotated[tuple[Refund, ...], Personal("order", unexplained)] = ()
    disputes: tuple[Dispute, ...] = ()
    state: Literal["order"] = "order"

    @property
    def status(self) -> Status:
        return SHOWN[self.detail_status]
