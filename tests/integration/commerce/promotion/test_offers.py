"""Orders under a promotion's offer, as a promotion publishes it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from commerce.checkout.handlers import place_order
from support.commerce.offers import left, publishes
from support.commerce.orders import place, requested_line
from support.faulty_client import OneAtATime
from support.openapi import problems_of
from troupe.store import table


@pytest.fixture
def crowd(checkout):
    one = OneAtATime(table.client())
    problems_of(place_order.handler, place.route)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "client", lambda: one)
        yield


def test_it_takes_off_each_unit_and_counts_the_order_once(checkout):
    goods = checkout.goods(10)
    offer = publishes(checkout, goods)
    order_id = checkout.placed(requested_line(goods, 3, promotion_id=offer))
    totals = checkout.order(order_id).totals
    assert (totals.subtotal_cents, totals.discount_cents) == (3 * 7999, 3 * 1000)
    assert left(offer) == 9
    for _ in range(2):
        checkout.cancel(order_id)
    assert left(offer) == 10


def test_s_31_the_budgets_last_use_and_two_orders(checkout, crowd):
    """S-31: one has it, the other is asked to be quoted anew; what is cancelled gives it back, once."""
    goods = checkout.goods(10)
    offer = publishes(checkout, goods, remaining=1, limit=1)
    with ThreadPoolExecutor(2) as pool:
        replies = list(
            pool.map(lambda _: checkout.place(requested_line(goods, promotion_id=offer)), range(2))
        )
    won, lost = sorted(replies, key=lambda each: each.status)
    assert (won.status, lost.body["code"]) == (201, "promotion_unavailable")
    assert (left(offer), checkout.levels(goods)) == (0, (10, 9, 1))
    assert checkout.place(requested_line(goods)).status == 201
    checkout.cancel(won.body["id"])
    assert left(offer) == 1


def test_a_customer_limit_counts_each_customer(checkout):
    goods = checkout.goods(10)
    offer = publishes(checkout, goods, per_customer=1)
    checkout.placed(requested_line(goods, promotion_id=offer))
    assert checkout.place(requested_line(goods, promotion_id=offer)).body["code"] == "promotion_unavailable"
    checkout.buyer = checkout.shop.consumer("Bob")
    checkout.placed(requested_line(goods, promotion_id=offer))
    assert left(offer) == 8


def test_it_was_paused_between_the_quote_and_the_order(checkout):
    goods = checkout.goods(10)
    offer = publishes(checkout, goods, limit=None, state="paused")
    quoted = checkout.quote(requested_line(goods, promotion_id=offer)).body
    placed = checkout.place(requested_line(goods, promotion_id=offer), quote_hash=quoted["quote_hash"])
    assert placed.body["code"] == "promotion_unavailable"
    assert checkout.levels(goods) == (10, 10, 0)


@pytest.mark.parametrize(
    "more",
    [
        {"everywhere": False, "communities": ("another",)},
        {"ends_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"currency": "USD"},
        {"discounts": {}},
    ],
)
def test_where_it_does_not_hold_nothing_is_taken_off_and_nothing_counted(checkout, more):
    goods = checkout.goods(10)
    offer = publishes(checkout, goods)
    agreed = checkout.quote(requested_line(goods, promotion_id=offer)).body["quote_hash"]
    away = publishes(checkout, goods, **more)
    quoted = checkout.quote(requested_line(goods, promotion_id=away)).body
    assert (quoted["totals"]["discount_cents"], quoted["missed_promotions"]) == (0, [away])
    gone = checkout.place(requested_line(goods, promotion_id=away), quote_hash=agreed)
    assert gone.body["code"] == "promotion_unavailable"
    checkout.placed(requested_line(goods, promotion_id=away))
    assert (left(away), left(offer)) == (10, 10)
