"""What goes back of a supplier's part: how much, once, and all of it together what was paid."""

from dataclasses import replace

from hypothesis import given as drawn
from hypothesis import strategies as st

from commerce.supplier_order.amounts import (
    certain_revenue,
    never_sent,
    refund_cents,
    refundable,
    revenue_of,
    shipping_left,
)
from commerce.supplier_order.decide_refund import AskRefund, DropRefund, SettleRefund
from commerce.supplier_order.events import SupplierOrderReturnApproved, SupplierOrderReturnRequested
from commerce.supplier_order.money_events import (
    SupplierOrderRefunded,
    SupplierOrderRefundFailed,
    SupplierOrderRefundRequested,
)
from commerce.supplier_order.refund import RefundedUnits
from support.commerce.delivered_supplier_order import (
    NET,
    REVENUE,
    SHOES,
    SOLD,
    created,
    delivered,
    given,
    now,
    part,
    rejected,
    units,
)
from support.commerce.order_histories import NOW
from support.spec import NOON, assert_folds_as_stored

TWO = (RefundedUnits(line_id="1", quantity=2, amount_cents=7_334),)  # 11,000 of three: 3,667, 3,667, 3,666
ASKED = SupplierOrderRefundRequested(refund_id="r1", lines=TWO, shipping_cents=0, requested_at=NOW)
DONE = SupplierOrderRefunded(refund_id="r1", lines=TWO, shipping_cents=0, refunded_at=NOW)
FAILED = SupplierOrderRefundFailed(refund_id="r1", lines=TWO, shipping_cents=0, undone=False, failed_at=NOW)
UNDONE = replace(FAILED, undone=True)
SETTLE = SettleRefund(refund_id="r1", lines=TWO, shipping_cents=0)
DROP = DropRefund(refund_id="r1", lines=TWO, shipping_cents=0)


def test_what_was_delivered_goes_back_at_what_was_paid_for_it():
    given(*SOLD).when(AskRefund(refund_id="r1", lines=units(_1=2))).then(ASKED)
    given(*SOLD, ASKED).when(AskRefund(refund_id="r1", lines=units(_1=2))).then_nothing()
    given(*SOLD, ASKED).when(SETTLE).then(DONE)
    given(*SOLD, ASKED, DONE).when(SETTLE).then_nothing()
    given(*SOLD).when(SETTLE).then_nothing()


def test_s_22_two_clerks_refund_the_same_line():
    """S-22: what one has asked for the other cannot."""
    other = AskRefund(refund_id="r2", lines=units(_1=2))
    given(*SOLD, ASKED).when(other).then_rejected("not_refundable")
    given(*SOLD, ASKED, DONE).when(other).then_rejected("not_refundable")
    last = (RefundedUnits(line_id="1", quantity=1, amount_cents=3_666),)
    given(*SOLD, ASKED).when(AskRefund(refund_id="r2", lines=units(_1=1))).then(
        replace(ASKED, refund_id="r2", lines=last)
    )


def test_s_24_what_failed_can_be_asked_for_again():
    """S-24: at once, or after it had been refunded."""
    again = AskRefund(refund_id="r2", lines=units(_1=2))
    given(*SOLD, ASKED).when(DROP).then(FAILED)
    given(*SOLD, ASKED, FAILED).when(DROP).then_nothing()
    given(*SOLD, ASKED, FAILED).when(again).then(replace(ASKED, refund_id="r2"))
    given(*SOLD, ASKED, DONE).when(DROP).then(UNDONE)
    given(*SOLD, ASKED, DONE, UNDONE).when(again).then(replace(ASKED, refund_id="r2"))
    given(*SOLD, ASKED, DONE, UNDONE).when(DROP).then_nothing()
    assert revenue_of(now(*SOLD, ASKED, DONE, UNDONE)).net_cents == NET


def test_what_has_not_left_yet_is_called_off_first():
    given(SHOES).when(AskRefund(refund_id="r1", lines=units(_1=1))).then_rejected("not_refundable")
    given(*SOLD).when(AskRefund(refund_id="r1", lines=units(_9=1))).then_rejected("unknown_line")


