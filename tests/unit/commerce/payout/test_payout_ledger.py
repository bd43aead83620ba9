"""What is posted to a supplier's ledger, and that it balances."""

from dataclasses import replace

from commerce.payout.decide_ledger import Posting, posting
from commerce.supplier_order.money_events import (
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutReversalStarted,
    SupplierOrderPayoutReversed,
    SupplierOrderRefunded,
    SupplierOrderRefundFailed,
    SupplierOrderRefundRequested,
)
from commerce.supplier_order.refund import RefundedUnits
from support.commerce.delivered_supplier_order import (
    COMMISSION,
    DUE,
    FELL_DUE,
    NET,
    PAID,
    REVENUE,
    SOLD,
    STARTED,
    now,
)
from support.commerce.order_histories import SUPPLIER

HELD = SupplierOrderPayoutHeld(supplier_id=SUPPLIER, reason="balance", until=DUE, number=1, held_at=DUE)
UNITS = (RefundedUnits(line_id="2", quantity=1, amount_cents=2_000),)
ASKED = SupplierOrderRefundRequested(refund_id="r1", lines=UNITS, shipping_cents=0, requested_at=DUE)
REFUNDED = SupplierOrderRefunded(refund_id="r1", lines=UNITS, shipping_cents=0, refunded_at=DUE)
UNDONE = SupplierOrderRefundFailed(refund_id="r1", lines=UNITS, shipping_cents=0, undone=True, failed_at=DUE)
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


def posted(history, *events):
    return posting(now(*history), now(*history, *events), events)


def test_it_is_posted_when_it_falls_due_and_counts_as_paid_once_it_is_begun():
    both = posted(SOLD, FELL_DUE, STARTED)
    assert both == Posting(earnings=REVENUE, commission=COMMISSION, payouts=NET)
    assert both.balance == 0
    assert posted((*SOLD, FELL_DUE, STARTED), PAID) == Posting()


def test_what_stripe_refuses_is_owed_still():
    assert posted((*SOLD, FELL_DUE, STARTED), HELD) == Posting(payouts=-NET)
    assert posted((*SOLD, FELL_DUE), replace(HELD, number=None)) == Posting()
    assert posted((*SOLD, FELL_DUE), HELD) == Posting()


def test_what_is_refunded_before_it_falls_due_is_never_posted():
    assert posted((*SOLD, ASKED), REFUNDED) == Posting()
    assert posted((*SOLD, ASKED, REFUNDED), FELL_DUE).reversals == 0


def test_what_is_refunded_afterwards_is_taken_back_and_given_again_if_that_fails():
    paid = (*SOLD, FELL_DUE, STARTED, PAID)
    assert posted(paid, ASKED) == Posting()
    assert posted((*paid, ASKED), REFUNDED) == Posting(reversals=1_800)
    assert posted((*paid, ASKED, REFUNDED), UNDONE) == Posting(reversals=-1_800)
    assert posted((*paid, ASKED, REFUNDED), RECALLED) == Posting()
    assert posted((*paid, ASKED, REFUNDED, RECALLED), CAME) == Posting(payouts=-1_800)
    owed = replace(CAME, amount_cents=0, debt_cents=1_800)
    assert posted((*paid, ASKED, REFUNDED, RECALLED), owed) == Posting()
