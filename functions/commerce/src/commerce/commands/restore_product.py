"""POST /v1/commerce/products/{product_id}/restore"""

from commerce import products
from commerce.product_commands import RestoreProduct
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="product:restore"))
def handler(request: Request[NoBody]) -> Answer:
    """Bring it back, not on sale: whether it may be sold is asked when it is published."""
    return products.change(request, RestoreProduct(), deleted=True)
