"""Applies the state of a payment at Stripe to its order, the same for each caller.

The customer's return, Stripe's webhook, the end of the hold and a sweep all come here. The
webhook's content is ignored; the intent is fetched from Stripe, so repeats and wrong order do no harm.
"""

from typing import Any

from commerce.order import items
from commerce.order.commands import FindPayment, Intent, RecordReversal
from commerce.order.decide_payment import fate
from commerce.order.decider import ORDER
from commerce.order.reservation import order_of
from commerce.payment import late_payment, stripe
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.aggregates import Stored
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.table import Unavailable
from troupe.store.transact import Decision, Snapshot, load, transact


def guard(tenant_id: str, intent_id: str) -> Key:
    """Which order an intent is for."""
    return keys.unique("payment_intent", intent_id, tenant_id)


def claimed(tenant_id: str, intent_id: str, order_id: str) -> writes.Action:
    """The intent is this order's, and no other's."""
    return writes.update(
        guard(tenant_id, intent_id),
        "SET order_id = :order",
        {"order": order_id},
        condition="attribute_not_exists(PK) OR order_id = :order",
        refused=Rejected("payment_not_of_order", "That payment is another order's."),
    )


def settle(scope: Scope, order_id: str, intent: Intent) -> Stored[Any]:
    """Take the decision that the intent asks for, and carry it out."""
    match fate(order_of(load(scope.tenant_id, ORDER, order_id)), intent):
        case "record":
            _record(scope, order_id, intent)
        case "revive" | "reverse":
            late_payment.accept(scope, order_id, intent)
        case "wait":
            raise Unavailable("the order is between two states")
        case "nothing":
            pass
    found = load(scope.tenant_id, ORDER, order_id)
    if fate(order_of(found), intent) in {"revive", "reverse"}:  # it ended while this was decided
        return settle(scope, order_id, intent)
    return reverse(scope, order_id, found)


def _record(scope: Scope, order_id: str, intent: Intent) -> None:
    ref = items.order_ref(order_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, FindPayment(intent=intent))
        paid = order_of(changed.after).payment.captured_cents if changed.events else 0
        guards = (claimed(scope.tenant_id, intent.id, order_id),) if paid else ()
        return Decision(changes=(changed,), actions=guards)

    transact(scope, (ref,), decide)


def ask(scope: Scope, order_id: str, intent_id: str) -> tuple[Stored[Any], str | None]:
    """Ask Stripe how the intent stands, and settle it; the order after that, and the browser's secret."""
    intent, secret = stripe.find(scope.tenant_id, order_id, intent_id)
    return settle(scope, order_id, intent), secret


def reverse(scope: Scope, order_id: str, found: Stored[Any] | None = None) -> Stored[Any]:
    """Carry out what was decided: money that nothing is given for goes back."""
    found = found or load(scope.tenant_id, ORDER, order_id)
    payment = order_of(found).payment
    if payment.status != "reversing":
        return found
    refund_id = stripe.refund(scope.tenant_id, order_id, payment.payment_intent_id or "")
    ref = items.order_ref(order_id)
    command = RecordReversal(refund_id=refund_id)
    return transact(scope, (ref,), lambda at: Decision(changes=(at.decide(ref, command),))).first
