"""POST /v1/commerce/products/{product_id}/variants"""

from commerce.product import transactions
from commerce.product.commands import AddVariant
from commerce.product.requests import VariantForm
from commerce.product.responses import VariantMade
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = ("sku_taken", "too_many_variants", "no_price", "compare_at_too_low")


@endpoint(
    Operation(
        permission="product:update",
        body=VariantForm,
        reply=VariantMade,
        status=201,
        refusals=REFUSALS,
        example={
            "sku": "SHOE-RED-42",
            "price_cents": 7999,
            "compare_at_cents": 9999,
            "attributes": {"color": "red", "size": "42"},
        },
    )
)
def handler(request: Request[VariantForm]) -> Answer:
    return transactions.add_variant(request, AddVariant(variant=request.body.draft()))
