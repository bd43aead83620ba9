"""DELETE /v1/commerce/products/{product_id}"""

from commerce import products
from commerce.product_commands import DeleteProduct
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="product:delete"))
def handler(request: Request[NoBody]) -> Answer:
    """It is off sale, and keeps its SKUs for the day it is restored."""
    return products.change(request, DeleteProduct(), deleted=True)
