"""Products over their life: whose they are, when they are on sale, and what their SKUs are held by."""

import pytest

from commerce.product import PRODUCT, NoProduct
from commerce.products import listed, product_of, sku_guard
from market import ask
from people import acting
from spec import ANN, OTHER, TENANT
from stall import (
    BODY,
    Stall,
    add_location,
    add_variant,
    create,
    delete,
    open_stall,
    publish,
    remove_variant,
    restore,
    stands,
    unpublish,
    update,
    update_variant,
)
from town import ALL, happened, items, meanwhile, round_trips
from troupe import reads
from troupe.aggregates import Stored
from troupe.ids import new_id
from troupe.store import Unknown, load

CALLS = {
    "update_product": (update, {"name": "Other"}),
    "publish_product": (publish, None),
    "unpublish_product": (unpublish, None),
    "delete_product": (delete, None),
    "restore_product": (restore, None),
}
ADMIN = acting("admin", ANN)


@pytest.fixture
def stall(market):
    return open_stall()


def state(goods):
    return load(TENANT, PRODUCT, goods.id).state


def guard(stall, sku):
    return reads.one(sku_guard(TENANT, stall.supplier_id, sku))


def sellable(stall, goods):
    return [item.sellable for item in stall.stock(goods)]


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


class TestShipping:
    def test_it_is_replaced_as_a_whole(self, stall):
        goods = stall.product("A")
        zone = {"countries": ["FR"], "cost_cents": 900, "days_min": 3, "days_max": 5}
        changed = update(goods.path, body={"shipping": {"from_country": "FR", "zones": [zone]}}, **stall.by)
        assert changed.status == 200
        assert state(goods).details.shipping.zone("FR").cost_cents == 900
        assert state(goods).details.shipping.zone("DE") is None


class TestMedia:
    def test_what_a_page_shows(self, stall):
        goods = stall.product("A")
        shown = {
            "primary_image_url": "https://images.example.com/a.jpg",
            "gallery_urls": ["https://images.example.com/b.jpg"],
            "video_url": None,
        }
        assert update(goods.path, body={"media": shown}, **stall.by).status == 200
        found = ask("/products/{product_id}", goods.path, **stall.by)
        assert (found.body["media"], found.headers["etag"]) == (shown, '"3"')


def test_what_never_was_is_unknown():
    with pytest.raises(Unknown):
        product_of(Stored(id="p", version=0, state=NoProduct()))


class TestManners:
    @pytest.mark.parametrize("command", CALLS)
    def test_of_every_command(self, stall, command):
        call, body = CALLS[command]
        goods = stall.product("A", sold=command == "unpublish_product")
        if command == "restore_product":
            delete(goods.path, **stall.by)
        before = items()
        other = open_stall()
        then = items()
        for how, status in (
            ({"principal": None}, 401),
            ({**stall.by, "tenant_id": OTHER}, 404),
            ({**stall.by, "permissions": frozenset()}, 403),
            ({**stall.by, "standing": "suspended"}, 403),
            ({**stall.by, "headers": {"if-match": '"99"'}}, 412),
            (other.by, 404),
            (acting("consumer", ANN), 403),
        ):
            assert call(goods.path, body=body, **how).status == status, how
        assert items() == then != before
        with round_trips() as made:
            first = call(goods.path, body=body, **stall.by, headers={"idempotency-key": "k"})
        assert (first.status, made) == (200, ["BatchGetItem", "TransactWriteItems"])
        after = items()
        again = call(goods.path, body=body, **stall.by, headers={"idempotency-key": "k"})
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        once_more = call(goods.path, body=body, **stall.by)
        assert once_more.body == first.body
        assert items() == after
        assert call({"product_id": new_id()}, body=body, **stall.by).status == 404

    def test_admins_act_in_any_supplier_s_name(self, stall):
        goods = stall.product("A", sold=False)
        assert publish(goods.path, **ADMIN).status == 200
        added = add_variant(goods.path, body={"sku": "B", "price_cents": 1}, **ADMIN)
        assert added.status == 201
        assert state(goods).variants[-1].id == added.body["variant_id"]

    def test_of_variants(self, stall):
        goods, other = stall.product("A"), open_stall()
        for call, body in ((update_variant, {"active": False}), (remove_variant, None)):
            assert call(goods.variant("A"), body=body, **other.by).status == 404
            unknown = {**goods.path, "variant_id": new_id()}
            assert call(unknown, body=body, **stall.by).body["code"] == "no_variant"

    def test_of_locations(self, stall):
        with round_trips() as made:
            reply = add_location(**stall.by)
        assert (reply.status, made) == (201, ["TransactWriteItems"])
        assert add_location(**ADMIN).body["code"] == "supplier_required"
        assert add_location(**acting("consumer", ANN)).status == 403
        assert [each.data["supplier_id"] for each in happened("location.added")] == [stall.supplier_id]

    def test_a_deleted_product_is_restored_first(self, stall):
        goods = stall.product("A")
        delete(goods.path, **stall.by)
        assert update(goods.path, body={"name": "x"}, **stall.by).status == 404