def test_the_shipping_goes_back_if_asked_for_and_where_nothing_was_sent():
    asked = AskRefund(refund_id="r1", lines=units(_1=2), shipping=True)
    given(*SOLD).when(asked).then(replace(ASKED, shipping_cents=499))
    with_it = replace(ASKED, shipping_cents=499)
    assert shipping_left(now(*SOLD, with_it)) == 0
    nothing = AskRefund(refund_id="r2", lines=(), shipping=True)
    given(*SOLD, with_it).when(nothing).then_nothing()
    all_of_it = rejected(units(_1=3, _2=1))
    assert never_sent(now(SHOES, all_of_it))
    every = (
        RefundedUnits(line_id="1", quantity=3, amount_cents=11_000),
        RefundedUnits(line_id="2", quantity=1, amount_cents=2_000),
    )
    given(SHOES, all_of_it).when(AskRefund(refund_id="r1", lines=units(_1=3, _2=1))).then(
        replace(ASKED, lines=every, shipping_cents=499)
    )


def test_what_cost_nothing_is_not_refunded():
    free = created(part(1, 1, 0), shipping=0)
    given(*delivered(free)).when(AskRefund(refund_id="r1", lines=units(_1=1))).then_nothing()


def test_what_it_comes_to_follows_what_goes_back():
    assert revenue_of(now(*SOLD)).revenue_cents == certain_revenue(now(*SOLD)).revenue_cents == REVENUE
    asked = now(*SOLD, ASKED)
    assert (revenue_of(asked).revenue_cents, certain_revenue(asked).revenue_cents) == (
        REVENUE,
        REVENUE - 7_334,
    )
    assert revenue_of(now(*SOLD, ASKED, DONE)).revenue_cents == REVENUE - 7_334
    assert revenue_of(now(*SOLD, ASKED, DONE)).commission_cents == 533  # of 3,333 and 2,000
    partly = now(*delivered(SHOES, reject=units(_1=1)))
    assert revenue_of(partly).revenue_cents == certain_revenue(partly).revenue_cents == REVENUE - 3_667


def test_what_is_on_its_way_back_is_not_certain():
    wants = SupplierOrderReturnRequested(return_id="b1", lines=units(_2=1), reason=None, requested_at=NOW)
    back = SupplierOrderReturnApproved(return_id="b1", lines=units(_2=1), stock=(), approved_at=NOW)
    for history in ((wants,), (wants, back)):
        state = now(*SOLD, *history)
        assert (revenue_of(state).revenue_cents, certain_revenue(state).revenue_cents) == (
            REVENUE,
            REVENUE - 2_000,
        )
    given(*SOLD, wants, back).when(AskRefund(refund_id="r1", lines=units(_2=1))).then(
        replace(ASKED, lines=(RefundedUnits(line_id="2", quantity=1, amount_cents=2_000),))
    )


@drawn(
    quantity=st.integers(1, 12),
    subtotal=st.integers(0, 99_999),
    tax=st.integers(0, 9_999),
    steps=st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["settle", "fail", "undo"])), max_size=12),
)
def test_refunds_of_any_units_in_any_order_add_up_to_what_was_paid(quantity, subtotal, tax, steps):
    """I5, of a line: never more than was paid, and all of it once all of it is back."""
    state = now(*delivered(created(part(1, quantity, subtotal, 0, tax), shipping=0)))
    decide, evolve = given.decider.decide, given.decider.evolve
    endings = [*steps, *((1, "settle") for _ in range(quantity))]
    for number, (wished, ends) in enumerate(endings):
        count = min(wished, refundable(state.lines[0]))
        if not count or not refund_cents(state.lines[0], count):
            continue
        (asked,) = decide(AskRefund(refund_id=str(number), lines=units(_1=count)), state, NOON)
        assert all(each.amount_cents >= 0 for each in asked.lines)
        state = evolve(state, asked)
        named = {"refund_id": asked.refund_id, "lines": asked.lines, "shipping_cents": 0}
        for step in {"settle": (SettleRefund,), "fail": (DropRefund,), "undo": (SettleRefund, DropRefund)}[
            ends
        ]:
            (event,) = decide(step(**named), state, NOON)
            state = evolve(state, event)
        assert 0 <= state.lines[0].refunded_cents <= subtotal + tax
        assert state.lines[0].refunding_cents == state.lines[0].refunding_quantity == 0
    assert state.lines[0].refunded_cents == subtotal + tax


def test_its_events_are_its_state():
    assert_folds_as_stored(given.decider, (*SOLD, ASKED, DONE, UNDONE))
    assert_folds_as_stored(given.decider, (*SOLD, ASKED, FAILED))
