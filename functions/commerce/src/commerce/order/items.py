"""An order's pieces beside its state: the lines as they were bought, written once and for ever."""

from collections.abc import Sequence

from commerce.order.commands import Command, PlaceOrder
from commerce.order.decider import ORDER
from commerce.order.events import Event
from commerce.order.state import Order
from commerce.order.values import Line
from commerce.supplier_order.commands import Command as PartCommand
from commerce.supplier_order.commands import CreateSupplierOrder
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import Event as PartEvent
from commerce.supplier_order.state import SupplierOrder
from troupe.store import aggregates, keys, writes
from troupe.store.aggregates import Change, Ref, dump, parse
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

AT_ONCE = 40
PREFIX = "LINES#"

type OrderRef = Ref[Order, PlaceOrder | Command, Event]
type PartRef = Ref[SupplierOrder, CreateSupplierOrder | PartCommand, PartEvent]


def order_ref(order_id: str, *, creates: bool = False) -> OrderRef:
    return Ref(decider=ORDER, id=order_id, creates=creates)


def part_ref(supplier_order_id: str, *, creates: bool = False) -> PartRef:
    return Ref(decider=SUPPLIER_ORDER, id=supplier_order_id, creates=creates)


def pieces(count: int) -> int:
    return -(-count // AT_ONCE)


def written(tenant_id: str, order_id: str, lines: Sequence[Line]) -> tuple[Action, ...]:
    return tuple(
        writes.put(
            keys.part(tenant_id, "order", order_id, f"{PREFIX}{number:03}"),
            {"lines": dump(tuple[Line, ...], tuple(lines[number * AT_ONCE : (number + 1) * AT_ONCE]))},
            absent=True,
        )
        for number in range(pieces(len(lines)))
    )


def lines_of(items: Sequence[dict[str, str]]) -> tuple[Line, ...]:
    """The lines in an order's items, in their order."""
    found = sorted((item["SK"], item["lines"]) for item in items if item["SK"].startswith(PREFIX))
    return tuple(line for _, text in found for line in parse(tuple[Line, ...], text))


def also[S, C, E](at: Snapshot, changed: Change[S, C, E], command: C) -> Change[S, C, E]:
    """One more decision about an aggregate that the same transaction changes already."""
    events = changed.ref.decider.answer(command, changed.after.state, at.scope.context)
    return aggregates.change(changed.ref, changed.before, (*changed.events, *events))
