"""A supplier's stall: products, locations and stock, by commerce's own commands, for the tests of commerce."""

from dataclasses import dataclass
from typing import Any

from commerce.inventory.items import StockItem, with_product
from commerce.product import decider
from commerce.supplier import standing as supplier_standing
from commerce.supplier.standing import Standing
from support.commerce.shop import Call
from support.principals import acting
from support.spec import TENANT, Reply
from troupe.ids import new_id
from troupe.store.commit import commit
from troupe.store.transact import load

SHIPPING = {
    "from_country": "DE",
    "zones": [{"countries": ["DE", "AT"], "cost_cents": 499, "days_min": 2, "days_max": 4}],
}
BODY = {"name": "Red Running Shoes", "category": "Shoes", "currency": "EUR", "shipping": SHIPPING}
PRODUCT, VARIANT = "/products/{product_id}", "/products/{product_id}/variants/{variant_id}"
SPOT = f"{VARIANT}/inventory/{{location_id}}"

create = Call("create_product", "POST /products", BODY)
update = Call("update_product", f"PATCH {PRODUCT}", {})
add_variant = Call("add_variant", f"POST {PRODUCT}/variants")
update_variant = Call("update_variant", f"PATCH {VARIANT}", {})
remove_variant = Call("remove_variant", f"DELETE {VARIANT}")
publish = Call("publish_product", f"POST {PRODUCT}/publish")
unpublish = Call("unpublish_product", f"POST {PRODUCT}/unpublish")
delete = Call("delete_product", f"DELETE {PRODUCT}")
restore = Call("restore_product", f"POST {PRODUCT}/restore")
add_location = Call("add_location", "POST /locations", {"name": "Berlin", "country": "DE"})
set_inventory = Call("set_inventory", f"PUT {SPOT}")
adjust = Call("adjust_inventory", f"POST {SPOT}/adjust")
split = Call("split_stock", f"POST {SPOT}/split")


def stands(supplier_id: str, status: str = "verified", products: int = 100, tenant_id: str = TENANT) -> None:
    """What a supplier publishes of itself."""
    standing = Standing(status=status, products=products, promotions=10)
    commit(supplier_standing.published(tenant_id, supplier_id, standing))


@dataclass(frozen=True)
class Goods:
    """A product with its variants, by SKU."""

    id: str
    variants: dict[str, str]

    @property
    def path(self) -> dict[str, str]:
        return {"product_id": self.id}

    def variant(self, sku: str) -> dict[str, str]:
        return {**self.path, "variant_id": self.variants[sku]}

    def spot(self, sku: str, location_id: str) -> dict[str, str]:
        return {**self.variant(sku), "location_id": location_id}


@dataclass(frozen=True)
class Catalogue:
    supplier_id: str
    tenant_id: str = TENANT

    @property
    def by(self) -> dict[str, Any]:
        return acting("supplier", self.supplier_id, tenant_id=self.tenant_id)

    def product(self, *skus: str, sold: bool = True, **body: Any) -> Goods:
        """A product with a variant for each SKU, on sale if wished."""
        variants = [{"sku": sku, "price_cents": 7999} for sku in skus or (f"SKU-{new_id()[-12:]}",)]
        reply = create(body=BODY | {"variants": variants} | body, **self.by)
        assert reply.status == 201, reply.body
        goods = Goods(reply.body["id"], {each["sku"]: each["id"] for each in reply.body["variants"]})
        if sold:
            assert publish(goods.path, **self.by).status == 200
        return goods

    def location(self, name: str = "Berlin") -> str:
        reply = add_location(body={"name": name, "country": "DE"}, **self.by)
        assert reply.status == 201, reply.body
        return reply.body["id"]

    def count(self, spot: dict[str, str], on_hand: int, expected: int = 0, **more: Any) -> Reply:
        body = {"on_hand": on_hand, "expected_on_hand": expected, **more}
        return set_inventory(spot, body=body, **self.by)

    def stock(self, goods: Goods) -> list[StockItem]:
        return list(with_product(self.tenant_id, goods.id)[1])


def open_catalogue(products: int = 100) -> Catalogue:
    catalogue = Catalogue(new_id())
    stands(catalogue.supplier_id, products=products)
    return catalogue


def state(goods: Goods) -> Any:
    return load(TENANT, decider.PRODUCT, goods.id).state
