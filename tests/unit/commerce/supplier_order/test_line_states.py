"""Every pair of a line's states: what is not in the table is refused, and leaves no trace."""

from typing import get_args

import pytest

from commerce.supplier_order.commands import (
    AcceptLines,
    CancelLines,
    DeliverLines,
    RecallShipment,
    RejectLines,
    ShipLines,
)
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import (
    SupplierOrderLinesCompleted,
    SupplierOrderReturnApproved,
    SupplierOrderReturnRequested,
)
from commerce.supplier_order.lines import LINES, LineState
from support.commerce.order_histories import NOW
from support.commerce.supplier_order_histories import (
    ACCEPTED,
    BACK,
    CANCELLED,
    CREATED,
    DELIVERED,
    PARCEL,
    RECALLED,
    REJECTED,
    RETURN_UNTIL,
    SHIPPED,
    given,
    picks,
    units,
)
from support.spec import assert_folds_as_stored
from troupe.domain.decider import Rejected

RETURN = SupplierOrderReturnRequested(return_id=BACK, lines=units(("1", 2)), reason=None, requested_at=NOW)
AT: dict[LineState, tuple] = {
    "reserved": (CREATED,),
    "accepted": (CREATED, ACCEPTED),
    "packed": (CREATED, ACCEPTED, SHIPPED, RECALLED),
    "shipped": (CREATED, ACCEPTED, SHIPPED),
    "delivered": (CREATED, ACCEPTED, SHIPPED, DELIVERED),
    "completed": (
        *(CREATED, ACCEPTED, SHIPPED, DELIVERED),
        SupplierOrderLinesCompleted(lines=units(("1", 2), ("2", 5)), completed_at=RETURN_UNTIL),
    ),
    "rejected": (CREATED, REJECTED),
    "cancelled": (CREATED, CANCELLED),
    "returned": (
        *(CREATED, ACCEPTED, SHIPPED, DELIVERED, RETURN),
        SupplierOrderReturnApproved(return_id=BACK, lines=units(("1", 2)), stock=(), approved_at=NOW),
    ),
}
TO = {
    "accepted": AcceptLines(lines=("1",)),
    "packed": RecallShipment(shipment_id=PARCEL),
    "shipped": ShipLines(carrier="UPS", lines=picks("1")),
    "delivered": DeliverLines(lines=picks("1")),
    "rejected": RejectLines(lines=picks("1")),
    "cancelled": CancelLines(lines=picks("1")),
}
MEANT = {  # of a line that is in one state as a whole
    "reserved": {"accepted", "rejected", "cancelled"},
    "accepted": {"shipped", "rejected", "cancelled"},
    "packed": {"shipped", "rejected", "cancelled"},
    "shipped": {"packed", "delivered"},
}


@pytest.mark.parametrize("to", TO)
@pytest.mark.parametrize("was", get_args(LineState.__value__))
def test_every_legal_move_is_made_and_every_other_is_refused(was, to):
    assert AT.keys() == set(get_args(LineState.__value__)) == LINES.moves.keys()
    state = given(*AT[was]).state
    assert state.line("1").state == was
    if to in MEANT.get(was, ()):
        events = SUPPLIER_ORDER.answer(TO[to], state, given.context)
        assert SUPPLIER_ORDER.fold(events, state).line("1").state == to
        LINES.check(was, to)
        return
    assert outcome(TO[to], state) in {"nothing", "invalid_transition", "no_shipment"}


def outcome(command, state):
    try:
        return "something" if SUPPLIER_ORDER.answer(command, state, given.context) else "nothing"
    except Rejected as refused:
        return refused.code


@pytest.mark.parametrize("history", AT.values(), ids=AT)
def test_its_events_are_its_state(history):
    assert_folds_as_stored(SUPPLIER_ORDER, history)


def test_what_is_due_is_the_end_of_the_window():
    listed = SUPPLIER_ORDER.listed(given(*AT["delivered"]).state, "x")
    assert listed.due[1] <= RETURN_UNTIL
    assert SUPPLIER_ORDER.listed(given(*AT["accepted"]).state, "x").due is None
