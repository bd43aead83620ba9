"""The words of what goes back to a customer: a refund and its lines, and a dispute of the customer's bank."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

type RefundStatus = Literal["requested", "succeeded", "failed"]
type Outcome = Literal["won", "lost", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """So many units of a line, what was paid for them, and by what the customer had found them."""

    line_id: str
    supplier_id: str
    quantity: int
    amount_cents: int
    promotion_id: str | None = None
    community_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedUnits:
    """So many units of a line, and what was paid for them."""

    line_id: str
    quantity: int
    amount_cents: int


BY_HAND = "Made at Stripe by hand."


def ours_alone(reason: str | None) -> str | None:
    """The reason, where it is not what a person wrote."""
    return BY_HAND if reason == BY_HAND else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Decided first and then carried out at Stripe. `shipping`: cents, by supplier; `code`: why it failed."""

    id: str
    lines: tuple[RefundedLine, ...]
    shipping: Mapping[str, int]
    amount_cents: int
    reason: str | None
    requested_at: datetime
    status: RefundStatus = "requested"
    stripe_refund_id: str | None = None
    code: str | None = None

    @property
    def suppliers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(line.supplier_id for line in self.lines), *self.shipping)))

    def units(self, supplier_id: str) -> tuple[RefundedUnits, ...]:
        """What it is of a supplier's lines."""
        return tuple(
            RefundedUnits(line_id=each.line_id, quantity=each.quantity, amount_cents=each.amount_cents)
            for each in self.lines
            if each.supplier_id == supplier_id
        )


def unexplained(refunds: tuple[Refund, ...]) -> tuple[Refund, ...]:
    return tuple(replace(each, reason=ours_alone(each.reason)) for each in refunds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """The customer's bank asks for the money back. It is open until it has an outcome."""

    id: str
    amount_cents: int
    reason: str
    opened_at: datetime
    outcome: Outcome | None = None
