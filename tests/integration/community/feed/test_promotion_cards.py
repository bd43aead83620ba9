"""Promotions in the feeds: they come and go with commerce's events, in each feed that has approved them."""

from datetime import timedelta

import pytest

from support.commerce.promotion_histories import WARES
from support.community.communities import profiled
from support.community.feeds import CANCEL, END, PAUSE, RESUME, approve, feed, ids, reject

GLOBAL = "global"


@pytest.fixture
def reader(plaza):
    return profiled(plaza)


def test_its_card_shows_it_whole(gazette, reader):
    circle, bakery = gazette.circle(), gazette.supplier(logo_url="https://x.example/logo.png")
    promotion = gazette.promotion(bakery, circle)
    gazette.on_promotion(promotion, *approve(GLOBAL, circle.id))
    gazette.hears()
    (shown,) = feed(reader, circle).body["items"]
    (everywhere,) = feed(reader).body["items"]
    assert everywhere == {**shown, "community_id": None}
    assert shown == {
        "kind": "promotion",
        "id": promotion,
        "community_id": circle.id,
        "author": {
            "id": bakery,
            "display_name": "Bakery",
            "avatar_url": "https://x.example/logo.png",
        },
        "format": "single",
        "title": "Flash sale",
        "excerpt": None,
        "thumbnail_url": None,
        "offers": [
            {
                "product_id": "p1",
                "name": WARES[0].name,
                "currency": "EUR",
                "price_cents": 1000,
                "discount_cents": 300,
                "image_url": None,
            }
        ],
        "at": shown["at"],
        "ends_at": shown["ends_at"],
    }


def test_s_35_one_community_s_rejection_touches_no_other(gazette, reader):
    """S-35: approved in A, rejected in B, open in C: a card in A alone, until C approves, and adds its own."""
    a, b, c = (gazette.circle(name=name) for name in "ABC")
    promotion = gazette.promotion(gazette.supplier(), a, b, c)
    gazette.on_promotion(promotion, *approve(a.id), reject(b.id), reject(GLOBAL))
    gazette.hears()
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[], [], [], []]
    gazette.at += timedelta(days=8)
    gazette.decide(promotion)
    gazette.hears()
    of_a = feed(reader, a).body["items"]
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[promotion], [], [], []]
    gazette.at += timedelta(days=1)
    gazette.on_promotion(promotion, *approve(c.id))
    gazette.hears()
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[promotion], [], [promotion], []]
    assert feed(reader, a).body["items"] == of_a
    assert feed(reader, c).body["items"][0]["at"] > of_a[0]["at"]


def test_it_goes_while_it_is_paused_and_comes_back_to_its_place(gazette, reader):
    circle = gazette.circle()
    first, second = (gazette.promotion(gazette.supplier(), circle) for _ in range(2))
    for each in (first, second):
        gazette.on_promotion(each, *approve(GLOBAL, circle.id))
    gazette.hears()
    gazette.on_promotion(first, PAUSE)
    gazette.hears()
    assert (ids(feed(reader, circle)), ids(feed(reader))) == ([second], [second])
    gazette.on_promotion(first, RESUME)
    gazette.hears()
    assert (ids(feed(reader, circle)), ids(feed(reader))) == ([second, first], [second, first])


@pytest.mark.parametrize("over", [END, CANCEL])
def test_it_goes_for_good_when_it_is_over(gazette, reader, over):
    circle = gazette.circle()
    promotion = gazette.promotion(gazette.supplier(), circle)
    gazette.on_promotion(promotion, *approve(GLOBAL, circle.id))
    gazette.hears()
    gazette.at += timedelta(days=100)
    gazette.on_promotion(promotion, over)
    gazette.hears()
    assert (ids(feed(reader, circle)), ids(feed(reader))) == ([], [])


def test_who_approves_late_while_it_is_paused_shows_it_when_it_goes_on(gazette, reader):
    circle = gazette.circle()
    promotion = gazette.promotion(gazette.supplier(), circle)
    gazette.on_promotion(promotion, *approve(GLOBAL))
    gazette.at += timedelta(days=8)
    gazette.decide(promotion)
    gazette.on_promotion(promotion, PAUSE, *approve(circle.id))
    gazette.hears()
    assert ids(feed(reader, circle)) == []
    gazette.on_promotion(promotion, RESUME)
    gazette.hears()
    assert ids(feed(reader, circle)) == [promotion]


def test_nothing_of_a_suspended_supplier_is_shown(gazette, reader):
    circle, bakery = gazette.circle(), gazette.supplier()
    promotion = gazette.promotion(bakery, circle)
    gazette.on_promotion(promotion, *approve(GLOBAL, circle.id))
    gazette.hears()
    gazette.on_supplier(bakery, 2, "suspended", reason="Fraud.")
    gazette.hears()
    assert (ids(feed(reader, circle)), ids(feed(reader))) == ([], [])
    gazette.on_supplier(bakery, 3, "reinstated")
    gazette.hears()
    assert (ids(feed(reader, circle)), ids(feed(reader))) == ([promotion], [promotion])
