"""A product is created as a draft, and its variants hold their SKUs."""

import pytest

from commerce.product.decider import PRODUCT
from commerce.product.transactions import sku_guard
from support.command_contract import ALL
from support.commerce.catalogue import (
    BODY,
    add_variant,
    create,
    delete,
    open_catalogue,
    publish,
    remove_variant,
    restore,
    stands,
    update_variant,
)
from support.commerce.suppliers import ADMIN
from support.dynamodb import round_trips, stored_events, stored_items
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store import reads
from troupe.store.transact import load


def guard(catalogue, sku):
    return reads.one(sku_guard(TENANT, catalogue.supplier_id, sku))


class TestCreating:
    """create_product: a draft, in one round trip."""

    def test_it_is_a_draft_with_variants_that_hold_their_skus(self, catalogue):
        with round_trips() as made:
            reply = create(body=BODY | {"variants": [{"sku": "RED-42", "price_cents": 1}]}, **catalogue.by)
        assert (reply.status, made) == (201, ["TransactWriteItems"])
        (variant,) = reply.body["variants"]
        assert reply.headers["location"] == f"/v1/commerce/products/{reply.body['id']}"
        held = guard(catalogue, "red-42")
        assert (held["product_id"], held["variant_id"]) == (reply.body["id"], variant["id"])
        assert [each.type for each in stored_events("product.created")] == ["product.created"]

    def test_one_key_makes_one(self, catalogue):
        keyed = {"headers": {"idempotency-key": "k"}, **catalogue.by}
        first = create(**keyed)
        after = stored_items()
        again = create(**keyed)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert stored_items() == after
        assert create(body=BODY | {"name": "Other"}, **keyed).body["code"] == "idempotency_key_reused"

    def test_in_whose_name(self, catalogue):
        assert create(**ADMIN).body["code"] == "supplier_required"
        for unknown in ({"supplier_id": new_id()},):
            assert create(body=BODY | unknown, **ADMIN).body["code"] == "supplier_not_active"
        made = create(body=BODY | {"supplier_id": catalogue.supplier_id}, **ADMIN)
        assert load(TENANT, PRODUCT, made.body["id"]).state.supplier_id == catalogue.supplier_id
        foreign = create(body=BODY | {"supplier_id": new_id()}, **catalogue.by)
        assert (foreign.status, foreign.body["code"]) == (403, "permission_required")

    @pytest.mark.parametrize("status", ["suspended", "deleted"])
    def test_not_for_a_supplier_that_is_out(self, catalogue, status):
        stands(catalogue.supplier_id, status)
        assert create(**catalogue.by).body["code"] == "supplier_not_active"

    def test_who_may(self, catalogue):
        before = stored_items()
        assert create(principal=None).status == 401
        lacking = {**catalogue.by, "permissions": ALL - {"product:create"}}
        assert create(**lacking).body["code"] == "permission_required"
        assert create(**catalogue.by, standing="suspended").body["code"] == "tenant_suspended"
        assert stored_items() == before

    @pytest.mark.parametrize(
        "wrong, field",
        [
            ({"name": ""}, "name"),
            ({"category": "a#b"}, "category"),
            ({"currency": "XXX"}, "currency"),
            ({"media": {"video_url": "http://example.com/v.mp4"}}, "media.video_url"),
            ({"condition": "broken"}, "condition"),
            ({"variants": [{"sku": "a#b"}]}, "variants.0.sku"),
            ({"variants": [{"sku": "a", "price_cents": -1}]}, "variants.0.price_cents"),
            ({"shipping": {"from_country": "de"}}, "shipping.from_country"),
            ({"x": 1}, "x"),
        ],
    )
    def test_bad_fields_are_named(self, catalogue, wrong, field):
        reply = create(body=BODY | wrong, **catalogue.by)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


class TestSkus:
    def test_one_supplier_has_an_sku_once_and_two_suppliers_may_share_it(self, catalogue):
        goods = catalogue.product("A-1", sold=False)
        taken = create(body=BODY | {"variants": [{"sku": "a-1"}]}, **catalogue.by)
        assert (taken.status, taken.body["code"]) == (409, "sku_taken")
        assert add_variant(goods.path, body={"sku": "A-1"}, **catalogue.by).body["code"] == "sku_taken"
        open_catalogue().product("A-1")

    def test_a_new_name_moves_the_guard(self, catalogue):
        goods = catalogue.product("OLD")
        renamed = update_variant(goods.variant("OLD"), body={"sku": "NEW"}, **catalogue.by)
        assert renamed.status == 200
        assert (guard(catalogue, "OLD"), guard(catalogue, "NEW")["variant_id"]) == (
            None,
            goods.variants["OLD"],
        )
        catalogue.product("OLD")
        back = update_variant(goods.variant("OLD"), body={"sku": "old"}, **catalogue.by)
        assert back.body["code"] == "sku_taken"

    def test_another_case_is_the_same_sku(self, catalogue):
        goods = catalogue.product("Abc")
        assert update_variant(goods.variant("Abc"), body={"sku": "ABC"}, **catalogue.by).status == 200
        assert guard(catalogue, "abc")["variant_id"] == goods.variants["Abc"]

    def test_removal_frees_it_and_deletion_keeps_it(self, catalogue):
        goods = catalogue.product("A", "B")
        assert remove_variant(goods.variant("B"), **catalogue.by).status == 200
        assert guard(catalogue, "B") is None
        assert delete(goods.path, **catalogue.by).status == 200
        assert guard(catalogue, "A") is not None
        assert restore(goods.path, **catalogue.by).status == 200
        assert publish(goods.path, **catalogue.by).status == 200
