"""An order's money after it was paid: refunds, and disputes of its bank."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.order.commands import (
    FailRefund,
    FindDispute,
    FindPayment,
    FindRefund,
    RecordRefund,
    RequestRefund,
)
from commerce.order.decide_refund import BY_HAND, REFUND_AFTER, refund_due, undisputed
from commerce.order.decider import ORDER
from commerce.order.events import OrderLinesMoved
from commerce.order.refund_events import (
    OrderDisputeClosed,
    OrderDisputed,
    OrderRefunded,
    OrderRefundFailed,
    OrderRefundRequested,
)
from commerce.order.values import LineMove, Total
from commerce.supplier_order.refund import RefundedLine, RefundedUnits
from support.commerce.order_histories import CONFIRMED, CREATED, NOW, STARTED, SUCCEEDED, SUPPLIER, intent
from support.spec import ANN, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

given = Given(ORDER)
PAID = (CREATED, STARTED, SUCCEEDED, CONFIRMED)
LINE = RefundedLine(line_id="1", supplier_id=SUPPLIER, quantity=1, amount_cents=2000)
PARTLY = RequestRefund(refund_id="r1", lines=(LINE,), shipping={}, reason="broken")
REST = RequestRefund(refund_id="r2", lines=(), shipping={SUPPLIER: 499})
ASKED = OrderRefundRequested(
    refund_id="r1",
    amount=Total(amount_cents=2000, currency="EUR"),
    customer_id=ANN,
    lines=(LINE,),
    shipping={},
    reason="broken",
    requested_at=NOW,
)
REFUNDED = OrderRefunded(
    refund_id="r1",
    stripe_refund_id="re_1",
    amount=ASKED.amount,
    customer_id=ANN,
    lines=(LINE,),
    shipping={},
    whole=False,
    refunded_at=NOW,
)
FAILED = OrderRefundFailed(
    refund_id="r1",
    code="expired_or_canceled_card",
    undone=False,
    amount=ASKED.amount,
    customer_id=ANN,
    lines=(LINE,),
    shipping={},
    failed_at=NOW,
)
REST_ASKED = replace(
    ASKED,
    refund_id="r2",
    amount=Total(amount_cents=499, currency="EUR"),
    lines=(),
    shipping={SUPPLIER: 499},
    reason=None,
)
REST_REFUNDED = replace(
    REFUNDED,
    refund_id="r2",
    stripe_refund_id="re_2",
    amount=REST_ASKED.amount,
    lines=(),
    shipping={SUPPLIER: 499},
    whole=True,
    attributed=CONFIRMED.attributed,
)
RECORD = RecordRefund(refund_id="r1", stripe_refund_id="re_1")
FAIL = FailRefund(refund_id="r1", code="expired_or_canceled_card")
WHOLE = (*PAID, ASKED, REFUNDED, REST_ASKED, REST_REFUNDED)
GONE = OrderLinesMoved(
    supplier_id=SUPPLIER,
    moves=(LineMove(was="reserved", to="rejected", lines=1),),
    detail_status="cancelled",
    customer_id=ANN,
    moved_at=NOW,
)
CLAIM = FindDispute(dispute_id="dp_1", amount_cents=2499, reason="fraudulent")
DISPUTED = OrderDisputed(
    dispute_id="dp_1",
    amount=Total(amount_cents=2499, currency="EUR"),
    reason="fraudulent",
    customer_id=ANN,
    disputed_at=NOW,
)
WON = OrderDisputeClosed(dispute_id="dp_1", outcome="won", customer_id=ANN, closed_at=NOW)


def test_a_refund_is_decided_first_and_recorded_once():
    given(*PAID).when(PARTLY).then(ASKED)
    given(*PAID, ASKED).when(PARTLY).then_nothing()
    given(*PAID, ASKED).when(RECORD).then(REFUNDED)
    given(*PAID, ASKED, REFUNDED).when(RECORD).then_nothing()
    given(*PAID).when(RECORD).then_nothing()
    state = given(*PAID, ASKED, REFUNDED).state
    assert (state.payment.status, state.payment.refunded_cents) == ("partially_refunded", 2000)
    assert (state.detail_status, state.refunds[0].stripe_refund_id) == ("paid", "re_1")
    assert state.refunds[0].suppliers == (SUPPLIER,)
    assert state.refunds[0].units(SUPPLIER) == (RefundedUnits(line_id="1", quantity=1, amount_cents=2000),)
    assert state.refunds[0].units("another") == ()


def test_what_is_asked_for_is_never_more_than_was_paid():
    more = replace(PARTLY, refund_id="r3")
    given(*PAID, ASKED).when(more).then_rejected("not_refundable")
    given(*PAID, ASKED, REFUNDED).when(more).then_rejected("not_refundable")
    given(*PAID).when(replace(PARTLY, lines=())).then_rejected("not_refundable")
    given(CREATED, STARTED).when(PARTLY).then_rejected("nothing_to_refund")
    given(*WHOLE).when(more).then_rejected("nothing_to_refund")


def test_s_25_a_fully_refunded_order_is_not_paid():
    """S-25."""
    given(*PAID, ASKED, REFUNDED).when(REST).then(REST_ASKED)
    record = RecordRefund(refund_id="r2", stripe_refund_id="re_2")
    given(*PAID, ASKED, REFUNDED, REST_ASKED).when(record).then(REST_REFUNDED)
    assert given(*WHOLE).state.payment.status == "refunded"
    never_sent = given(*PAID, GONE, ASKED, REFUNDED, REST_ASKED, REST_REFUNDED).state
    assert (never_sent.detail_status, never_sent.status) == ("refunded", "cancelled")
    assert given(*PAID, GONE, ASKED, REFUNDED).state.detail_status == "cancelled"
    given(*WHOLE).when(FindPayment(intent=intent())).then_nothing()


def test_s_24_a_refund_that_fails_afterwards_is_undone():
    """S-24: it can be asked for again, and the order is refunded no more."""
    given(*PAID, ASKED).when(FAIL).then(FAILED)
    given(*PAID, ASKED, FAILED).when(FAIL).then_nothing()
    given(*PAID, ASKED, FAILED).when(RECORD).then_nothing()
    given(*PAID).when(FAIL).then_nothing()
    assert given(*PAID, ASKED, FAILED).state.payment.status == "succeeded"
    undone = replace(FAILED, undone=True)
    given(*PAID, ASKED, REFUNDED).when(FAIL).then(undone)
    given(*WHOLE).when(FAIL).then(replace(undone, attributed=CONFIRMED.attributed))
    given(*PAID, ASKED, REFUNDED, undone).when(replace(PARTLY, refund_id="r3")).then(
        replace(ASKED, refund_id="r3")
    )
    back = given(*PAID, GONE, ASKED, REFUNDED, REST_ASKED, REST_REFUNDED, undone).state
    assert (back.payment.status, back.payment.refunded_cents) == ("partially_refunded", 499)
    assert back.detail_status == "cancelled"


def test_one_that_is_under_way_is_looked_at_again():
    assert refund_due(given(*PAID).state) is None
    later = replace(REST_ASKED, requested_at=NOW + timedelta(minutes=1))
    state = given(*PAID, ASKED, later).state
    assert refund_due(state) == NOW + REFUND_AFTER
    assert ORDER.listed(state, "o1").due == ("order_refund", NOW + REFUND_AFTER)
    done = given(*PAID, ASKED, REFUNDED).state
    assert ORDER.listed(done, "o1").due == ("order_acceptance", done.accept_by)
    late = replace(ASKED, requested_at=done.accept_by)
    assert ORDER.listed(given(*PAID, late).state, "o1").due == ("order_acceptance", done.accept_by)


def test_a_dispute_is_opened_and_closed_once_in_any_order():
    given(*PAID).when(CLAIM).then(DISPUTED)
    given(*PAID, DISPUTED).when(CLAIM).then_nothing()
    given(*PAID, DISPUTED).when(replace(CLAIM, outcome="won")).then(WON)
    given(*PAID).when(replace(CLAIM, outcome="won")).then(DISPUTED, WON)
    given(*PAID, DISPUTED, WON).when(replace(CLAIM, outcome="won")).then_nothing()
    given(*PAID, DISPUTED, WON).when(CLAIM).then_nothing()
    second = replace(CLAIM, dispute_id="dp_2")
    given(*PAID, DISPUTED, WON).when(second).then(replace(DISPUTED, dispute_id="dp_2"))
    both = given(*PAID, DISPUTED, replace(DISPUTED, dispute_id="dp_2"), WON).state
    assert [each.outcome for each in both.disputes] == ["won", None]


@pytest.mark.parametrize(("outcome", "refused"), [(None, True), ("lost", True), ("won", False)])
def test_what_a_bank_may_take_is_not_given_back_as_well(outcome, refused):
    closed = () if outcome is None else (replace(WON, outcome=outcome),)
    state = given(*PAID, DISPUTED, *closed).state
    if not refused:
        undisputed(state)
        return
    with pytest.raises(Rejected) as why:
        undisputed(state)
    assert why.value.code == "order_disputed"


def test_its_events_are_its_state():
    assert_folds_as_stored(ORDER, (*WHOLE, replace(FAILED, undone=True), DISPUTED, WON))


def test_what_is_refunded_at_stripe_by_hand_is_of_no_line():
    by_hand = {"refund_id": "re_9", "lines": (), "amount": Total(amount_cents=499, currency="EUR")}
    asked, done = (
        replace(ASKED, reason=BY_HAND, **by_hand),
        replace(REFUNDED, stripe_refund_id="re_9", **by_hand),
    )
    find = FindRefund(stripe_refund_id="re_9", amount_cents=499)
    given(*PAID).when(find).then(asked, done)
    found = given(*PAID, asked, done)
    found.when(find).then_nothing()
    assert found.state.payment.refunded_cents == 499
    given(CREATED, STARTED).when(find).then_nothing()
