"""A customer's bank asks for the money of an order: nothing of it is paid out until that is decided."""

from commerce.order import items, reservation
from commerce.order.commands import FindDispute
from commerce.order.reservation import order_of
from commerce.payment.stripe import NotOurs
from commerce.refund.stripe import Claim
from commerce.supplier_order.payout_commands import FreezePayout, ReleasePayout
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact


def settle(scope: Scope, order_id: str, claim: Claim) -> None:
    """Write down how it stands, and freeze or free all suppliers' payouts. What is lost stays frozen."""
    ref = items.order_ref(order_id)
    told = FindDispute(
        dispute_id=claim.id, amount_cents=claim.amount_cents, reason=claim.reason, outcome=claim.outcome
    )
    freed = claim.outcome in {"won", "withdrawn"}
    payout = ReleasePayout(dispute_id=claim.id) if freed else FreezePayout(dispute_id=claim.id)

    def decide(at: Snapshot) -> Decision:
        order = order_of(at.of(ref))
        if order.payment.payment_intent_id != claim.intent_id:
            raise NotOurs(claim.id)
        changed = at.decide(ref, told)
        if not changed.events:
            return Decision(changes=(changed,))
        full, sold = reservation.supplier_orders(at, order)
        return Decision(changes=(changed, *(full.decide(each.ref, payout) for each in sold)))

    transact(scope, (ref,), decide)
