"""An order follows its lines: how many are how far, what it is called, and what others are told of it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from commerce.order.commands import CancelOrder, MoveLines
from commerce.order.decide_fulfilment import fulfilled, moves, overdue, worst
from commerce.order.decider import ORDER
from commerce.order.events import (
    OrderCancelled,
    OrderDelivered,
    OrderLinesMoved,
    OrderProcessing,
    OrderShipped,
)
from commerce.order.state import Order
from commerce.order.values import SHOWN, LineMove
from commerce.supplier_order.commands import (
    AcceptLines,
    ApproveReturn,
    CancelLines,
    CompleteLines,
    DeliverLines,
    LineSelection,
    RecallShipment,
    RejectLines,
    RejectUnanswered,
    RequestReturn,
    ShipLines,
)
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.lines import UNSENT
from support.commerce.order_histories import CONFIRMED, CREATED, NOW, PART, STARTED, SUCCEEDED, SUPPLIER, line
from support.commerce.supplier_order_histories import CREATED as PART_CREATED
from support.spec import ANN, NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

given = Given(ORDER)
TWO = replace(CREATED, lines=(line(1), line(2)))
PAID = (TWO, STARTED, SUCCEEDED, CONFIRMED)


def move(was, to, lines=2):
    return MoveLines(supplier_id=SUPPLIER, moves=(LineMove(was=was, to=to, lines=lines),))


def moved(was, to, status, lines=2):
    return OrderLinesMoved(
        supplier_id=SUPPLIER,
        moves=move(was, to, lines).moves,
        detail_status=status,
        customer_id=ANN,
        moved_at=NOW,
    )


ACCEPTED = (moved("reserved", "accepted", "accepted"), OrderProcessing(customer_id=ANN, processing_at=NOW))
SHIPPED = (
    moved("accepted", "shipped", "shipped"),
    OrderShipped(customer_id=ANN, shipped_at=NOW, reached=("shipped",)),
)
DELIVERED = (
    moved("shipped", "delivered", "delivered"),
    OrderDelivered(customer_id=ANN, delivered_at=NOW, reached=("delivered",)),
)
CANCELLED = (
    moved("reserved", "rejected", "cancelled"),
    OrderCancelled(reason="rejected", customer_id=ANN, supplier_orders=(PART,), cancelled_at=NOW),
)


def test_it_is_called_by_its_lines_and_tells_what_it_is_called():
    given(*PAID).when(move("reserved", "accepted")).then(*ACCEPTED)
    given(*PAID, *ACCEPTED).when(move("accepted", "shipped")).then(*SHIPPED)
    given(*PAID, *ACCEPTED, *SHIPPED).when(move("shipped", "delivered")).then(*DELIVERED)
    given(*PAID).when(MoveLines(supplier_id=SUPPLIER, moves=())).then_nothing()
    state = given(*PAID, *ACCEPTED, *SHIPPED, *DELIVERED).state
    assert (state.histogram, state.hold, state.status) == ({"delivered": 2}, "consumed", "delivered")
    assert [each.what for each in state.timeline][-4:] == ["paid", "accepted", "shipped", "delivered"]


def test_the_line_that_is_least_far_counts():
    one = moved("reserved", "accepted", "paid", lines=1)
    given(*PAID).when(move("reserved", "accepted", lines=1)).then(one)
    state = given(*PAID, one).state
    assert (state.histogram, state.detail_status, state.hold) == (
        {"reserved": 1, "accepted": 1},
        "paid",
        "held",
    )
    rejected = moved("reserved", "rejected", "accepted", lines=1)
    given(*PAID, one).when(move("reserved", "rejected", lines=1)).then(rejected, ACCEPTED[1])


def test_it_is_over_when_nothing_is_left_of_it():
    given(*PAID).when(move("reserved", "rejected")).then(*CANCELLED)
    by_customer = replace(move("reserved", "cancelled"), reason="customer")
    given(*PAID).when(by_customer).then(
        moved("reserved", "cancelled", "cancelled"), replace(CANCELLED[1], reason="customer")
    )
    state = given(*PAID, *CANCELLED).state
    assert (state.hold, state.reason, state.histogram) == ("released", "rejected", {"rejected": 2})
    assert [each.what for each in state.timeline].count("cancelled") == 1
    given(*PAID, *CANCELLED).when(CancelOrder()).then_nothing()
    back = moved("delivered", "returned", "returned")
    given(*PAID, *ACCEPTED, *SHIPPED, *DELIVERED).when(move("delivered", "returned")).then(back)
    assert given(*PAID, *ACCEPTED, *SHIPPED, *DELIVERED, back).state.status == "delivered"


def test_a_shipment_that_was_called_off_is_told_of_again_but_not_counted():
    packed = (moved("shipped", "packed", "packed"), ACCEPTED[1])
    given(*PAID, *ACCEPTED, *SHIPPED).when(move("shipped", "packed")).then(*packed)
    again = moved("packed", "shipped", "shipped"), replace(SHIPPED[1], reached=())
    given(*PAID, *ACCEPTED, *SHIPPED, *packed).when(move("packed", "shipped")).then(*again)


def test_what_was_delivered_had_been_shipped():
    some = (*PAID, *ACCEPTED, moved("accepted", "delivered", "accepted", lines=1))
    given(*some).when(move("accepted", "rejected", lines=1)).then(
        moved("accepted", "rejected", "delivered", lines=1),
        replace(DELIVERED[1], reached=("shipped", "delivered")),
    )


def test_only_what_was_paid_is_fulfilled():
    given(TWO).when(move("reserved", "accepted")).then_rejected("order_not_paid")
    with pytest.raises(Rejected, match="is not fulfilled"):
        fulfilled(given(TWO).state)
    given(*PAID).when(move("reserved", "shipped")).then_rejected("invalid_transition")
    given(*PAID).when(move("reserved", "accepted", lines=3)).then_rejected("invalid_transition")
    assert worst({}) == "cancelled"


def test_its_suppliers_have_two_days_to_answer_or_what_is_settled():
    soon = NOW + timedelta(hours=48) - timedelta(microseconds=1)
    state = given(*PAID).state
    assert [overdue(state, at) for at in (soon, NOW + timedelta(hours=48))] == [False, True]
    assert given(replace(TWO, accept_hours=1), *PAID[1:]).state.accept_by == NOW + timedelta(hours=1)
    assert not overdue(given(TWO).state, soon)


def test_its_events_are_its_state():
    assert_folds_as_stored(ORDER, (*PAID, *ACCEPTED, *SHIPPED, *DELIVERED))
    assert_folds_as_stored(ORDER, (*PAID, *CANCELLED))


# A supplier order and its order together, after any commands.


def paid():
    order = replace(CREATED, lines=(line(1, quantity=2), line(2, quantity=5)))
    return ORDER.fold((order, STARTED, SUCCEEDED, CONFIRMED)), SUPPLIER_ORDER.fold((PART_CREATED,))


def commands(dice, part):
    some = tuple(
        LineSelection(line_id=name, quantity=dice.choice((None, 1, 2)))
        for name in dice.sample(("1", "2"), dice.randint(0, 2))
    )
    shipment = dice.choice(part.shipments).id if part.shipments else "s0"
    asked = dice.choice(part.returns).id if part.returns else "r0"
    return dice.choice(
        (
            AcceptLines(lines=tuple(each.line_id for each in some)),
            RejectLines(lines=some or (LineSelection(line_id="1", quantity=1),)),
            RejectUnanswered(),
            CancelLines(lines=some),
            ShipLines(carrier="DHL", tracking_number=dice.choice((None, "JJD01")), lines=some),
            ShipLines(carrier="DHL", lines=some, location_id=dice.choice(("l1", "l2"))),
            RecallShipment(shipment_id=shipment),
            DeliverLines(lines=some, shipment_id=dice.choice((None, shipment))),
            RequestReturn(lines=some),
            ApproveReturn(return_id=asked, lines=some, restock=True),
            CompleteLines(),
        )
    )


def stepped(order: Order, part, command, context):
    """As the transaction does it: the part decides, the order follows; what is refused changes nothing."""
    try:
        events = SUPPLIER_ORDER.answer(command, part, context)
    except Rejected:
        return order, part
    after = SUPPLIER_ORDER.fold(events, part)
    told = MoveLines(supplier_id=SUPPLIER, moves=moves(part, after))
    return ORDER.fold(ORDER.answer(told, order, context), order), after


def agrees(order, part):
    for each in part.lines:
        gone = each.rejected_quantity + each.cancelled_quantity + each.shipped_quantity
        assert each.waiting == each.quantity - gone == sum(some.held for some in each.allocations)
        assert all(0 <= some.held <= some.quantity for some in each.allocations)
        assert (
            0 <= each.returned_quantity <= each.delivered_quantity <= each.shipped_quantity <= each.quantity
        )
        assert (each.hold == "held") == (each.waiting > 0) == (each.state in UNSENT)
        assert 0 <= part.coming_back(each.id) <= each.kept
    left = dict.fromkeys(("1", "2"), 0)
    for shipment in part.shipments:
        for name, quantity in shipment.due.items():
            left[name] += quantity
    assert left == {each.id: each.on_the_way for each in part.lines}
    counted = [each.state for each in part.lines]
    assert order.histogram == {state: counted.count(state) for state in counted}
    assert order.detail_status == worst(order.histogram)
    assert order.status == SHOWN[order.detail_status]


@drawn_from(st.integers(0, 2**32), st.integers(1, 25))
def test_order_status_and_units_agree_after_any_commands(seed, steps):
    dice = random.Random(seed)
    order, part = paid()
    context = replace(NOON, new_id=lambda: f"id{dice.randrange(2**32)}")
    for _ in range(steps):
        context = replace(context, now=context.now + timedelta(hours=dice.choice((1, 24 * 20))))
        order, part = stepped(order, part, commands(dice, part), context)
        agrees(order, part)


@pytest.mark.parametrize("shop", range(10))
def test_s_58_shipped_or_called_off_and_never_both(shop):
    """S-58: whichever of the two is first wins; what has left can only be sent back."""
    for seed in range(100 * shop, 100 * (shop + 1)):
        dice = random.Random(seed)
        order, part = paid()
        order, part = stepped(order, part, AcceptLines(), NOON)
        steps = [ShipLines(carrier="DHL", tracking_number="JJD01"), CancelLines()] * dice.randint(1, 2)
        dice.shuffle(steps)
        if dice.random() < 0.3:
            steps.insert(0, ShipLines(carrier="DHL", lines=(LineSelection(line_id="2", quantity=1),)))
        for step in steps:
            order, part = stepped(order, part, step, NOON)
            agrees(order, part)
        sent = sum(each.shipped_quantity for each in part.lines)
        assert sent + sum(each.cancelled_quantity for each in part.lines) == 7
        order, part = stepped(order, part, DeliverLines(), NOON)
        order, part = stepped(order, part, RequestReturn(), NOON)
        assert sum(part.coming_back(each.id) for each in part.lines) == sent
