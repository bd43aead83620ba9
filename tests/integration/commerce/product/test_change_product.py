"""A product is changed: what is replaced, whose it is, and the manners of every command."""

import pytest

from commerce.product.transactions import product_of
from support.commerce.catalogue import (
    add_location,
    add_variant,
    delete,
    open_catalogue,
    publish,
    remove_variant,
    restore,
    state,
    unpublish,
    update,
    update_variant,
)
from support.commerce.shop import ask
from support.commerce.suppliers import ADMIN
from support.dynamodb import round_trips, stored_events, stored_items
from support.principals import acting
from support.spec import ANN, OTHER
from troupe.ids import new_id
from troupe.store.aggregates import Stored
from troupe.store.transact import Unknown

CALLS = {
    "update_product": (update, {"name": "Other"}),
    "publish_product": (publish, None),
    "unpublish_product": (unpublish, None),
    "delete_product": (delete, None),
    "restore_product": (restore, None),
}


class TestShipping:
    def test_it_is_replaced_as_a_whole(self, catalogue):
        goods = catalogue.product("A")
        zone = {"countries": ["FR"], "cost_cents": 900, "days_min": 3, "days_max": 5}
        changed = update(
            goods.path, body={"shipping": {"from_country": "FR", "zones": [zone]}}, **catalogue.by
        )
        assert changed.status == 200
        assert state(goods).details.shipping.zone("FR").cost_cents == 900
        assert state(goods).details.shipping.zone("DE") is None


class TestMedia:
    def test_what_a_page_shows(self, catalogue):
        goods = catalogue.product("A")
        shown = {
            "primary_image_url": "https://images.example.com/a.jpg",
            "gallery_urls": ["https://images.example.com/b.jpg"],
            "video_url": None,
        }
        assert update(goods.path, body={"media": shown}, **catalogue.by).status == 200
        found = ask("/products/{product_id}", goods.path, **catalogue.by)
        assert (found.body["media"], found.version) == (shown, 3)


def test_what_never_was_is_unknown():
    with pytest.raises(Unknown):
        product_of(Stored(id="p", version=0, state=None))


class TestManners:
    @pytest.mark.parametrize("command", CALLS)
    def test_of_every_command(self, catalogue, command):
        call, body = CALLS[command]
        goods = catalogue.product("A", sold=command == "unpublish_product")
        if command == "restore_product":
            delete(goods.path, **catalogue.by)
        before = stored_items()
        other = open_catalogue()
        then = stored_items()
        for how, status in (
            ({"principal": None}, 401),
            ({**catalogue.by, "tenant_id": OTHER}, 404),
            ({**catalogue.by, "permissions": frozenset()}, 403),
            ({**catalogue.by, "standing": "suspended"}, 403),
            ({**catalogue.by, "headers": {"if-match": '"99"'}}, 412),
            (other.by, 404),
            (acting("consumer", ANN), 403),
        ):
            assert call(goods.path, body=body, **how).status == status, how
        assert stored_items() == then != before
        with round_trips() as made:
            first = call(goods.path, body=body, **catalogue.by, headers={"idempotency-key": "k"})
        assert (first.status, made) == (200, ["BatchGetItem", "TransactWriteItems"])
        after = stored_items()
        again = call(goods.path, body=body, **catalogue.by, headers={"idempotency-key": "k"})
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        once_more = call(goods.path, body=body, **catalogue.by)
        assert once_more.body == first.body
        assert stored_items() == after
        assert call({"product_id": new_id()}, body=body, **catalogue.by).status == 404

    def test_admins_act_in_any_supplier_s_name(self, catalogue):
        goods = catalogue.product("A", sold=False)
        assert publish(goods.path, **ADMIN).status == 200
        added = add_variant(goods.path, body={"sku": "B", "price_cents": 1}, **ADMIN)
        assert added.status == 201
        assert state(goods).variants[-1].id == added.body["variant_id"]

    def test_of_variants(self, catalogue):
        goods, other = catalogue.product("A"), open_catalogue()
        for call, body in ((update_variant, {"active": False}), (remove_variant, None)):
            assert call(goods.variant("A"), body=body, **other.by).status == 404
            unknown = {**goods.path, "variant_id": new_id()}
            assert call(unknown, body=body, **catalogue.by).body["code"] == "no_variant"

    def test_of_locations(self, catalogue):
        with round_trips() as made:
            reply = add_location(**catalogue.by)
        assert (reply.status, made) == (201, ["TransactWriteItems"])
        assert add_location(**ADMIN).body["code"] == "supplier_required"
        assert add_location(**acting("consumer", ANN)).status == 403
        assert [each.data["supplier_id"] for each in stored_events("location.added")] == [
            catalogue.supplier_id
        ]

    def test_a_deleted_product_is_restored_first(self, catalogue):
        goods = catalogue.product("A")
        delete(goods.path, **catalogue.by)
        assert update(goods.path, body={"name": "x"}, **catalogue.by).status == 404
