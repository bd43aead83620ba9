"""PaymentIntents at Stripe, in the platform's own account: one for an order, and what is asked of it.

Raises `PaymentFailed`; every call that does something has a key that a repetition has too.
"""

from collections.abc import Mapping
from typing import Any, cast

from commerce.order.commands import Intent
from commerce.order.state import Order
from troupe.domain.decider import Rejected
from troupe.domain.stripe_units import NotChargeable, from_stripe, to_stripe
from troupe.ids import is_uuid
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Declined, Misused

LIVE = ("sk_live", "rk_live")
AMOUNT_CODES = ("amount_too_small", "amount_too_large")  # https://docs.stripe.com/error-codes


class NotOurs(LookupError):  # noqa: N818 -- an answer, not a fault
    """It is another order's, or none of ours."""


def create(tenant_id: str, order_id: str, order: Order) -> str:
    """The id of the intent for the next attempt. It charges nothing yet: that is for `confirm`.

    Raises `Rejected` for an amount that Stripe does not charge.
    """
    attempt = order.payment.attempt + 1
    try:
        amount = to_stripe(order.totals.total_cents, order.totals.currency)
    except NotChargeable as failed:
        raise Rejected("amount_not_chargeable", f"{failed}.") from failed
    params: Any = {
        "amount": amount,
        "currency": order.totals.currency.lower(),
        "metadata": {"tenant_id": tenant_id, "order_id": order_id, "attempt": str(attempt)},
        "transfer_group": order_id,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    options: Any = {"idempotency_key": stripe_client.idempotency_key(tenant_id, order_id, attempt)}
    try:
        return str(stripe_client.call(lambda client: client.v1.payment_intents.create(params, options)).id)
    except Misused as refused:
        if refused.code not in AMOUNT_CODES:
            raise
        raise Rejected("amount_not_chargeable", "The order's total is too small or too large.") from refused


def confirm(tenant_id: str, order_id: str, order: Order) -> None:
    """Make the attempt that the order has begun. What came of it is to be asked: it is not told here."""
    was = order.payment
    params: Any = {"payment_method": was.payment_method}
    key = stripe_client.idempotency_key(tenant_id, order_id, f"{was.attempt}.confirm")
    options: Any = {"idempotency_key": key}
    intent_id = was.payment_intent_id or ""
    try:
        stripe_client.call(lambda client: client.v1.payment_intents.confirm(intent_id, params, options))
    except Declined:
        return


def find(tenant_id: str, order_id: str, intent_id: str) -> tuple[Intent, str | None]:
    """The intent as it stands, and the secret by which the customer's browser goes on with it."""
    found = stripe_client.call(lambda client: client.v1.payment_intents.retrieve(intent_id))
    raw: Mapping[str, Any] = found.to_dict()
    named: Mapping[str, Any] = raw.get("metadata") or {}
    if (named.get("tenant_id"), named.get("order_id")) != (tenant_id, order_id):
        raise NotOurs(intent_id)
    return _intent(raw), cast("str | None", raw.get("client_secret"))


def owner(intent_id: str) -> tuple[str, str]:
    """The tenant and the order that an intent is for, as our metadata there says. Raises `NotOurs`."""
    try:
        found = stripe_client.call(lambda client: client.v1.payment_intents.retrieve(intent_id))
    except Misused as refused:
        raise NotOurs(intent_id) from refused
    tenant_id, order_id = named_in(found.to_dict(), "tenant_id", "order_id")
    return tenant_id, order_id


def named_in(raw: Any, *names: str) -> tuple[str, ...]:
    """What our metadata on an object at Stripe names. Raises `NotOurs`."""
    metadata: Any = raw.get("metadata") or {}
    ids = tuple(str(metadata.get(name, "")) for name in names)
    if not all(is_uuid(each) for each in ids):
        raise NotOurs(raw["id"])
    return ids


def cancel(tenant_id: str, order_id: str, intent_id: str) -> None:
    """Cancel the intent, so that it cannot be paid; one that is paid or cancelled stays as it is."""
    options: Any = {
        "idempotency_key": stripe_client.idempotency_key(tenant_id, order_id, f"{intent_id}.cancel")
    }
    try:
        stripe_client.call(lambda client: client.v1.payment_intents.cancel(intent_id, {}, options))
    except Misused:
        return


def refund(tenant_id: str, order_id: str, intent_id: str) -> str:
    """Refund all of it, once: an earlier refund is found under any idempotency key."""
    given: Any = {"payment_intent": intent_id}
    for each in stripe_client.call(lambda client: client.v1.refunds.list(given)).data:
        if each.status not in {"failed", "canceled"}:
            return str(each.id)
    params: Any = {**given, "metadata": {"tenant_id": tenant_id, "order_id": order_id}}
    options: Any = {"idempotency_key": stripe_client.idempotency_key(tenant_id, order_id, "reversal")}
    return str(stripe_client.call(lambda client: client.v1.refunds.create(params, options)).id)


def _intent(raw: Mapping[str, Any]) -> Intent:
    error: Mapping[str, Any] = raw.get("last_payment_error") or {}
    currency = str(raw["currency"]).upper()
    return Intent(
        id=raw["id"],
        status=raw["status"],
        received_cents=from_stripe(raw.get("amount_received") or 0, currency),
        currency=currency,
        code=error.get("code"),
        decline_code=error.get("decline_code"),
    )
