"""No route: the FIFO queue of the platform's webhooks, each a pointer to one that was stored.

The tenant comes from our metadata, which is checked against what Stripe has of the object and against what
we stored. A suspended tenant's payments are settled too: money is a fact.
"""

import json

from commerce import payout_accounts, settling
from commerce.order import ORDER
from commerce.stripe_intents import NotOurs
from commerce.webhooks import hints
from commerce.webhooks.hints import ACCOUNTS, INTENTS, Hint
from troupe import inbox, keys, writes
from troupe.clock import now
from troupe.commit import commit
from troupe.decider import Rejected
from troupe.ids import is_uuid
from troupe.inbox import Webhook
from troupe.observability import outcome
from troupe.request import scope_of
from troupe.scope import Scope
from troupe.store import load

ACTOR = "stripe"


def act(webhook: Webhook) -> None:
    """Take one event in. Whatever is repeated of it is repeated without effect."""
    hint = hints.read(json.loads(webhook.body))
    ignored = _seen_to(hint)
    if ignored:
        _ignore(webhook, ignored)
    outcome("webhook_processed", event_id=hint.event_id, type=hint.type, ignored=ignored)


handler = inbox.processor(act)


def _seen_to(hint: Hint) -> str | None:
    """Why nothing comes of it, if nothing does."""
    try:
        if hint.type.startswith(INTENTS):
            return _settle(hint)
        if hint.type == ACCOUNTS:
            found = payout_accounts.find(hint.about)
            return payout_accounts.note(_scope(hint, found.tenant_id), found)
    except NotOurs:
        return "metadata_mismatch"
    except Rejected as refused:
        return refused.code
    return "not_settled_here"


def _settle(hint: Hint) -> str | None:
    if not (is_uuid(hint.tenant_id) and is_uuid(hint.order_id)):
        return "not_ours"
    if not load(hint.tenant_id, ORDER, hint.order_id).version:
        return "unknown_order"
    settling.ask(_scope(hint, hint.tenant_id), hint.order_id, hint.intent_id)
    return None


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
