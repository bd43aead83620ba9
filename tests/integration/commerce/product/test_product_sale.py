"""When a product is published, and when its stock is on sale."""

import pytest

from commerce.supplier.standing import listed
from support.commerce.catalogue import (
    delete,
    open_catalogue,
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
from support.dynamodb import before_next_write, round_trips
from support.spec import TENANT
from troupe.store import reads


def sellable(catalogue, goods):
    return [item.sellable for item in catalogue.stock(goods)]


class TestOnSale:
    def test_stock_goes_on_sale_and_off_with_the_product(self, catalogue):
        goods, where = catalogue.product("A", sold=False), catalogue.location()
        catalogue.count(goods.spot("A", where), 5)
        assert sellable(catalogue, goods) == [False]
        for call, expected in ((publish, True), (unpublish, False), (publish, True), (delete, False)):
            with round_trips() as made:
                assert call(goods.path, **catalogue.by).status == 200
            assert made == ["BatchGetItem", "TransactWriteItems"]
            assert sellable(catalogue, goods) == [expected]
        assert restore(goods.path, **catalogue.by).status == 200
        assert (state(goods).status, sellable(catalogue, goods)) == ("unpublished", [False])

    def test_each_variant_by_itself(self, catalogue):
        goods, where = catalogue.product("A", "B"), catalogue.location()
        for sku in ("A", "B"):
            catalogue.count(goods.spot(sku, where), 5)
        variants = {name: goods.variants[sku] for name, sku in (("a", "A"), ("b", "B"))}

        def on_sale():
            return {item.variant_id for item in catalogue.stock(goods) if item.sellable}

        assert on_sale() == set(variants.values())
        assert update_variant(goods.variant("A"), body={"active": False}, **catalogue.by).status == 200
        assert on_sale() == {variants["b"]}
        assert update_variant(goods.variant("A"), body={"active": True}, **catalogue.by).status == 200
        assert remove_variant(goods.variant("B"), **catalogue.by).status == 200
        assert on_sale() == {variants["a"]}

    def test_what_is_counted_first_is_on_sale_as_its_product_is(self, catalogue):
        goods, where = catalogue.product("A", "B"), catalogue.location()
        update_variant(goods.variant("B"), body={"active": False}, **catalogue.by)
        for sku in ("A", "B"):
            catalogue.count(goods.spot(sku, where), 5)
        found = {item.variant_id: item.sellable for item in catalogue.stock(goods)}
        assert found == {goods.variants["A"]: True, goods.variants["B"]: False}

    def test_nothing_of_a_suspended_supplier_goes_on_sale(self, catalogue):
        goods, where = catalogue.product("A", "B"), catalogue.location()
        update_variant(goods.variant("B"), body={"active": False}, **catalogue.by)
        catalogue.count(goods.spot("B", where), 5)
        stands(catalogue.supplier_id, "suspended")
        catalogue.count(goods.spot("A", where), 5)
        assert update_variant(goods.variant("B"), body={"active": True}, **catalogue.by).status == 200
        assert sellable(catalogue, goods) == [False, False]

    def test_a_bucket_that_is_opened_meanwhile_goes_along(self, catalogue):
        goods, where = catalogue.product("A", sold=False), catalogue.location()
        with before_next_write(lambda: catalogue.count(goods.spot("A", where), 5)):
            assert publish(goods.path, **catalogue.by).status == 200
        assert sellable(catalogue, goods) == [True]
        other = catalogue.location("Bonn")
        with before_next_write(lambda: unpublish(goods.path, **catalogue.by)):
            assert catalogue.count(goods.spot("A", other), 5).status == 200
        assert sellable(catalogue, goods) == [False, False]


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
    def test_only_buyable_products_are_published(self, catalogue, body, code):
        goods = catalogue.product("A", sold=False, **body)
        assert publish(goods.path, **catalogue.by).body["code"] == code

    @pytest.mark.parametrize("status", ["registered", "submitted", "under_review", "rejected", "suspended"])
    def test_only_of_a_verified_supplier(self, catalogue, status):
        goods = catalogue.product("A", sold=False)
        stands(catalogue.supplier_id, status)
        for who in (catalogue.by, ADMIN):
            assert publish(goods.path, **who).body["code"] == "supplier_not_verified"

    def test_not_of_one_that_is_suspended_meanwhile(self, catalogue):
        goods = catalogue.product("A", sold=False)
        with before_next_write(lambda: stands(catalogue.supplier_id, "suspended")):
            assert publish(goods.path, **catalogue.by).body["code"] == "supplier_not_verified"
        assert state(goods).status == "draft"

    def test_within_the_supplier_s_limit(self, shop):
        catalogue = open_catalogue(products=2)
        first, second, third = (catalogue.product(sold=False) for _ in range(3))
        assert [publish(each.path, **catalogue.by).status for each in (first, second, third)] == [
            200,
            200,
            409,
        ]
        assert publish(third.path, **catalogue.by).body["code"] == "product_limit_reached"
        assert reads.one(listed(TENANT, catalogue.supplier_id))["published"] == 2
        assert unpublish(first.path, **catalogue.by).status == 200
        assert publish(third.path, **catalogue.by).status == 200
        assert delete(second.path, **catalogue.by).status == 200
        assert publish(first.path, **catalogue.by).status == 200
        stands(catalogue.supplier_id, products=0)
        unpublish(first.path, **catalogue.by)
        unpublish(third.path, **catalogue.by)
        assert publish(first.path, **catalogue.by).body["code"] == "product_limit_reached"

    def test_a_limit_of_nothing_lets_nothing_be_published(self, shop):
        catalogue = open_catalogue(products=0)
        goods = catalogue.product("A", sold=False)
        assert publish(goods.path, **catalogue.by).body["code"] == "product_limit_reached"

    def test_what_is_published_stays_fit_for_it(self, catalogue):
        goods = catalogue.product("A")
        assert update(goods.path, body={"shipping": None}, **catalogue.by).body["code"] == "no_shipping_zone"
        gone = remove_variant(goods.variant("A"), **catalogue.by)
        assert gone.body["code"] == "no_active_variant"
        free = update_variant(goods.variant("A"), body={"price_cents": None}, **catalogue.by)
        assert free.body["code"] == "no_price"
        assert update(goods.path, body={"currency": "USD"}, **catalogue.by).body["code"] == "currency_fixed"
        assert update(goods.path, body={"name": "Blue", "media": {}}, **catalogue.by).status == 200
        assert state(goods).details.name == "Blue"
