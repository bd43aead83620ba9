"""What is told of products and of their stock, and whom."""

from support.commerce.catalogue import Catalogue, delete, open_catalogue, unpublish
from support.commerce.shop import ask
from support.commerce.suppliers import ADMIN
from support.dynamodb import round_trips
from support.principals import acting
from support.spec import ANN, OTHER


class TestAsking:
    def test_the_catalogue_has_what_is_on_sale_by_category(self, catalogue):
        shoes, hats = catalogue.product(), catalogue.product(category="Hats")
        catalogue.product(sold=False)
        off = catalogue.product(category="Hats")
        unpublish(off.path, **catalogue.by)
        who = acting("consumer", ANN)
        assert [each["id"] for each in ask("/products", **who).body["items"]] == [hats.id, shoes.id]
        found = ask("/products", query={"category": "hats"}, **who).body["items"]
        assert [(each["id"], each["from_price_cents"]) for each in found] == [(hats.id, 7999)]
        assert ask("/products", query={"category": "hat"}, **who).body["items"] == []
        page = ask("/products", query={"limit": "1"}, **who).body
        rest = ask("/products", query={"limit": "1", "cursor": page["cursor"]}, **who).body
        assert ([each["id"] for each in rest["items"]], rest["cursor"]) == ([shoes.id], None)

    def test_one_product_with_what_can_be_bought_in_one_query(self, catalogue):
        goods = catalogue.product("A", "B")
        for place, number in ((catalogue.location(), 5), (catalogue.location("Bonn"), 3)):
            catalogue.count(goods.spot("A", place), number, safety=1)
        with round_trips() as made:
            reply = ask("/products/{product_id}", goods.path, **acting("consumer", ANN))
        assert made == ["Query"]
        assert [(each["sku"], each["available"]) for each in reply.body["variants"]] == [("A", 6), ("B", 0)]
        assert not {"on_hand", "reserved", "safety"} & set(str(reply.body).replace("'", " ").split())

    def test_what_is_not_on_sale_is_there_for_its_supplier_alone(self, catalogue):
        goods = catalogue.product("A", sold=False)
        for who, status in (
            (catalogue.by, 200),
            (ADMIN, 200),
            (acting("consumer", ANN), 404),
            (open_catalogue().by, 404),
        ):
            assert ask("/products/{product_id}", goods.path, **who).status == status
        delete(goods.path, **catalogue.by)
        assert ask("/products/{product_id}", goods.path, **catalogue.by).status == 404
        path = {"supplier_id": catalogue.supplier_id}
        for who, status in ((catalogue.by, 200), (acting("staff", ANN), 200), (acting("consumer", ANN), 403)):
            reply = ask("/suppliers/{supplier_id}/products", path, query={"status": "deleted"}, **who)
            assert reply.status == status
            assert status != 200 or [each["id"] for each in reply.body["items"]] == [goods.id]
        shown = ask("/suppliers/{supplier_id}/products", path, **acting("consumer", ANN))
        assert (shown.status, shown.body["items"]) == (200, [])

    def test_stock_by_location_for_its_supplier(self, catalogue):
        goods, where = catalogue.product("A"), catalogue.location()
        catalogue.count(goods.spot("A", where), 5, safety=1)
        for who in (catalogue.by, ADMIN):
            (row,) = ask("/products/{product_id}/inventory", goods.path, **who).body["stock"]
            assert (row["on_hand"], row["available"], row["safety"], row["buckets"]) == (5, 4, 1, 1)
        assert ask("/products/{product_id}/inventory", goods.path, **open_catalogue().by).status == 404
        path = {"supplier_id": catalogue.supplier_id}
        rows = ask("/suppliers/{supplier_id}/locations", path, **catalogue.by).body["items"]
        assert [(each["id"], each["name"]) for each in rows] == [(where, "Berlin")]
        assert ask("/suppliers/{supplier_id}/locations", path, **open_catalogue().by).status == 403

    def test_another_tenant_s_is_unknown(self, catalogue):
        goods = catalogue.product("A")
        assert ask("/products/{product_id}", goods.path, **{**catalogue.by, "tenant_id": OTHER}).status == 404
        assert isinstance(catalogue, Catalogue)
