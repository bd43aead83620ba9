"""The transaction that an order is placed with: everything together, or nothing."""

from collections.abc import Mapping, Sequence

from commerce.checkout import read
from commerce.checkout.decide import Placement, Purchase
from commerce.inventory.decide_allocation import Allocation
from commerce.inventory.items import StockKeys
from commerce.inventory.state import RESERVE
from commerce.order import items
from commerce.order.values import Line
from commerce.promotion import budget
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action


def placement(at: Snapshot, _purchase: Purchase, placed: Placement) -> Decision:
    """The order and its supplier orders, its lines, and what is held of stock, budgets and suppliers."""
    order = at.decide(items.order_ref(placed.order_id, creates=True), placed.order)
    parts = [at.decide(items.part_ref(each, creates=True), create) for each, create in placed.parts.items()]
    return Decision(changes=(order, *parts), actions=tuple(_additional(at, placed)))


def _additional(at: Snapshot, placed: Placement) -> list[Action]:
    tenant_id, order = at.scope.tenant_id, placed.order
    actions = list(items.written(tenant_id, placed.order_id, order.lines))
    actions += [read.selling(tenant_id, each.supplier_id) for each in placed.parts.values()]
    for promotion_id in order.budgets:
        offer = budget.find(at, promotion_id)
        if offer is None:
            raise LookupError(f"the offer of {promotion_id} was not read")
        actions += budget.used(tenant_id, offer, order.customer.id)
    return actions if order.chunks else [*actions, *reserved(tenant_id, order.lines, placed.taken)]


def reserved(
    tenant_id: str, lines: Sequence[Line], taken: Mapping[str, tuple[Allocation, ...]]
) -> tuple[Action, ...]:
    return tuple(
        StockKeys(tenant_id, line.snapshot.product_id).move(RESERVE, each)
        for line in lines
        for each in taken[line.id]
    )
