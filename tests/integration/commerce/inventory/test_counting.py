"""Stock is counted and adjusted while orders go on."""

from commerce.inventory.state import CONSUME, RELEASE, RESERVE, Level
from support.commerce.catalogue import adjust, delete, open_stall, remove_variant, set_inventory, split
from support.commerce.stock import level_at, move, place
from support.identity.tenant import happened, items, meanwhile, round_trips
from support.principals import acting
from support.spec import ANN, OTHER
from troupe.ids import new_id


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
