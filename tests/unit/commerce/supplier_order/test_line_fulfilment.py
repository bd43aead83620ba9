"""What a supplier may do with which lines, and what each of it makes of them."""

from dataclasses import replace
from itertools import count

import pytest

from commerce.supplier_order import line_selection
from commerce.supplier_order.commands import (
    AcceptLines,
    CancelLines,
    DeliverLines,
    RecallShipment,
    RejectLines,
    RejectUnanswered,
    ShipLines,
)
from commerce.supplier_order.decide_lines import MOST_SHIPMENTS
from commerce.supplier_order.events import SupplierOrderLinesAccepted, SupplierOrderReservationReleased
from commerce.supplier_order.state import SupplierOrder
from support.commerce.order_histories import NOW
from support.commerce.supplier_order_histories import (
    ACCEPTED,
    CANCELLED,
    CREATED,
    DELIVERED,
    HERE,
    PARCEL,
    RECALLED,
    REJECTED,
    SHIP,
    SHIPPED,
    THERE,
    delivered,
    drawn,
    given,
    picks,
    shipped,
    units,
)
from troupe.domain.decider import Rejected


def lines(*history):
    state = given(*history).state
    assert isinstance(state, SupplierOrder)
    return state.lines


def test_what_is_ordered_is_accepted_line_by_line_or_all_at_once():
    one = SupplierOrderLinesAccepted(lines=units(("2", 5)), accepted_at=NOW)
    given(CREATED).when(AcceptLines(lines=("2",))).then(one)
    given(CREATED).when(AcceptLines(lines=("2", "2"))).then(one)
    given(CREATED, one).when(AcceptLines(lines=("2",))).then_nothing()
    given(CREATED, one).when(AcceptLines()).then(replace(one, lines=units(("1", 2))))
    given(CREATED).when(AcceptLines()).then(ACCEPTED)
    given(CREATED, ACCEPTED).when(AcceptLines()).then_nothing()
    given(CREATED).when(AcceptLines(lines=("9",))).then_rejected("no_line")
    assert [line.state for line in lines(CREATED, one)] == ["reserved", "accepted"]


def test_what_is_rejected_goes_back_where_it_was():
    given(CREATED).when(RejectLines(lines=picks("1", "2"))).then(REJECTED)
    given(CREATED, ACCEPTED).when(RejectLines(lines=picks("1", "2"))).then(REJECTED)
    given(CREATED, REJECTED).when(RejectLines(lines=picks("1"))).then_nothing()
    four = replace(
        REJECTED, lines=units(("2", 4)), stock=drawn(("2", HERE, 3), ("2", THERE, 1)), reason="Gone."
    )
    given(CREATED).when(RejectLines(lines=picks(("2", 4)), reason="Gone.")).then(four)
    after = lines(CREATED, four)[1]
    assert (after.state, after.waiting, [each.held for each in after.allocations]) == ("reserved", 1, [0, 1])
    assert [(line.state, line.hold) for line in lines(CREATED, REJECTED)] == [("rejected", "released")] * 2


def test_only_unanswered_lines_are_rejected():
    first = SupplierOrderLinesAccepted(lines=units(("1", 2)), accepted_at=NOW)
    rejected = replace(
        REJECTED, lines=units(("2", 5)), stock=drawn(("2", HERE, 3), ("2", THERE, 2)), unanswered=True
    )
    given(CREATED, first).when(RejectUnanswered()).then(rejected)
    given(CREATED, first).when(RejectUnanswered(lines=("1", "2"))).then(rejected)
    given(CREATED, first).when(RejectUnanswered(lines=("1",))).then_nothing()
    given(CREATED, ACCEPTED).when(RejectUnanswered()).then_nothing()


def test_what_has_not_left_is_called_off():
    given(CREATED).when(CancelLines()).then(CANCELLED)
    given(CREATED, ACCEPTED).when(CancelLines(lines=picks("1", "2"))).then(CANCELLED)
    given(CREATED, CANCELLED).when(CancelLines()).then_nothing()
    given(CREATED, CANCELLED).when(CancelLines(lines=picks("1"))).then_nothing()
    given(CREATED, ACCEPTED, SHIPPED).when(CancelLines(lines=picks("1"))).then_rejected("invalid_transition")
    assert [(line.state, line.hold) for line in lines(CREATED, CANCELLED)] == [("cancelled", "released")] * 2


def test_what_is_accepted_leaves_in_parcels():
    given(CREATED, ACCEPTED).when(SHIP).then(SHIPPED)
    given(CREATED, ACCEPTED).when(replace(SHIP, lines=picks(("2", 4)))).then(
        shipped(("2", HERE, 3), ("2", THERE, 1))
    )
    given(CREATED, ACCEPTED).when(replace(SHIP, lines=picks("2"), location_id=THERE)).then(
        shipped(("2", THERE, 2))
    )
    given(CREATED, ACCEPTED).when(replace(SHIP, location_id="l9")).then_rejected("invalid_transition")
    given(CREATED, ACCEPTED).when(replace(SHIP, lines=picks(("2", 3)), location_id=THERE)).then_rejected(
        "wrong_quantity"
    )
    given(CREATED).when(SHIP).then_rejected("invalid_transition")
    after = lines(CREATED, ACCEPTED, SHIPPED)
    assert [(line.state, line.hold, line.waiting, line.on_the_way) for line in after] == [
        ("shipped", "consumed", 0, 2),
        ("shipped", "consumed", 0, 5),
    ]


def test_no_more_is_drawn_than_is_held_there():
    state = given(CREATED, ACCEPTED).state
    with pytest.raises(Rejected, match="too many"):
        line_selection.withdrawn(units(("2", 3)), state, THERE)


