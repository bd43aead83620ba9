"""What a world holds: Stripe's objects without their JSON, which differs by API version (see `shapes`).

Instants are whole seconds since 1970 and money is in minor units, as Stripe has them. `account` is the
connected account that an object belongs to; the other names of objects are their ids.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from stripe_simulator.declines import Decline
from stripe_simulator.platform.model import (
    AccountLink,
    Dispute,
    Entry,
    Payout,
    Refund,
    Transfer,
    TransferReversal,
)

type InvoiceStatus = Literal["draft", "open", "paid", "void", "uncollectible"]
type SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "active", "past_due", "unpaid", "canceled"
]
type IntentStatus = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "succeeded",
    "canceled",
]
type Capability = Literal["inactive", "pending", "active"]
type AccountKind = Literal["platform", "standard", "express"]
type MethodKind = Literal["card", "us_bank_account", "sepa_debit"]
type Quirk = Literal["bypass_pending", "disputed", "refund_fails", "refund_pending", "fails_later"]
type Trigger = Literal["billing", "smart_retry", "api", "customer"]


class Shape(StrEnum):
    """The API versions whose objects differ in what matters here; an account's events are of one of them."""

    CLASSIC = "2020-08-27"
    ACACIA = "2024-09-30.acacia"
    BASIL = "2025-04-30.basil"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartRetries:
    """Stripe's own engine: attempts this many days after the first failure, then what becomes of the rest."""

    days: tuple[float, ...]
    then: Literal["cancel", "unpaid", "leave"] = "leave"


@dataclass(slots=True, kw_only=True)
class Account:
    id: str
    shape: Shape = Shape.BASIL
    livemode: bool = True
    country: str = "US"
    name: str = "Example, LLC"
    smart_retries: SmartRetries | None = None
    connected: bool = True
    created: int
    kind: AccountKind = "standard"
    email: str | None = None
    business_type: str | None = "company"
    metadata: dict[str, str] = field(default_factory=dict)
    details_submitted: bool = True
    capabilities: dict[str, Capability] = field(
        default_factory=lambda: {"card_payments": "active", "transfers": "active"}
    )
    settles_after: int = 0  # seconds until a charge's money is available
    bank_refuses: str | None = None  # the failure code by which its bank sends payouts back


@dataclass(slots=True, kw_only=True)
class Customer:
    id: str
    account: str
    email: str | None
    name: str
    country: str
    metadata: dict[str, str]
    created: int
    default_payment_method: str | None = None
    cards: list[str] = field(default_factory=list)
    subscriptions: list[str] = field(default_factory=list)
    invoices: list[str] = field(default_factory=list)
    charges: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """While it lasts, a card is declined so; with a `chance` below 1 only in some hours of it."""

    decline: str
    start: int = 0
    end: int | None = None
    chance: float = 1.0


@dataclass(slots=True, kw_only=True)
class Card:
    """A PaymentMethod. `episodes` are the truth about it, of which Stripe learns by charging it."""

    id: str
    account: str
    customer: str | None
    brand: str
    country: str
    funding: str
    last4: str
    fingerprint: str
    exp_month: int
    exp_year: int
    created: int
    episodes: list[Episode] = field(default_factory=list)
    attached: bool = True
    outlives_expiry: bool = False  # its issuer takes it for what recurs, though it has expired
    refused_for_good: bool = False  # Stripe blocks what it was once told never to try again
    kind: MethodKind = "card"
    quirk: Quirk | None = None  # what a test PaymentMethod does after its charge

    @property
    def slow(self) -> bool:
        """A bank debit: Stripe knows days later whether it has the money."""
        return self.kind != "card"


@dataclass(slots=True, kw_only=True)
class Subscription:
    id: str
    item: str
    price: str
    product: str
    account: str
    customer: str
    amount: int
    currency: str
    months: int
    anchor: int
    created: int
    period_start: int
    period_end: int
    status: SubscriptionStatus = "active"
    collection_method: str = "charge_automatically"
    default_payment_method: str | None = None
    latest_invoice: str | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    cancellation_reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Invoice:
    id: str
    line: str
    account: str
    customer: str
    subscription: str | None
    billing_reason: str
    currency: str
    total: int
    created: int
    period_start: int
    period_end: int
    status: InvoiceStatus = "draft"
    auto_advance: bool = True
    number: str | None = None
    amount_paid: int = 0
    credited: int = 0
    attempt_count: int = 0
    first_failed_at: int | None = None
    next_payment_attempt: int | None = None
    paid_out_of_band: bool = False
    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    uncollectible_at: int | None = None
    intent: str | None = None  # the default PaymentIntent
    payments: list[str] = field(default_factory=list)

    @property
    def due(self) -> int:
        """A credit note on an open invoice lowers what is due."""
        return self.total - self.credited

    @property
    def remaining(self) -> int:
        return max(0, self.due - self.amount_paid)


@dataclass(slots=True, kw_only=True)
class InvoicePayment:
    id: str
    account: str
    invoice: str
    intent: str
    requested: int
    created: int
    is_default: bool
    amount_paid: int | None = None
    status: Literal["open", "paid", "canceled"] = "open"
    paid_at: int | None = None
    canceled_at: int | None = None


@dataclass(slots=True, kw_only=True)
class Intent:
    """`invoice` is None for one that the API made."""

    id: str
    account: str
    customer: str | None
    invoice: str | None
    amount: int
    currency: str
    created: int
    status: IntentStatus = "requires_payment_method"
    received: int = 0
    card: str | None = None
    error: Decline | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    charges: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    transfer_group: str | None = None
    automatic_payment_methods: dict[str, bool | str] | None = None


@dataclass(slots=True, kw_only=True)
class Charge:
    """An executed attempt. `trigger` says who made it, which Stripe does not tell."""

    id: str
    account: str
    customer: str | None
    invoice: str | None
    intent: str
    card: str
    amount: int
    currency: str
    created: int
    trigger: Trigger
    decline: Decline | None
    pending: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    transfer_group: str | None = None
    refunded: int = 0
    refunds: list[str] = field(default_factory=list)
    disputes: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class CreditNote:
    id: str
    account: str
    customer: str
    invoice: str
    amount: int
    currency: str
    created: int


type Thing = (
    Account
    | Customer
    | Card
    | Subscription
    | Invoice
    | InvoicePayment
    | Intent
    | Charge
    | Refund
    | Dispute
    | CreditNote
    | Transfer
    | TransferReversal
    | Payout
    | AccountLink
    | Entry
)
