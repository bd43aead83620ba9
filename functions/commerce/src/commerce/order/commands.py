"""What may be asked of an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from commerce.order.values import Address, Customer, Line, LineMove, Reason
from commerce.pricing import Totals
from commerce.supplier_order.refund import Outcome, RefundedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefund:
    """Give this back: amounts as the suppliers' parts have worked them out."""

    refund_id: str
    lines: tuple[RefundedLine, ...]
    shipping: Mapping[str, int]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefund:
    """Stripe has made it."""

    refund_id: str
    stripe_refund_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailRefund:
    """Stripe does not make it, or had made it and could not bring it home."""

    refund_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRefund:
    """Record a refund that a person made at Stripe by hand, without a request of ours."""

    stripe_refund_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDispute:
    """A dispute as Stripe has it just now. `outcome`: none while it is open."""

    dispute_id: str
    amount_cents: int
    reason: str
    outcome: Outcome | None = None


type RefundCommand = RequestRefund | RecordRefund | FailRefund | FindRefund | FindDispute
REFUND_COMMANDS = (RequestRefund, RecordRefund, FailRefund, FindRefund, FindDispute)


type IntentStatus = Literal[
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
    "processing",
    "succeeded",
    "canceled",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent as Stripe has it just now; `code` tells why its last attempt failed."""

    id: str
    status: IntentStatus
    received_cents: int
    currency: str
    code: str | None = None
    decline_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    customer: Customer
    address: Address
    lines: tuple[Line, ...]
    totals: Totals
    shipping: Mapping[str, int]
    supplier_orders: tuple[str, ...]
    budgets: tuple[str, ...] = ()
    chunks: int | None = None
    accept_hours: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveChunk:
    chunk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """Not everything was to be had: what is reserved of it goes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseChunk:
    chunk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishRelease:
    """All chunks are back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    payment_method: str
    payment_intent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPayment:
    """Record the state of the payment as read from Stripe, for any reason."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireOrder:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLines:
    """What a supplier's part decided of its lines; `reason`: why, if nothing of the order is left then."""

    supplier_id: str
    moves: tuple[LineMove, ...]
    reason: Reason = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateOrder:
    """The money came late, and everything is reserved anew."""

    intent: Intent
    budgets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePayment:
    """The money came late, and goes back."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReversal:
    refund_id: str


type Command = (
    ReserveChunk
    | GiveUp
    | ReleaseChunk
    | FinishRelease
    | StartPayment
    | FindPayment
    | ExpireOrder
    | CancelOrder
    | MoveLines
    | ReinstateOrder
    | ReversePayment
    | RecordReversal
    | RefundCommand
)
