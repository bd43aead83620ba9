"""Late money: either everything is reserved anew and the order is paid after all, or the money goes back."""

import random
from collections.abc import Sequence

from commerce.checkout import read
from commerce.checkout.decide import allocations_of
from commerce.checkout.decide_quote import RequestedLine
from commerce.inventory.decide_allocation import Allocation, choose
from commerce.inventory.items import StockKeys
from commerce.inventory.state import RESERVE
from commerce.order import items
from commerce.order.commands import Intent, ReinstateOrder, ReversePayment
from commerce.order.decide_payment import fate
from commerce.order.reservation import OUT_OF_STOCK, SupplierOrderRecord, order_of, supplier_orders
from commerce.supplier_order.commands import ReinstateSupplierOrder
from commerce.supplier_order.lines import Reservation
from troupe.domain.decider import Rejected
from troupe.store.commit import MOST_ACTIONS
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact
from troupe.store.writes import Action

ACTIONS = 6  # the order's three events, its state, and what is said of the payment

_dice = random.SystemRandom()


def accept(scope: Scope, order_id: str, intent: Intent) -> None:
    """Revive the order with its payment, or decide that the payment goes back: one of the two, once."""
    try:
        _reinstate(scope, order_id, intent)
    except Rejected:  # what it takes is not to be had any more
        _reverse(scope, order_id, intent)


def _reverse(scope: Scope, order_id: str, intent: Intent) -> None:
    ref = items.order_ref(order_id)
    transact(scope, (ref,), lambda at: Decision(changes=(at.decide(ref, ReversePayment(intent=intent)),)))


def _reinstate(scope: Scope, order_id: str, intent: Intent) -> None:
    ref = items.order_ref(order_id)

    def decide(at: Snapshot) -> Decision:
        order = order_of(at.of(ref))
        if fate(order, intent) != "revive":
            raise OUT_OF_STOCK
        changed = at.decide(ref, ReinstateOrder(intent=intent))
        if order_of(changed.after).hold != "held":  # not what it costs
            return Decision(changes=(changed,))
        full, sold = supplier_orders(at, order)
        return _reinstated(full, Decision(changes=(changed,)), sold)

    transact(scope, (ref,), decide)


def _reinstated(at: Snapshot, decided: Decision, sold: Sequence[SupplierOrderRecord]) -> Decision:
    tenant_id = at.scope.tenant_id
    wishes = [
        RequestedLine(product_id=line.product_id, variant_id=line.variant_id, quantity=line.quantity)
        for each in sold
        for line in each.part.lines
    ]
    full = read.with_stock(at, wishes, ())
    changes, actions = list(decided.changes), list[Action]()
    for each in sold:
        taken, moves = _reserved(full, each)
        changes.append(full.decide(each.ref, ReinstateSupplierOrder(taken=taken)))
        actions += [read.selling(tenant_id, each.part.supplier_id), *moves]
    if ACTIONS + 2 * len(sold) + len(actions) > MOST_ACTIONS:
        raise OUT_OF_STOCK
    return Decision(changes=tuple(changes), actions=tuple(actions))


def _reserved(at: Snapshot, sold: SupplierOrderRecord) -> tuple[tuple[Reservation, ...], list[Action]]:
    """Where a supplier's lines come from now, and the moves that take it from there."""
    lines = sold.part.lines
    requested_lines = [
        RequestedLine(product_id=each.product_id, variant_id=each.variant_id, quantity=1) for each in lines
    ]
    seen = [bucket for requested in requested_lines for bucket in read.seen(at, requested)]
    choice = choose(dict(each.wants for each in lines), seen, _dice.randrange)
    if choice.short:
        raise OUT_OF_STOCK
    taken: list[Reservation] = []
    moves: list[Action] = []
    for line in lines:
        mine: list[Allocation] = [each for each in choice.allocations if each.variant_id == line.variant_id]
        taken.append(Reservation(line_id=line.id, allocations=allocations_of(line.id, mine)))
        moves += [StockKeys(at.scope.tenant_id, line.product_id).move(RESERVE, each) for each in mine]
    return tuple(taken), moves
