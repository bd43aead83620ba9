"""Stock is split into more buckets while it is sold."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from commerce.inventory.decide_allocation import choose
from commerce.inventory.decider import INVENTORY, Place
from commerce.inventory.items import StockKeys, item_of
from commerce.inventory.state import RESERVE, RETURN, Level, total
from support.commerce.catalogue import adjust, split
from support.commerce.stock import key, levels, move, place
from support.dynamodb import stored_events
from support.spec import TENANT
from troupe.store import reads
from troupe.store import table as tables
from troupe.store.commit import Stale, commit
from troupe.store.transact import load


class TestSplitting:
    """split_stock: into more buckets, while it is sold."""

    def test_stock_is_shared_among_the_buckets(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        assert split(spot, body={"buckets": 4}, **catalogue.by).body["code"] == "no_inventory"
        catalogue.count(spot, 10, safety=1)
        move(spot, RESERVE, 2)
        reply = split(spot, body={"buckets": 4}, **catalogue.by)
        assert (reply.status, reply.body["buckets"], reply.body["on_hand"]) == (200, 4, 10)
        stock = catalogue.stock(goods)
        assert sorted(item.level.available for item in stock) == [1, 2, 2, 2]
        assert all(item.sellable for item in stock)
        assert total([item.level for item in stock]) == Level(on_hand=10, available=7, reserved=2, safety=1)
        assert load(TENANT, INVENTORY, goods.id).state.places == (
            Place(variant_id=spot["variant_id"], location_id=spot["location_id"], safety=1, buckets=4),
        )
        assert split(spot, body={"buckets": 2}, **catalogue.by).body["code"] == "buckets_only_grow"
        assert split(spot, body={"buckets": 33}, **catalogue.by).status == 422

    def test_a_count_of_split_stock_is_of_all_buckets(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 10)
        split(spot, body={"buckets": 3}, **catalogue.by)
        move(spot, RESERVE, 2)
        assert catalogue.count(spot, 20, expected=10).body["available"] == 18
        assert adjust(spot, body={"by": -17, "reason": "fire"}, **catalogue.by).body["on_hand"] == 3
        assert levels(catalogue, goods) == Level(on_hand=3, available=1, reserved=2)
        assert catalogue.count(spot, 4, expected=3, safety=-1).body["code"] == "backorders_not_split"
        assert catalogue.count(spot, 1, expected=3, force=True).body["oversold"] == 1

    def test_split_again_it_is_shared_again(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 9)
        split(spot, body={"buckets": 3}, **catalogue.by)
        move(spot, RESERVE, 3)
        before = stored_events()
        assert split(spot, body={"buckets": 3}, **catalogue.by).status == 200
        assert [item.level.available for item in catalogue.stock(goods)] == [2, 2, 2]
        assert stored_events() == before

    def test_an_order_that_is_first_keeps_what_it_took(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 4)
        taken = []

        def sell(**_):
            if len(taken) < 4 and not taken.append(None):
                events.unregister(name, sell)
                assert move(spot, RESERVE, 1)
                events.register(name, sell)

        events, name = tables.client().meta.events, "before-call.dynamodb.TransactWriteItems"
        events.register(name, sell)
        try:
            assert split(spot, body={"buckets": 4}, **catalogue.by).status == 200
        finally:
            events.unregister(name, sell)
        sold = len(taken)
        assert sold > 1
        assert levels(catalogue, goods) == Level(on_hand=4, available=4 - sold, reserved=sold)

    def test_what_comes_in_meanwhile_is_shared_as_far_as_it_goes(self, catalogue):
        """Levelling ends after a few rounds, however uneven others make it."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 6)
        delivered = []

        def deliver(**_):
            events.unregister(name, deliver)
            delivered.append(move(spot, RETURN, 4))
            events.register(name, deliver)

        events, name = tables.client().meta.events, "before-call.dynamodb.TransactWriteItems"
        events.register(name, deliver)
        try:
            assert split(spot, body={"buckets": 2}, **catalogue.by).status == 200
        finally:
            events.unregister(name, deliver)
        assert (
            levels(catalogue, goods).available == levels(catalogue, goods).on_hand == 6 + 4 * len(delivered)
        )
        assert catalogue.stock(goods)[1].level.available > 0

    def test_a_count_leaves_a_bucket_that_has_its_share(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 4)
        split(spot, body={"buckets": 2}, **catalogue.by)
        assert catalogue.count(spot, 5, expected=4).status == 200
        assert sorted(item.level.on_hand for item in catalogue.stock(goods)) == [2, 3]

    def test_s_8_buckets_grow_while_orders_run(self, catalogue, shared):
        """S-8: from 1 bucket to 8 while 200 orders of one run against 100 units."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 100)

        buckets = [key(spot, bucket) for bucket in range(8)]

        def buy(seed: int) -> bool:
            draw = Random(seed)
            for _ in range(50):
                seen = [item_of(item).seen for item in reads.batch(buckets).values()]
                choice = choose({spot["variant_id"]: 1}, seen, draw.randrange)
                if choice.short:
                    return False
                shelf = StockKeys(TENANT, goods.id)
                try:
                    commit([shelf.move(RESERVE, each) for each in choice.allocations])
                except Stale:
                    continue
                return True
            raise AssertionError("never came to it")

        with ThreadPoolExecutor(8) as pool:
            bought = [pool.submit(buy, seed) for seed in range(200)]
            grown = [pool.submit(split, spot, body={"buckets": n}, **catalogue.by) for n in (4, 8)]
            assert grown[-1].result().status in {200, 409}
            sold = sum(each.result() for each in bought)
        assert sold == 100
        stock = [item.level for item in catalogue.stock(goods)]
        assert total(stock) == Level(on_hand=100, reserved=100)
        assert min(level.available for level in stock) == 0
