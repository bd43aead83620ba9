"""PATCH /v1/commerce/products/{product_id}"""

from commerce.product import transactions
from commerce.product.commands import UpdateProduct
from commerce.product.requests import DetailsForm
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = (
    *("product_deleted", "currency_fixed", "no_shipping_zone"),
    *("days_reversed", "country_twice"),
)


@endpoint(
    Operation(
        permission="product:update",
        body=DetailsForm,
        refusals=REFUSALS,
        example={
            "name": "Red Running Shoes",
            "shipping": {
                "from_country": "DE",
                "zones": [{"countries": ["DE", "AT"], "cost_cents": 499, "days_min": 2, "days_max": 4}],
            },
        },
    )
)
def handler(request: Request[DetailsForm]) -> Answer:
    """What is published stays fit to be bought; unpublish it to take that away."""
    return transactions.change(request, UpdateProduct(changes=request.body.changes()))
