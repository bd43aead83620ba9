"""What an order as a whole comes to is told once, though a shipment may be called back and go again."""

from itertools import pairwise

import pytest

from commerce.order.commands import MoveLines
from commerce.order.decider import ORDER
from commerce.order.events import OrderDelivered, OrderShipped
from commerce.order.values import LineMove
from support.commerce.order_histories import CONFIRMED, CREATED, STARTED, SUCCEEDED, SUPPLIER
from support.spec import NOON

PAID = (CREATED, STARTED, SUCCEEDED, CONFIRMED)


def told(*states: str) -> list[tuple[str, ...]]:
    """What is reached with each event that tells of it, while the one line goes through these states."""
    history, found = list(PAID), list[tuple[str, ...]]()
    for was, to in pairwise(("reserved", *states)):
        move = MoveLines(supplier_id=SUPPLIER, moves=(LineMove(was=was, to=to, lines=1),))
        events = ORDER.answer(move, ORDER.fold(history), NOON)
        history += events
        found += [each.reached for each in events if isinstance(each, OrderShipped | OrderDelivered)]
    return found


@pytest.mark.parametrize(
    "states, reached",
    [
        (("accepted", "shipped", "delivered"), [("shipped",), ("delivered",)]),
        (("accepted", "shipped", "packed", "shipped", "delivered"), [("shipped",), (), ("delivered",)]),
        (("accepted", "packed", "delivered", "completed"), [("shipped", "delivered")]),
        (("accepted", "packed", "rejected"), []),
    ],
)
def test_each_stage_is_reached_once(states, reached):
    assert told(*states) == reached
