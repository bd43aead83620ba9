"""To carry out at Stripe what was decided to go back, and to write down what became of it.

A refund is made once, also when answers get lost: it is looked for at Stripe by our id of it, and made
under its own key. Its result is always read from Stripe.
"""

from typing import Any

from commerce.order import items
from commerce.order.commands import FailRefund, FindRefund, RecordRefund
from commerce.order.decider import ORDER
from commerce.order.reservation import order_of
from commerce.payment.stripe import NotOurs
from commerce.payout import ledger
from commerce.refund import stripe
from commerce.refund.stripe import Made
from commerce.supplier_order.decide_refund import DropRefund, SettleRefund
from commerce.supplier_order.decider import id_of
from commerce.supplier_order.refund import Refund
from troupe.observability import outcome
from troupe.store.aggregates import Stored
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, execute, load, transact


def carry_out(scope: Scope, order_id: str) -> Stored[Any]:
    """Make the refunds that were decided. Returns the order; `PaymentFailed` if an outcome is unknown."""
    while True:
        found = load(scope.tenant_id, ORDER, order_id)
        order = order_of(found)
        refund = next((each for each in order.refunds if each.status == "requested"), None)
        if refund is None:
            return found
        intent_id = order.payment.payment_intent_id or ""
        currency = order.totals.currency
        _settle(scope, order_id, refund, stripe.make(scope.tenant_id, order_id, intent_id, refund, currency))


def look(scope: Scope, order_id: str, intent_id: str) -> None:
    """Compare what we know of an order's refunds with what Stripe has of them. Raises `NotOurs`.

    What has an id of Stripe's alone was made there by hand. An id of ours that the order does not know is of
    a refund that is being decided just now.
    """
    order = order_of(load(scope.tenant_id, ORDER, order_id))
    if order.payment.payment_intent_id != intent_id:
        raise NotOurs(intent_id)
    known = {each.id: each for each in order.refunds}
    for name, made in stripe.made(scope.tenant_id, intent_id).items():
        if name in known:
            _settle(scope, order_id, known[name], made)
        elif name == made.id and made.code is None:
            found = FindRefund(stripe_refund_id=made.id, amount_cents=made.amount_cents)
            execute(scope, items.order_ref(order_id), found)


def _settle(scope: Scope, order_id: str, refund: Refund, made: Made) -> None:
    """Write down what became of it, for the order, the parts and the suppliers' ledgers."""
    command = _command_of(refund, made)
    ref, tenant_id = items.order_ref(order_id), scope.tenant_id
    refs = [items.part_ref(id_of(order_id, each)) for each in refund.suppliers]
    over = SettleRefund if isinstance(command, RecordRefund) else DropRefund

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, command)
        if not changed.events:
            return Decision(changes=(changed,))
        parts = [at.decide(part, _part(over, part.id, refund)) for part in refs]
        postings = (action for part in parts for action in ledger.posted(tenant_id, part))
        return Decision(changes=(changed, *parts), actions=tuple(postings))

    done = transact(scope, (ref, *refs), decide)
    if done.changes[0].events:
        outcome("refund_settled", tenant_id=tenant_id, order_id=order_id, refund_id=refund.id, code=made.code)


def _command_of(refund: Refund, made: Made) -> RecordRefund | FailRefund:
    if made.code is None:
        return RecordRefund(refund_id=refund.id, stripe_refund_id=made.id)
    return FailRefund(refund_id=refund.id, code=made.code)


def _part(over: type[SettleRefund | DropRefund], part_id: str, refund: Refund) -> SettleRefund | DropRefund:
    supplier_id = part_id.partition(".")[2]
    return over(
        refund_id=refund.id,
        lines=refund.units(supplier_id),
        shipping_cents=refund.shipping.get(supplier_id, 0),
    )
