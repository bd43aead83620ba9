"""Orders: given what happened, when something is asked, then that happens, or a refusal. And all of it at random."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.order.commands import (
    CancelOrder,
    ExpireOrder,
    FindPayment,
    FinishRelease,
    GiveUp,
    RecordReversal,
    ReinstateOrder,
    ReleaseChunk,
    ReserveChunk,
    ReversePayment,
)
from commerce.order.decide_payment import fate
from commerce.order.decider import HELD_FOR, ORDER
from commerce.order.events import (
    OrderChunkReleased,
    OrderChunkReserved,
    OrderLinesMoved,
    OrderPaymentFailed,
    OrderPaymentMismatch,
    OrderPaymentReversalStarted,
    OrderPaymentReversed,
    OrderReinstated,
    OrderReleaseStarted,
    OrderReserved,
)
from commerce.order.values import LineMove, Total
from support.commerce.order_histories import (
    CANCELLED,
    CONFIRMED,
    CREATED,
    DECLINED,
    EXPIRED,
    NOW,
    PAY,
    PI,
    PLACE,
    STARTED,
    SUCCEEDED,
    SUPPLIER,
    TOTAL,
    created,
    intent,
)
from support.spec import ANN, Given

given = Given(ORDER)
LATE = NOW + HELD_FOR
FAILED = OrderPaymentFailed(
    attempt=1, code="card_declined", decline_code="insufficient_funds", dead=False, failed_at=NOW
)
REVERSING = OrderPaymentReversalStarted(payment_intent_id=PI, amount=TOTAL, customer_id=ANN, started_at=NOW)
MISMATCH = OrderPaymentMismatch(
    payment_intent_id=PI, amount=Total(amount_cents=99, currency="EUR"), expected=TOTAL, found_at=NOW
)
MOVED = OrderLinesMoved(
    supplier_id=SUPPLIER,
    moves=(LineMove(was="reserved", to="accepted", lines=1),),
    detail_status="accepted",
    customer_id=ANN,
    moved_at=NOW,
)
RELEASING = OrderReleaseStarted(ends="cancelled", reason="customer", started_at=NOW)


def test_placed_it_waits_for_its_payment():
    given().when(PLACE).then(CREATED)


def test_a_payment_is_begun_once_and_again_under_the_same_attempt():
    given(CREATED).when(PAY).then(STARTED)
    given(CREATED, STARTED).when(PAY).then_nothing()
    other = replace(PAY, payment_method="pm_other")
    given(CREATED, STARTED).when(other).then(replace(STARTED, attempt=2, payment_method="pm_other"))
    foreign = replace(PAY, payment_intent_id="pi_other")
    given(CREATED, STARTED).when(foreign).then_rejected("payment_under_way")


def test_a_decline_raises_the_attempt_and_keeps_the_hold():
    given(CREATED, STARTED).when(FindPayment(intent=DECLINED)).then(FAILED)
    given(CREATED, STARTED, FAILED).when(FindPayment(intent=DECLINED)).then_nothing()
    given(CREATED, STARTED, FAILED).when(PAY).then(replace(STARTED, attempt=2))
    state = given(CREATED, STARTED, FAILED).state
    assert (state.hold, state.detail_status, state.payment.status) == ("held", "pending_payment", "failed")


def test_an_intent_that_was_called_off_makes_room_for_another():
    dead = replace(FAILED, code="canceled", decline_code=None, dead=True)
    given(CREATED, STARTED).when(FindPayment(intent=intent("canceled"))).then(dead)
    again = replace(PAY, payment_intent_id="pi_2")
    given(CREATED, STARTED, dead).when(again).then(replace(STARTED, attempt=2, payment_intent_id="pi_2"))


@pytest.mark.parametrize("status", ["processing", "requires_action", "requires_confirmation"])
def test_what_is_not_decided_at_stripe_is_not_decided_here(status):
    given(CREATED, STARTED).when(FindPayment(intent=intent(status))).then_nothing()
    untried = intent("requires_payment_method")
    given(CREATED, STARTED).when(FindPayment(intent=untried)).then_nothing()


def test_the_payment_confirms_it_once():
    paid = FindPayment(intent=intent())
    given(CREATED, STARTED).when(paid).then(SUCCEEDED, CONFIRMED)
    given(CREATED).when(paid).then(replace(SUCCEEDED, attempt=0), CONFIRMED)  # Stripe was first
    given(CREATED, STARTED, SUCCEEDED, CONFIRMED).when(paid).then_nothing()
    given(CREATED, STARTED).when(FindPayment(intent=intent(id="pi_x"))).then_rejected("payment_not_of_order")


@pytest.mark.parametrize("more", [{"received": 99}, {"currency": "USD"}])
def test_another_amount_is_held_for_review(more):
    found = intent(**more)
    expected = OrderPaymentMismatch(
        payment_intent_id=PI,
        amount=Total(amount_cents=found.received_cents, currency=found.currency),
        expected=TOTAL,
        found_at=NOW,
    )
    given(CREATED, STARTED).when(FindPayment(intent=found)).then(expected)
    after = given(CREATED, STARTED, expected)
    after.when(CancelOrder()).then_rejected("payment_under_review")
    after.at(LATE).when(ExpireOrder()).then_nothing()


def test_staff_ends_a_review_and_the_money_goes_back():
    reversal = replace(REVERSING, amount=MISMATCH.amount)
    given(CREATED, STARTED, MISMATCH).when(CancelOrder(staff=True)).then(
        replace(CANCELLED, reason="staff"), reversal
    )


def test_it_expires_at_its_time_and_once():
    soon = LATE - timedelta(microseconds=1)
    given(CREATED).at(soon).when(ExpireOrder()).then_nothing()
    given(CREATED).at(LATE).when(ExpireOrder()).then(replace(EXPIRED, expired_at=LATE))
    given(CREATED, EXPIRED).at(LATE).when(ExpireOrder()).then_nothing()
    given(CREATED, STARTED, FAILED).at(LATE).when(ExpireOrder()).then(
        replace(EXPIRED, detail_status="payment_failed", expired_at=LATE)
    )
    given(CREATED).at(LATE).when(PAY).then_rejected("order_expired")
    given(CREATED, EXPIRED).when(PAY).then_rejected("order_not_payable")


def test_cancelled_before_payment_and_refused_after():
    given(CREATED).when(CancelOrder()).then(CANCELLED)
    given(CREATED, CANCELLED).when(CancelOrder()).then_nothing()
    paid = given(CREATED, STARTED, SUCCEEDED, CONFIRMED)
    paid.when(CancelOrder()).then_rejected("order_paid")
    paid.when(PAY).then_rejected("order_paid")
    given(created(2)).when(CancelOrder()).then(RELEASING)


def test_late_money_revives_or_goes_back_and_never_both():
    late = intent()
    reinstated = OrderReinstated(budgets=(), reinstated_at=NOW)
    expired = given(CREATED, STARTED, EXPIRED)
    expired.when(ReinstateOrder(intent=late)).then(reinstated, SUCCEEDED, CONFIRMED)
    expired.when(ReversePayment(intent=late)).then(REVERSING)
    given(CREATED, STARTED, EXPIRED, REVERSING).when(ReinstateOrder(intent=late)).then_nothing()
    given(CREATED, STARTED, EXPIRED, reinstated, SUCCEEDED, CONFIRMED).when(
        ReversePayment(intent=late)
    ).then_nothing()
    given(CREATED, STARTED, CANCELLED).when(ReinstateOrder(intent=late)).then_nothing()
    short = intent(received=99)
    expired.when(ReinstateOrder(intent=short)).then(
        replace(REVERSING, amount=Total(amount_cents=99, currency="EUR"))
    )


def test_a_reversal_is_recorded_once():
    reversed_ = OrderPaymentReversed(
        payment_intent_id=PI, refund_id="re_1", amount=TOTAL, customer_id=ANN, reversed_at=NOW
    )
    record = RecordReversal(refund_id="re_1")
    given(CREATED, EXPIRED, REVERSING).when(record).then(reversed_)
    given(CREATED, EXPIRED, REVERSING, reversed_).when(record).then_nothing()
    assert given(CREATED, EXPIRED, REVERSING, reversed_).state.payment.refunded_cents == 2499


def test_chunks_are_reserved_one_after_the_other():
    first, second = (OrderChunkReserved(chunk=each, reserved_at=NOW) for each in range(2))
    ready = OrderReserved(expires_at=LATE, reserved_at=NOW)
    big = created(2)
    given(big).when(ReserveChunk(chunk=0)).then(first)
    given(big, first).when(ReserveChunk(chunk=0)).then_nothing()
    given(big, first).when(ReserveChunk(chunk=1)).then(second, ready)
    given(big, first).when(PAY).then_rejected("order_not_payable")
    whole = (big, first, second, ready)
    given(*whole).when(PAY).then(STARTED)
    given(*whole).at(LATE).when(ExpireOrder()).then(
        OrderReleaseStarted(ends="expired", reason="expired", started_at=LATE)
    )
    assert fate(given(big).state, intent()) == "wait"


def test_chunks_go_back_one_after_the_other():
    first = OrderChunkReserved(chunk=0, reserved_at=NOW)
    gone = replace(RELEASING, reason="out_of_stock")
    back = OrderChunkReleased(chunk=0, released_at=NOW)
    history = (created(2), first, gone)
    given(created(2), first).when(GiveUp()).then(gone)
    given(*history).when(GiveUp()).then_nothing()
    for other in ((CREATED,), (CREATED, STARTED, MISMATCH)):  # another command was first
        given(*other).when(GiveUp()).then_nothing()
    given(*history).when(ReleaseChunk(chunk=1)).then_nothing()
    given(*history).when(ReserveChunk(chunk=1)).then_rejected("invalid_transition")
    given(*history).when(FinishRelease()).then_nothing()
    given(*history).when(ReleaseChunk(chunk=0)).then(back)
    given(*history, back).when(FinishRelease()).then(replace(CANCELLED, reason="out_of_stock"))
    expiring = replace(RELEASING, ends="expired", reason="expired")
    given(created(2), expiring).when(FinishRelease()).then(EXPIRED)
    ended = given(created(2), expiring, EXPIRED).state
    assert fate(ended, intent()) == "reverse"
    assert (ended.histogram, ended.hold) == ({"cancelled": 1}, "released")


def test_it_falls_due_only_while_something_is_left_to_do():
    def due(*history):
        listing = ORDER.listed(given(*history).state, "x")
        return listing.due and listing.due[0]

    assert due(CREATED) == "order_hold"
    assert due(CREATED, STARTED, SUCCEEDED, CONFIRMED) == "order_acceptance"
    assert due(CREATED, STARTED, SUCCEEDED, CONFIRMED, MOVED) is None
    assert due(CREATED, EXPIRED) is None
    assert due(CREATED, STARTED, MISMATCH) is None
    assert due(created(2)) == due(created(2), RELEASING) == "order_reserving"
    assert due(CREATED, EXPIRED, REVERSING) == "order_reversal"
    assert ORDER.listed(given(CREATED).state, "x").summary["status"] == "pending"
    assert CREATED.lines[0].total_cents == 2000


def test_what_stripe_says_of_an_order_that_is_over_changes_nothing():
    paid = given(CREATED, STARTED, SUCCEEDED, CONFIRMED).state
    assert fate(paid, intent()) == fate(given(CREATED, EXPIRED).state, DECLINED) == "nothing"


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        ((CREATED,), "order_hold"),
        ((CREATED, RELEASING), "order_reserving"),
        ((CREATED, STARTED, EXPIRED, REVERSING), "order_reversal"),
        ((CREATED, STARTED, SUCCEEDED, CONFIRMED), "order_acceptance"),
        ((CREATED, STARTED, SUCCEEDED, CONFIRMED, MOVED), None),
    ],
)
def test_an_unfinished_order_falls_due(history, kind):
    state = ORDER.fold(history)
    listing = ORDER.listed(state, "order")
    assert (listing.due and listing.due[0]) == kind
    assert (listing.summary["status"], listing.summary["detail_status"]) == (
        state.status,
        state.detail_status,
    )


def test_money_for_an_order_that_is_being_released():
    assert fate(ORDER.fold((CREATED, RELEASING)), intent("succeeded")) in {"wait", "nothing", "reverse"}
