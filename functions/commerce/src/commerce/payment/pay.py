"""To pay an order: one PaymentIntent, confirmed attempt by attempt, each under a key of its own.

The attempt is written down before it is made. If its outcome is lost, the same request makes the same attempt
again, under the same key; a card that is declined costs an attempt, and the hold stays until it expires.
"""

from dataclasses import dataclass
from typing import Any

from commerce.order import items
from commerce.order.commands import CancelOrder, ExpireOrder, StartPayment
from commerce.order.decide_payment import payable
from commerce.order.decider import ORDER
from commerce.order.reservation import end, order_of
from commerce.order.state import Order
from commerce.payment import settle, stripe
from troupe.domain.decider import Rejected
from troupe.store.aggregates import Stored
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, load, transact
from troupe.stripe.client import Misused


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """The order after an attempt; the secret lets the customer's browser answer the bank's question."""

    order: Stored[Any]
    client_secret: str | None = None


def pay(scope: Scope, order_id: str, payment_method: str, order: Order) -> Paid:
    payable(order, scope.context.now)
    if order.payment.status == "started" and order.payment.payment_method != payment_method:
        order = _settled(scope, order_id, order)
    intent_id = order.payment.payment_intent_id or stripe.create(scope.tenant_id, order_id, order)
    started = order_of(_start(scope, order_id, payment_method, intent_id))
    refused = _confirm(scope, order_id, started)
    found, secret = settle.ask(scope, order_id, intent_id)
    if refused and order_of(found).payment.status == "started":
        raise Rejected("payment_method_refused", "Stripe does not take that payment method.")
    return Paid(order=found, client_secret=secret)


def _settled(scope: Scope, order_id: str, order: Order) -> Order:
    """Another card while an attempt is open: first what became of that attempt."""
    intent, _ = stripe.find(scope.tenant_id, order_id, order.payment.payment_intent_id or "")
    if intent.status == "processing":
        raise Rejected("payment_under_way", "Its payment is being processed.")
    after = order_of(settle.settle(scope, order_id, intent))
    payable(after, scope.context.now)
    return after


def _start(scope: Scope, order_id: str, payment_method: str, intent_id: str) -> Stored[Any]:
    ref = items.order_ref(order_id)
    command = StartPayment(payment_method=payment_method, payment_intent_id=intent_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, command)
        guards = (settle.claimed(scope.tenant_id, intent_id, order_id),) if changed.events else ()
        return Decision(changes=(changed,), actions=guards)

    return transact(scope, (ref,), decide).first


def _confirm(scope: Scope, order_id: str, order: Order) -> bool:
    """Whether Stripe refused the call: it does not fit, such as a second attempt after the first one paid."""
    try:
        stripe.confirm(scope.tenant_id, order_id, order)
    except Misused:
        return True
    return False


def give_up(scope: Scope, order_id: str, command: ExpireOrder | CancelOrder) -> Stored[Any]:
    """End an order that is not paid, and its intent: if that was paid meanwhile, it is late money."""
    end(scope, order_id, command)
    found = load(scope.tenant_id, ORDER, order_id)
    order = order_of(found)
    if order.payment.status == "reversing":
        return settle.reverse(scope, order_id, found)
    intent_id = order.payment.payment_intent_id
    if order.hold != "released" or intent_id is None or order.payment.captured_cents:
        return found
    stripe.cancel(scope.tenant_id, order_id, intent_id)
    return settle.ask(scope, order_id, intent_id)[0]
