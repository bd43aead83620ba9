"""A supplier's part of an order and the order itself, moved together: its lines, their stock, the status.

The part decides, the order follows in the same transaction, and the stock moves under conditions of its own.
So of two commands that move the same units only one succeeds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commerce.inventory.items import StockKeys, moving
from commerce.inventory.state import CONSUME, RECALL, RELEASE, RETURN, Move
from commerce.order import items
from commerce.order.commands import MoveLines
from commerce.order.decide_fulfilment import fulfilled, moves, overdue
from commerce.order.decider import ORDER
from commerce.order.items import OrderRef, PartRef
from commerce.order.reservation import order_of, supplier_order_of
from commerce.order.state import Order
from commerce.order.values import Reason
from commerce.refund import transactions
from commerce.refund.transactions import RefundedPart
from commerce.supplier_order.commands import (
    CancelLines,
    CompleteLines,
    LineSelection,
    Moving,
    RejectUnanswered,
)
from commerce.supplier_order.decider import id_of
from commerce.supplier_order.events import (
    Event,
    SupplierOrderLinesCancelled,
    SupplierOrderLinesRejected,
    SupplierOrderLinesShipped,
    SupplierOrderReturnApproved,
    SupplierOrderShipmentRecalled,
)
from commerce.supplier_order.lines import LineQuantity, Withdrawal
from commerce.supplier_order.state import SupplierLine, SupplierOrder
from troupe.domain.decider import Rejected
from troupe.store.aggregates import Stored
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, load, transact
from troupe.store.writes import Action

MOST_MOVES = 90  # of stock, beside what else stands in the transaction
type CommandOf = Callable[[Order, SupplierOrder], Moving | None]

UNCOUNTED = Rejected("insufficient_on_hand", "Less is on hand there than is to leave: count the stock first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A supplier's part of an order, by what it is called."""

    order_id: str
    supplier_id: str

    @property
    def ref(self) -> PartRef:
        return items.part_ref(id_of(self.order_id, self.supplier_id))

    @property
    def order(self) -> OrderRef:
        return items.order_ref(self.order_id)

    @property
    def wanted(self) -> tuple[PartRef, OrderRef]:
        """What is read of it: the part is what `If-Match` speaks of."""
        return self.ref, self.order


def named(supplier_order_id: str) -> Part:
    order_id, _, supplier_id = supplier_order_id.partition(".")
    return Part(order_id=order_id, supplier_id=supplier_id)


def moved(at: Snapshot, part: Part, command: Moving, reason: Reason = "rejected") -> Decision:
    """What comes of a command for the part, the order and the stock; `reason`: if nothing is left to send."""
    found, order = at.of(part.ref), at.of(part.order)
    fulfilled(order_of(order))
    changed = at.decide(part.ref, command)
    after = MoveLines(
        supplier_id=part.supplier_id,
        moves=moves(supplier_order_of(found), supplier_order_of(changed.after)),
        reason=reason,
    )
    stock = _stock(at.scope.tenant_id, supplier_order_of(found), changed.events)
    unsent = tuple(units for event in changed.events for units in _unsent(event))
    if not unsent:
        return Decision(changes=(changed, at.decide(part.order, after)), actions=stock)
    wish = RefundedPart(part=changed, lines=unsent)
    asked = transactions.ask(at, at.decide(part.order, after), (wish,))
    return Decision(changes=(*asked.parts, asked.order), actions=stock)


def _unsent(event: Event) -> tuple[LineQuantity, ...]:
    """What was paid, and is not sent: that goes back."""
    match event:
        case SupplierOrderLinesRejected(lines=lines) | SupplierOrderLinesCancelled(lines=lines):
            return lines
        case _:
            return ()


def _stock(tenant_id: str, part: SupplierOrder, events: Iterable[Event]) -> tuple[Action, ...]:
    found = tuple(action for event in events for action in _moves(tenant_id, part, event))
    if len(found) > MOST_MOVES:
        raise Rejected("too_many_lines", "That is too much for one step: name fewer lines.")
    return found


def _moves(tenant_id: str, part: SupplierOrder, event: Event) -> Iterable[Action]:
    match event:
        case SupplierOrderLinesRejected(stock=stock) | SupplierOrderLinesCancelled(stock=stock):
            return _moving(tenant_id, part, stock, RELEASE)
        case SupplierOrderLinesShipped(stock=stock):
            return _moving(tenant_id, part, stock, CONSUME, UNCOUNTED)
        case SupplierOrderShipmentRecalled(stock=stock):
            return _moving(tenant_id, part, stock, RECALL)
        case SupplierOrderReturnApproved(stock=stock):
            return _moving(tenant_id, part, stock, RETURN)
        case _:
            return ()


def _moving(
    tenant_id: str,
    part: SupplierOrder,
    stock: Iterable[Withdrawal],
    move: Move,
    refused: Rejected | None = None,
) -> Iterable[Action]:
    line_of: Mapping[str, SupplierLine] = {line.id: line for line in part.lines}
    for each in stock:
        line = line_of[each.line_id]
        key = StockKeys(tenant_id, line.product_id).key(line.variant_id, each.location_id, each.bucket)
        yield moving(key, move, each.quantity, refused)


# What is done by the clock, or for a whole order, however much of it there is.


def reject_unanswered(scope: Scope, order_id: str) -> None:
    """What no supplier has answered in time is rejected."""
    now = scope.context.now

    def command_of(order: Order, part: SupplierOrder) -> Moving | None:
        lines = [line for line in part.lines if line.state == "reserved"]
        return RejectUnanswered(lines=tuple(_batch(lines))) if lines and overdue(order, now) else None

    _throughout(scope, order_id, command_of, "rejected")


def complete(scope: Scope, supplier_order_id: str) -> None:
    """What cannot be sent back any more is the customer's for good."""
    part = named(supplier_order_id)
    transact(scope, part.wanted, lambda at: moved(at, part, CompleteLines()))


def cancel(scope: Scope, order_id: str, reason: Reason) -> Stored[Any]:
    """Call off what has not left yet of an order that is paid; what has left can only be sent back."""

    def command_of(_order: Order, part: SupplierOrder) -> Moving | None:
        lines = [line for line in part.lines if line.waiting]
        return (
            CancelLines(lines=tuple(LineSelection(line_id=each) for each in _batch(lines))) if lines else None
        )

    done = _throughout(scope, order_id, command_of, reason)
    found = load(scope.tenant_id, ORDER, order_id)
    if not done and order_of(found).status != "cancelled":
        raise Rejected("order_shipped", "It is on its way: what is not wanted is sent back.")
    return found


def _batch(lines: Iterable[SupplierLine]) -> Iterator[str]:
    """As many lines as fit into one step, by their ids; a product has no more buckets than that."""
    moves = 0
    for line in lines:
        moves += len(line.allocations)
        if moves > MOST_MOVES:
            return
        yield line.id


def _throughout(scope: Scope, order_id: str, command_of: CommandOf, reason: Reason) -> bool:
    """Step by step through all suppliers' parts, until nothing is left to do; whether there was anything."""
    order = order_of(load(scope.tenant_id, ORDER, order_id))
    done = [_through(scope, named(each), command_of, reason) for each in order.supplier_orders]
    return any(done)


def _through(scope: Scope, part: Part, command_of: CommandOf, reason: Reason) -> bool:
    def decide(at: Snapshot) -> Decision:
        command = command_of(order_of(at.of(part.order)), supplier_order_of(at.of(part.ref)))
        return moved(at, part, command, reason) if command else Decision(changes=())

    done = False
    while any(change.events for change in transact(scope, part.wanted, decide).changes):
        done = True
    return done
