"""A card's expiry that was warned of and is no danger any more: renewed by the network, replaced, or moot;
or the charge went through.
"""

from collections.abc import Iterator

from recovery.card_expiry.decide import RunningSubscription, last_day, running_subscription, went_through
from recovery.invoice.state import InvoiceState
from recovery.reconciliation.read import Owner
from recovery.risk.decider import SUBSCRIPTION_AT_RISK, AtRisk, ResolveSubscriptionAtRisk, id_of
from recovery.stripe.event import AUTOMATIC, StripeEvent
from recovery.stripe.gateway import Gateway
from troupe.store import reads
from troupe.store.aggregates import Ref, stored
from troupe.store.scope import Scope
from troupe.store.transact import execute


def settle(scope: Scope, owner: Owner, stripe_event: StripeEvent) -> int:
    """Resolve what is no risk any more of the subscription, or of all of the customer's: how many."""
    gateway = Gateway(owner.stripe_account_id)
    named = (
        [stripe_event.subscription_id]
        if stripe_event.subscription_id
        else gateway.subscription_ids(stripe_event.customer_id or "")
    )
    settled = 0
    for subscription_id, risk in _open(owner, named):
        raw = gateway.subscription(subscription_id)
        reason = (
            over(risk, running_subscription(raw), automatic=stripe_event.type == AUTOMATIC)
            if raw
            else "cancelled"
        )
        if reason:
            ref = Ref(decider=SUBSCRIPTION_AT_RISK, id=_id(owner, subscription_id))
            execute(scope, ref, ResolveSubscriptionAtRisk(reason=reason))
            settled += 1
    return settled


def renewed(scope: Scope, owner: Owner, fetched: InvoiceState) -> bool:
    """Resolve the fear for a charge that went through after all."""
    named = fetched.invoice.subscription_id
    for subscription_id, risk in _open(owner, [named] if named else []):
        passed_at = went_through(fetched, risk)
        if passed_at:
            ref = Ref(decider=SUBSCRIPTION_AT_RISK, id=_id(owner, subscription_id))
            execute(scope, ref, ResolveSubscriptionAtRisk(reason="renewed", resolved_at=passed_at))
            return True
    return False


def over(risk: AtRisk, now: RunningSubscription, *, automatic: bool) -> str | None:
    """Why the card's expiry endangers nothing now; None while it does."""
    if now.ends:
        return "cancelled"
    good_until = last_day(now.method)
    if good_until is None or risk.expiration_date is None or good_until <= risk.expiration_date:
        return None
    if risk.renews_at and good_until < risk.renews_at.date():
        return None  # another card, and it will have expired too
    return "auto_updated" if automatic else "card_changed"


def _open(owner: Owner, subscription_ids: list[str]) -> Iterator[tuple[str, AtRisk]]:
    refs = {each: Ref(decider=SUBSCRIPTION_AT_RISK, id=_id(owner, each)) for each in subscription_ids}
    found = reads.batch([ref.key(owner.tenant_id) for ref in refs.values()]) if refs else {}
    for subscription_id, ref in refs.items():
        state = stored(ref, found.get(ref.key(owner.tenant_id))).state
        if isinstance(state, AtRisk) and state.open:
            yield subscription_id, state


def _id(owner: Owner, subscription_id: str) -> str:
    return id_of(owner.workspace_id, subscription_id, "card_expiring")
