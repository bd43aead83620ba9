"""No route: the FIFO queue of Stripe's webhooks, each a pointer to one that was stored.

The tenant and the workspace come from the guard of `event.account` and from nothing else (S-33): an invoice's
id in an event finds only what that account has. Then the event has done its part; what is recorded is what
Stripe tells when it is asked. What fails comes again, and ends in the dead-letter queue with its reason on
the inbox item: nothing is lost, and `make replay` has it done.

A suspended tenant's events are processed too. They are facts; its mails and charges are stopped where they
would be made, and what was paid meanwhile must not be dunned for afterwards.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.state import Attempt
from recovery.card_expiry import resolve
from recovery.case import transactions
from recovery.invoice import json as invoice_json
from recovery.reconciliation import pending_payments, read, sync
from recovery.reconciliation.read import Owner
from recovery.stripe import event as stripe_events
from recovery.stripe.event import StripeEvent, Subject
from recovery.stripe.gateway import Gateway
from recovery.stripe_account import transactions as stripe_account_transactions
from recovery.stripe_account.decider import STRIPE_ACCOUNT
from recovery.webhook.body import unpacked
from troupe.clock import now
from troupe.edge.request import scope_of
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
    stripe_event, happened_at = _read(webhook)
    owner, ignored = _owner(stripe_event)
    if owner is not None and stripe_event.subject is not None:
        scope = scope_of(
            now=now(),
            tenant_id=owner.tenant_id,
            actor=ACTOR,
            correlation_id=stripe_event.event_id,
            causation_id=stripe_event.event_id,
        )
        ignored = SUBJECTS[stripe_event.subject](_Event(stripe_event, happened_at, owner, scope))
    if ignored:
        _ignore(webhook, ignored)
    outcome("webhook_processed", event_id=stripe_event.event_id, type=stripe_event.type, ignored=ignored)


handler = inbox.processor(act)


class _Event:
    """An event of an account that is connected."""

    def __init__(self, stripe_event: StripeEvent, happened_at: datetime, owner: Owner, scope: Scope) -> None:
        self.stripe_event, self.happened_at, self.owner, self.scope = stripe_event, happened_at, owner, scope

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.owner.stripe_account_id)


def _read(webhook: Webhook) -> tuple[StripeEvent, datetime]:
    event = cast("dict[str, Any]", json.loads(unpacked(webhook)))
    return stripe_events.read(event), invoice_json.instant(
        event, "created"
    ) or webhook.received_at.astimezone(UTC)


def _owner(stripe_event: StripeEvent) -> tuple[Owner | None, str | None]:
    """The tenant of the event, or why it has none."""
    if not stripe_event.account_id:
        return None, "platform_event"
    if stripe_event.subject is None:
        return None, "uninteresting_type"
    try:
        owner = read.owner_of(stripe_event.account_id)
    except keys.ForeignKey:
        owner = None
    if owner is None:
        return None, "unknown_account"
    if owner.livemode != stripe_event.livemode and stripe_event.subject != "account":
        return None, "wrong_livemode"
    return owner, None


def _ignore(webhook: Webhook, reason: str) -> None:
    commit([
        writes.update(
            keys.inbox(webhook.source, webhook.event_id), "SET ignored = :reason", {"reason": reason}
        )
    ])  # fmt: skip


# By what an event is about: each tells why nothing came of it, if nothing did.


def _deauthorized(event: _Event) -> str | None:
    """One write stops everything in the account's name (S-39); what is open is held by who hears of it."""
    try:
        ended = stripe_account_transactions.deauthorized(
            event.scope, event.owner.account_id, event.happened_at
        )
    except Unknown:
        return "unknown_account"
    return None if ended.changes[0].events else "known_already"


def _connected(take: Callable[[_Event], str | None]) -> Callable[[_Event], str | None]:
    """Nothing is asked in the name of an account that is disconnected; to reconnect it asks for all of it."""

    def taken(event: _Event) -> str | None:
        account = load(event.owner.tenant_id, STRIPE_ACCOUNT, event.owner.account_id).state
        connected = account is not None and account.status == "connected"
        return take(event) if connected else "account_disconnected"

    return taken


def _invoice(event: _Event) -> str | None:
    named = event.stripe_event.invoice_id
    if named is None:
        return _intent(event)
    return _synced(event, named)


def _synced(event: _Event, invoice_id: str) -> str | None:
    """Its case; and a renewal that went through is no more to be feared for."""
    came = sync.sync(event.scope, event.owner, invoice_id)
    settled = came.fetched is not None and resolve.renewed(event.scope, event.owner, came.fetched)
    return None if settled else came.ignored


def _intent(event: _Event) -> str | None:
    """A PaymentIntent, or what points to one; one of no invoice that Stripe links yet is parked (S-81)."""
    stripe_event, gateway = event.stripe_event, event.gateway
    invoice_id, intent_id = stripe_event.invoice_id, stripe_event.payment_intent_id
    if invoice_id is None and intent_id is None and stripe_event.charge_id:
        intent_id = gateway.intent_of(stripe_event.charge_id)
    if invoice_id is None and intent_id:
        invoice_id = gateway.invoice_of(intent_id)
    if invoice_id:
        return _synced(event, invoice_id)
    if intent_id is None:
        return "no_invoice"
    pending_payments.keep(
        event.owner.tenant_id, event.owner.stripe_account_id, intent_id, stripe_event.event_id
    )
    return "parked"


def _subscription(event: _Event) -> str | None:
    """Its open cases, and the warning of an expiry that may be over."""
    return _of_customer(
        event, lambda attempt: attempt.stripe_subscription_id == event.stripe_event.subscription_id
    )


def _customer(event: _Event) -> str | None:
    """All open cases: another default, or new data of a card, is another card for each (S-22, S-54)."""
    return _of_customer(event, lambda _: True)


def _of_customer(event: _Event, concerned: Callable[[Attempt], bool]) -> str | None:
    owner, customer = event.owner, event.stripe_event.customer_id
    if customer is None:
        return "no_customer"
    settled = resolve.settle(event.scope, owner, event.stripe_event)
    invoices = list(_open_invoices(owner, customer, concerned))
    for invoice_id in invoices:
        _synced(event, invoice_id)
    return None if invoices or settled else "nothing_open"


def _open_invoices(owner: Owner, customer: str, concerned: Callable[[Attempt], bool]) -> Iterable[str]:
    for attempt_id in transactions.of_customer(owner.tenant_id, owner.stripe_account_id, customer):
        state = load(owner.tenant_id, RECOVERY_ATTEMPT, attempt_id).state
        if isinstance(state, Attempt) and state.pending and concerned(state):
            yield state.stripe_invoice_id


SUBJECTS: Mapping[Subject, Callable[[_Event], str | None]] = {
    "account": _deauthorized,
    "invoice": _connected(_invoice),
    "intent": _connected(_intent),
    "subscription": _connected(_subscription),
    "customer": _connected(_customer),
}
