"""S-55: refunds and payouts are killed before and after every write and every call of Stripe, and recover.

Whatever the point, and whether somebody tries again or not: what was given back was given back once, what the
supplier has is what was sold, and the books are in order.
"""

from copy import deepcopy

import pytest

from support.commerce.money.crash_points import Reaper, rewinding
from support.commerce.refunds_and_payouts import ledger, pay_supplier, payable, refund, sold_by
from support.commerce.suppliers import done
from support.commerce.table_snapshot import check, loaded
from support.faulty_client import Crash
from support.identity.tenant import items

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
    stall = payable(checkout)
    sold = sold_by(checkout, stall, checkout.goods(10, stall), 2)
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
        till = self.checkout.till
        self.rewind, self.instant = rewinding(), self.checkout.clock.instant
        kept = {name: getattr(till, name) for name in ("intents", "refunds", "events", "calls", "_answered")}
        vault = {name: getattr(till.vault, name) for name in ("transfers", "available")}
        self.kept = deepcopy((kept, vault, self.checkout.delivered))

    def __call__(self):
        till = self.checkout.till
        self.rewind()
        self.checkout.clock.instant = self.instant
        kept, vault, self.checkout.delivered = deepcopy(self.kept)
        vars(till).update(kept)
        vars(till.vault).update(vault)
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
    assert check(items(), loaded("commerce")).findings == ()
    till, order = checkout.till, checkout.order(sold.order_id)
    assert {each.status for each in order.refunds} <= {"succeeded"}
    assert len(till.refunds) == len(order.refunds) <= asked
    assert till.kept == order.payment.captured_cents - order.payment.refunded_cents
    assert len(till.vault.transfers) <= 1
    assert (ledger(sold.stall)["balance"], ledger(sold.stall)["payouts"]) == (0, till.vault.paid)
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
    counting = Reaper()
    with counting.watching():
        story(rewound())
    assert 8 <= counting.passed < MOST_POINTS
    for at in range(counting.passed):
        sold = rewound()
        with Reaper(at=at).watching(), pytest.raises(Crash):
            story(sold)
        recovered(checkout, sold, story if at % 2 else nobody_returns)
        sound(checkout, sold, asked)
