"""accept_lines, reject_lines, ship_lines, deliver_lines, recall_shipment: what a supplier does, and its stock."""

import pytest

from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import bought, done
from support.dynamodb import stored_events


def told(name):
    return [each.data for each in stored_events(name)]


def test_an_order_is_accepted_shipped_and_delivered(checkout):
    goods = checkout.goods(10)
    part = bought(checkout, (goods, 2))
    accepted = done(part.accept())
    assert (accepted["status"], accepted["detail_status"]) == ("processing", "accepted")
    assert accepted["lines"][0]["state"] == "accepted"
    assert checkout.levels(goods) == (10, 8, 2)
    shipped = done(part.ship(tracking_number="JJD01"))
    assert (shipped["status"], shipped["lines"][0]["shipped_quantity"]) == ("shipped", 2)
    assert checkout.levels(goods) == (8, 8, 0)
    assert checkout.order(part.order_id).hold == "consumed"
    delivered = done(part.deliver(shipment_id=shipped["shipments"][0]["id"]))
    assert (delivered["status"], delivered["detail_status"]) == ("delivered", "delivered")
    assert delivered["delivered_at"] == delivered["shipments"][0]["delivered_at"]
    timeline = [each.what for each in checkout.order(part.order_id).timeline]
    assert timeline[-4:] == ["paid", "accepted", "shipped", "delivered"]
    assert told("order.processing")[0]["customer_id"] == checkout.buyer
    assert told("order.shipped")[0]["reached"] == ["shipped"]
    assert told("order.delivered")[0]["reached"] == ["delivered"]
    moves = [(each["moves"][0]["was"], each["moves"][0]["to"]) for each in told("order.lines_moved")]
    assert moves == [("reserved", "accepted"), ("accepted", "shipped"), ("shipped", "delivered")]


def test_what_is_done_already_is_done_once(checkout):
    goods = checkout.goods(10)
    part = bought(checkout, (goods, 2))
    for step in (
        part.accept,
        lambda: part.ship(tracking_number="JJD01"),
        part.deliver,
    ):
        first, second = done(step()), done(step())
        assert first == second
    assert checkout.levels(goods) == (8, 8, 0)
    assert len(part.part.shipments) == 1


def test_what_is_rejected_goes_back_to_the_stock(checkout):
    goods, other = checkout.goods(10), checkout.goods(5)
    part = bought(checkout, (goods, 2), (other, 1))
    done(part.reject("1"))
    assert checkout.levels(goods) == (10, 10, 0)
    assert (part.states, part.status) == (["rejected", "reserved"], "paid")
    done(part.accept())
    done(part.reject("2"))
    assert checkout.levels(other) == (5, 5, 0)
    order = checkout.order(part.order_id)
    assert (order.status, order.detail_status, order.hold) == ("cancelled", "cancelled", "released")
    (cancelled,) = told("order.cancelled")
    assert cancelled["reason"] == "rejected"
    assert part.reject("1").status == 200


def test_s_18_a_shipment_is_called_off_and_sent_again(checkout):
    """S-18: reserved returns to its value, on hand is back, and the second shipment leaves."""
    goods = checkout.goods(10)
    part = bought(checkout, (goods, 3))
    done(part.accept())
    first = done(part.ship(tracking_number="JJD01"))["shipments"][0]["id"]
    assert checkout.levels(goods) == (7, 7, 0)
    done(part.recall(first))
    assert checkout.levels(goods) == (10, 7, 3)
    assert (part.states, part.status) == (["packed"], "packed")
    assert done(part.recall(first))["lines"][0]["state"] == "packed"
    shipped = done(part.ship(tracking_number="JJD01"))
    assert [each["recalled_at"] is None for each in shipped["shipments"]] == [False, True]
    assert checkout.levels(goods) == (7, 7, 0)
    assert told("order.shipped")[1]["reached"] == []
    done(part.deliver())
    assert part.recall(shipped["shipments"][1]["id"]).body["code"] == "invalid_transition"
    assert part.deliver(shipment_id=first).body["code"] == "invalid_transition"


