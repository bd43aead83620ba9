"""Orders, with any commands in any order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given as drawn
from hypothesis import strategies as st

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
from commerce.order.decider import LIFECYCLE, ORDER
from commerce.order.state import Order
from support.commerce.order_histories import DECLINED, NOW, PAY, created, intent
from support.spec import NOON, assert_folds_as_stored
from troupe.domain.decider import Rejected

COMMANDS = st.sampled_from(
    [
        PAY,
        replace(PAY, payment_method="pm_other"),
        *(FindPayment(intent=each) for each in (intent(), DECLINED, intent("canceled"), intent(received=1))),
        FindPayment(intent=intent("processing")),
        ExpireOrder(),
        CancelOrder(),
        CancelOrder(staff=True),
        ReinstateOrder(intent=intent()),
        ReversePayment(intent=intent()),
        RecordReversal(refund_id="re_1"),
        ReserveChunk(chunk=0),
        ReserveChunk(chunk=1),
        ReleaseChunk(chunk=0),
        ReleaseChunk(chunk=1),
        FinishRelease(),
        GiveUp(),
    ]
)


@drawn(st.sampled_from([None, 2]), st.lists(st.tuples(COMMANDS, st.sampled_from([0, 16])), max_size=25))
def test_money_and_hold_agree_after_any_commands(chunks, steps):
    history = [created(chunks)]
    for command, minutes in steps:
        state = ORDER.fold(history)
        context = replace(NOON, now=NOW + timedelta(minutes=minutes))
        try:
            events = ORDER.answer(command, state, context)
        except Rejected:
            continue
        for event in events:
            was, state = state, ORDER.evolve(state, event)
            assert isinstance(was, Order)
            if was.detail_status != state.detail_status:
                LIFECYCLE.check(was.detail_status, state.detail_status)
        history += events
        _agrees(state)
    assert_folds_as_stored(ORDER, tuple(history))


def _agrees(state):
    paid = state.payment.captured_cents - state.payment.refunded_cents
    assert sum(state.histogram.values()) == state.line_count
    if state.detail_status == "paid":
        assert (state.hold, paid) == ("held", state.totals.total_cents)
    if state.hold == "released":  # never money kept for nothing, but on its way back
        assert paid == 0 or state.payment.status == "reversing"
        assert state.histogram == {"cancelled": state.line_count}
    assert 0 <= state.payment.refunded_cents <= state.payment.captured_cents
