"""POST /v1/commerce/products/{product_id}/publish"""

from commerce import products
from commerce.product_commands import PublishProduct
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

REFUSALS = (
    *("no_active_variant", "no_price", "no_shipping_zone"),
    *("supplier_not_verified", "product_limit_reached"),
)


@endpoint(Operation(permission="product:publish", refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """Put it on sale: for a verified supplier, within its limit, and if somebody could buy it."""
    return products.change(request, PublishProduct())
