"""Orders that are too large for one transaction: reserved chunk by chunk, and given back so."""

from dataclasses import replace

import pytest

from commerce.inventory import items
from commerce.inventory.decider import SetInventory, SplitStock
from commerce.inventory.items import StockKeys
from commerce.inventory.state import Level
from commerce.order import reservation
from commerce.product import transactions
from support.commerce.orders import requested_line
from support.dynamodb import stored_events
from support.faulty_client import Crash
from support.spec import TENANT
from troupe.store.commit import commit
from troupe.store.transact import execute

BUCKETS, PRODUCTS = 32, 3
UNITS = BUCKETS * PRODUCTS


@pytest.fixture
def many(checkout):
    """As many buckets with one unit each as no transaction can move."""
    return [_spread(checkout) for _ in range(PRODUCTS)]


def _spread(checkout):
    """What counting and splitting come to, without the moves in between."""
    goods, location = checkout.catalogue.product(), checkout.catalogue.location()
    (variant,) = goods.variants.values()
    inventory, shelf = transactions.inventory_ref(goods.id), StockKeys(TENANT, goods.id)
    spot = {"variant_id": variant, "location_id": location}
    execute(
        checkout.shop.scope(),
        inventory,
        SetInventory(**spot, on_hand=BUCKETS, expected=0, levels=(Level(),)),
    )
    execute(checkout.shop.scope(), replace(inventory, creates=False), SplitStock(**spot, buckets=BUCKETS))
    one = Level(on_hand=1, available=1)
    commit([items.opened(key, one, sellable=True) for key in shelf.buckets(variant, location)])
    return goods


def everything(goods):
    return [requested_line(each, BUCKETS) for each in goods]


def levels(checkout, goods):
    return tuple(sum(numbers) for numbers in zip(*map(checkout.levels, goods), strict=True))


@pytest.fixture
def left_half_way(checkout, many):
    """The process that placed it has died after the first chunk."""
    step, calls = reservation._step, []

    def crash(scope, order_id, command):
        if calls:
            raise Crash
        calls.append(command)
        step(scope, order_id, command)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reservation, "_step", crash)
        with pytest.raises(Crash):
            checkout.place(*everything(many))
    (created,) = stored_events("order.created")
    order = checkout.order(created.aggregate_id)
    assert (order.detail_status, order.done_chunks) == ("reserving", (0,))
    return created.aggregate_id


def test_it_is_reserved_and_paid(checkout, many):
    order_id = checkout.placed(*everything(many))
    order = checkout.order(order_id)
    assert (order.detail_status, order.chunks, order.done_chunks) == ("pending_payment", 3, (0, 1, 2))
    assert levels(checkout, many) == (UNITS, 0, UNITS)
    assert checkout.pay(order_id).body["detail_status"] == "paid"
    assert checkout.place(requested_line(many[0])).body["code"] == "out_of_stock"


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_it_is_given_back_whole_and_once(checkout, many, end):
    order_id = checkout.placed(*everything(many))
    checkout.pay(order_id, "pm_slow")
    checkout.later(minutes=15)
    for _ in range(2):
        getattr(checkout, end)(order_id)
    assert checkout.order(order_id).detail_status == {"cancel": "cancelled", "expire": "expired"}[end]
    assert levels(checkout, many) == (UNITS, UNITS, 0)
    checkout.stripe.succeed("pi_00000001")  # it is not put together again: the money goes back
    checkout.webhooks()
    assert (checkout.order(order_id).payment.status, checkout.stripe.kept) == ("reversed", 0)


def test_left_half_way_the_sweep_reserves_the_rest(checkout, many, left_half_way):
    assert checkout.pay(left_half_way).body["code"] == "order_not_payable"
    checkout.later(minutes=3)
    checkout.sweep()
    assert checkout.order(left_half_way).detail_status == "pending_payment"
    assert levels(checkout, many) == (UNITS, 0, UNITS)


def test_left_half_way_and_something_gone_meanwhile_all_goes_back(checkout, many, left_half_way):
    rival = checkout.placed(requested_line(many[2]))
    checkout.later(minutes=3)
    checkout.sweep()
    ended = checkout.order(left_half_way)
    assert (ended.detail_status, ended.reason, ended.done_chunks) == ("cancelled", "out_of_stock", ())
    assert checkout.order(rival).detail_status == "pending_payment"
    assert levels(checkout, many) == (UNITS, UNITS - 1, 1)


def test_another_order_takes_a_unit_during_the_reservation(checkout, many):
    """Between its first write and the chunks: the caller is told, and nothing stays reserved of it."""
    advance = reservation.advance

    def rival_first(scope, order_id):
        patch.undo()
        checkout.placed(requested_line(many[0]))
        return advance(scope, order_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reservation, "advance", rival_first)
        assert checkout.place(*everything(many)).body["code"] == "out_of_stock"
    assert levels(checkout, many) == (UNITS, UNITS - 1, 1)
