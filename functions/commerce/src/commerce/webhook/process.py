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
from commerce.webhook.read import ACCOUNTS, DISPUTES, INTENTS, OF_CHARGES, REFUNDS, TRANSFERS, Hint
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
    """Take one event in. Whatever is repeated of it is repeated without effect."""
    hint = read.read(json.loads(webhook.body))
    ignored = _seen_to(hint)
    if ignored:
        _ignore(webhook, ignored)
    outcome("webhook_processed", event_id=hint.event_id, type=hint.type, ignored=ignored)


handler = inbox.processor(act)


def _seen_to(hint: Hint) -> str | None:
    """Why nothing comes of it, if nothing does."""
    try:
        return next(see_to for kind, see_to in ACTS if hint.type.startswith(kind))(hint)
    except NotOurs:
        return "metadata_mismatch"
    except Unknown:
        return "unknown_order"
    except Rejected as refused:
        return refused.code


def _settle(hint: Hint) -> str | None:
    if not (is_uuid(hint.tenant_id) and is_uuid(hint.order_id)):
        return "not_ours"
    if not load(hint.tenant_id, ORDER, hint.order_id).version:
        return "unknown_order"
    payment_settle.ask(_scope(hint, hint.tenant_id), hint.order_id, hint.intent_id)
    return None


def _note(hint: Hint) -> str | None:
    found = account.find(hint.about)
    return account.note(_scope(hint, found.tenant_id), found)


def _refund(hint: Hint) -> None:
    """Of the event only the intent is taken; whose it is, Stripe says."""
    tenant_id, order_id = stripe.owner(hint.intent_id)
    settle.look(_scope(hint, tenant_id), order_id, hint.intent_id)


def _dispute(hint: Hint) -> None:
    claim = refund_stripe.claim(hint.about)
    tenant_id, order_id = stripe.owner(claim.intent_id)
    dispute.settle(_scope(hint, tenant_id), order_id, claim)


def _take_back(hint: Hint) -> None:
    sent = payout_stripe.find(hint.about)
    pay_out.found(_scope(hint, sent.tenant_id), sent)


ACTS: tuple[tuple[str, Callable[[Hint], str | None]], ...] = (  # by what a type begins with
    (INTENTS, _settle),
    (ACCOUNTS, _note),
    (TRANSFERS, _take_back),
    (DISPUTES, _dispute),
    (REFUNDS, _refund),
    (OF_CHARGES, _refund),
)


def _scope(hint: Hint, tenant_id: str) -> Scope:
    return scope_of(
        now=now(),
        tenant_id=tenant_id,
        actor=ACTOR,
        correlation_id=hint.event_id,
        causation_id=hint.event_id,
    )


def _ignore(webhook: Webhook, reason: str) -> None:
    key = keys.inbox(webhook.source, webhook.event_id)
    commit([writes.update(key, "SET ignored = :reason", {"reason": reason})])
