"""A product is created as a draft, and its variants hold their SKUs."""

import pytest

from commerce.product.decider import PRODUCT
from commerce.product.transactions import sku_guard
from support.commerce.catalogue import (
    BODY,
    add_variant,
    create,
    delete,
    open_stall,
    publish,
    remove_variant,
    restore,
    stands,
    update_variant,
)
from support.commerce.suppliers import ADMIN
from support.identity.tenant import ALL, happened, items, round_trips
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store import reads
from troupe.store.transact import load


def guard(stall, sku):
    return reads.one(sku_guard(TENANT, stall.supplier_id, sku))


class TestCreating:
    """create_product: a draft, in one round trip."""

    def test_it_is_a_draft_with_variants_that_hold_their_skus(self, stall):
        with round_trips() as made:
            reply = create(body=BODY | {"variants": [{"sku": "RED-42", "price_cents": 1}]}, **stall.by)
        assert (reply.status, made) == (201, ["TransactWriteItems"])
        (variant,) = reply.body["variants"]
        assert reply.headers["location"] == f"/v1/commerce/products/{reply.body['id']}"
        held = guard(stall, "red-42")
        assert (held["product_id"], held["variant_id"]) == (reply.body["id"], variant["id"])
        assert [each.type for each in happened("product.created")] == ["product.created"]

    def test_one_key_makes_one(self, stall):
        keyed = {"headers": {"idempotency-key": "k"}, **stall.by}
        first = create(**keyed)
        after = items()
        again = create(**keyed)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert items() == after
        assert create(body=BODY | {"name": "Other"}, **keyed).body["code"] == "idempotency_key_reused"

    def test_in_whose_name(self, stall):
        assert create(**ADMIN).body["code"] == "supplier_required"
        for unknown in ({"supplier_id": new_id()},):
            assert create(body=BODY | unknown, **ADMIN).body["code"] == "supplier_not_active"
        made = create(body=BODY | {"supplier_id": stall.supplier_id}, **ADMIN)
        assert load(TENANT, PRODUCT, made.body["id"]).state.supplier_id == stall.supplier_id
        foreign = create(body=BODY | {"supplier_id": new_id()}, **stall.by)
        assert (foreign.status, foreign.body["code"]) == (403, "permission_required")

    @pytest.mark.parametrize("status", ["suspended", "deleted"])
    def test_not_for_a_supplier_that_is_out(self, stall, status):
        stands(stall.supplier_id, status)
        assert create(**stall.by).body["code"] == "supplier_not_active"

    def test_who_may(self, stall):
        before = items()
        assert create(principal=None).status == 401
        lacking = {**stall.by, "permissions": ALL - {"product:create"}}
        assert create(**lacking).body["code"] == "permission_required"
        assert create(**stall.by, standing="suspended").body["code"] == "tenant_suspended"
        assert items() == before

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
    def test_bad_fields_are_named(self, stall, wrong, field):
        reply = create(body=BODY | wrong, **stall.by)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


class TestSkus:
    def test_one_supplier_has_an_sku_once_and_two_suppliers_may_share_it(self, stall):
        goods = stall.product("A-1", sold=False)
        taken = create(body=BODY | {"variants": [{"sku": "a-1"}]}, **stall.by)
        assert (taken.status, taken.body["code"]) == (409, "sku_taken")
        assert add_variant(goods.path, body={"sku": "A-1"}, **stall.by).body["code"] == "sku_taken"
        open_stall().product("A-1")

    def test_a_new_name_moves_the_guard(self, stall):
        goods = stall.product("OLD")
        renamed = update_variant(goods.variant("OLD"), body={"sku": "NEW"}, **stall.by)
        assert renamed.status == 200
        assert (guard(stall, "OLD"), guard(stall, "NEW")["variant_id"]) == (None, goods.variants["OLD"])
        stall.product("OLD")
        back = update_variant(goods.variant("OLD"), body={"sku": "old"}, **stall.by)
        assert back.body["code"] == "sku_taken"

    def test_another_case_is_the_same_sku(self, stall):
        goods = stall.product("Abc")
        assert update_variant(goods.variant("Abc"), body={"sku": "ABC"}, **stall.by).status == 200
        assert guard(stall, "abc")["variant_id"] == goods.variants["Abc"]

    def test_removal_frees_it_and_deletion_keeps_it(self, stall):
        goods = stall.product("A", "B")
        assert remove_variant(goods.variant("B"), **stall.by).status == 200
        assert guard(stall, "B") is None
        assert delete(goods.path, **stall.by).status == 200
        assert guard(stall, "A") is not None
        assert restore(goods.path, **stall.by).status == 200
        assert publish(goods.path, **stall.by).status == 200
