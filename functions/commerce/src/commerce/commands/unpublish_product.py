"""POST /v1/commerce/products/{product_id}/unpublish"""

from commerce import products
from commerce.product_commands import UnpublishProduct
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="product:unpublish", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    """Take it off sale at once; what is ordered stays ordered."""
    return products.change(request, UnpublishProduct())
