"""When a product is published, and when its stock is on sale."""

import pytest

from commerce.supplier.standing import listed
from support.commerce.catalogue import (
    delete,
    open_stall,
    publish,
    remove_variant,
    restore,
    stands,
    state,
    unpublish,
    update,
    update_variant,
)
from support.commerce.suppliers import ADMIN
from support.identity.tenant import meanwhile, round_trips
from support.spec import TENANT
from troupe.store import reads


def sellable(stall, goods):
    return [item.sellable for item in stall.stock(goods)]


class TestOnSale:
    def test_stock_goes_on_sale_and_off_with_the_product(self, stall):
        goods, where = stall.product("A", sold=False), stall.location()
        stall.count(goods.spot("A", where), 5)
        assert sellable(stall, goods) == [False]
        for call, expected in ((publish, True), (unpublish, False), (publish, True), (delete, False)):
            with round_trips() as made:
                assert call(goods.path, **stall.by).status == 200
            assert made == ["BatchGetItem", "TransactWriteItems"]
            assert sellable(stall, goods) == [expected]
        assert restore(goods.path, **stall.by).status == 200
        assert (state(goods).status, sellable(stall, goods)) == ("unpublished", [False])

    def test_each_variant_by_itself(self, stall):
        goods, where = stall.product("A", "B"), stall.location()
        for sku in ("A", "B"):
            stall.count(goods.spot(sku, where), 5)
        variants = {name: goods.variants[sku] for name, sku in (("a", "A"), ("b", "B"))}

        def on_sale():
            return {item.variant_id for item in stall.stock(goods) if item.sellable}

        assert on_sale() == set(variants.values())
        assert update_variant(goods.variant("A"), body={"active": False}, **stall.by).status == 200
        assert on_sale() == {variants["b"]}
        assert update_variant(goods.variant("A"), body={"active": True}, **stall.by).status == 200
        assert remove_variant(goods.variant("B"), **stall.by).status == 200
        assert on_sale() == {variants["a"]}

    def test_what_is_counted_first_is_on_sale_as_its_product_is(self, stall):
        goods, where = stall.product("A", "B"), stall.location()
        update_variant(goods.variant("B"), body={"active": False}, **stall.by)
        for sku in ("A", "B"):
            stall.count(goods.spot(sku, where), 5)
        found = {item.variant_id: item.sellable for item in stall.stock(goods)}
        assert found == {goods.variants["A"]: True, goods.variants["B"]: False}

    def test_nothing_of_a_suspended_supplier_goes_on_sale(self, stall):
        goods, where = stall.product("A", "B"), stall.location()
        update_variant(goods.variant("B"), body={"active": False}, **stall.by)
        stall.count(goods.spot("B", where), 5)
        stands(stall.supplier_id, "suspended")
        stall.count(goods.spot("A", where), 5)
        assert update_variant(goods.variant("B"), body={"active": True}, **stall.by).status == 200
        assert sellable(stall, goods) == [False, False]

    def test_a_bucket_that_is_opened_meanwhile_goes_along(self, stall):
        goods, where = stall.product("A", sold=False), stall.location()
        with meanwhile(lambda: stall.count(goods.spot("A", where), 5)):
            assert publish(goods.path, **stall.by).status == 200
        assert sellable(stall, goods) == [True]
        other = stall.location("Bonn")
        with meanwhile(lambda: unpublish(goods.path, **stall.by)):
            assert stall.count(goods.spot("A", other), 5).status == 200
        assert sellable(stall, goods) == [False, False]


class TestPublishing:
    @pytest.mark.parametrize(
        "body, code",
        [
            ({"variants": []}, "no_active_variant"),
            ({"variants": [{"sku": "A", "price_cents": 1, "active": False}]}, "no_active_variant"),
            ({"variants": [{"sku": "A"}]}, "no_price"),
            ({"shipping": None}, "no_shipping_zone"),
            ({"shipping": {"from_country": "DE"}}, "no_shipping_zone"),
        ],
    )
    def test_only_what_somebody_could_buy(self, stall, body, code):
        goods = stall.product("A", sold=False, **body)
        assert publish(goods.path, **stall.by).body["code"] == code

    @pytest.mark.parametrize("status", ["registered", "submitted", "under_review", "rejected", "suspended"])
    def test_only_of_a_verified_supplier(self, stall, status):
        goods = stall.product("A", sold=False)
        stands(stall.supplier_id, status)
        for who in (stall.by, ADMIN):
            assert publish(goods.path, **who).body["code"] == "supplier_not_verified"

    def test_not_of_one_that_is_suspended_meanwhile(self, stall):
        goods = stall.product("A", sold=False)
        with meanwhile(lambda: stands(stall.supplier_id, "suspended")):
            assert publish(goods.path, **stall.by).body["code"] == "supplier_not_verified"
        assert state(goods).status == "draft"

    def test_within_the_supplier_s_limit(self, market):
        stall = open_stall(products=2)
        first, second, third = (stall.product(sold=False) for _ in range(3))
        assert [publish(each.path, **stall.by).status for each in (first, second, third)] == [200, 200, 409]
        assert publish(third.path, **stall.by).body["code"] == "product_limit_reached"
        assert reads.one(listed(TENANT, stall.supplier_id))["published"] == 2
        assert unpublish(first.path, **stall.by).status == 200
        assert publish(third.path, **stall.by).status == 200
        assert delete(second.path, **stall.by).status == 200
        assert publish(first.path, **stall.by).status == 200
        stands(stall.supplier_id, products=0)
        unpublish(first.path, **stall.by)
        unpublish(third.path, **stall.by)
        assert publish(first.path, **stall.by).body["code"] == "product_limit_reached"

    def test_a_limit_of_nothing_lets_nothing_be_published(self, market):
        stall = open_stall(products=0)
        goods = stall.product("A", sold=False)
        assert publish(goods.path, **stall.by).body["code"] == "product_limit_reached"

    def test_what_is_published_stays_fit_for_it(self, stall):
        goods = stall.product("A")
        assert update(goods.path, body={"shipping": None}, **stall.by).body["code"] == "no_shipping_zone"
        gone = remove_variant(goods.variant("A"), **stall.by)
        assert gone.body["code"] == "no_active_variant"
        free = update_variant(goods.variant("A"), body={"price_cents": None}, **stall.by)
        assert free.body["code"] == "no_price"
        assert update(goods.path, body={"currency": "USD"}, **stall.by).body["code"] == "currency_fixed"
        assert update(goods.path, body={"name": "Blue", "media": {}}, **stall.by).status == 200
        assert state(goods).details.name == "Blue"
