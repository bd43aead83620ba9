"""What an event of Stripe's points to. It is a hint to look there: what it says itself is never believed.

Events come more than once, in any order, late, and in three shapes; the object's present state comes from
Stripe (https://docs.stripe.com/webhooks#event-ordering).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from recovery.invoice import json
from recovery.invoice.json import Raw

type Subject = Literal["invoice", "intent", "subscription", "customer", "account"]

INTERESTING: Mapping[str, Subject] = {
    "invoice.paid": "invoice",
    "invoice.payment_succeeded": "invoice",
    "invoice.payment_failed": "invoice",
    "invoice.payment_action_required": "invoice",
    "invoice.updated": "invoice",
    "invoice.voided": "invoice",
    "invoice.marked_uncollectible": "invoice",
    "invoice.overdue": "invoice",
    "invoice.overpaid": "invoice",
    "invoice_payment.paid": "invoice",
    "credit_note.created": "invoice",
    "credit_note.voided": "invoice",
    "payment_intent.payment_failed": "intent",
    "payment_intent.succeeded": "intent",
    "payment_intent.requires_action": "intent",
    "charge.failed": "intent",
    "charge.succeeded": "intent",
    "charge.refunded": "intent",
    "charge.dispute.created": "intent",
    "charge.dispute.updated": "intent",
    "charge.dispute.closed": "intent",
    "charge.dispute.funds_withdrawn": "intent",
    "charge.dispute.funds_reinstated": "intent",
    "customer.subscription.updated": "subscription",
    "customer.subscription.deleted": "subscription",
    "customer.subscription.paused": "subscription",
    "customer.updated": "customer",
    "customer.deleted": "customer",
    "customer.source.created": "customer",
    "customer.source.updated": "customer",
    "customer.source.deleted": "customer",
    "payment_method.attached": "customer",
    "payment_method.detached": "customer",
    "payment_method.updated": "customer",
    "payment_method.automatically_updated": "customer",
    "account.application.deauthorized": "account",
}
AUTOMATIC = "payment_method.automatically_updated"  # by the network's account updater

_VISIBLE = re.compile(r"[!-\"$-~]{1,120}")  # what a group of the queue may be called


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeEvent:
    """The account, and the objects by which what is meant can be found: the first that is there does it."""

    event_id: str
    type: str
    account_id: str
    livemode: bool
    subject: Subject | None  # None: the event does not interest us
    invoice_id: str | None = None
    payment_intent_id: str | None = None
    charge_id: str | None = None
    subscription_id: str | None = None
    customer_id: str | None = None
    payment_method_id: str | None = None
    object_id: str | None = None

    @property
    def group(self) -> str:
        """Events of one invoice are taken one after the other, as far as an event tells its invoice."""
        about = json.first(self.invoice_id, self.subscription_id, self.customer_id, self.object_id)
        named = f"{self.account_id}:{about or self.event_id}"
        return named if _VISIBLE.fullmatch(named) else sha256(named.encode()).hexdigest()


def read(event: Raw) -> StripeEvent:
    """The hint in an event that is an object with `id`, `type` and `account`."""
    thing = json.nested(event, "data", "object")
    kind = json.text(event, "type") or ""
    return StripeEvent(
        event_id=json.text(event, "id") or "",
        type=kind,
        account_id=json.text(event, "account") or "",
        livemode=json.flag(event, "livemode"),
        subject=INTERESTING.get(kind),
        object_id=json.text(thing, "id"),
        **_found(kind, thing, json.nested(event, "data", "previous_attributes")),
    )


def _found(kind: str, thing: Raw, before: Raw) -> dict[str, Any]:
    """By the kind of object: an object names itself, and others by fields of their names."""
    own = json.text(thing, "id")
    named: dict[str, str | None] = {
        "invoice_id": json.linked_invoice_id(thing),
        "payment_intent_id": json.identifier(thing, "payment_intent"),
        "charge_id": json.identifier(thing, "charge"),
        "subscription_id": json.identifier(thing, "subscription"),
        "customer_id": json.first(json.identifier(thing, "customer"), json.identifier(before, "customer")),
        "payment_method_id": json.identifier(thing, "payment_method"),
    }
    return named | dict.fromkeys(_itself(kind), own) | _inner(kind, thing)


def _itself(kind: str) -> tuple[str, ...]:
    """Which of the names is the object's own."""
    prefixes = (
        ("invoice_payment.", ()),
        ("invoice.", ("invoice_id",)),
        ("payment_intent.", ("payment_intent_id",)),
        ("charge.dispute.", ()),
        ("charge.", ("charge_id",)),
        ("customer.subscription.", ("subscription_id",)),
        ("customer.source.", ("payment_method_id",)),
        ("customer.", ("customer_id",)),
        ("payment_method.", ("payment_method_id",)),
    )
    return next((names for prefix, names in prefixes if kind.startswith(prefix)), ())


def _inner(kind: str, thing: Raw) -> dict[str, Any]:
    """An invoice's subscription, and an InvoicePayment's PaymentIntent, stand deeper."""
    if kind.startswith("invoice_payment."):
        return {"payment_intent_id": json.identifier(thing, "payment", "payment_intent")}
    if kind.startswith("invoice."):
        return {"subscription_id": json.invoice_subscription_id(thing)}
    return {}
