"""Promotions in the feeds: they come and go with commerce's events, in each feed that has approved them."""

from datetime import timedelta

import pytest

from support.commerce.promotion_histories import WARES
from support.community.communities import profiled
from support.community.feeds import CANCEL, END, PAUSE, RESUME, approve, feed, ids, reject

GLOBAL = "global"


@pytest.fixture
def reader(tenant):
    return profiled(tenant)


def test_its_card_shows_it_whole(feeds, reader):
    community, bakery = feeds.community(), feeds.supplier(logo_url="https://x.example/logo.png")
    promotion = feeds.promotion(bakery, community)
    feeds.on_promotion(promotion, *approve(GLOBAL, community.id))
    feeds.hears()
    (shown,) = feed(reader, community).body["items"]
    (everywhere,) = feed(reader).body["items"]
    assert everywhere == {**shown, "community_id": None}
    assert shown == {
        "kind": "promotion",
        "id": promotion,
        "community_id": community.id,
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


def test_s_35_one_community_s_rejection_touches_no_other(feeds, reader):
    """S-35: approved in A, rejected in B, open in C: a card in A alone, until C approves, and adds its own."""
    a, b, c = (feeds.community(name=name) for name in "ABC")
    promotion = feeds.promotion(feeds.supplier(), a, b, c)
    feeds.on_promotion(promotion, *approve(a.id), reject(b.id), reject(GLOBAL))
    feeds.hears()
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[], [], [], []]
    feeds.at += timedelta(days=8)
    feeds.decide(promotion)
    feeds.hears()
    of_a = feed(reader, a).body["items"]
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[promotion], [], [], []]
    feeds.at += timedelta(days=1)
    feeds.on_promotion(promotion, *approve(c.id))
    feeds.hears()
    assert [ids(feed(reader, each)) for each in (a, b, c, None)] == [[promotion], [], [promotion], []]
    assert feed(reader, a).body["items"] == of_a
    assert feed(reader, c).body["items"][0]["at"] > of_a[0]["at"]


def test_it_goes_while_it_is_paused_and_comes_back_to_its_place(feeds, reader):
    community = feeds.community()
    first, second = (feeds.promotion(feeds.supplier(), community) for _ in range(2))
    for each in (first, second):
        feeds.on_promotion(each, *approve(GLOBAL, community.id))
    feeds.hears()
    feeds.on_promotion(first, PAUSE)
    feeds.hears()
    assert (ids(feed(reader, community)), ids(feed(reader))) == ([second], [second])
    feeds.on_promotion(first, RESUME)
    feeds.hears()
    assert (ids(feed(reader, community)), ids(feed(reader))) == ([second, first], [second, first])


@pytest.mark.parametrize("over", [END, CANCEL])
def test_it_goes_for_good_when_it_is_over(feeds, reader, over):
    community = feeds.community()
    promotion = feeds.promotion(feeds.supplier(), community)
    feeds.on_promotion(promotion, *approve(GLOBAL, community.id))
    feeds.hears()
    feeds.at += timedelta(days=100)
    feeds.on_promotion(promotion, over)
    feeds.hears()
    assert (ids(feed(reader, community)), ids(feed(reader))) == ([], [])


def test_who_approves_late_while_it_is_paused_shows_it_when_it_goes_on(feeds, reader):
    community = feeds.community()
    promotion = feeds.promotion(feeds.supplier(), community)
    feeds.on_promotion(promotion, *approve(GLOBAL))
    feeds.at += timedelta(days=8)
    feeds.decide(promotion)
    feeds.on_promotion(promotion, PAUSE, *approve(community.id))
    feeds.hears()
    assert ids(feed(reader, community)) == []
    feeds.on_promotion(promotion, RESUME)
    feeds.hears()
    assert ids(feed(reader, community)) == [promotion]


def test_nothing_of_a_suspended_supplier_is_shown(feeds, reader):
    community, bakery = feeds.community(), feeds.supplier()
    promotion = feeds.promotion(bakery, community)
    feeds.on_promotion(promotion, *approve(GLOBAL, community.id))
    feeds.hears()
    feeds.on_supplier(bakery, 2, "suspended", reason="Fraud.")
    feeds.hears()
    assert (ids(feed(reader, community)), ids(feed(reader))) == ([], [])
    feeds.on_supplier(bakery, 3, "reinstated")
    feeds.hears()
    assert (ids(feed(reader, community)), ids(feed(reader))) == ([promotion], [promotion])
