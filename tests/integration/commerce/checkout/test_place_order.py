import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.shop.orders import Reckoned
from commerce.checkout import read
from commerce.checkout.handlers import place_order
from support.commerce.catalogue import open_catalogue, stands, unpublish, update_variant
from support.commerce.orders import ADDRESS, place, requested_line
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.faulty_client import Faulty, OneAtATime, lost
from support.openapi import problems_of
from support.spec import OTHER
from troupe.domain.decider import COPIES
from troupe.store import table


@pytest.fixture
def crowd(checkout):
    """Many at once: moto checks and writes without a lock, the table does not."""
    problems_of(place_order.handler, place.route)  # what is documented is worked out once, not by each
    one = OneAtATime(table.client())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "client", lambda: one)
        yield


def code(reply):
    return reply.status, reply.body.get("code")


def test_it_is_reserved_snapshotted_and_waits(checkout):
    goods = checkout.goods(10)
    reply = checkout.place(requested_line(goods, 3))
    assert (reply.status, reply.body["detail_status"]) == (201, "pending_payment")
    assert reply.headers["location"] == f"/v1/commerce/orders/{reply.body['id']}"
    assert reply.body["totals"]["total_cents"] == 3 * 7999 + 499
    assert checkout.levels(goods) == (10, 7, 3)
    (told,) = stored_events("order.created")
    assert told.data["lines"][0]["snapshot"]["name"] == "Red Running Shoes"
    assert (told.data["customer"]["display_name"], told.data["address"]["city"]) == ("Emily", "Berlin")


def test_what_was_seen_before_is_read_at_once(checkout):
    goods = checkout.goods(10)
    read.forget()
    with round_trips() as cold:
        checkout.placed(requested_line(goods))
    with round_trips() as warm:
        checkout.placed(requested_line(goods))
    assert cold == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert warm == ["BatchGetItem", "TransactWriteItems"]


@pytest.mark.parametrize("lines", [1, 5, 46])
def test_s_60_it_writes_what_is_reckoned(checkout, lines):
    """S-60: one transaction, of as many items as its design has."""
    requested_lines, sizes = [requested_line(checkout.goods(10)) for _ in range(lines)], []

    def note(params, **_):
        sizes.append(len(json.loads(params["body"])["TransactItems"]))

    events, event = table.client().meta.events, "before-call.dynamodb.TransactWriteItems"
    events.register(event, note)
    checkout.placed(*requested_lines)
    events.unregister(event, note)
    assert sizes == [Reckoned(lines, suppliers=1).actions]


def test_s_1_the_last_unit_and_fifty_buyers(checkout, crowd):
    """S-1: one of them gets it, all others are told that nothing is left."""
    goods = checkout.goods(1)
    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(lambda _: checkout.place(requested_line(goods)), range(50)))
    assert sorted(code(each) for each in replies) == [(201, None)] + [(409, "out_of_stock")] * 49
    assert {each.body["errors"][0]["available"] for each in replies if each.status == 409} == {0}
    assert checkout.levels(goods) == (1, 0, 1)


def test_a_hundred_buyers_and_ten_units_in_buckets(checkout, crowd):
    goods = checkout.goods(10, buckets=4)
    with ThreadPoolExecutor(25) as pool:
        replies = list(pool.map(lambda _: checkout.place(requested_line(goods)), range(100)))
    assert [each.status for each in replies].count(201) == 10
    assert {code(each) for each in replies if each.status != 201} == {(409, "out_of_stock")}
    assert checkout.levels(goods) == (10, 0, 10)


def test_s_2_equal_lines_are_one(checkout):
    """S-2: two lines of the last unit want two."""
    goods = checkout.goods(1)
    reply = checkout.place(requested_line(goods), requested_line(goods))
    assert code(reply) == (409, "out_of_stock")
    assert reply.body["errors"] == [
        {
            "field": "lines.1",
            "code": "out_of_stock",
            "detail": "Red Running Shoes: 1 available.",
            "variant_id": requested_line(goods)["variant_id"],
            "available": 1,
        }
    ]


def test_s_3_more_than_there_is_reserves_nothing(checkout):
    """S-3: two, two and two of two."""
    goods, plenty = checkout.goods(2), checkout.goods(9)
    assert code(checkout.place(requested_line(plenty), *[requested_line(goods, 2)] * 3)) == (
        409,
        "out_of_stock",
    )
    assert (checkout.levels(goods), checkout.levels(plenty)) == ((2, 2, 0), (9, 9, 0))


def test_s_6_one_and_one_in_two_places_are_two(checkout):
    """S-6: served, and split."""
    goods = checkout.goods(1)
    checkout.stocked(goods, 1)
    order_id = checkout.placed(requested_line(goods, 2))
    assert checkout.levels(goods) == (2, 0, 2)
    checkout.cancel(order_id)
    assert checkout.levels(goods) == (2, 2, 0)


