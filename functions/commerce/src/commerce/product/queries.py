"""What may be asked about products, what is left of them, and where their stock lies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

from pydantic import Field

from commerce.inventory import items as inventory_items
from commerce.inventory import location_decider
from commerce.inventory.decide_allocation import on_offer
from commerce.inventory.items import StockItem
from commerce.inventory.state import total
from commerce.product import decider
from commerce.product.decider import Product
from commerce.product.requests import Category
from commerce.product.responses import (
    InventoryView,
    LocationRow,
    ProductRow,
    ProductView,
    StockView,
    VariantView,
)
from commerce.product.transactions import product_of, product_ref
from commerce.query_routes import ROUTES
from commerce.supplier import standing
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.principal import Forbidden
from troupe.edge.queries import Paging, found, listed, listing, page_of
from troupe.edge.request import Request
from troupe.store import aggregates, keys
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class Catalogue(Paging, frozen=True):
    """All that is on sale, by category, or what is on sale of one category."""

    category: Category | None = Field(default=None)


class OfSupplier(Paging, frozen=True):
    """Products of one status; without one, what is on sale."""

    status: Literal["draft", "published", "unpublished", "deleted"] = "published"


@ROUTES.get("/products", permission="product:read", reply=page_of(ProductRow), parameters=Catalogue)
def products(request: Request[NoBody]) -> Answer:
    category: str | None = request.parameters.category
    prefix = decider.category_key(category) if category else ""
    pk = keys.listing(request.tenant_id, decider.CATALOGUE)
    on_sale = List(tenant_id=request.tenant_id, pk=pk, index="GSI2", prefix=prefix, ascending=True)
    return listed(on_sale, request, _row)


def _row(item: Any) -> dict[str, Any]:
    return ProductRow.model_validate(item["summary"]).model_dump(mode="json")


@ROUTES.get(
    "/suppliers/{supplier_id}/products",
    permission="product:read",
    reply=page_of(ProductRow),
    parameters=OfSupplier,
)
def supplier_products(request: Request[NoBody]) -> Answer:
    """All callers see products on sale; the supplier and overseers of suppliers see the rest too."""
    supplier_id, status = request.id("supplier_id"), request.parameters.status
    if status != "published":
        _see(request, supplier_id)
    return listing(request, decider.collection(supplier_id, status), ProductRow)


@ROUTES.get("/products/{product_id}", permission="product:read", reply=ProductView)
def one_product(request: Request[NoBody]) -> Answer:
    """With what can be bought of it just now. What is not on sale is there for its supplier alone."""
    stored, stock = _read(request)
    shown = product_of(stored)
    return found(_view(stored.id, shown, stock), stored.version)


@ROUTES.get("/products/{product_id}/inventory", permission="inventory:read", reply=InventoryView)
def inventory(request: Request[NoBody]) -> Answer:
    """Where how much of it lies, for its supplier and who may see suppliers' affairs."""
    stored, stock = _read(request)
    if not standing.sees(request.caller, product_of(stored).supplier_id):
        raise Unknown(stored.id)
    return found(InventoryView(product_id=stored.id, stock=tuple(_places(stock))))


@ROUTES.get(
    "/suppliers/{supplier_id}/locations",
    permission="inventory:read",
    reply=page_of(LocationRow),
    parameters=Paging,
)
def locations(request: Request[NoBody]) -> Answer:
    supplier_id = request.id("supplier_id")
    _see(request, supplier_id)
    return listing(request, location_decider.collection(supplier_id), LocationRow)


def _see(request: Request[Any], supplier_id: str) -> None:
    if not standing.sees(request.caller, supplier_id):
        raise Forbidden("permission_required", f"For others, this takes the permission {standing.INSPECT}.")


def _read(request: Request[Any]) -> tuple[Stored[Any], tuple[StockItem, ...]]:
    """The product and its stock in one Query, if the caller may see it."""
    ref = product_ref(request.id("product_id"))
    item, stock = inventory_items.with_product(request.tenant_id, ref.id)
    stored = aggregates.stored(ref, item)
    if stored.deleted or not stored.version:
        raise Unknown(ref.id)
    shown = product_of(stored)
    if shown.status != "published" and not standing.sees(request.caller, shown.supplier_id):
        raise Unknown(ref.id)
    return stored, stock


def _view(product_id: str, shown: Product, stock: Iterable[StockItem]) -> ProductView:
    left = on_offer(item.seen for item in stock)
    variants = tuple(VariantView(**asdict(each), available=left.get(each.id, 0)) for each in shown.variants)
    told = {"id": product_id, **asdict(shown), **asdict(shown.details), "variants": variants}
    return ProductView.model_validate(told)


def _places(stock: Iterable[StockItem]) -> Iterable[StockView]:
    places: defaultdict[tuple[str, str], list[StockItem]] = defaultdict(list)
    for item in stock:
        places[item.variant_id, item.location_id].append(item)
    for (variant_id, location_id), items in places.items():
        level = total([item.level for item in items])
        yield StockView(
            variant_id=variant_id,
            location_id=location_id,
            on_hand=level.on_hand,
            available=max(0, level.available),
            reserved=level.reserved,
            safety=level.safety,
            oversold=level.oversold,
            buckets=len(items),
        )
