"""The plain commands of a product, by those who act for its supplier."""

from typing import Any

from commerce.product import transactions
from commerce.product.commands import (
    Command,
    DeleteProduct,
    PublishProduct,
    RemoveVariant,
    RestoreProduct,
    UnpublishProduct,
)
from commerce.product.decider import PRODUCT
from troupe.edge.request import Request
from troupe.edge.routes import Routes
from troupe.store.scope import Answer


def _though_deleted(request: Request[Any], command: Command) -> Answer:
    return transactions.change(request, command, deleted=True)


routes = Routes(PRODUCT, run=transactions.change)

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
