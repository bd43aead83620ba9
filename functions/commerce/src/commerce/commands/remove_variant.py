"""DELETE /v1/commerce/products/{product_id}/variants/{variant_id}"""

from commerce import products
from commerce.product_commands import RemoveVariant
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="product:update", refusals=("no_variant", "no_active_variant")))
def handler(request: Request[NoBody]) -> Answer:
    """Its SKU is free again; what is ordered of it can still be shipped."""
    return products.change(request, RemoveVariant(variant_id=request.id("variant_id")))
