"""Stock in the table: counted, adjusted, split while it is sold, and sold to many at once."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from books import check, loaded
from commerce.allocation import choose, merged
from commerce.inventory import INVENTORY, Place
from commerce.stock import CONSUME, MOVES, RECALL, RELEASE, RESERVE, RETURN, Level, moved, total
from commerce.stock_items import Shelf, item_of, moving, with_product
from faults import OneAtATime
from people import acting
from spec import ANN, OTHER, TENANT
from stall import adjust, delete, open_stall, publish, remove_variant, set_inventory, split
from town import happened, items, meanwhile, round_trips
from troupe import reads
from troupe import table as tables
from troupe.commit import Stale, commit
from troupe.credential import CREDENTIAL
from troupe.decider import Rejected
from troupe.ids import new_id
from troupe.store import load

GONE = Rejected("out_of_stock", "There is no more of it.")


@pytest.fixture(autouse=True)
def books(table):
    """In order after each test; but here there is no order behind what is reserved (I2)."""
    yield
    findings = check(items(), [*loaded("commerce"), CREDENTIAL]).findings
    assert [each for each in findings if not each.startswith("I2:")] == []


@pytest.fixture
def stall(market):
    return open_stall()


@pytest.fixture
def shared(table):
    """One client for many threads."""
    one = OneAtATime(tables.client())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "client", lambda: one)
        yield


def levels(stall, goods) -> Level:
    return total([item.level for item in stall.stock(goods)])


def place(stall, goods, sku="A"):
    return goods.spot(sku, stall.location())


def key(spot, bucket=0):
    return Shelf(TENANT, spot["product_id"]).key(spot["variant_id"], spot["location_id"], bucket)


def level_at(spot, bucket=0) -> Level:
    return item_of(reads.one(key(spot, bucket))).level


def move(spot, move_, quantity, bucket=0) -> bool:
    try:
        commit([moving(key(spot, bucket), move_, quantity, GONE)])
    except Rejected:
        return False
    return True


class TestSetting:
    def test_the_first_count_and_the_next(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        with round_trips() as made:
            reply = stall.count(spot, 10, safety=2, reason="First count")
        assert (reply.status, made) == (200, ["BatchGetItem", "TransactWriteItems"])
        told = {"on_hand": 10, "available": 8, "reserved": 0, "safety": 2, "oversold": 0, "buckets": 1}
        assert reply.body == {"id": goods.id, "version": 1, **told}
        assert stall.count(spot, 12, expected=10).body["available"] == 10
        assert level_at(spot) == Level(on_hand=12, available=10, safety=2)
        assert [each.data["on_hand"] for each in happened("product.inventory_updated")] == [10, 12]

    def test_compare_and_set(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        assert stall.count(spot, 5, expected=1).body["code"] == "inventory_changed"
        stall.count(spot, 10)
        assert stall.count(spot, 5, expected=9).body["code"] == "inventory_changed"
        after = items()
        assert stall.count(spot, 10, expected=3).status == 200, "in effect already"
        assert items() == after

    def test_of_two_counts_at_once_one_counts_again(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 10)
        with meanwhile(lambda: stall.count(spot, 7, expected=10)):
            assert stall.count(spot, 9, expected=10).body["code"] == "inventory_changed"
        assert level_at(spot).on_hand == 7

    def test_orders_go_on_meanwhile(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 10)
        with meanwhile(lambda: move(spot, RESERVE, 3)):
            assert stall.count(spot, 8, expected=10).status == 200
        assert level_at(spot) == Level(on_hand=8, available=5, reserved=3)
        with meanwhile(lambda: move(spot, RESERVE, 5)):
            assert stall.count(spot, 7, expected=8).body["code"] == "below_reserved"
        assert level_at(spot) == Level(on_hand=8, available=0, reserved=8)

    def test_s_59_below_what_is_ordered_only_by_force(self, stall):
        """S-59: 10 on hand, 4 reserved, set to 3."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 10)
        move(spot, RESERVE, 4)
        before = items()
        assert stall.count(spot, 3, expected=10).body["code"] == "below_reserved"
        assert items() == before
        forced = stall.count(spot, 3, expected=10, force=True)
        assert (forced.body["oversold"], forced.body["available"], forced.body["reserved"]) == (1, 0, 4)
        assert happened("product.inventory_updated")[-1].data["oversold"] == 1
        assert not move(spot, RESERVE, 1)
        assert move(spot, RELEASE, 1)
        assert level_at(spot) == Level(on_hand=3, available=0, reserved=3)
        assert move(spot, CONSUME, 3)
        assert level_at(spot) == Level()

    def test_a_forced_count_tells_truly_how_much_is_oversold(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 10)
        move(spot, RESERVE, 4)
        with meanwhile(lambda: move(spot, RESERVE, 2)):
            forced = stall.count(spot, 3, expected=10, force=True)
        assert forced.body["oversold"] == 3
        assert level_at(spot).available == -3

    def test_what_is_sold_before_it_is_there(self, stall):
        """S-19: five ordered of three, shipped as it comes in."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 3, safety=-2)
        assert move(spot, RESERVE, 5)
        assert not move(spot, RESERVE, 1)
        assert move(spot, CONSUME, 3)
        assert not move(spot, CONSUME, 2)
        assert stall.count(spot, 2, safety=0).status == 200
        assert move(spot, CONSUME, 2)
        assert level_at(spot) == Level()

    def test_what_there_is_of_a_removed_variant_can_still_be_counted(self, stall):
        goods = stall.product("A", "B")
        spot = place(stall, goods)
        stall.count(spot, 3)
        remove_variant(goods.variant("A"), **stall.by)
        assert stall.count(spot, 2, expected=3).status == 200
        assert stall.count(place(stall, goods), 1).status == 404

    def test_whose_it_is(self, stall):
        goods, other = stall.product("A"), open_stall()
        spot = place(stall, goods)
        body = {"on_hand": 1, "expected_on_hand": 0}
        before = items()
        for where, how, status in (
            (spot, {"principal": None}, 401),
            (spot, {**stall.by, "tenant_id": OTHER}, 404),
            (spot, {**stall.by, "permissions": frozenset()}, 403),
            (spot, other.by, 404),
            (spot, acting("consumer", ANN), 403),
            ({**spot, "location_id": new_id()}, stall.by, 404),
            ({**spot, "variant_id": new_id()}, stall.by, 404),
            ({**spot, "product_id": new_id()}, stall.by, 404),
        ):
            assert set_inventory(where, body=body, **how).status == status
        assert items() == before
        foreign = {**spot, "location_id": other.location()}
        assert set_inventory(foreign, body=body, **stall.by).status == 404
        assert set_inventory(spot, body=body, **acting("admin", ANN)).status == 200
        assert set_inventory(spot, body=body | {"on_hand": -1}, **stall.by).status == 422
        assert stall.count(spot, 5, 1, safety=1).status == 200
        delete(goods.path, **stall.by)
        assert set_inventory(spot, body=body, **stall.by).status == 404

    def test_a_key_and_a_version(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        keyed = {"headers": {"idempotency-key": "k"}, **stall.by}
        body = {"on_hand": 4, "expected_on_hand": 0}
        first = set_inventory(spot, body=body, **keyed)
        after = items()
        again = set_inventory(spot, body=body, **keyed)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert items() == after
        stale = {"headers": {"if-match": '"9"'}, **stall.by}
        for call, changed in (
            (set_inventory, body),
            (adjust, {"by": 1, "reason": "r"}),
            (split, {"buckets": 2}),
        ):
            assert call(spot, body=changed, **stale).status == 412


class TestAdjusting:
    """adjust_inventory: by how much, and why."""

    def test_more_and_fewer(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        assert adjust(spot, body={"by": 1, "reason": "found"}, **stall.by).body["code"] == "no_inventory"
        stall.count(spot, 5)
        move(spot, RESERVE, 3)
        with round_trips() as made:
            reply = adjust(spot, body={"by": -2, "reason": "broken"}, **stall.by)
        assert (reply.body["on_hand"], made) == (3, ["BatchGetItem", "TransactWriteItems"])
        assert adjust(spot, body={"by": -1, "reason": "broken"}, **stall.by).body["code"] == "below_reserved"
        assert adjust(spot, body={"by": 4, "reason": "delivered"}, **stall.by).body["available"] == 4
        after = items()
        assert adjust(spot, body={"by": 0, "reason": "nothing"}, **stall.by).status == 200
        assert items() == after
        assert [each.data["reason"] for each in happened("product.inventory_updated")][1:] == [
            "broken",
            "delivered",
        ]

    def test_a_reason_is_given(self, stall):
        goods = stall.product("A")
        assert adjust(place(stall, goods), body={"by": 1}, **stall.by).status == 422


class TestSplitting:
    """split_stock: into more buckets, while it is sold."""

    def test_stock_is_shared_among_the_buckets(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        assert split(spot, body={"buckets": 4}, **stall.by).body["code"] == "no_inventory"
        stall.count(spot, 10, safety=1)
        move(spot, RESERVE, 2)
        reply = split(spot, body={"buckets": 4}, **stall.by)
        assert (reply.status, reply.body["buckets"], reply.body["on_hand"]) == (200, 4, 10)
        stock = stall.stock(goods)
        assert sorted(item.level.available for item in stock) == [1, 2, 2, 2]
        assert all(item.sellable for item in stock)
        assert total([item.level for item in stock]) == Level(on_hand=10, available=7, reserved=2, safety=1)
        assert load(TENANT, INVENTORY, goods.id).state.places == (
            Place(variant_id=spot["variant_id"], location_id=spot["location_id"], safety=1, buckets=4),
        )
        assert split(spot, body={"buckets": 2}, **stall.by).body["code"] == "buckets_only_grow"
        assert split(spot, body={"buckets": 33}, **stall.by).status == 422

    def test_a_count_of_split_stock_is_of_all_buckets(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 10)
        split(spot, body={"buckets": 3}, **stall.by)
        move(spot, RESERVE, 2)
        assert stall.count(spot, 20, expected=10).body["available"] == 18
        assert adjust(spot, body={"by": -17, "reason": "fire"}, **stall.by).body["on_hand"] == 3
        assert levels(stall, goods) == Level(on_hand=3, available=1, reserved=2)
        assert stall.count(spot, 4, expected=3, safety=-1).body["code"] == "backorders_not_split"
        assert stall.count(spot, 1, expected=3, force=True).body["oversold"] == 1

    def test_split_again_it_is_shared_again(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 9)
        split(spot, body={"buckets": 3}, **stall.by)
        move(spot, RESERVE, 3)
        before = happened()
        assert split(spot, body={"buckets": 3}, **stall.by).status == 200
        assert [item.level.available for item in stall.stock(goods)] == [2, 2, 2]
        assert happened() == before

    def test_an_order_that_is_first_keeps_what_it_took(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 4)
        taken = []

        def sell(**_):
            if len(taken) < 4 and not taken.append(None):
                events.unregister(name, sell)
                assert move(spot, RESERVE, 1)
                events.register(name, sell)

        events, name = tables.client().meta.events, "before-call.dynamodb.TransactWriteItems"
        events.register(name, sell)
        try:
            assert split(spot, body={"buckets": 4}, **stall.by).status == 200
        finally:
            events.unregister(name, sell)
        sold = len(taken)
        assert sold > 1
        assert levels(stall, goods) == Level(on_hand=4, available=4 - sold, reserved=sold)

    def test_what_comes_in_meanwhile_is_shared_as_far_as_it_goes(self, stall):
        """Levelling ends after a few rounds, however uneven others make it."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 6)
        delivered = []

        def deliver(**_):
            events.unregister(name, deliver)
            delivered.append(move(spot, RETURN, 4))
            events.register(name, deliver)

        events, name = tables.client().meta.events, "before-call.dynamodb.TransactWriteItems"
        events.register(name, deliver)
        try:
            assert split(spot, body={"buckets": 2}, **stall.by).status == 200
        finally:
            events.unregister(name, deliver)
        assert levels(stall, goods).available == levels(stall, goods).on_hand == 6 + 4 * len(delivered)
        assert stall.stock(goods)[1].level.available > 0

    def test_a_count_leaves_a_bucket_that_has_its_share(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 4)
        split(spot, body={"buckets": 2}, **stall.by)
        assert stall.count(spot, 5, expected=4).status == 200
        assert sorted(item.level.on_hand for item in stall.stock(goods)) == [2, 3]

    def test_s_8_buckets_grow_while_orders_run(self, stall, shared):
        """S-8: from 1 bucket to 8 while 120 orders of one run against 100 units."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 100)

        buckets = [key(spot, bucket) for bucket in range(8)]

        def buy(seed: int) -> bool:
            draw = Random(seed)
            for _ in range(50):
                seen = [item_of(item).seen for item in reads.batch(buckets).values()]
                choice = choose({spot["variant_id"]: 1}, seen, draw.randrange)
                if choice.short:
                    return False
                shelf = Shelf(TENANT, goods.id)
                try:
                    commit([shelf.move(RESERVE, each) for each in choice.allocations])
                except Stale:
                    continue
                return True
            raise AssertionError("never came to it")

        with ThreadPoolExecutor(8) as pool:
            bought = [pool.submit(buy, seed) for seed in range(120)]
            grown = [pool.submit(split, spot, body={"buckets": n}, **stall.by) for n in (4, 8)]
            assert grown[-1].result().status in {200, 409}
            sold = sum(each.result() for each in bought)
        assert sold == 100
        stock = [item.level for item in stall.stock(goods)]
        assert total(stock) == Level(on_hand=100, reserved=100)
        assert min(level.available for level in stock) == 0


class TestSelling:
    def test_s_1_the_last_unit_and_fifty_buyers(self, stall, shared):
        """S-1: exactly one gets it."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 1)
        with ThreadPoolExecutor(16) as pool:
            got = list(pool.map(lambda _: move(spot, RESERVE, 1), range(50)))
        assert got.count(True) == 1
        assert level_at(spot) == Level(on_hand=1, reserved=1)

    def test_s_2_and_s_3_what_one_order_wants_twice_is_wanted_together(self, stall):
        """S-2: two lines of the last unit. S-3: three lines of two, and two are there."""
        goods = stall.product("A")
        spot = place(stall, goods)
        for there, lines in ((1, [1, 1]), (2, [2, 2, 2])):
            stall.count(spot, there, expected=level_at(spot).on_hand if there > 1 else 0)
            wants = merged((spot["variant_id"], each) for each in lines)
            stock = with_product(TENANT, goods.id)[1]
            assert choose(wants, [item.seen for item in stock], lambda _: 0).short == {
                spot["variant_id"]: there
            }
            assert not move(spot, RESERVE, sum(lines))
            assert level_at(spot).reserved == 0

    def test_s_5_and_s_6_by_location(self, stall):
        """S-5: A is all ordered, so B serves. S-6: one here and one there make two."""
        goods = stall.product("A")
        one, two = place(stall, goods), place(stall, goods)
        stall.count(one, 4)
        stall.count(two, 3)
        move(one, RESERVE, 4)

        def order(quantity):
            stock = with_product(TENANT, goods.id)[1]
            chosen = choose({one["variant_id"]: quantity}, [item.seen for item in stock], lambda _: 0)
            commit([Shelf(TENANT, goods.id).move(RESERVE, each) for each in chosen.allocations])
            return sorted(each.quantity for each in chosen.allocations)

        assert order(2) == [2]
        assert (level_at(one).reserved, level_at(two).reserved) == (4, 2)
        move(one, RELEASE, 1)
        assert order(2) == [1, 1]
        assert levels(stall, goods).available == 0

    def test_the_writes_do_what_the_model_says(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 6, safety=1)
        draw, now = Random(7), level_at(spot)
        for _ in range(60):
            kind, quantity = draw.choice(MOVES), draw.randint(1, 4)
            after = moved(now, kind, quantity)
            assert move(spot, kind, quantity) == (after is not None)
            now = after or now
            assert level_at(spot) == now
        assert now.balanced

    def test_a_shipment_called_off_and_a_return(self, stall):
        """S-18, and what a customer sends back."""
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 5)
        for kind in (RESERVE, CONSUME, RECALL, CONSUME):
            assert move(spot, kind, 3)
        assert level_at(spot) == Level(on_hand=2, available=2)
        assert move(spot, RETURN, 3)
        assert level_at(spot) == Level(on_hand=5, available=5)

    def test_nothing_is_reserved_of_what_is_not_on_sale_or_not_there(self, stall):
        goods = stall.product("A", sold=False)
        spot = place(stall, goods)
        assert not move(spot, RESERVE, 1)
        assert not move(spot, RETURN, 1)
        stall.count(spot, 5)
        assert not move(spot, RESERVE, 1)
        for quantity in (0, -1):
            with pytest.raises(ValueError, match="one unit or more"):
                moving(key(spot), RESERVE, quantity)

    def test_without_a_refusal_a_lost_race_is_to_be_chosen_anew(self, stall):
        goods = stall.product("A")
        spot = place(stall, goods)
        stall.count(spot, 1)
        with pytest.raises(Stale) as stale:
            commit([moving(key(spot), RESERVE, 2)])
        (found,) = stale.value.found.values()
        assert found["available"] == {"N": "1"}

    def test_one_product_s_stock_is_one_transaction_s_worth(self, stall):
        """90 stock items go on sale in one transaction of 100 actions."""
        goods = stall.product("A", "B", "C", sold=False)
        spots = [place(stall, goods, sku) for sku in ("A", "B", "C")]
        for spot, buckets in zip(spots, (32, 32, 26), strict=True):
            assert stall.count(spot, 0).status == 200
            assert split(spot, body={"buckets": buckets}, **stall.by).status == 200
        assert split(spots[2], body={"buckets": 27}, **stall.by).body["code"] == "too_many_stock_items"
        assert stall.count(place(stall, goods), 1).body["code"] == "too_many_stock_items"
        assert publish(goods.path, **stall.by, headers={"idempotency-key": "k"}).status == 200
        stock = stall.stock(goods)
        assert (len(stock), {item.sellable for item in stock}) == (90, {True})