def test_a_parcel_leaves_once():
    sent = given(CREATED, ACCEPTED, shipped(("2", HERE, 1)))
    sent.when(SHIP).then_nothing()
    sent.when(replace(SHIP, lines=picks(("2", 1)))).then_nothing()
    sent.when(replace(SHIP, lines=picks(("2", 2)))).then(shipped(("2", HERE, 2)))
    sent.when(replace(SHIP, lines=picks(("2", 4)), tracking_number="JJD02")).then(
        shipped(("2", HERE, 2), ("2", THERE, 2), tracking_number="JJD02")
    )
    untracked = given(CREATED, ACCEPTED, shipped(("2", HERE, 1), tracking_number=None))
    untracked.when(ShipLines(carrier="DHL", lines=picks(("2", 1)))).then(
        shipped(("2", HERE, 1), tracking_number=None)
    )


def test_a_part_is_not_sent_in_endlessly_many_parcels():
    each = (shipped(("2", HERE, 1), shipment_id=f"s{n}", tracking_number=f"{n}") for n in count())
    back = (
        replace(RECALLED, shipment_id=f"s{n}", lines=units(("2", 1)), stock=drawn(("2", HERE, 1)))
        for n in count()
    )
    history = [event for _ in range(MOST_SHIPMENTS) for event in (next(each), next(back))]
    given(CREATED, ACCEPTED, *history).when(SHIP).then_rejected("too_many_shipments")


def test_a_parcel_is_called_back_until_it_arrives():
    given(CREATED, ACCEPTED, SHIPPED).when(RecallShipment(shipment_id=PARCEL)).then(RECALLED)
    given(CREATED, ACCEPTED, SHIPPED, RECALLED).when(RecallShipment(shipment_id=PARCEL)).then_nothing()
    arrived = given(CREATED, ACCEPTED, SHIPPED, delivered(("1", 1)))
    arrived.when(RecallShipment(shipment_id=PARCEL)).then_rejected("invalid_transition")
    arrived.when(RecallShipment(shipment_id="s9")).then_rejected("no_shipment")
    back = lines(CREATED, ACCEPTED, SHIPPED, RECALLED)
    assert [(line.state, line.hold, line.waiting) for line in back] == [
        ("packed", "held", 2),
        ("packed", "held", 5),
    ]
    given(CREATED, ACCEPTED, SHIPPED, RECALLED).when(SHIP).then(SHIPPED)


def test_what_left_arrives_parcel_by_parcel():
    given(CREATED, ACCEPTED, SHIPPED).when(DeliverLines()).then(DELIVERED)
    given(CREATED, ACCEPTED, SHIPPED).when(DeliverLines(shipment_id=PARCEL)).then(DELIVERED)
    given(CREATED, ACCEPTED, SHIPPED, DELIVERED).when(DeliverLines(shipment_id=PARCEL)).then_nothing()
    given(CREATED, ACCEPTED, SHIPPED, DELIVERED).when(DeliverLines()).then_nothing()
    given(CREATED, ACCEPTED, SHIPPED, DELIVERED).when(DeliverLines(lines=picks("1"))).then_nothing()
    given(CREATED, ACCEPTED, SHIPPED).when(DeliverLines(lines=picks(("2", 6)))).then_rejected(
        "wrong_quantity"
    )
    given(CREATED, ACCEPTED, SHIPPED).when(DeliverLines(shipment_id="s9")).then_rejected("no_shipment")
    given(CREATED, ACCEPTED).when(DeliverLines()).then_rejected("invalid_transition")
    recalled = given(CREATED, ACCEPTED, SHIPPED, RECALLED)
    recalled.when(DeliverLines(shipment_id=PARCEL)).then_rejected("invalid_transition")
    recalled.when(DeliverLines(lines=picks("1"))).then_rejected("invalid_transition")


def test_units_arrive_with_the_oldest_parcel_first():
    first, second = shipped(("2", HERE, 2)), shipped(("2", HERE, 1), ("2", THERE, 2), shipment_id="s2")
    expected = delivered(("2", 2))
    both = replace(
        expected,
        lines=units(("2", 4)),
        arrived=(*expected.arrived, *delivered(("2", 2), shipment_id="s2").arrived),
    )
    history = (CREATED, ACCEPTED, first, second)
    given(*history).when(DeliverLines(lines=picks(("2", 4)))).then(both)
    state = given(*history, both).state
    assert [(bool(each.delivered_at), each.due) for each in state.shipments] == [
        (True, {}),
        (False, {"2": 1}),
    ]
    assert state.delivered_at is None
    (line,) = [each for each in state.lines if each.id == "2"]
    assert (line.state, line.kept, line.on_the_way) == ("shipped", 4, 1)


def test_a_line_is_as_far_as_the_unit_that_is_least_far():
    some = (CREATED, ACCEPTED, shipped(("2", HERE, 2)), delivered(("2", 2)))
    assert lines(*some)[1].state == "accepted"
    rest = replace(REJECTED, lines=units(("2", 3)), stock=drawn(("2", HERE, 1), ("2", THERE, 2)))
    assert lines(*some, rest)[1].state == "delivered"
    assert given(*some, rest).state.delivered_at is None
    whole = replace(REJECTED, lines=units(("1", 2)), stock=drawn(("1", HERE, 2)))
    assert given(*some, rest, whole).state.delivered_at == NOW


def test_nothing_is_done_with_lines_of_an_order_that_was_not_paid():
    released = given(CREATED, SupplierOrderReservationReleased(released_at=NOW))
    for command in (AcceptLines(lines=("1",)), RejectLines(lines=picks("1")), SHIP, DeliverLines()):
        released.when(command).then_rejected("invalid_transition")
