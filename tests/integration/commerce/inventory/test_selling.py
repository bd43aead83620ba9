"""Stock is sold to many at once, from several places, and only what is there."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from commerce.inventory.decide_allocation import choose, merged
from commerce.inventory.items import StockKeys, moving, with_product
from commerce.inventory.state import CONSUME, MOVES, RECALL, RELEASE, RESERVE, RETURN, Level, moved
from support.commerce.catalogue import publish, split
from support.commerce.stock import key, level_at, levels, move, place
from support.spec import TENANT
from troupe.store.commit import Stale, commit


class TestSelling:
    def test_s_1_the_last_unit_and_fifty_buyers(self, catalogue, shared):
        """S-1: exactly one gets it."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 1)
        with ThreadPoolExecutor(16) as pool:
            got = list(pool.map(lambda _: move(spot, RESERVE, 1), range(50)))
        assert got.count(True) == 1
        assert level_at(spot) == Level(on_hand=1, reserved=1)

    def test_s_2_and_s_3_what_one_order_wants_twice_is_wanted_together(self, catalogue):
        """S-2: two lines of the last unit. S-3: three lines of two, and two are there."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        for there, lines in ((1, [1, 1]), (2, [2, 2, 2])):
            catalogue.count(spot, there, expected=level_at(spot).on_hand if there > 1 else 0)
            wants = merged((spot["variant_id"], each) for each in lines)
            stock = with_product(TENANT, goods.id)[1]
            assert choose(wants, [item.seen for item in stock], lambda _: 0).short == {
                spot["variant_id"]: there
            }
            assert not move(spot, RESERVE, sum(lines))
            assert level_at(spot).reserved == 0

    def test_s_5_and_s_6_by_location(self, catalogue):
        """S-5: A is all ordered, so B serves. S-6: one here and one there make two."""
        goods = catalogue.product("A")
        one, two = place(catalogue, goods), place(catalogue, goods)
        catalogue.count(one, 4)
        catalogue.count(two, 3)
        move(one, RESERVE, 4)

        def order(quantity):
            stock = with_product(TENANT, goods.id)[1]
            chosen = choose({one["variant_id"]: quantity}, [item.seen for item in stock], lambda _: 0)
            commit([StockKeys(TENANT, goods.id).move(RESERVE, each) for each in chosen.allocations])
            return sorted(each.quantity for each in chosen.allocations)

        assert order(2) == [2]
        assert (level_at(one).reserved, level_at(two).reserved) == (4, 2)
        move(one, RELEASE, 1)
        assert order(2) == [1, 1]
        assert levels(catalogue, goods).available == 0

    def test_the_writes_do_what_the_model_says(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 6, safety=1)
        draw, now = Random(7), level_at(spot)
        for _ in range(60):
            kind, quantity = draw.choice(MOVES), draw.randint(1, 4)
            after = moved(now, kind, quantity)
            assert move(spot, kind, quantity) == (after is not None)
            now = after or now
            assert level_at(spot) == now
        assert now.balanced

    def test_a_shipment_called_off_and_a_return(self, catalogue):
        """S-18, and what a customer sends back."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 5)
        for kind in (RESERVE, CONSUME, RECALL, CONSUME):
            assert move(spot, kind, 3)
        assert level_at(spot) == Level(on_hand=2, available=2)
        assert move(spot, RETURN, 3)
        assert level_at(spot) == Level(on_hand=5, available=5)

    def test_nothing_is_reserved_of_what_is_not_on_sale_or_not_there(self, catalogue):
        goods = catalogue.product("A", sold=False)
        spot = place(catalogue, goods)
        assert not move(spot, RESERVE, 1)
        assert not move(spot, RETURN, 1)
        catalogue.count(spot, 5)
        assert not move(spot, RESERVE, 1)
        for quantity in (0, -1):
            with pytest.raises(ValueError, match="one unit or more"):
                moving(key(spot), RESERVE, quantity)

    def test_without_a_refusal_a_lost_race_is_to_be_chosen_anew(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 1)
        with pytest.raises(Stale) as stale:
            commit([moving(key(spot), RESERVE, 2)])
        (found,) = stale.value.found.values()
        assert found["available"] == {"N": "1"}

    def test_one_product_s_stock_is_one_transaction_s_worth(self, catalogue):
        """90 stock items go on sale in one transaction of 100 actions."""
        goods = catalogue.product("A", "B", "C", sold=False)
        spots = [place(catalogue, goods, sku) for sku in ("A", "B", "C")]
        for spot, buckets in zip(spots, (32, 32, 26), strict=True):
            assert catalogue.count(spot, 0).status == 200
            assert split(spot, body={"buckets": buckets}, **catalogue.by).status == 200
        assert split(spots[2], body={"buckets": 27}, **catalogue.by).body["code"] == "too_many_stock_items"
        assert catalogue.count(place(catalogue, goods), 1).body["code"] == "too_many_stock_items"
        assert publish(goods.path, **catalogue.by, headers={"idempotency-key": "k"}).status == 200
        stock = catalogue.stock(goods)
        assert (len(stock), {item.sellable for item in stock}) == (90, {True})