def test_s_19_a_part_leaves_now_and_the_rest_when_there_is_more(checkout):
    """S-19: five ordered of three and two to come; on hand and reserved are exact at each step."""
    catalogue = checkout.catalogue
    goods = catalogue.product()
    spot = {**goods.variant(next(iter(goods.variants))), "location_id": catalogue.location()}
    assert catalogue.count(spot, 3, safety=-2).status == 200
    part = bought(checkout, (goods, 5))
    assert checkout.levels(goods) == (3, 0, 5)
    done(part.accept())
    assert part.ship().body["code"] == "insufficient_on_hand"
    assert checkout.levels(goods) == (3, 0, 5)
    done(part.ship(("1", 3)))
    assert checkout.levels(goods) == (0, 0, 2)
    assert (part.states, part.status) == (["accepted"], "accepted")
    assert part.ship(("1", 2)).body["code"] == "insufficient_on_hand"
    assert catalogue.count(spot, 2, expected=0, safety=0).status == 200
    assert part.ship(("1", 3)).body["code"] == "wrong_quantity"
    done(part.ship(("1", 2)))
    assert checkout.levels(goods) == (0, 0, 0)
    assert (part.states, part.status) == (["shipped"], "shipped")
    done(part.deliver(("1", 4)))
    assert part.states == ["shipped"]
    done(part.deliver())
    assert [bool(each.delivered_at) for each in part.part.shipments] == [True, True]


def test_s_20_an_order_is_as_far_as_the_line_that_is_least_far(checkout):
    """S-20: delivered, shipped, reserved is reserved; without the reserved one it is shipped."""
    others = [open_catalogue(), open_catalogue()]
    goods = [checkout.goods(5), *(checkout.goods(5, each) for each in others)]
    first = bought(checkout, *((each, 1) for each in goods))
    second, third = (type(first)(checkout, first.order_id, each) for each in others)
    for part in (first, second):
        done(part.accept())
        done(part.ship())
    done(first.deliver())
    order = checkout.order(first.order_id)
    assert (order.detail_status, order.status) == ("paid", "confirmed")
    assert order.histogram == {"delivered": 1, "shipped": 1, "reserved": 1}
    done(third.reject("3"))
    assert checkout.order(first.order_id).detail_status == "shipped"
    done(second.deliver())
    order = checkout.order(first.order_id)
    assert (order.detail_status, order.histogram) == ("delivered", {"delivered": 2, "rejected": 1})


@pytest.mark.parametrize("command", ["accept", "reject", "ship", "deliver"])
def test_nothing_is_done_before_it_is_paid(checkout, command):
    from support.commerce.fulfilment import Fulfilment
    from support.commerce.orders import requested_line

    order_id = checkout.placed(requested_line(checkout.goods(10)))
    part = Fulfilment(checkout, order_id, checkout.catalogue)
    refused = getattr(part, command)("1")
    assert (refused.status, refused.body["code"]) == (409, "order_not_paid")


def test_only_what_waits_is_sent_and_only_what_was_sent_arrives(checkout):
    part = bought(checkout, (checkout.goods(10), 2))
    assert part.ship().body["code"] == "invalid_transition"
    assert part.ship("1").body["code"] == "invalid_transition"
    assert part.deliver().body["code"] == "invalid_transition"
    assert part.deliver("1").body["code"] == "invalid_transition"
    done(part.accept())
    assert part.ship(("1", 3)).body["code"] == "wrong_quantity"
    assert part.ship("9").body["code"] == "no_line"
    assert part.recall("0192f0c1-0000-7000-8000-00000000dead").body["code"] == "no_shipment"
    done(part.ship(("1", 1)))
    done(part.reject("1"))
    assert (part.states, part.part.lines[0].rejected_quantity) == (["shipped"], 1)
    assert part.accept("1").body["code"] == "invalid_transition"
    assert part.reject("1").body["code"] == "invalid_transition"
