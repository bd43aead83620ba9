"""What is paid for a supplier's part of an order, when, and what comes back of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.supplier_order.amounts import outstanding
from commerce.supplier_order.decide_payout import AGAIN, wakes
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.money_events import (
    SupplierOrderPayoutFrozen,
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutReleased,
    SupplierOrderPayoutResumed,
    SupplierOrderPayoutReversalStarted,
    SupplierOrderPayoutReversed,
    SupplierOrderPayoutWithheld,
    SupplierOrderRefunded,
    SupplierOrderRefundRequested,
)
from commerce.supplier_order.payout_commands import (
    FindReversal,
    FreezePayout,
    RecordPayout,
    RecordRecall,
    RefusePayout,
    ReleasePayout,
    ResumePayout,
)
from commerce.supplier_order.refund import RefundedUnits
from support.commerce.delivered_supplier_order import (
    DUE,
    FELL_DUE,
    NET,
    PAID,
    REVENUE,
    SHOES,
    SOLD,
    STARTED,
    created,
    delivered,
    now,
    part,
    pay,
    rejected,
    units,
)
from support.commerce.delivered_supplier_order import given as at_noon
from support.commerce.order_histories import SUPPLIER
from support.spec import assert_folds_as_stored

given = at_noon.at(DUE)
DAY = timedelta(days=1)
HELD = SupplierOrderPayoutHeld(
    supplier_id=SUPPLIER, reason="no_payout_account", until=DUE + DAY, number=None, held_at=DUE
)
REFUSED = replace(HELD, reason="balance", number=1)
FROZEN = SupplierOrderPayoutFrozen(dispute_id="dp_1", frozen_at=DUE)
UNFROZEN = SupplierOrderPayoutReleased(dispute_id="dp_1", released_at=DUE)
BACK = (RefundedUnits(line_id="2", quantity=1, amount_cents=2_000),)
ASKED = SupplierOrderRefundRequested(refund_id="r1", lines=BACK, shipping_cents=0, requested_at=DUE)
REFUNDED = SupplierOrderRefunded(refund_id="r1", lines=BACK, shipping_cents=0, refunded_at=DUE)
RECALLED = SupplierOrderPayoutReversalStarted(
    number=1, transfer_id="tr_1", amount_cents=1_800, started_at=DUE
)
CAME = SupplierOrderPayoutReversed(
    supplier_id=SUPPLIER,
    currency="EUR",
    transfer_id="tr_1",
    amount_cents=1_800,
    debt_cents=0,
    number=1,
    reversed_at=DUE,
)
OWED = replace(CAME, amount_cents=0, debt_cents=1_800)
DONE = (*SOLD, FELL_DUE, STARTED, PAID)


def test_after_delivery_and_hold_it_is_paid_less_commission():
    early = at_noon.at(DUE - timedelta(seconds=1))
    early(*SOLD).when(pay()).then_nothing()
    given(SHOES).when(pay()).then_nothing()
    given(*SOLD).when(pay()).then(FELL_DUE, STARTED)
    given(*SOLD, FELL_DUE, STARTED).when(pay()).then_nothing()
    given(*SOLD, FELL_DUE, STARTED).when(RecordPayout(number=1, transfer_id="tr_1")).then(PAID)
    given(*DONE).when(RecordPayout(number=1, transfer_id="tr_1")).then_nothing()
    given(*DONE).when(pay()).then_nothing()
    assert wakes(now(*SOLD)) == DUE
    assert wakes(now(*SOLD, FELL_DUE, STARTED)) == DUE + AGAIN
    assert wakes(now(*DONE)) is None
    assert wakes(now(SHOES)) is None


def test_what_was_rejected_is_not_paid_for():
    state = now(*delivered(SHOES, reject=units(_2=1)))
    (due, started) = given.decider.answer(pay(), state, given.context)
    assert (due.revenue_cents, due.commission_cents) == (REVENUE - 2_000, 1_000)
    assert started.amount_cents == due.amount_cents == REVENUE - 2_000 - 1_000
    given(SHOES, rejected(units(_1=3, _2=1))).when(pay()).then_nothing()


def test_what_came_to_nothing_is_due_and_not_paid():
    free = delivered(created(part(1, 1, 0), shipping=0))
    nothing = replace(FELL_DUE, revenue_cents=0, commission_cents=0, amount_cents=0)
    given(*free).when(pay()).then(nothing)
    given(*free, nothing).when(pay()).then_nothing()


@pytest.mark.parametrize(
    ("payee", "reason", "until"),
    [
        ({"verified": False}, "supplier_not_verified", DUE + DAY),
        ({"stripe_account_id": None}, "no_payout_account", DUE + DAY),
        ({"payout_after": DUE + 2 * DAY}, "bank_details_changed", DUE + 2 * DAY),
    ],
)
def test_what_holds_it(payee, reason, until):
    """S-29 and S-30: bank details that changed yesterday, and a supplier that is suspended."""
    held = replace(HELD, reason=reason, until=until)
    given(*SOLD).when(pay(**payee)).then(FELL_DUE, held)
    state = now(*SOLD, FELL_DUE, held)
    assert wakes(state) == until
    given(*SOLD, FELL_DUE, held).when(pay(balance_cents=NET)).then_nothing()
    later = given.at(until)
    later(*SOLD, FELL_DUE, held).when(pay(balance_cents=NET)).then(replace(STARTED, started_at=until))


def test_s_29_what_was_changed_long_ago_holds_nothing():
    """S-29."""
    given(*SOLD).when(pay(payout_after=DUE)).then(FELL_DUE, STARTED)


def test_it_is_tried_again_ever_more_rarely_and_at_once_when_the_supplier_has_changed():
    history = [*SOLD, FELL_DUE, HELD]
    waits = []
    for _ in range(7):
        at = wakes(now(*history))
        (held,) = given.decider.answer(
            pay(stripe_account_id=None, balance_cents=NET), now(*history), replace(given.context, now=at)
        )
        waits.append((held.until - at).days)
        history.append(held)
    assert waits == [2, 4, 8, 16, 32, 32, 32]
    resumed = SupplierOrderPayoutResumed(resumed_at=DUE)
    given(*SOLD, FELL_DUE, HELD).when(ResumePayout()).then(resumed)
    given(*SOLD, FELL_DUE).when(ResumePayout()).then_nothing()
    given(*SOLD, FELL_DUE, HELD, resumed).when(pay(balance_cents=NET)).then(STARTED)


def test_s_27_more_than_there_is_waits_and_takes_a_new_key():
    """S-27: Stripe answers to the old one what it has answered."""
    given(*SOLD, FELL_DUE, STARTED).when(RefusePayout(number=1, short=True)).then(REFUSED)
    given(*SOLD, FELL_DUE, STARTED).when(RefusePayout(number=1, short=False)).then(
        replace(REFUSED, reason="refused")
    )
    given(*SOLD, FELL_DUE, STARTED, REFUSED).when(RefusePayout(number=1, short=True)).then_nothing()
    later = given.at(DUE + DAY)
    again = replace(STARTED, number=2, started_at=DUE + DAY)
    later(*SOLD, FELL_DUE, STARTED, REFUSED).when(pay(balance_cents=NET)).then(again)


def test_a_dispute_freezes_it_until_it_is_won():
    given(*SOLD).when(FreezePayout(dispute_id="dp_1")).then(FROZEN)
    given(*SOLD, FROZEN).when(FreezePayout(dispute_id="dp_1")).then_nothing()
    given(*SOLD, FROZEN).when(pay()).then_nothing()
    given(*SOLD, FELL_DUE, FROZEN).when(pay(balance_cents=NET)).then_nothing()
    assert wakes(now(*SOLD, FROZEN)) is None
    assert wakes(now(*SOLD, FELL_DUE, FROZEN)) is None
    given(*SOLD, FROZEN).when(ReleasePayout(dispute_id="dp_1")).then(UNFROZEN)
    given(*SOLD).when(ReleasePayout(dispute_id="dp_1")).then_nothing()
    given(*SOLD, FROZEN, UNFROZEN).when(pay()).then(FELL_DUE, STARTED)


def test_what_is_refunded_after_it_was_paid_is_asked_back():
    given(*DONE, ASKED).when(pay()).then_nothing()
    given(*DONE, ASKED, REFUNDED).when(pay()).then(RECALLED)
    assert wakes(now(*DONE, ASKED, REFUNDED)) == DUE
    under_way = (*DONE, ASKED, REFUNDED, RECALLED)
    given(*under_way).when(pay()).then_nothing()
    given(*under_way).when(RecordRecall(number=1, came=True)).then(CAME)
    given(*under_way, CAME).when(RecordRecall(number=1, came=True)).then_nothing()
    given(*under_way, CAME).when(pay()).then_nothing()
    assert now(*under_way, CAME).payout.transferred_cents == NET - 1_800


def test_s_28_it_is_asked_back_of_the_transfer_that_paid_it():
    """S-28: also when the supplier has another account by now."""
    second = replace(PAID, number=2, transfer_id="tr_2", amount_cents=1_000)
    first = replace(PAID, amount_cents=NET - 1_000)
    history = (*SOLD, FELL_DUE, STARTED, first, replace(STARTED, number=2, amount_cents=1_000), second)
    got = (*history, ASKED, REFUNDED)
    latest = replace(RECALLED, transfer_id="tr_2", amount_cents=1_000)
    given(*got).when(pay(stripe_account_id="acct_other")).then(latest)
    came = replace(CAME, transfer_id="tr_2", amount_cents=1_000)
    given(*got, latest, came).when(pay()).then(replace(RECALLED, number=2, amount_cents=800))


def test_what_does_not_come_back_is_owed_and_withheld_of_the_next():
    under_way = (*DONE, ASKED, REFUNDED, RECALLED)
    given(*under_way).when(RecordRecall(number=1, came=False)).then(OWED)
    state = now(*under_way, OWED)
    assert (state.payout.debt_cents, outstanding(state), wakes(state)) == (1_800, 0, None)
    withheld = SupplierOrderPayoutWithheld(amount_cents=1_800, withheld_at=DUE)
    less = replace(STARTED, amount_cents=NET - 1_800)
    given(*SOLD).when(pay(balance_cents=-1_800)).then(FELL_DUE, withheld, less)
    given(*SOLD, FELL_DUE, withheld, less).when(pay()).then_nothing()
    all_of_it = replace(withheld, amount_cents=NET)
    given(*SOLD).when(pay(balance_cents=-99_999)).then(FELL_DUE, all_of_it)
    given(*SOLD, FELL_DUE, all_of_it).when(pay()).then_nothing()
    assert wakes(now(*SOLD, FELL_DUE, all_of_it, ASKED, REFUNDED)) is None


def test_s_26_an_external_reversal_is_owed_again():
    """S-26: it was recorded as paid, and is paid again a day later."""
    found = FindReversal(transfer_id="tr_1", reversed_cents=NET)
    back = replace(CAME, amount_cents=NET, number=None)
    given(*DONE).when(found).then(back)
    given(*DONE, back).when(found).then_nothing()
    given(*DONE).when(replace(found, transfer_id="tr_9")).then_nothing()
    given(*DONE, ASKED, REFUNDED, RECALLED).when(found).then_nothing()
    assert outstanding(now(*DONE, back)) == NET
    assert wakes(now(*DONE, back)) == DUE + DAY
    again = replace(STARTED, number=2, started_at=DUE + DAY)
    given.at(DUE + DAY)(*DONE, back).when(pay(balance_cents=NET)).then(again)


def test_its_events_are_its_state():
    assert_folds_as_stored(SUPPLIER_ORDER, (*DONE, ASKED, REFUNDED, RECALLED, CAME))
    assert_folds_as_stored(SUPPLIER_ORDER, (*SOLD, FELL_DUE, HELD, FROZEN, UNFROZEN))
    assert_folds_as_stored(SUPPLIER_ORDER, (*SOLD, FELL_DUE, STARTED, REFUSED))
