"""Revenue and order funnel as queries: each event counts once, also when the queue repeats it."""

import random
from types import SimpleNamespace

import pytest

from commerce.inbound import VIEWS, handler
from commerce.rebuild import handler as rebuild
from support.commerce.fake_stripe import DECLINED
from support.commerce.offers import publishes
from support.commerce.orders import requested_line
from support.commerce.promotions import community
from support.commerce.shop import ask
from support.dynamodb import round_trips, stored_events
from support.principals import acting
from support.spec import OTHER
from support.stream_events import batch, failed, lambda_context, rows
from troupe.ids import new_id

ADMIN = acting("admin", new_id())
DAY, NEXT = "2026-03-01", "2026-03-02"
SALES = ("revenue", "order_funnel", "promotion_performance")


def hears(*envelopes):
    for begin in range(0, len(envelopes), 10):
        assert failed(handler(batch(*envelopes[begin : begin + 10]), None)) == []


@pytest.fixture
def sold(checkout):
    """Two orders of one day, one by a promotion in two communities, and a third that was never paid."""
    goods, plain = checkout.goods(50), checkout.goods(50)
    offer = publishes(checkout, goods, discounts={next(iter(goods.variants.values())): 1000})
    other = publishes(checkout, plain, ends_at=checkout.clock())
    runners, swimmers = community(new_id()), community(new_id())
    found = {"promotion_id": offer, "community_id": runners}
    first = checkout.placed(
        requested_line(goods, 2, **found), requested_line(plain, 1, community_id=swimmers)
    )
    checkout.pay(first, DECLINED)
    checkout.pay(first)
    second = checkout.placed(requested_line(plain, 1, promotion_id=other))
    checkout.pay(second)
    checkout.placed(requested_line(plain, 1))
    return SimpleNamespace(checkout=checkout, offer=offer, runners=runners, swimmers=swimmers)


def days(route, first=DAY, last=DAY, **by):
    return ask(f"/analytics/{route}", query={"from": first, "to": last}, **(by or ADMIN))


def shares(breakdown, day=DAY, **query):
    reply = ask(f"/analytics/revenue/{breakdown}", query={"day": day, **query}, **ADMIN)
    assert reply.status == 200, reply.body
    name = {"communities": "community_id", "promotions": "promotion_id"}[breakdown]
    return {each[name]: each["takings"][0]["net_cents"] for each in reply.body["items"]}


def test_a_day_s_revenue_as_a_whole_and_by_what_it_came(sold):
    """S-49: what came by communities, by promotions and by none is what came."""
    hears(*stored_events())
    totals = [sold.checkout.order(each).totals for each in orders()]
    with round_trips() as made:
        reply = days("revenue")
    assert (reply.status, made) == (200, ["BatchGetItem", "Query"])  # the first is held for half a minute
    (day,) = reply.body["days"]
    (takings,) = day["takings"]
    gross = sum(each.total_cents for each in totals)
    assert takings == {
        "currency": "EUR",
        "orders": 2,
        "gross_cents": gross,
        "refunded_cents": 0,
        "net_cents": gross,
    }
    assert reply.body["totals"] == [takings]
    by_community, by_promotion = shares("communities"), shares("promotions")
    assert by_community.keys() == {sold.runners, sold.swimmers, None}
    assert by_promotion.keys() == {sold.offer, None}  # the other offer was over
    assert sum(by_community.values()) == sum(by_promotion.values()) == gross
    assert by_community[sold.runners] == by_promotion[sold.offer] == 2 * (7999 - 1000)
    assert by_community[sold.swimmers] == 7999


def orders():
    return [each.aggregate_id for each in stored_events("order.confirmed")]


def test_the_funnel_of_a_day(sold):
    hears(*stored_events())
    reply = days("order-funnel", last=NEXT)
    assert reply.body["totals"] == {
        "created": 3,
        "payment": 2,
        "confirmed": 2,
        "shipped": 0,
        "delivered": 0,
    }
    assert reply.body["rates"] == {
        "payment": 0.6667,
        "confirmed": 1.0,
        "shipped": 0.0,
        "delivered": None,
        "overall": 0.0,
    }
    assert [each["created"] for each in reply.body["days"]] == [3, 0]
    assert reply.body["zone"] == "UTC"


def test_what_a_promotion_sold(sold):
    hears(*stored_events())
    assert rows(view="promotion_performance")[sold.offer, sold.runners] == {
        "conversions": {"N": "1"},
        "revenue_cents": {"N": "13998"},
    }


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_number_end_the_same_and_as_a_rebuild_does(sold, seed, monkeypatch):
    """S-57: and each view can be made anew from the events."""
    dice, envelopes = random.Random(seed), stored_events()
    hears(*dice.sample(envelopes, len(envelopes)), *dice.choices(envelopes, k=20))
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    for view in SALES:
        before = rows(view=view)
        report = rebuild({"view": view, "start": True, "segments": 1}, lambda_context())
        assert (report["phase"], report["live"]) == ("swapped", 2)
        assert rows(view=f"{view}~2") == before != {}
    assert {view.name for view in VIEWS} >= set(SALES)


def test_a_breakdown_comes_in_pages_of_one_query_each(sold):
    hears(*stored_events())
    shares("communities")
    whole, cursor = [], {}
    for _ in range(3):
        with round_trips() as made:
            query = {"day": DAY, "limit": "1", **cursor}
            reply = ask("/analytics/revenue/communities", query=query, **ADMIN)
        assert made == ["Query"]
        whole += [each["community_id"] for each in reply.body["items"]]
        cursor = {"cursor": reply.body["cursor"]}
    assert (set(whole), cursor) == ({sold.runners, sold.swimmers, None}, {"cursor": None})
    assert shares("communities", day=NEXT) == {}


def test_figures_are_for_who_may_see_them_and_of_one_s_own_tenant(sold):
    hears(*stored_events())
    for role in ("consumer", "leader", "supplier", "staff"):
        assert days("revenue", **acting(role, new_id())).status == 403
    elsewhere = days("revenue", **ADMIN, tenant_id=OTHER)
    assert elsewhere.body["days"] == [{"day": DAY, "takings": []}]


@pytest.mark.parametrize("last", ["2026-02-28", "2027-03-02", "soon"])
def test_a_range_is_bounded(table, last):
    for route in ("revenue", "order-funnel"):
        assert days(route, last=last).status == 422
