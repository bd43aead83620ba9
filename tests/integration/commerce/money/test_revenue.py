"""Refunds reduce the revenue of the shop and of a promotion, and the amount that a customer has spent."""

from identity.inbound import handler as identity_hears
from support.commerce.fulfilment import Fulfilment, done
from support.commerce.offers import publishes
from support.commerce.orders import requested_line
from support.commerce.promotions import community
from support.commerce.refunds_and_payouts import SHIPPING, delivered, refund
from support.commerce.shop import ask
from support.principals import acting, hears
from support.stream_events import rows
from troupe.ids import new_id

ADMIN = acting("admin", new_id())
DAYS = ("2026-03-01", "2026-03-02", "2026-03-03")
OFFER = 7999 - 1000


def told(checkout):
    checkout.shop.hears()
    hears(identity_hears)


def net(route, day):
    """Of a day: what is left, by what it came."""
    reply = ask(f"/analytics/revenue/{route}", query={"day": day}, **ADMIN)
    name = {"communities": "community_id", "promotions": "promotion_id"}[route]
    return {each[name]: each["takings"][0]["net_cents"] for each in reply.body["items"]}


def agree(expected):
    """S-49: each day what came by communities, by promotions and by none is what is left of that day."""
    query = {"from": DAYS[0], "to": DAYS[-1]}
    shown = ask("/analytics/revenue", query=query, **ADMIN).body
    left = [sum(each["net_cents"] for each in day["takings"]) for day in shown["days"]]
    assert left == expected
    for route in ("communities", "promotions"):
        assert [sum(net(route, day).values()) for day in DAYS] == expected


def spent(checkout):
    row = rows(view="user_card")[checkout.buyer, "ROW"]
    return int(row["orders"]["N"]), int(row["spent_EUR"]["N"])


def test_refunds_are_taken_off_where_it_came_from_on_their_own_day(checkout):
    goods = checkout.goods(10)
    offer, runners = publishes(checkout, goods), community(new_id())
    order_id = checkout.placed(requested_line(goods, 3, promotion_id=offer, community_id=runners))
    checkout.pay(order_id)
    sold = delivered(Fulfilment(checkout, order_id, checkout.catalogue))

    def performance():
        return {
            name: int(value["N"])
            for name, value in rows(view="promotion_performance")[offer, runners].items()
        }

    whole = 3 * OFFER + SHIPPING
    told(checkout)
    agree([whole, 0, 0])
    assert spent(checkout) == (1, whole)

    checkout.later(days=1)
    done(refund(sold, ("1", 1)))
    told(checkout)
    agree([whole, -OFFER, 0])
    assert net("promotions", DAYS[1]) == {offer: -OFFER}
    assert net("communities", DAYS[1]) == {runners: -OFFER}
    assert performance() == {"conversions": 1, "revenue_cents": 2 * OFFER}

    checkout.later(days=1)
    done(refund(sold, "1", shipping=True))
    told(checkout)
    agree([whole, -OFFER, -2 * OFFER - SHIPPING])
    assert net("communities", DAYS[2]) == {runners: -2 * OFFER, None: -SHIPPING}
    assert performance() == {"conversions": 0, "revenue_cents": 0}
    assert spent(checkout) == (1, 0)
