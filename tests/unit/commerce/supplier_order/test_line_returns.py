"""What arrived comes back within its window, or stays."""

from dataclasses import replace
from datetime import timedelta

from commerce.supplier_order.commands import ApproveReturn, CompleteLines, DeclineReturn, RequestReturn
from commerce.supplier_order.decide_returns import MOST_RETURNS
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import (
    SupplierOrderLinesCompleted,
    SupplierOrderReturnApproved,
    SupplierOrderReturnDeclined,
    SupplierOrderReturnRequested,
)
from support.commerce.order_histories import NOW
from support.commerce.supplier_order_histories import (
    ACCEPTED,
    BACK,
    CREATED,
    DELIVERED,
    HERE,
    RETURN_UNTIL,
    SHIPPED,
    delivered,
    drawn,
    picks,
    units,
)
from support.spec import NOON, Given

given = Given(SUPPLIER_ORDER, context=replace(NOON, new_id=lambda: BACK))
THERE = (CREATED, ACCEPTED, SHIPPED, DELIVERED)
ASKED = SupplierOrderReturnRequested(
    return_id=BACK, lines=units(("2", 3)), reason="Too small.", requested_at=NOW
)
TAKEN = SupplierOrderReturnApproved(return_id=BACK, lines=units(("2", 3)), stock=(), approved_at=NOW)
DECLINED = SupplierOrderReturnDeclined(return_id=BACK, reason="It never came.", declined_at=NOW)
COMPLETED = SupplierOrderLinesCompleted(lines=units(("1", 2), ("2", 5)), completed_at=RETURN_UNTIL)
SOON = RETURN_UNTIL - timedelta(microseconds=1)


def test_what_arrived_is_sent_back_as_far_as_it_is_not_on_its_way():
    given(*THERE).when(RequestReturn(lines=picks(("2", 3)), reason="Too small.")).then(ASKED)
    asked = given(*THERE, ASKED)
    asked.when(RequestReturn(lines=picks(("2", 3)))).then_rejected("wrong_quantity")
    asked.when(RequestReturn(lines=picks("2"))).then(replace(ASKED, lines=units(("2", 2)), reason=None))
    asked.when(RequestReturn()).then(replace(ASKED, lines=units(("1", 2), ("2", 2)), reason=None))
    given(*THERE).when(RequestReturn(lines=picks("9"))).then_rejected("no_line")
    given(*THERE[:3]).when(RequestReturn()).then_rejected("invalid_transition")
    given(*THERE[:3], delivered(("1", 1))).when(RequestReturn(lines=picks("1"))).then(
        replace(ASKED, lines=units(("1", 1)), reason=None)
    )
    given(*THERE[:3]).when(RequestReturn(lines=picks("1"))).then_rejected("invalid_transition")


def test_the_window_closes_at_its_end():
    given(*THERE).at(SOON).when(RequestReturn(lines=picks(("2", 3)), reason="Too small.")).then(
        replace(ASKED, requested_at=SOON)
    )
    late = given(*THERE).at(RETURN_UNTIL)
    late.when(RequestReturn(lines=picks("2"))).then_rejected("return_window_over")
    late.when(RequestReturn()).then_rejected("return_window_over")
    given(*THERE, COMPLETED).when(RequestReturn()).then_rejected("return_window_over")


def test_what_came_back_is_returned_and_goes_to_the_stock_where_it_is_fit():
    given(*THERE, ASKED).when(ApproveReturn(return_id=BACK)).then(TAKEN)
    given(*THERE, ASKED, TAKEN).when(ApproveReturn(return_id=BACK)).then_nothing()
    given(*THERE, ASKED).when(ApproveReturn(return_id=BACK, restock=True)).then(
        replace(TAKEN, stock=drawn(("2", HERE, 3)))
    )
    fewer = replace(TAKEN, lines=units(("2", 1)))
    given(*THERE, ASKED).when(ApproveReturn(return_id=BACK, lines=picks(("2", 1)))).then(fewer)
    given(*THERE, ASKED).when(ApproveReturn(return_id=BACK, lines=picks(("2", 4)))).then_rejected(
        "wrong_quantity"
    )
    given(*THERE, ASKED).when(ApproveReturn(return_id=BACK, lines=picks("1"))).then_rejected(
        "invalid_transition"
    )
    given(*THERE, ASKED).when(ApproveReturn(return_id="r9")).then_rejected("no_return")
    some = given(*THERE, ASKED, TAKEN).state.lines[1]
    assert (some.state, some.kept, some.returned_quantity) == ("delivered", 2, 3)
    state = given(*THERE, ASKED, fewer).state
    assert (state.coming_back("2"), state.lines[1].kept) == (0, 4)
    whole = replace(ASKED, lines=units(("1", 2)))
    gone = given(*THERE, whole, replace(TAKEN, lines=units(("1", 2)))).state
    assert (gone.lines[0].state, gone.lines[0].kept) == ("returned", 0)


def test_what_stays_is_complete_at_the_end_of_the_window_and_once():
    given(*THERE).at(SOON).when(CompleteLines()).then_nothing()
    given(*THERE).at(RETURN_UNTIL).when(CompleteLines()).then(COMPLETED)
    given(*THERE, COMPLETED).at(RETURN_UNTIL).when(CompleteLines()).then_nothing()


def test_what_is_to_come_back_is_not_complete():
    asked = given(*THERE, ASKED).at(RETURN_UNTIL)
    asked.when(CompleteLines()).then(replace(COMPLETED, lines=units(("1", 2))))
    given(*THERE, ASKED, TAKEN).at(RETURN_UNTIL).when(CompleteLines()).then(
        replace(COMPLETED, lines=units(("1", 2), ("2", 2)))
    )


def test_what_is_declined_stays_and_may_be_asked_again_within_the_window():
    decline = DeclineReturn(return_id=BACK, reason="It never came.")
    given(*THERE, ASKED).when(decline).then(DECLINED)
    declined = given(*THERE, ASKED, DECLINED)
    declined.when(decline).then_nothing()
    declined.when(ApproveReturn(return_id=BACK)).then_rejected("invalid_transition")
    declined.when(RequestReturn(lines=picks(("2", 3)), reason="Too small.")).then(ASKED)
    declined.at(RETURN_UNTIL).when(CompleteLines()).then(COMPLETED)
    given(*THERE, ASKED, TAKEN).when(decline).then_rejected("invalid_transition")
    given(*THERE).when(decline).then_rejected("no_return")
    assert declined.state.returns[0].decline_reason == "It never came."


def test_returns_of_an_order_are_limited():
    asked = [replace(ASKED, return_id=f"r{n}", lines=units(("2", 1))) for n in range(MOST_RETURNS)]
    taken = [replace(TAKEN, return_id=f"r{n}", lines=units(("2", 0))) for n in range(MOST_RETURNS)]
    history = [event for pair in zip(asked, taken, strict=True) for event in pair]
    given(*THERE, *history).when(RequestReturn(lines=picks("1"))).then_rejected("too_many_returns")
