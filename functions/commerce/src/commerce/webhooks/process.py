"""No route: the FIFO queue of the platform's webhooks, each a pointer to one that was stored.

The tenant and the order come from our metadata, which is checked against what Stripe has of the intent and
against what we stored of the order. A suspended tenant's payments are settled too: money is a fact.
"""

import json

from commerce import settling
from commerce.order import ORDER
from commerce.stripe_intents import NotOurs
from commerce.webhooks import hints
from commerce.webhooks.hints import INTENTS, Hint
from troupe import inbox, keys, writes
from troupe.clock import now
from troupe.commit import commit
from troupe.decider import Rejected
from troupe.ids import is_uuid
from troupe.inbox import Webhook
from troupe.observability import outcome
from troupe.request import scope_of
from troupe.store import load

ACTOR = "stripe"


def act(webhook: Webhook) -> None:
    """Take one event in. Whatever is repeated of it is repeated without effect."""
    hint = hints.read(json.loads(webhook.body))
    ignored = _settle(hint) if hint.type.startswith(INTENTS) else "not_settled_here"
    if ignored:
        _ignore(webhook, ignored)
    outcome("webhook_processed", event_id=hint.event_id, type=hint.type, ignored=ignored)


handler = inbox.processor(act)


def _settle(hint: Hint) -> str | None:
    """Why nothing comes of it, if nothing does."""
    if not (is_uuid(hint.tenant_id) and is_uuid(hint.order_id)):
        return "not_ours"
    if not load(hint.tenant_id, ORDER, hint.order_id).version:
        return "unknown_order"
    scope = scope_of(
        now=now(),
        tenant_id=hint.tenant_id,
        actor=ACTOR,
        correlation_id=hint.event_id,
        causation_id=hint.event_id,
    )
    try:
        settling.ask(scope, hint.order_id, hint.intent_id)
    except NotOurs:
        return "metadata_mismatch"
    except Rejected as refused:
        return refused.code
    return None


def _ignore(webhook: Webhook, reason: str) -> None:
    key = keys.inbox(webhook.source, webhook.event_id)
    commit([writes.update(key, "SET ignored = :reason", {"reason": reason})])
