"""Refunds and disputes at Stripe, in the platform's own account. Raises `PaymentFailed`."""

from dataclasses import dataclass
from typing import Any

from commerce.payment.stripe import NotOurs
from commerce.supplier_order.refund import Outcome, Refund
from troupe.domain.stripe_units import NotChargeable, from_stripe, to_stripe
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Declined, Misused

PAGE = 100
DEAD = frozenset({"failed", "canceled"})
OUTCOMES: dict[str, Outcome] = {"won": "won", "lost": "lost", "warning_closed": "withdrawn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A refund as Stripe has it. What is pending has left our balance, and counts as made until it fails."""

    id: str
    amount_cents: int
    code: str | None  # why it failed, if it did


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A dispute as Stripe has it. `outcome`: none while it is open."""

    id: str
    intent_id: str
    amount_cents: int
    reason: str
    outcome: Outcome | None


def made(tenant_id: str, intent_id: str) -> dict[str, Made]:
    """All that went back of a payment, by our ids, or by Stripe's what was made there by hand."""
    found: dict[str, Made] = {}
    for each in _refunds(intent_id):
        named: Any = each.get("metadata") or {}
        ours = named.get("tenant_id") == tenant_id and "refund_id" in named
        found[named["refund_id"] if ours else each["id"]] = _made(each)
    return found


def make(tenant_id: str, order_id: str, intent_id: str, refund: Refund, currency: str) -> Made:
    """Give so much back, once: a key is forgotten after a day, but what was made is found.

    https://docs.stripe.com/api/idempotent_requests
    """
    before = made(tenant_id, intent_id).get(refund.id)
    if before:
        return before
    try:
        amount = to_stripe(refund.amount_cents, currency)
    except NotChargeable:
        return Made(id="", amount_cents=0, code="amount_not_chargeable")
    params: Any = {
        "payment_intent": intent_id,
        "amount": amount,
        "metadata": {"tenant_id": tenant_id, "order_id": order_id, "refund_id": refund.id},
    }
    options: Any = {"idempotency_key": stripe_client.idempotency_key(tenant_id, order_id, refund.id)}
    try:
        answered = stripe_client.call(lambda client: client.v1.refunds.create(params, options))
    except (Misused, Declined) as refused:
        return Made(id="", amount_cents=0, code=refused.code or "refused")
    return _made(answered.to_dict())


def claim(dispute_id: str) -> Claim:
    """How a dispute stands. Raises `NotOurs` for one that Stripe does not know, or of no intent."""
    try:
        found: Any = stripe_client.call(lambda client: client.v1.disputes.retrieve(dispute_id)).to_dict()
    except Misused as refused:
        raise NotOurs(dispute_id) from refused
    intent_id = found.get("payment_intent")
    if not isinstance(intent_id, str):
        raise NotOurs(dispute_id)
    return Claim(
        id=dispute_id,
        intent_id=intent_id,
        amount_cents=from_stripe(found["amount"], str(found["currency"]).upper()),
        reason=found.get("reason") or "general",
        outcome=OUTCOMES.get(found["status"]),
    )


def _refunds(intent_id: str) -> list[Any]:
    params: Any = {"payment_intent": intent_id, "limit": PAGE}
    found = stripe_client.call(lambda client: list(client.v1.refunds.list(params).auto_paging_iter()))
    return [each.to_dict() for each in found]


def _made(raw: Any) -> Made:
    status: str = raw["status"]
    code = (raw.get("failure_reason") or status) if status in DEAD else None
    return Made(
        id=raw["id"], amount_cents=from_stripe(raw["amount"], str(raw["currency"]).upper()), code=code
    )
