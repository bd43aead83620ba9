"""The words of an order: its statuses and their legal moves, and the values that are copied into it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from commerce.supplier_order.lines import LineState
from commerce.values import Share
from troupe.domain.lifecycle import Transitions

type Status = Literal["pending", "confirmed", "processing", "shipped", "delivered", "cancelled"]
type DetailStatus = Literal[
    "reserving",
    "releasing",
    "pending_payment",
    "payment_review",
    "paid",
    "accepted",
    "packed",
    "shipped",
    "delivered",
    "completed",
    "returned",
    "expired",
    "payment_failed",
    "cancelled",
    "refunded",
]
type Stage = Literal["shipped", "delivered"]
type Ended = Literal["expired", "payment_failed", "cancelled"]  # before anything was paid
type Reason = Literal["expired", "customer", "staff", "out_of_stock", "rejected"]

SHOWN: Mapping[DetailStatus, Status] = {  # what the API calls them
    "reserving": "pending",
    "releasing": "cancelled",
    "pending_payment": "pending",
    "payment_review": "pending",
    "paid": "confirmed",
    "accepted": "processing",
    "packed": "processing",
    "shipped": "shipped",
    "delivered": "delivered",
    "completed": "delivered",
    "returned": "delivered",
    "expired": "cancelled",
    "payment_failed": "cancelled",
    "cancelled": "cancelled",
    "refunded": "cancelled",
}

_ENDED: frozenset[DetailStatus] = frozenset({"cancelled", "refunded", "returned"})


def _to(*statuses: DetailStatus) -> frozenset[DetailStatus]:
    return frozenset(statuses)


LIFECYCLE = Transitions[DetailStatus](
    {
        "reserving": _to("pending_payment", "releasing"),
        "releasing": _to("expired", "payment_failed", "cancelled"),
        "pending_payment": _to(
            "paid", "payment_review", "releasing", "expired", "payment_failed", "cancelled"
        ),
        "payment_review": _to("releasing", "cancelled"),
        "expired": _to("paid"),  # money that came late
        "payment_failed": _to("paid"),
        "paid": _to("accepted", "packed", "shipped", "delivered", "completed") | _ENDED,
        "accepted": _to("packed", "shipped", "delivered", "completed") | _ENDED,
        "packed": _to("accepted", "shipped", "delivered", "completed") | _ENDED,
        "shipped": _to("packed", "delivered", "completed") | _ENDED,  # a shipment is called off
        "delivered": _to("completed") | _ENDED,
        "completed": _ENDED,
        "returned": _to("refunded"),
        "cancelled": _to("refunded"),
        "refunded": _to(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who ordered, as it was known then."""

    id: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where it goes; it never changes."""

    name: str
    line1: str
    city: str
    postal_code: str
    country: str  # ISO 3166-1 alpha-2
    line2: str | None = None
    region: str | None = None
    phone: str | None = None


def unnamed(customer: Customer) -> Customer:
    """A customer whose data was erased."""
    return replace(customer, display_name="")


def country_alone(address: Address) -> Address:
    """What taxes rest on of an address."""
    return Address(name="", line1="", city="", postal_code="", country=address.country)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """By what the customer found it."""

    promotion_id: str | None = None
    community_id: str | None = None
    utm: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The product as it was when it was bought; it never changes."""

    product_id: str
    variant_id: str
    sku: str
    name: str
    category: str
    brand: str | None
    attributes: Mapping[str, str]
    image_url: str | None
    original_price_cents: int
    currency: str
    snapshot_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was bought, of whom and for how much. Its units' amounts follow from the line's (pricing.py)."""

    id: str  # of one order
    supplier_id: str
    variant_id: str
    quantity: int
    unit_price_cents: int
    unit_discount_cents: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    snapshot: Snapshot
    attribution: Attribution

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents - self.discount_cents + self.tax_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMove:
    """So many lines that were in one state and are in another."""

    was: LineState
    to: LineState
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Money as it is told to other contexts."""

    amount_cents: int
    currency: str


def shares_of(lines: Iterable[Line], shipping_cents: int) -> tuple[Share, ...]:
    """One for each pair of promotion and community that the lines name, even if it was for nothing."""
    sums: dict[tuple[str | None, str | None], int] = {}
    for line in lines:
        found_by = (line.attribution.promotion_id, line.attribution.community_id)
        sums[found_by] = sums.get(found_by, 0) + line.total_cents
    sums[None, None] = sums.get((None, None), 0) + shipping_cents
    return tuple(
        Share(promotion_id=promotion, community_id=community, amount_cents=amount)
        for (promotion, community), amount in sums.items()
        if amount or promotion or community
    )