class TestAsking:
    def test_the_catalogue_has_what_is_on_sale_by_category(self, stall):
        shoes, hats = stall.product(), stall.product(category="Hats")
        stall.product(sold=False)
        off = stall.product(category="Hats")
        unpublish(off.path, **stall.by)
        who = acting("consumer", ANN)
        assert [each["id"] for each in ask("/products", **who).body["items"]] == [hats.id, shoes.id]
        found = ask("/products", query={"category": "hats"}, **who).body["items"]
        assert [(each["id"], each["from_price_cents"]) for each in found] == [(hats.id, 7999)]
        assert ask("/products", query={"category": "hat"}, **who).body["items"] == []
        page = ask("/products", query={"limit": "1"}, **who).body
        rest = ask("/products", query={"limit": "1", "cursor": page["cursor"]}, **who).body
        assert ([each["id"] for each in rest["items"]], rest["cursor"]) == ([shoes.id], None)

    def test_one_product_with_what_can_be_bought_in_one_query(self, stall):
        goods = stall.product("A", "B")
        for place, number in ((stall.location(), 5), (stall.location("Bonn"), 3)):
            stall.count(goods.spot("A", place), number, safety=1)
        with round_trips() as made:
            reply = ask("/products/{product_id}", goods.path, **acting("consumer", ANN))
        assert made == ["Query"]
        assert [(each["sku"], each["available"]) for each in reply.body["variants"]] == [("A", 6), ("B", 0)]
        assert not {"on_hand", "reserved", "safety"} & set(str(reply.body).replace("'", " ").split())

    def test_what_is_not_on_sale_is_there_for_its_supplier_alone(self, stall):
        goods = stall.product("A", sold=False)
        for who, status in (
            (stall.by, 200),
            (ADMIN, 200),
            (acting("consumer", ANN), 404),
            (open_stall().by, 404),
        ):
            assert ask("/products/{product_id}", goods.path, **who).status == status
        delete(goods.path, **stall.by)
        assert ask("/products/{product_id}", goods.path, **stall.by).status == 404
        path = {"supplier_id": stall.supplier_id}
        for who, status in ((stall.by, 200), (acting("staff", ANN), 200), (acting("consumer", ANN), 403)):
            reply = ask("/suppliers/{supplier_id}/products", path, query={"status": "deleted"}, **who)
            assert reply.status == status
            assert status != 200 or [each["id"] for each in reply.body["items"]] == [goods.id]
        shown = ask("/suppliers/{supplier_id}/products", path, **acting("consumer", ANN))
        assert (shown.status, shown.body["items"]) == (200, [])

    def test_stock_by_location_for_its_supplier(self, stall):
        goods, where = stall.product("A"), stall.location()
        stall.count(goods.spot("A", where), 5, safety=1)
        for who in (stall.by, ADMIN):
            (row,) = ask("/products/{product_id}/inventory", goods.path, **who).body["stock"]
            assert (row["on_hand"], row["available"], row["safety"], row["buckets"]) == (5, 4, 1, 1)
        assert ask("/products/{product_id}/inventory", goods.path, **open_stall().by).status == 404
        path = {"supplier_id": stall.supplier_id}
        rows = ask("/suppliers/{supplier_id}/locations", path, **stall.by).body["items"]
        assert [(each["id"], each["name"]) for each in rows] == [(where, "Berlin")]
        assert ask("/suppliers/{supplier_id}/locations", path, **open_stall().by).status == 403

    def test_another_tenant_s_is_unknown(self, stall):
        goods = stall.product("A")
        assert ask("/products/{product_id}", goods.path, **{**stall.by, "tenant_id": OTHER}).status == 404
        assert isinstance(stall, Stall)
