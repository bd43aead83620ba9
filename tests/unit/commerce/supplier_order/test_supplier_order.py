from dataclasses import replace

import pytest

from commerce.supplier_order.commands import CreateSupplierOrder, ReinstateSupplierOrder, ReleaseSupplierOrder
from commerce.supplier_order.decider import SUPPLIER_ORDER, id_of
from commerce.supplier_order.events import (
    Part,
    SupplierOrderCreated,
    SupplierOrderReinstated,
    SupplierOrderReservationReleased,
)
from commerce.supplier_order.lines import LineAllocation, Reservation
from commerce.supplier_order.payout import Hold
from support.commerce.order_histories import NOW, PART, SUPPLIER
from support.spec import ANN, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

given = Given(SUPPLIER_ORDER)
HELD = LineAllocation(location_id="l1", bucket=0, quantity=2, held=2)
LINE = Part(
    id="1",
    product_id="p1",
    variant_id="v1",
    sku="RED-42",
    name="Red Running Shoes",
    quantity=2,
    subtotal_cents=4000,
    discount_cents=0,
    tax_cents=760,
    allocations=(HELD,),
)
FIELDS = {
    "order_id": PART.partition(".")[0],
    "supplier_id": SUPPLIER,
    "customer_id": ANN,
    "country": "DE",
    "currency": "EUR",
    "lines": (LINE, replace(LINE, id="2", variant_id="v2")),
    "shipping_cents": 499,
    "commission_basis_points": 1000,
}
CREATE = CreateSupplierOrder(**FIELDS)
CREATED = SupplierOrderCreated(**FIELDS, created_at=NOW)
RELEASED = SupplierOrderReservationReleased(released_at=NOW)
ELSEWHERE = tuple(Reservation(line_id=each, allocations=(replace(HELD, location_id="l2"),)) for each in "12")
REINSTATED = SupplierOrderReinstated(taken=ELSEWHERE, reinstated_at=NOW)


def test_it_is_made_with_the_order():
    given().when(CREATE).then(CREATED)
    assert id_of(FIELDS["order_id"], SUPPLIER) == PART


def test_it_is_released_once():
    given(CREATED).when(ReleaseSupplierOrder()).then(RELEASED)
    given(CREATED, RELEASED).when(ReleaseSupplierOrder()).then_nothing()
    line = given(CREATED, RELEASED).state.lines[0]
    assert (line.state, line.hold, line.allocations[0].held) == ("cancelled", "released", 0)
    assert line.wants == ("v1", 2)


def test_late_money_revives_it_from_wherever_there_is_some():
    given(CREATED, RELEASED).when(ReinstateSupplierOrder(taken=ELSEWHERE)).then(REINSTATED)
    given(CREATED, RELEASED, REINSTATED).when(ReinstateSupplierOrder(taken=ELSEWHERE)).then_nothing()
    line = given(CREATED, RELEASED, REINSTATED).state.lines[0]
    assert (line.state, line.hold, line.allocations[0].location_id) == ("reserved", "held", "l2")


def test_what_has_moved_on_is_neither_released_nor_revived():
    state = given(CREATED).state
    moved = replace(state, lines=(replace(state.lines[0], state="shipped"), *state.lines[1:]))
    for command in (ReleaseSupplierOrder(), ReinstateSupplierOrder(taken=ELSEWHERE)):
        with pytest.raises(Rejected) as refused:
            SUPPLIER_ORDER.answer(command, moved, given.context)
        assert refused.value.code == "invalid_transition"


def test_while_its_payout_is_held_it_is_listed_for_its_supplier():
    state = given(CREATED).state
    held = replace(
        state, payout=replace(state.payout, hold=Hold(reason="supplier_not_verified", until=NOW, tries=1))
    )
    assert SUPPLIER_ORDER.listed(held, PART).collection == (f"HELD_PAYOUTS#{SUPPLIER}", PART)
    assert SUPPLIER_ORDER.listed(state, PART).collection is None


def test_its_events_are_its_state():
    assert_folds_as_stored(SUPPLIER_ORDER, (CREATED, RELEASED, REINSTATED))
