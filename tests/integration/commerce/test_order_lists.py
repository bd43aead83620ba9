"""Orders in lists: a customer's own by status, and what a supplier has to do. Each page is one Query."""

import random

import pytest

from commerce.inbound import handler
from commerce.rebuild import handler as rebuild
from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import Fulfilment, bought, done
from support.commerce.orders import requested_line
from support.commerce.shop import ask
from support.dynamodb import round_trips, stored_events
from support.principals import acting
from support.spec import OTHER
from support.stream_events import batch, failed, lambda_context, rows
from troupe.ids import new_id

QUEUE = "/suppliers/{supplier_id}/orders"


def hears(*envelopes):
    for begin in range(0, len(envelopes), 10):
        assert failed(handler(batch(*envelopes[begin : begin + 10]), None)) == []


def queue(catalogue, status=None, **by):
    query = {"status": status} if status else {}
    return ask(QUEUE, {"supplier_id": catalogue.supplier_id}, query=query, **(by or catalogue.by))


def ids(reply, name="order_id"):
    assert reply.status == 200, reply.body
    return [each[name] for each in reply.body["items"]]


def test_one_s_own_orders_by_status_each_page_one_query(checkout):
    goods = checkout.goods(20)
    first, second, third = (checkout.placed(requested_line(goods, 2)) for _ in range(3))
    checkout.pay(second)
    checkout.cancel(third)
    checkout.shop.hears()
    found, cursor = [ask("/orders", **checkout.by).body["items"][0]["id"]], {}
    for number in range(3):
        with round_trips() as made:
            page = ask("/orders", query={"limit": "1", **cursor}, **checkout.by).body
        assert made == ["Query"]
        found += [each["id"] for each in page["items"]]
        cursor = {"cursor": page["cursor"]}
        assert (page["cursor"] is None) == (number == 2)
    assert found == [third, third, second, first]
    for status, expected in {"pending": first, "confirmed": second, "cancelled": third}.items():
        (row,) = ask("/orders", query={"status": status}, **checkout.by).body["items"]
        assert (row["id"], row["status"], row["title"], row["units"]) == (
            expected,
            status,
            "Red Running Shoes",
            2,
        )
    assert ids(ask("/orders", query={"status": "shipped"}, **checkout.by)) == []
    assert ask("/orders", query={"status": "lost"}, **checkout.by).status == 422


def test_lists_hold_only_the_caller_s_orders(checkout):
    goods = checkout.goods(20)
    for _ in range(2):
        checkout.pay(checkout.placed(requested_line(goods)))
    for _ in range(2):
        checkout.shop.hears()
    other = acting("consumer", checkout.shop.consumer("Bob"))
    assert ids(ask("/orders", **other)) == []
    assert ids(ask("/orders", **checkout.by | {"tenant_id": OTHER})) == []
    cursor = ask("/orders", query={"limit": "1"}, **checkout.by).body["cursor"]
    assert ask("/orders", query={"cursor": cursor}, **other).status == 400
    for caller in (other, open_catalogue().by, checkout.by):
        assert queue(checkout.catalogue, **caller).status == 403
    for role in ("staff", "admin"):
        assert len(ids(queue(checkout.catalogue, **acting(role, new_id())))) == 2


def test_a_supplier_finds_its_parts_where_there_is_something_to_do(checkout):
    stalls = [checkout.catalogue, open_catalogue()]
    goods = [checkout.goods(20, catalogue) for catalogue in stalls]
    unpaid = checkout.placed(*(requested_line(each) for each in goods))
    first, second = (checkout.placed(*(requested_line(each) for each in goods)) for _ in range(2))
    checkout.pay(first)
    checkout.pay(second)

    def stand(catalogue=stalls[0]):
        for _ in range(2):  # of the payment, and then of the parts that it was told to
            checkout.shop.hears()
        return {
            status: ids(queue(catalogue, status))
            for status in ("to_accept", "to_ship", "on_the_way", "delivered", "to_take_back", "closed")
            if ids(queue(catalogue, status))
        }

    assert stand() == stand(stalls[1]) == {"to_accept": [first, second]}  # the longest waiting first
    mine = Fulfilment(checkout, first, stalls[0])
    done(mine.accept())
    assert stand() == {"to_accept": [second], "to_ship": [first]}
    done(mine.ship())
    assert stand() == {"to_accept": [second], "on_the_way": [first]}
    done(mine.deliver())
    done(Fulfilment(checkout, second, stalls[0]).reject("1"))
    assert stand() == {"delivered": [first], "closed": [second]}
    done(mine.send_back("1"))
    assert stand() == {"to_take_back": [first], "closed": [second]}
    done(mine.take_back(mine.part.returns[0].id, "1"))
    assert stand() == {"closed": [first, second][::-1]}
    assert stand(stalls[1]) == {"to_accept": [first, second]}
    with round_trips() as made:
        assert ids(queue(stalls[0])) == [second, first]  # the newest first
    assert made == ["Query"]
    assert unpaid not in ids(queue(stalls[1]))


@pytest.mark.parametrize("seed", range(2))
def test_any_order_and_any_number_end_the_same_and_as_a_rebuild_does(checkout, seed, monkeypatch):
    """S-57: what was never received is read from the table."""
    goods = checkout.goods(20)
    sent = bought(checkout, (goods, 2))
    checkout.placed(requested_line(goods))
    checkout.shop.hears()
    for step in (sent.accept, sent.ship, sent.deliver):
        done(step())
    dice, envelopes = random.Random(seed), stored_events()
    some = dice.sample(envelopes, len(envelopes) // 2) + [
        each for each in envelopes if each.type.endswith("ed")
    ]
    hears(*dice.sample(some, len(some)))
    hears(*stored_events())
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    for view in ("order_summary", "supplier_queue"):
        before = rows(view=view)
        report = rebuild({"view": view, "start": True, "segments": 1}, lambda_context())
        assert (report["phase"], report["live"]) == ("swapped", 2)
        assert rows(view=f"{view}~2") == before
        assert len(before) == 2
