"""A card's expiry that was warned of and is no danger any more: renewed by the network, replaced, or moot."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from recovery import shapes
from recovery.charge_findings import payment_method
from recovery.gateway import Gateway
from recovery.intake import Owner
from recovery.shapes import Raw
from recovery.subscription_at_risk import (
    SUBSCRIPTION_AT_RISK,
    AtRisk,
    ResolveSubscriptionAtRisk,
    id_of,
)
from recovery.truth import PaymentMethod
from recovery.webhooks.hints import AUTOMATIC, Hint
from troupe import reads
from troupe.aggregates import Ref, stored
from troupe.scope import Scope
from troupe.store import execute

OVER = frozenset({"canceled", "incomplete_expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A subscription, and the payment method that its next charge takes."""

    id: str
    ends: bool
    method: PaymentMethod | None


def settle(scope: Scope, owner: Owner, hint: Hint) -> int:
    """Resolve what is no risk any more of the subscription, or of all of the customer's: how many."""
    gateway = Gateway(owner.stripe_account_id)
    named = (
        [hint.subscription_id] if hint.subscription_id else gateway.subscription_ids(hint.customer_id or "")
    )
    settled = 0
    for subscription_id, risk in _open(owner, named):
        raw = gateway.subscription(subscription_id)
        reason = over(risk, standing(raw), automatic=hint.type == AUTOMATIC) if raw else "cancelled"
        if reason:
            ref = Ref(decider=SUBSCRIPTION_AT_RISK, id=_id(owner, subscription_id))
            execute(scope, ref, ResolveSubscriptionAtRisk(reason=reason))
            settled += 1
    return settled


def over(risk: AtRisk, now: Standing, *, automatic: bool) -> str | None:
    """Why the card's expiry endangers nothing now; None while it does."""
    if now.ends:
        return "cancelled"
    good_until = last_day(now.method)
    if good_until is None or risk.expiration_date is None or good_until <= risk.expiration_date:
        return None
    if risk.renews_at and good_until < risk.renews_at.date():
        return None  # another card, and it will have expired too
    return "auto_updated" if automatic else "card_changed"


def standing(raw: Raw) -> Standing:
    methods = (
        shapes.nested(raw, "default_payment_method"),
        shapes.nested(raw, "default_source"),
        shapes.nested(raw, "customer", "invoice_settings", "default_payment_method"),
        shapes.nested(raw, "customer", "default_source"),
    )
    found = next((each for each in methods if each), None)
    status = shapes.text(raw, "status") or ""
    return Standing(
        id=shapes.text(raw, "id") or "",
        ends=status in OVER or shapes.flag(raw, "cancel_at_period_end"),
        method=payment_method(found) if found else None,
    )


def last_day(method: PaymentMethod | None) -> date | None:
    """A card is good to the end of the month that is printed on it."""
    if method is None or not method.exp_year or not method.exp_month:
        return None
    return date(method.exp_year, method.exp_month, calendar.monthrange(method.exp_year, method.exp_month)[1])


def _open(owner: Owner, subscription_ids: list[str]) -> Iterator[tuple[str, AtRisk]]:
    refs = {each: Ref(decider=SUBSCRIPTION_AT_RISK, id=_id(owner, each)) for each in subscription_ids}
    found = reads.batch([ref.key(owner.tenant_id) for ref in refs.values()]) if refs else {}
    for subscription_id, ref in refs.items():
        state = stored(ref, found.get(ref.key(owner.tenant_id))).state
        if isinstance(state, AtRisk) and state.open:
            yield subscription_id, state


def _id(owner: Owner, subscription_id: str) -> str:
    return id_of(owner.workspace_id, subscription_id, "card_expiring")
