"""The plain commands of a product, by those who act for its supplier."""

from typing import Any

from commerce.product import requests, transactions
from commerce.product.commands import (
    AddVariant,
    Command,
    DeleteProduct,
    PublishProduct,
    RemoveVariant,
    RestoreProduct,
    UnpublishProduct,
    UpdateProduct,
    UpdateVariant,
)
from commerce.product.decider import PRODUCT
from commerce.product.responses import VariantMade
from troupe.edge.request import Request
from troupe.edge.routes import Routes
from troupe.store.scope import Answer


def _though_deleted(request: Request[Any], command: Command) -> Answer:
    return transactions.change(request, command, deleted=True)


def _changed(request: Request[requests.DetailsForm]) -> UpdateProduct:
    return UpdateProduct(changes=request.body.changes())


def _variant_added(request: Request[requests.VariantForm]) -> AddVariant:
    return AddVariant(variant=request.body.draft())


def _variant_changed(request: Request[requests.VariantChangesForm]) -> UpdateVariant:
    return UpdateVariant(variant_id=request.id("variant_id"), changes=request.body.changes())


routes = Routes(PRODUCT, run=transactions.change)

update_product = routes.patch(
    "/products/{product_id}",
    UpdateProduct,
    permission="product:update",
    body=requests.DetailsForm,
    make=_changed,
    refusals=("product_deleted", "currency_fixed", "no_shipping_zone", "end_before_start", "country_twice"),
    example={
        "name": "Red Running Shoes",
        "shipping": {
            "from_country": "DE",
            "zones": [{"countries": ["DE", "AT"], "cost_cents": 499, "days_min": 2, "days_max": 4}],
        },
    },
)
publish_product = routes.post(
    "/products/{product_id}/publish",
    PublishProduct,
    permission="product:publish",
    refusals=(
        *("no_active_variant", "no_price", "no_shipping_zone"),
        *("supplier_not_verified", "product_limit_reached"),
    ),
)
unpublish_product = routes.post(
    "/products/{product_id}/unpublish",
    UnpublishProduct,
    permission="product:unpublish",
    refusals=("invalid_transition",),
)
delete_product = routes.delete(
    "/products/{product_id}", DeleteProduct, permission="product:delete", run=_though_deleted
)
restore_product = routes.post(
    "/products/{product_id}/restore", RestoreProduct, permission="product:restore", run=_though_deleted
)
remove_variant = routes.delete(
    "/products/{product_id}/variants/{variant_id}",
    RemoveVariant,
    permission="product:update",
    refusals=("no_variant", "no_active_variant"),
)
add_variant = routes.post(
    "/products/{product_id}/variants",
    AddVariant,
    permission="product:update",
    run=transactions.add_variant,
    body=requests.VariantForm,
    make=_variant_added,
    reply=VariantMade,
    status=201,
    refusals=("sku_taken", "too_many_variants", "no_price", "compare_at_too_low"),
    example={
        "sku": "SHOE-RED-44",
        "price_cents": 7999,
        "compare_at_cents": 9999,
        "attributes": {"color": "red", "size": "42"},
    },
)
update_variant = routes.patch(
    "/products/{product_id}/variants/{variant_id}",
    UpdateVariant,
    permission="product:update",
    body=requests.VariantChangesForm,
    make=_variant_changed,
    refusals=("no_variant", "sku_taken", "no_price", "no_active_variant", "compare_at_too_low"),
    example={"price_cents": 6999},
)
