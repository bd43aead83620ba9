"""Transfers to suppliers' accounts at Stripe, and back. Raises `troupe.stripe.client.PaymentFailed`.

https://docs.stripe.com/connect/separate-charges-and-transfers
"""

from dataclasses import dataclass
from typing import Any

from commerce.payment.stripe import NotOurs, named_in
from commerce.supplier_order.payout import Recalling, Sending
from troupe.domain.stripe_units import NotChargeable, from_stripe, to_stripe
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Misused

PAGE = 100
SHORT = "balance_insufficient"  # https://docs.stripe.com/error-codes#balance-insufficient


class Refused(Exception):  # noqa: N818 -- an answer, not a fault
    """Stripe does not do it, and says so; `short`: for want of money there."""

    def __init__(self, failed: Misused | NotChargeable) -> None:
        super().__init__(str(failed))
        self.short = isinstance(failed, Misused) and failed.code == SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which supplier's part of an order the money is for."""

    tenant_id: str
    order_id: str
    supplier_id: str
    currency: str

    @property
    def named(self) -> dict[str, str]:
        return {"tenant_id": self.tenant_id, "order_id": self.order_id, "supplier_id": self.supplier_id}

    def key(self, attempt: str) -> str:
        """`{tenant}/{order}.{supplier}/{attempt}`"""
        return stripe_client.idempotency_key(self.tenant_id, f"{self.order_id}.{self.supplier_id}", attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A transfer as Stripe has it, and what our metadata says of it."""

    id: str
    reversed_cents: int
    tenant_id: str
    order_id: str
    supplier_id: str


def send(part: Part, sending: Sending) -> str:
    """The id of the transfer, which is made once: one whose answer was lost is found. Raises `Refused`."""
    wanted = {**part.named, "number": str(sending.number)}
    for each in _listed(part.order_id):
        if each.get("metadata") == wanted:
            return str(each["id"])
    params: Any = {
        "amount": _amount(sending.amount_cents, part.currency),
        "currency": part.currency.lower(),
        "destination": sending.destination,
        "transfer_group": part.order_id,
        "metadata": wanted,
    }
    options: Any = {"idempotency_key": part.key(str(sending.number))}
    try:
        return str(stripe_client.call(lambda client: client.v1.transfers.create(params, options)).id)
    except Misused as refused:
        raise Refused(refused) from refused


def recall(part: Part, recalling: Recalling) -> None:
    """Take so much of a transfer back, once. Raises `Refused`, where the account has not as much left."""
    name, number = recalling.transfer_id, str(recalling.number)
    for each in _reversals(name):
        if (each.get("metadata") or {}).get("number") == number:
            return
    params: Any = {
        "amount": _amount(recalling.amount_cents, part.currency),
        "metadata": {**part.named, "number": number},
    }
    options: Any = {"idempotency_key": part.key(f"reversal_{number}")}
    try:
        stripe_client.call(lambda client: client.v1.transfers.reversals.create(name, params, options))
    except Misused as refused:
        raise Refused(refused) from refused


def _amount(cents: int, currency: str) -> int:
    try:
        return to_stripe(cents, currency)
    except NotChargeable as failed:
        raise Refused(failed) from failed


def find(transfer_id: str) -> Sent:
    """A transfer as it stands. Raises `NotOurs`."""
    try:
        raw: Any = stripe_client.call(lambda client: client.v1.transfers.retrieve(transfer_id)).to_dict()
    except Misused as refused:
        raise NotOurs(transfer_id) from refused
    tenant_id, order_id, supplier_id = named_in(raw, "tenant_id", "order_id", "supplier_id")
    return Sent(
        id=transfer_id,
        reversed_cents=from_stripe(raw.get("amount_reversed") or 0, str(raw["currency"]).upper()),
        tenant_id=tenant_id,
        order_id=order_id,
        supplier_id=supplier_id,
    )


def _listed(order_id: str) -> list[Any]:
    params: Any = {"transfer_group": order_id, "limit": PAGE}
    found = stripe_client.call(lambda client: list(client.v1.transfers.list(params).auto_paging_iter()))
    return [each.to_dict() for each in found]


def _reversals(transfer_id: str) -> list[Any]:
    params: Any = {"limit": PAGE}
    found = stripe_client.call(
        lambda client: list(client.v1.transfers.reversals.list(transfer_id, params).auto_paging_iter())
    )
    return [each.to_dict() for each in found]
