"""No route: the FIFO queue of the platform's webhooks, each a pointer to one that was stored.

The tenant comes from our metadata, which is checked against what Stripe has of the object and against what
we stored. A suspended tenant's payments are settled too: money is a fact.
"""

import json
from collections.abc import Callable

from commerce.order.decider import ORDER
from commerce.payment import settle as payment_settle
from commerce.payment import stripe
from commerce.payment.stripe import NotOurs
from commerce.payout import account, pay_out
from commerce.payout import stripe as payout_stripe
from commerce.refund import dispute, settle
from commerce.refund import stripe as refund_stripe
from commerce.webhook import read
from commerce.webhook.read import ACCOUNTS, DISPUTES, INTENTS, OF_CHARGES, REFUNDS, TRANSFERS, StripeEvent
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.edge.request import scope_of
from troupe.ids import is_uuid
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.observability import outcome
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.scope import Scope
from troupe.store.transact import Unknown, load

ACTOR = "stripe"


def act(webhook: Webhook) -> None:
    """Take one event in. Processing it again has no further effect."""
    stripe_event = read.read(json.loads(webhook.body))
    ignored = _seen_to(stripe_event)
    if ignored:
        _ignore(webhook, ignored)
    outcome("webhook_processed", event_id=stripe_event.event_id, type=stripe_event.type, ignored=ignored)


handler = inbox.processor(act)


def _seen_to(stripe_event: StripeEvent) -> str | None:
    """Why nothing comes of it, if nothing does."""
    try:
        return next(see_to for kind, see_to in ACTS if stripe_event.type.startswith(kind))(stripe_event)
    except NotOurs:
        return "metadata_mismatch"
    except Unknown:
        return "unknown_order"
    except Rejected as refused:
        return refused.code


def _settle(stripe_event: StripeEvent) -> str | None:
    if not (is_uuid(stripe_event.tenant_id) and is_uuid(stripe_event.order_id)):
        return "not_ours"
    if not load(stripe_event.tenant_id, ORDER, stripe_event.order_id).version:
        return "unknown_order"
    payment_settle.ask(
        _scope(stripe_event, stripe_event.tenant_id), stripe_event.order_id, stripe_event.intent_id
    )
    return None


def _note(stripe_event: StripeEvent) -> str | None:
    found = account.find(stripe_event.about)
    return account.note(_scope(stripe_event, found.tenant_id), found)


def _refund(stripe_event: StripeEvent) -> None:
    """Of the event only the intent is taken; whose it is, Stripe says."""
    tenant_id, order_id = stripe.owner(stripe_event.intent_id)
    settle.look(_scope(stripe_event, tenant_id), order_id, stripe_event.intent_id)


def _dispute(stripe_event: StripeEvent) -> None:
    claim = refund_stripe.claim(stripe_event.about)
    tenant_id, order_id = stripe.owner(claim.intent_id)
    dispute.settle(_scope(stripe_event, tenant_id), order_id, claim)


def _take_back(stripe_event: StripeEvent) -> None:
    sent = payout_stripe.find(stripe_event.about)
    pay_out.found(_scope(stripe_event, sent.tenant_id), sent)


ACTS: tuple[tuple[str, Callable[[StripeEvent], str | None]], ...] = (  # by what a type begins with
    (INTENTS, _settle),
    (ACCOUNTS, _note),
    (TRANSFERS, _take_back),
    (DISPUTES, _dispute),
    (REFUNDS, _refund),
    (OF_CHARGES, _refund),
)


def _scope(stripe_event: StripeEvent, tenant_id: str) -> Scope:
    return scope_of(
        now=now(),
        tenant_id=tenant_id,
        actor=ACTOR,
        correlation_id=stripe_event.event_id,
        causation_id=stripe_event.event_id,
    )


def _ignore(webhook: Webhook, reason: str) -> None:
    key = keys.inbox(webhook.source, webhook.event_id)
    commit([writes.update(key, "SET ignored = :reason", {"reason": reason})])
