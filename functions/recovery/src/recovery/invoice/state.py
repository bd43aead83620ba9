"""How things stand at Stripe with one invoice, fetched just now: Stripe's shapes and versions gone.

Amounts are in minor units of the invoice's currency; instants are UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recovery.attempt.events import CardData, Charge
from recovery.policy.circumstances import Circumstances
from recovery.policy.decline import Decline

type InvoiceStatus = Literal["draft", "open", "paid", "void", "uncollectible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    id: str
    number: str | None
    status: InvoiceStatus
    billing_reason: str | None
    collection_method: str  # charge_automatically, send_invoice
    auto_advance: bool
    currency: str
    amount_due_cents: int
    amount_paid_cents: int
    amount_remaining_cents: int
    credited_cents: int
    created_at: datetime
    paid_at: datetime | None
    paid_out_of_band: bool
    voided_at: datetime | None = None
    uncollectible_at: datetime | None = None
    next_payment_attempt_at: datetime | None  # of Stripe's own retries
    hosted_invoice_url: str | None
    customer_id: str
    subscription_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: str
    status: str  # active, past_due, unpaid, canceled, incomplete, ...
    cancel_at_period_end: bool
    cancel_at: datetime | None
    canceled_at: datetime | None
    current_period_end: datetime | None
    ended_at: datetime | None = None
    cancellation_reason: str | None = None  # cancellation_requested, payment_disputed, payment_failed
    collection_paused: bool = False  # by the merchant: nothing is collected meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    id: str
    email: str | None
    name: str | None
    country: str | None
    zone: str | None  # an IANA zone, where metadata tells it
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    """The one that Stripe would charge: subscription's, else its source, else the customer's (S-23)."""

    id: str
    type: str
    fingerprint: str | None
    brand: str | None
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    country: str | None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeState:
    """An attempt to charge the invoice, with why it was declined."""

    charge: Charge
    card: CardData | None = None  # as it was when it was charged
    decline: Decline | None = None
    refunded_cents: int = 0
    refunded_at: datetime | None = None  # the latest, where it is told
    disputed_cents: int = 0  # by disputes that are open or lost
    disputed_at: datetime | None = None
    requires_action: bool = False  # the customer has to authenticate it, and then it may succeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A part of the invoice that was paid."""

    id: str
    amount_cents: int
    paid_at: datetime
    payment_intent_id: str | None = None
    charge_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceState:
    account_id: str
    fetched_at: datetime
    invoice: Invoice
    subscription: Subscription | None
    customer: Customer
    payment_method: PaymentMethod | None
    charges: tuple[ChargeState, ...] = ()  # oldest first
    payments: tuple[Payment, ...] = ()
    open_dispute: bool = False

    @property
    def refunded_cents(self) -> int:
        return sum(each.refunded_cents for each in self.charges)

    @property
    def disputed_cents(self) -> int:
        return sum(each.disputed_cents for each in self.charges)

    @property
    def circumstances(self) -> Circumstances:
        """What of the invoice and its payment method speaks against any unattended charge (S-24)."""
        method = self.payment_method
        return Circumstances(
            collection_method=self.invoice.collection_method,
            auto_advance=self.invoice.auto_advance,
            has_payment_method=method is not None,
            payment_method_type=method.type if method else None,
            card_country=method.country if method else None,
            subscription_status=self.subscription.status if self.subscription else None,
        )
