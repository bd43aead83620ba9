"""request_return, approve_return, decline_return: what the customer sends back, and what is the customer's for good."""

import pytest

from support.commerce.catalogue import set_inventory
from support.commerce.fulfilment import bought, done
from support.commerce.shop import ask
from support.dynamodb import stored_events

PATH = "/orders/{order_id}"


@pytest.fixture
def arrived(checkout):
    """Three of one thing and one of another, with the customer; suppliers are paid later than these tests go."""
    checkout.shop.people.settle(payout_hold_days=90)
    goods, other = checkout.goods(10), checkout.goods(5)
    part = bought(checkout, (goods, 3), (other, 1))
    for step in (part.accept, part.ship, part.deliver):
        done(step())
    return part, goods, other


def test_a_part_of_a_line_comes_back_and_goes_to_the_stock(checkout, arrived):
    part, goods, other = arrived
    asked = done(part.send_back(("1", 2)))["returns"][0]
    assert (asked["lines"], asked["approved_at"]) == ([{"line_id": "1", "quantity": 2}], None)
    assert part.send_back(("1", 2)).body["code"] == "wrong_quantity"
    assert checkout.levels(goods) == (7, 7, 0)
    taken = done(part.take_back(asked["id"], ("1", 1), restock=True))
    assert taken["returns"][0]["approved"] == [{"line_id": "1", "quantity": 1}]
    assert checkout.levels(goods) == (8, 8, 0)
    assert (part.states, part.status) == (["delivered", "delivered"], "delivered")
    assert done(part.take_back(asked["id"]))["version"] == taken["version"]
    for line, restock in (("1", False), ("2", True)):
        name = done(part.send_back(line))["returns"][-1]["id"]
        done(part.take_back(name, restock=restock))
    assert checkout.levels(goods) == (8, 8, 0)
    assert checkout.levels(other) == (5, 5, 0)
    order = checkout.order(part.order_id)
    assert (order.detail_status, order.status) == ("returned", "delivered")
    assert order.histogram == {"returned": 2}


def test_after_the_window_it_is_the_customers_for_good(checkout, arrived):
    part, *_ = arrived
    asked = done(part.send_back(("1", 1)))["returns"][0]["id"]
    checkout.later(days=13, hours=23)
    checkout.sweep()
    assert part.states == ["delivered", "delivered"]
    checkout.later(hours=1)
    assert part.send_back("2").body["code"] == "return_window_over"
    checkout.sweep()
    assert (part.states, part.status) == (["delivered", "completed"], "delivered")
    done(part.take_back(asked))
    checkout.sweep()
    assert (part.states, part.status) == (["completed", "completed"], "completed")
    told = [each.data["lines"] for each in stored_events("supplier_order.lines_completed")]
    assert told == [[{"line_id": "2", "quantity": 1}], [{"line_id": "1", "quantity": 2}]]
    assert checkout.sweep()["failed"] == 0
    assert part.send_back("2").body["code"] == "return_window_over"


def test_one_that_is_declined_holds_nothing_up(checkout, arrived):
    part, *_ = arrived
    asked = done(part.send_back(("1", 1)))["returns"][0]["id"]
    assert part.decline(asked).status == 422
    assert (
        part.decline(asked, reason="It never came.").body["returns"][0]["decline_reason"] == "It never came."
    )
    assert done(part.decline(asked, reason="It never came."))["returns"][0]["declined_at"]
    assert part.take_back(asked).body["code"] == "invalid_transition"
    shown = ask(PATH, part.path, **checkout.by).body["returns"][0]
    assert (shown["decline_reason"], shown["approved_at"]) == ("It never came.", None)
    checkout.later(days=14)
    checkout.sweep()
    assert part.states == ["completed", "completed"]


def test_the_window_is_the_one_of_the_day_it_was_ordered(checkout):
    checkout.shop.people.settle(return_window_days=2)
    part = bought(checkout, (checkout.goods(10), 1))
    checkout.shop.people.settle(return_window_days=30)
    for step in (part.accept, part.ship, part.deliver):
        done(step())
    checkout.later(days=2)
    assert part.send_back("1").body["code"] == "return_window_over"


def test_the_customer_sees_how_far_it_is(checkout, arrived):
    part, *_ = arrived
    done(part.send_back(("1", 2)))
    shown = ask(PATH, part.path, **checkout.by).body
    assert [(each["state"], each["delivered_quantity"]) for each in shown["items"]] == [
        ("delivered", 3),
        ("delivered", 1),
    ]
    assert shown["shipments"][0]["carrier"] == "DHL"
    assert shown["returns"][0]["lines"] == [{"line_id": "1", "quantity": 2}]
    assert shown["items"][0]["return_until"] is not None


def test_what_comes_back_counts_where_stock_is_short(checkout):
    goods = checkout.goods(1)
    part = bought(checkout, (goods, 1))
    for step in (part.accept, part.ship, part.deliver):
        done(step())
    place = checkout.catalogue.stock(goods)[0].location_id
    spot = goods.spot(next(iter(goods.variants)), place)
    body = {"on_hand": 4, "expected_on_hand": 0}
    assert set_inventory(spot, body=body, **checkout.catalogue.by).status == 200
    name = done(part.send_back("1"))["returns"][0]["id"]
    done(part.take_back(name, restock=True))
    assert checkout.levels(goods) == (5, 5, 0)
