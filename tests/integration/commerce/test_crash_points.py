"""S-55: the checkout is killed before and after every write and every call of Stripe, and recovers.

At every point, with and without another try of the customer: the books are in order, money is kept only for
sold units, and only sold units are reserved.
"""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from support.commerce.fake_stripe import DECLINED, SLOW, FakeStripe
from support.commerce.money.crash_points import CrashPoints
from support.commerce.orders import requested_line
from support.commerce.table_snapshot import check, loaded
from support.dynamodb import stored_events, stored_items
from support.faulty_client import Crash
from support.snapshots import rewinding

STOCK = 5
MOST_POINTS = 60  # more than any story has


def bought(checkout, goods):
    placed = checkout.place(requested_line(goods, 2), key="k")
    checkout.pay(placed.body["id"])


def declined_first(checkout, goods):
    placed = checkout.place(requested_line(goods, 2), key="k")
    checkout.pay(placed.body["id"], DECLINED)
    checkout.pay(placed.body["id"])


def paid_late(checkout, goods):
    placed = checkout.place(requested_line(goods, 2), key="k")
    checkout.pay(placed.body["id"], SLOW)
    checkout.later(minutes=16)
    checkout.expire(placed.body["id"])
    for name, intent in list(checkout.stripe.intents.items()):
        if intent["status"] == "processing":
            checkout.stripe.succeed(name)
    checkout.webhooks()


def given_back(checkout, goods):
    placed = checkout.place(requested_line(goods, 2), key="k")
    checkout.pay(placed.body["id"], SLOW)
    checkout.cancel(placed.body["id"])
    for name, intent in list(checkout.stripe.intents.items()):
        if intent["status"] == "processing":
            checkout.stripe.succeed(name)
    checkout.webhooks()


def sound(checkout, goods):
    """All that has to hold once nothing is left to do."""
    report = check(stored_items(), loaded("commerce"))
    assert report.findings == ()
    orders = [checkout.order(each.aggregate_id) for each in stored_events("order.created")]
    assert len(orders) <= 1
    sold = [each for each in orders if each.detail_status == "paid"]
    assert {each.detail_status for each in orders} <= {"paid", "expired", "payment_failed", "cancelled"}
    assert {each.payment.status for each in orders} <= {"none", "started", "failed", "succeeded", "reversed"}
    assert checkout.stripe.kept == sum(each.totals.total_cents for each in sold)
    assert checkout.levels(goods) == (STOCK, STOCK - 2 * len(sold), 2 * len(sold))


def recovered(checkout, goods, *, returns, story):
    if returns:
        story(checkout, goods)
    for intent in list(checkout.stripe.intents.values()):  # what a bank had in hand, it brings to its end
        if intent["status"] == "processing":
            checkout.stripe.succeed(intent["id"])
    checkout.delivered = 0  # Stripe sends again what was not answered
    checkout.quiet()
    sound(checkout, goods)


ALWAYS, NEVER, NOW_AND_THEN = (lambda _: True), (lambda _: False), (lambda at: at % 4 in {0, 3})


@pytest.mark.parametrize(
    ("story", "returns"),
    [
        pytest.param(bought, ALWAYS, id="bought, and the customer returns"),
        pytest.param(bought, NEVER, id="bought, and the customer is gone"),
        (declined_first, NOW_AND_THEN),
        (paid_late, NOW_AND_THEN),
        (given_back, NOW_AND_THEN),
    ],
)
def test_s_55_killed_at_every_point(fresh, story, returns):
    """S-55."""
    checkout, goods = fresh()
    counting = CrashPoints()
    with counting.watching():
        story(checkout, goods)
    assert 4 <= counting.passed < MOST_POINTS
    for at in range(counting.passed):
        checkout, goods = fresh()
        with CrashPoints(at=at).watching(), pytest.raises(Crash):
            story(checkout, goods)
        recovered(checkout, goods, returns=returns(at), story=story)


@pytest.mark.parametrize("seed", range(25))
def test_s_13_the_hold_ends_during_a_payment(fresh, seed):
    """S-13: paid with what was ordered, or given up without the money; in any order of steps."""
    checkout, goods = fresh()
    dice = random.Random(seed)
    order_id = checkout.placed(requested_line(goods, 2))
    checkout.pay(order_id, SLOW)
    if dice.random() < 0.5:
        checkout.placed(requested_line(goods, 2))
    steps: list[Callable[[], object]] = [
        lambda: checkout.expire(order_id),
        lambda: checkout.confirm(order_id),
        checkout.webhooks,
        lambda: (
            checkout.stripe.intents["pi_00000001"]["status"] == "processing"
            and checkout.stripe.succeed("pi_00000001")
        ),
        checkout.sweep,
        lambda: dice.random() < 0.3 and checkout.cancel(order_id),
    ]
    checkout.later(minutes=15)
    for _ in range(8):
        dice.choice(steps)()
    if checkout.stripe.intents["pi_00000001"]["status"] == "processing":
        checkout.stripe.succeed("pi_00000001")
    checkout.delivered = 0
    checkout.quiet()
    assert check(stored_items(), loaded("commerce")).findings == ()
    orders = [checkout.order(each.aggregate_id) for each in stored_events("order.created")]
    sold = [each for each in orders if each.detail_status == "paid"]
    assert checkout.stripe.kept == sum(each.totals.total_cents for each in sold)
    assert checkout.levels(goods) == (STOCK, STOCK - 2 * len(sold), 2 * len(sold))
    reinstated, back = stored_events("order.reinstated"), stored_events("order.payment_reversed")
    assert len(reinstated) + len(back) <= 1


@pytest.fixture
def fresh(checkout):
    """The same shop with the same stock, as often as wished: nothing ordered, nothing paid."""
    goods = checkout.goods(STOCK)
    rewind = rewinding()

    def made():
        rewind()
        vars(checkout.stripe).update(vars(FakeStripe()))
        return replace(checkout, delivered=0), goods

    return made
