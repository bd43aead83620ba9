"""S-55: refunds and payouts are killed before and after every write and every call of Stripe, and recover.

At every point, with and without another try: each refund was made once, the supplier has its share of the
sales, and the books are in order.
"""

from copy import deepcopy

import pytest

from support.commerce.money.crash_points import CrashPoints
from support.commerce.refunds_and_payouts import ledger, pay_supplier, payable, refund, sold_by
from support.commerce.suppliers import done
from support.commerce.table_snapshot import check, loaded
from support.dynamodb import stored_items
from support.faulty_client import Crash
from support.snapshots import rewinding

MOST_POINTS = 40  # more than any story has


def refunded(sold):
    done(refund(sold, ("1", 1), key="first"))


def paid(sold):
    pay_supplier(sold)


def taken_back(sold):
    done(refund(sold, ("1", 1), key="second", shipping=True))
    pay_supplier(sold)


def nobody_returns(_sold):
    """The sweep alone clears up."""


@pytest.fixture
def sold(checkout):
    catalogue = payable(checkout)
    sold = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 2)
    checkout.later(days=8)
    return sold


@pytest.fixture
def rewound(sold, checkout):
    """The same order as it was, and Stripe too."""
    return Rewound(sold, checkout)


class Rewound:
    def __init__(self, sold, checkout):
        self.sold, self.checkout = sold, checkout
        self.keep()

    def keep(self):
        stripe = self.checkout.stripe
        self.rewind, self.instant = rewinding(), self.checkout.clock.instant
        kept = {
            name: getattr(stripe, name) for name in ("intents", "refunds", "events", "calls", "_answered")
        }
        connect = {name: getattr(stripe.connect, name) for name in ("transfers", "available")}
        self.kept = deepcopy((kept, connect, self.checkout.delivered))

    def __call__(self):
        stripe = self.checkout.stripe
        self.rewind()
        self.checkout.clock.instant = self.instant
        kept, connect, self.checkout.delivered = deepcopy(self.kept)
        vars(stripe).update(kept)
        vars(stripe.connect).update(connect)
        return self.sold


def recovered(checkout, sold, story):
    story(sold)
    checkout.delivered = 0  # Stripe sends again what was not answered
    for _ in range(2):
        checkout.later(minutes=6)
        checkout.webhooks()
        checkout.sweep()


def sound(checkout, sold, asked):
    """All that has to hold once nothing is left to do. `asked`: how many refunds, if any was written down."""
    assert check(stored_items(), loaded("commerce")).findings == ()
    stripe, order = checkout.stripe, checkout.order(sold.order_id)
    assert {each.status for each in order.refunds} <= {"succeeded"}
    assert len(stripe.refunds) == len(order.refunds) <= asked
    assert stripe.kept == order.payment.captured_cents - order.payment.refunded_cents
    assert len(stripe.connect.transfers) <= 1
    assert (ledger(sold.catalogue)["balance"], ledger(sold.catalogue)["payouts"]) == (0, stripe.connect.paid)
    payout = sold.part.payout
    assert (payout.sending, payout.recalling) == (None, None)


@pytest.mark.parametrize(
    ("before", "story", "asked"),
    [((), refunded, 1), ((), paid, 0), ((paid,), taken_back, 1)],
    ids=["refunded", "paid", "refunded after it was paid"],
)
def test_s_55_killed_at_every_point(rewound, checkout, before, story, asked):
    """S-55."""
    for each in before:
        each(rewound.sold)
    rewound.keep()
    counting = CrashPoints()
    with counting.watching():
        story(rewound())
    assert 8 <= counting.passed < MOST_POINTS
    for at in range(counting.passed):
        sold = rewound()
        with CrashPoints(at=at).watching(), pytest.raises(Crash):
            story(sold)
        recovered(checkout, sold, story if at % 2 else nobody_returns)
        sound(checkout, sold, asked)
