"""An order's hold: taken chunk by chunk where it is large, given back once, and taken anew for late money.

Each step is a transaction with the order's version as its guard, so that any number of hands may try it, and
what is done is not done again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from commerce.inventory.decide_allocation import Allocation
from commerce.inventory.items import StockKeys
from commerce.inventory.state import RELEASE, RESERVE, Move
from commerce.order import items
from commerce.order.commands import (
    CancelOrder,
    Command,
    ExpireOrder,
    FinishRelease,
    GiveUp,
    ReleaseChunk,
    ReserveChunk,
)
from commerce.order.decider import ORDER
from commerce.order.state import Order
from commerce.promotion import budget
from commerce.supplier_order.commands import ReleaseSupplierOrder
from commerce.supplier_order.lines import LineAllocation
from commerce.supplier_order.state import SupplierLine, SupplierOrder
from troupe.domain.decider import Rejected
from troupe.store import reads
from troupe.store.aggregates import Change, Stored
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, Unknown, load, transact
from troupe.store.writes import Action

OUT_OF_STOCK = Rejected("out_of_stock", "There is not as much left.")


def order_of(found: Stored[Any]) -> Order:
    """The order that was read, or `Unknown`."""
    if isinstance(found.state, Order):
        return found.state
    raise Unknown(found.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrderRecord:
    """A supplier's part of an order, as it was read."""

    found: Stored[Any]
    part: SupplierOrder

    @property
    def ref(self) -> items.PartRef:
        return items.part_ref(self.found.id)


def supplier_orders(at: Snapshot, order: Order, *more: Key) -> tuple[Snapshot, list[SupplierOrderRecord]]:
    """The parts of an order, read after it; the snapshot with them, and `more`, in it."""
    refs = [items.part_ref(each) for each in order.supplier_orders]
    wanted = [*(ref.key(at.scope.tenant_id) for ref in refs), *more]
    full = Snapshot(scope=at.scope, items={**at.items, **reads.batch(wanted)})
    found = [full.of(ref) for ref in refs]
    return full, [SupplierOrderRecord(found=each, part=supplier_order_of(each)) for each in found]


def supplier_order_of(found: Stored[Any]) -> SupplierOrder:
    """A supplier's part of an order that was read, or `Unknown`."""
    if isinstance(found.state, SupplierOrder):
        return found.state
    raise Unknown(found.id)


# It ends, and everything goes back at once.


def end(scope: Scope, order_id: str, command: ExpireOrder | CancelOrder) -> Stored[Any]:
    """Give up an order that is not paid; one of many chunks goes back chunk by chunk."""
    ref = items.order_ref(order_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, command)
        if not changed.events or order_of(changed.after).hold == "held":
            return Decision(changes=(changed,))
        return _ended(at, changed)

    ended = transact(scope, (ref,), decide).first
    return advance(scope, order_id) if order_of(ended).detail_status == "releasing" else ended


def _ended(at: Snapshot, changed: Change[Any, Any, Any]) -> Decision:
    order = order_of(changed.before)
    offers = (budget.offer_key(at.scope.tenant_id, each) for each in order.budgets)
    full, sold = supplier_orders(at, order, *offers)
    released = [full.decide(each.ref, ReleaseSupplierOrder()) for each in sold]
    stock = () if order.chunks is not None else _moves(at.scope.tenant_id, RELEASE, _allocated(sold))
    return Decision(changes=(changed, *released), actions=(*stock, *_budgets(full, order)))


def _budgets(at: Snapshot, order: Order) -> Iterable[Action]:
    offers = filter(None, (budget.find(at, each) for each in order.budgets))
    return (
        action for offer in offers for action in budget.returned(at.scope.tenant_id, offer, order.customer.id)
    )


def _allocated(
    sold: Iterable[SupplierOrderRecord], chunk: int | None = None
) -> list[tuple[SupplierLine, LineAllocation]]:
    return [
        (line, each)
        for some in sold
        for line in some.part.lines
        for each in line.allocations
        if each.held and chunk in {None, each.chunk}
    ]


def _moves(
    tenant_id: str, move: Move, allocated: Iterable[tuple[SupplierLine, LineAllocation]]
) -> tuple[Action, ...]:
    return tuple(
        StockKeys(tenant_id, line.product_id).move(
            move,
            Allocation(
                variant_id=line.variant_id,
                location_id=each.location_id,
                bucket=each.bucket,
                quantity=each.held,
            ),
        )
        for line, each in allocated
    )


# Chunk by chunk, forward or backward.


def advance(scope: Scope, order_id: str) -> Stored[Any]:
    """Bring an order that is half reserved, or half given back, to its end."""
    while True:
        found = load(scope.tenant_id, ORDER, order_id)
        order = order_of(found)
        match order.detail_status:
            case "reserving":
                left = [each for each in range(order.chunks or 0) if each not in order.done_chunks]
                _try_chunk(scope, order_id, left[0])
            case "releasing" if order.done_chunks:
                _step(scope, order_id, ReleaseChunk(chunk=order.done_chunks[-1]))
            case "releasing":
                _step(scope, order_id, FinishRelease())
            case _:
                return found


def _try_chunk(scope: Scope, order_id: str, chunk: int) -> None:
    try:
        _step(scope, order_id, ReserveChunk(chunk=chunk))
    except Rejected as refused:
        if refused.code != OUT_OF_STOCK.code:
            raise
        _step(scope, order_id, GiveUp())


def _step(scope: Scope, order_id: str, command: Command) -> None:
    ref = items.order_ref(order_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, command)
        if not changed.events:
            return Decision(changes=(changed,))
        match command:
            case ReserveChunk(chunk=chunk):
                move = RESERVE
            case ReleaseChunk(chunk=chunk):
                move = RELEASE
            case FinishRelease():
                return _ended(at, changed)
            case _:
                return Decision(changes=(changed,))
        _, sold = supplier_orders(at, order_of(changed.before))
        return Decision(changes=(changed,), actions=_chunk(at.scope.tenant_id, move, _allocated(sold, chunk)))

    transact(scope, (ref,), decide)


def _chunk(
    tenant_id: str, move: Move, allocated: Sequence[tuple[SupplierLine, LineAllocation]]
) -> tuple[Action, ...]:
    actions = _moves(tenant_id, move, allocated)
    return actions if move is RELEASE else tuple(replace(each, refused=OUT_OF_STOCK) for each in actions)
