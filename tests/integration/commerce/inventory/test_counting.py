"""Stock is counted and adjusted while orders go on."""

from commerce.inventory.state import CONSUME, RELEASE, RESERVE, Level
from support.commerce.catalogue import adjust, delete, open_catalogue, remove_variant, set_inventory, split
from support.commerce.stock import level_at, move, place
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.principals import acting
from support.spec import ANN, OTHER
from troupe.ids import new_id


class TestSetting:
    def test_the_first_count_and_the_next(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        with round_trips() as made:
            reply = catalogue.count(spot, 10, safety=2, reason="First count")
        assert (reply.status, made) == (200, ["BatchGetItem", "TransactWriteItems"])
        told = {"on_hand": 10, "available": 8, "reserved": 0, "safety": 2, "oversold": 0, "buckets": 1}
        assert reply.body == {"id": goods.id, "version": 1, **told}
        assert catalogue.count(spot, 12, expected=10).body["available"] == 10
        assert level_at(spot) == Level(on_hand=12, available=10, safety=2)
        assert [each.data["on_hand"] for each in stored_events("product.inventory_updated")] == [10, 12]

    def test_compare_and_set(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        assert catalogue.count(spot, 5, expected=1).body["code"] == "inventory_changed"
        catalogue.count(spot, 10)
        assert catalogue.count(spot, 5, expected=9).body["code"] == "inventory_changed"
        after = stored_items()
        assert catalogue.count(spot, 10, expected=3).status == 200, "in effect already"
        assert stored_items() == after

    def test_of_two_counts_at_once_one_counts_again(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 10)
        with before_next_write(lambda: catalogue.count(spot, 7, expected=10)):
            assert catalogue.count(spot, 9, expected=10).body["code"] == "inventory_changed"
        assert level_at(spot).on_hand == 7

    def test_orders_go_on_meanwhile(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 10)
        with before_next_write(lambda: move(spot, RESERVE, 3)):
            assert catalogue.count(spot, 8, expected=10).status == 200
        assert level_at(spot) == Level(on_hand=8, available=5, reserved=3)
        with before_next_write(lambda: move(spot, RESERVE, 5)):
            assert catalogue.count(spot, 7, expected=8).body["code"] == "below_reserved"
        assert level_at(spot) == Level(on_hand=8, available=0, reserved=8)

    def test_s_59_below_what_is_ordered_only_by_force(self, catalogue):
        """S-59: 10 on hand, 4 reserved, set to 3."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 10)
        move(spot, RESERVE, 4)
        before = stored_items()
        assert catalogue.count(spot, 3, expected=10).body["code"] == "below_reserved"
        assert stored_items() == before
        forced = catalogue.count(spot, 3, expected=10, force=True)
        assert (forced.body["oversold"], forced.body["available"], forced.body["reserved"]) == (1, 0, 4)
        assert stored_events("product.inventory_updated")[-1].data["oversold"] == 1
        assert not move(spot, RESERVE, 1)
        assert move(spot, RELEASE, 1)
        assert level_at(spot) == Level(on_hand=3, available=0, reserved=3)
        assert move(spot, CONSUME, 3)
        assert level_at(spot) == Level()

    def test_a_forced_count_tells_truly_how_much_is_oversold(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 10)
        move(spot, RESERVE, 4)
        with before_next_write(lambda: move(spot, RESERVE, 2)):
            forced = catalogue.count(spot, 3, expected=10, force=True)
        assert forced.body["oversold"] == 3
        assert level_at(spot).available == -3

    def test_what_is_sold_before_it_is_there(self, catalogue):
        """S-19: five ordered of three, shipped as it comes in."""
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        catalogue.count(spot, 3, safety=-2)
        assert move(spot, RESERVE, 5)
        assert not move(spot, RESERVE, 1)
        assert move(spot, CONSUME, 3)
        assert not move(spot, CONSUME, 2)
        assert catalogue.count(spot, 2, safety=0).status == 200
        assert move(spot, CONSUME, 2)
        assert level_at(spot) == Level()

    def test_what_there_is_of_a_removed_variant_can_still_be_counted(self, catalogue):
        goods = catalogue.product("A", "B")
        spot = place(catalogue, goods)
        catalogue.count(spot, 3)
        remove_variant(goods.variant("A"), **catalogue.by)
        assert catalogue.count(spot, 2, expected=3).status == 200
        assert catalogue.count(place(catalogue, goods), 1).status == 404

    def test_whose_it_is(self, catalogue):
        goods, other = catalogue.product("A"), open_catalogue()
        spot = place(catalogue, goods)
        body = {"on_hand": 1, "expected_on_hand": 0}
        before = stored_items()
        for where, how, status in (
            (spot, {"principal": None}, 401),
            (spot, {**catalogue.by, "tenant_id": OTHER}, 404),
            (spot, {**catalogue.by, "permissions": frozenset()}, 403),
            (spot, other.by, 404),
            (spot, acting("consumer", ANN), 403),
            ({**spot, "location_id": new_id()}, catalogue.by, 404),
            ({**spot, "variant_id": new_id()}, catalogue.by, 404),
            ({**spot, "product_id": new_id()}, catalogue.by, 404),
        ):
            assert set_inventory(where, body=body, **how).status == status
        assert stored_items() == before
        foreign = {**spot, "location_id": other.location()}
        assert set_inventory(foreign, body=body, **catalogue.by).status == 404
        assert set_inventory(spot, body=body, **acting("admin", ANN)).status == 200
        assert set_inventory(spot, body=body | {"on_hand": -1}, **catalogue.by).status == 422
        assert catalogue.count(spot, 5, 1, safety=1).status == 200
        delete(goods.path, **catalogue.by)
        assert set_inventory(spot, body=body, **catalogue.by).status == 404

    def test_a_key_and_a_version(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        keyed = {"headers": {"idempotency-key": "k"}, **catalogue.by}
        body = {"on_hand": 4, "expected_on_hand": 0}
        first = set_inventory(spot, body=body, **keyed)
        after = stored_items()
        again = set_inventory(spot, body=body, **keyed)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert stored_items() == after
        stale = {"headers": {"if-match": '"9"'}, **catalogue.by}
        for call, changed in (
            (set_inventory, body),
            (adjust, {"by": 1, "reason": "r"}),
            (split, {"buckets": 2}),
        ):
            assert call(spot, body=changed, **stale).status == 412


class TestAdjusting:
    """adjust_inventory: by how much, and why."""

    def test_more_and_fewer(self, catalogue):
        goods = catalogue.product("A")
        spot = place(catalogue, goods)
        assert adjust(spot, body={"by": 1, "reason": "found"}, **catalogue.by).body["code"] == "no_inventory"
        catalogue.count(spot, 5)
        move(spot, RESERVE, 3)
        with round_trips() as made:
            reply = adjust(spot, body={"by": -2, "reason": "broken"}, **catalogue.by)
        assert (reply.body["on_hand"], made) == (3, ["BatchGetItem", "TransactWriteItems"])
        assert (
            adjust(spot, body={"by": -1, "reason": "broken"}, **catalogue.by).body["code"] == "below_reserved"
        )
        assert adjust(spot, body={"by": 4, "reason": "delivered"}, **catalogue.by).body["available"] == 4
        after = stored_items()
        assert adjust(spot, body={"by": 0, "reason": "nothing"}, **catalogue.by).status == 200
        assert stored_items() == after
        assert [each.data["reason"] for each in stored_events("product.inventory_updated")][1:] == [
            "broken",
            "delivered",
        ]

    def test_a_reason_is_given(self, catalogue):
        goods = catalogue.product("A")
        assert adjust(place(catalogue, goods), body={"by": 1}, **catalogue.by).status == 422
