"""PATCH /v1/commerce/products/{product_id}"""

from commerce import products
from commerce.product_commands import UpdateProduct
from commerce.product_forms import DetailsForm
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

REFUSALS = (
    *("product_deleted", "currency_fixed", "no_shipping_zone"),
    *("days_reversed", "country_twice"),
)


@endpoint(Operation(permission="product:update", body=DetailsForm, refusals=REFUSALS))
def handler(request: Request[DetailsForm]) -> Answer:
    """What is published stays fit to be bought; unpublish it to take that away."""
    return products.change(request, UpdateProduct(changes=request.body.changes()))