def test_s_9_the_same_key_is_the_same_order(checkout, crowd):
    """S-9: thrice under one key, two of them at once; another body under it is refused."""
    goods = checkout.goods(10)
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda _: checkout.place(requested_line(goods), key="k"), range(2)))
    replies.append(checkout.place(requested_line(goods), key="k"))
    assert len({each.body["id"] for each in replies}) == 1
    assert code(checkout.place(requested_line(goods, 2), key="k")) == (422, "idempotency_key_reused")
    assert checkout.levels(goods) == (10, 9, 1)


def test_s_9_a_repetition_is_answered_when_nothing_is_left(checkout):
    goods = checkout.goods(1)
    first = checkout.place(requested_line(goods), key="k")
    again = checkout.place(requested_line(goods), key="k")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"


def test_s_10_a_lost_response_is_one_order(checkout):
    """S-10: the transaction is sent again, and finds itself done."""
    goods, faulty = checkout.goods(10), Faulty(table.client(), [lost])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "client", lambda: faulty)
        checkout.placed(requested_line(goods), key="k")
    assert len(stored_events("order.created")) == 1
    assert checkout.levels(goods) == (10, 9, 1)


def test_what_was_agreed_to_is_what_it_costs(checkout):
    goods = checkout.goods(10)
    quoted = checkout.quote(requested_line(goods, 2))
    assert (quoted.status, quoted.body["lines"][0]["available"]) == (200, 10)
    agreed = quoted.body["quote_hash"]
    assert checkout.place(requested_line(goods, 2), quote_hash=agreed).status == 201
    variant = goods.variant(next(iter(goods.variants)))
    assert update_variant(variant, body={"price_cents": 8000}, **checkout.catalogue.by).status == 200
    before = stored_items()
    assert code(checkout.place(requested_line(goods, 2), quote_hash=agreed)) == (409, "price_changed")
    assert stored_items() == before


def test_a_quote_writes_nothing(checkout):
    goods = checkout.goods(10)
    before = stored_items()
    assert checkout.quote(requested_line(goods, 99)).status == 200
    assert stored_items() == before


def test_three_suppliers_one_order(checkout):
    goods = [checkout.goods(5, open_catalogue()) for _ in range(3)]
    reply = checkout.place(*(requested_line(each) for each in goods))
    assert reply.body["totals"]["shipping_cents"] == 3 * 499
    assert len(checkout.order(reply.body["id"]).supplier_orders) == 3
    assert len(stored_events("supplier_order.created")) == 3


def test_tax_of_the_country_it_goes_to(checkout):
    checkout.shop.people.settle(tax_rates={"DE": 1900})
    goods = checkout.goods(10)
    totals = checkout.quote(requested_line(goods)).body["totals"]
    assert totals["tax_cents"] == 1520
    assert totals["total_cents"] == 7999 + 1520 + 499


@pytest.mark.parametrize("status", ["suspended", "submitted"])
def test_s_30_a_supplier_suspended_after_the_quote(checkout, status):
    """S-30: refused, and nothing is reserved; nor is it quoted."""
    goods = checkout.goods(10)
    assert checkout.quote(requested_line(goods)).status == 200
    stands(checkout.catalogue.supplier_id, status)
    for ask in (checkout.quote, checkout.place):
        assert code(ask(requested_line(goods))) == (409, "supplier_not_verified")
    assert checkout.levels(goods) == (10, 10, 0)


@pytest.mark.parametrize("copy", range(COPIES))
def test_a_supplier_suspended_while_the_order_is_written(checkout, monkeypatch, copy):
    """Whichever copy of its standing is checked."""
    goods = checkout.goods(10)
    monkeypatch.setattr("random.randrange", lambda _count: copy)
    with before_next_write(lambda: stands(checkout.catalogue.supplier_id, "suspended")):
        assert code(checkout.place(requested_line(goods))) == (409, "supplier_not_verified")
    assert checkout.levels(goods) == (10, 10, 0)


def test_refusals(checkout):
    goods, dollars = checkout.goods(10), checkout.goods(10, currency="USD")
    unknown = requested_line(goods) | {"product_id": OTHER}
    assert code(checkout.place(unknown)) == (409, "product_unavailable")
    assert code(checkout.place(requested_line(goods), requested_line(dollars))) == (409, "mixed_currencies")
    abroad = {"address": ADDRESS | {"country": "US"}}
    assert code(checkout.place(requested_line(goods), **abroad)) == (409, "not_shipped_there")
    assert code(checkout.place(requested_line(goods, 0))) == (422, "invalid_request")
    unpublish(goods.path, **checkout.catalogue.by)
    assert code(checkout.place(requested_line(goods))) == (409, "product_unavailable")
    assert stored_events("order.created") == []
