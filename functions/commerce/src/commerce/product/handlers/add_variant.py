"""POST /v1/commerce/products/{product_id}/variants"""

from commerce import products
from commerce.product_commands import AddVariant
from commerce.product_forms import VariantForm
from commerce.product_views import VariantMade
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

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
    return products.add_variant(request, AddVariant(variant=request.body.draft()))
