"""What may be asked of an order's money after it was paid."""

from collections.abc import Mapping
from dataclasses import dataclass

from commerce.refund_words import Outcome, RefundedLine


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
    """Somebody has made one at Stripe by hand, which nothing here had asked for."""

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
