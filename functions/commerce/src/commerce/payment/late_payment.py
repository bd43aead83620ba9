"""Late money: either everything is reserved anew and the order is paid after all, or the money goes back."""

import random
from collections.abc import Sequence

from commerce.checkout import read
from commerce.checkout.decide import held
from commerce.checkout.decide_quote import Wish
from commerce.inventory.decide_allocation import Allocation, choose
from commerce.inventory.items import Shelf
from commerce.inventory.state import RESERVE
from commerce.order import items
from commerce.order.commands import Intent, ReversePayment, ReviveOrder
from commerce.order.decide_payment import fate
from commerce.order.reservation import SHORT, Sold, order_of, parts
from commerce.supplier_order.commands import ReviveSupplierOrder
from commerce.supplier_order.lines import Taken
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
        _revive(scope, order_id, intent)
    except Rejected:  # what it takes is not to be had any more
        _reverse(scope, order_id, intent)


def _reverse(scope: Scope, order_id: str, intent: Intent) -> None:
    ref = items.order_ref(order_id)
    transact(scope, (ref,), lambda at: Decision(changes=(at.decide(ref, ReversePayment(intent=intent)),)))


def _revive(scope: Scope, order_id: str, intent: Intent) -> None:
    ref = items.order_ref(order_id)

    def decide(at: Snapshot) -> Decision:
        order = order_of(at.of(ref))
        if fate(order, intent) != "revive":
            raise SHORT
        changed = at.decide(ref, ReviveOrder(intent=intent))
        if order_of(changed.after).hold != "held":  # not what it costs
            return Decision(changes=(changed,))
        full, sold = parts(at, order)
        return _revived(full, Decision(changes=(changed,)), sold)

    transact(scope, (ref,), decide)


def _revived(at: Snapshot, decided: Decision, sold: Sequence[Sold]) -> Decision:
    tenant_id = at.scope.tenant_id
    wishes = [
        Wish(product_id=line.product_id, variant_id=line.variant_id, quantity=line.quantity)
        for each in sold
        for line in each.part.lines
    ]
    full = read.completed(at, wishes, ())
    changes, actions = list(decided.changes), list[Action]()
    for each in sold:
        taken, moves = _taken(full, each)
        changes.append(full.decide(each.ref, ReviveSupplierOrder(taken=taken)))
        actions += [read.selling(tenant_id, each.part.supplier_id), *moves]
    if ACTIONS + 2 * len(sold) + len(actions) > MOST_ACTIONS:
        raise SHORT
    return Decision(changes=tuple(changes), actions=tuple(actions))


def _taken(at: Snapshot, sold: Sold) -> tuple[tuple[Taken, ...], list[Action]]:
    """Where a supplier's lines come from now, and the moves that take it from there."""
    lines = sold.part.lines
    wish_of = [Wish(product_id=each.product_id, variant_id=each.variant_id, quantity=1) for each in lines]
    seen = [bucket for wish in wish_of for bucket in read.seen(at, wish)]
    choice = choose(dict(each.wants for each in lines), seen, _dice.randrange)
    if choice.short:
        raise SHORT
    taken: list[Taken] = []
    moves: list[Action] = []
    for line in lines:
        mine: list[Allocation] = [each for each in choice.allocations if each.variant_id == line.variant_id]
        taken.append(Taken(line_id=line.id, allocations=held(line.id, mine)))
        moves += [Shelf(at.scope.tenant_id, line.product_id).move(RESERVE, each) for each in mine]
    return tuple(taken), moves
