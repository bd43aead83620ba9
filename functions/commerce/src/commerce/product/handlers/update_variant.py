"""PATCH /v1/commerce/products/{product_id}/variants/{variant_id}"""

from commerce import products
from commerce.product_commands import UpdateVariant
from commerce.product_forms import VariantChangesForm
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

REFUSALS = ("no_variant", "sku_taken", "no_price", "no_active_variant", "compare_at_too_low")


@endpoint(
    Operation(
        permission="product:update", body=VariantChangesForm, refusals=REFUSALS, example={"price_cents": 6999}
    )
)
def handler(request: Request[VariantChangesForm]) -> Answer:
    """A variant that is not active any more is off sale with the same write."""
    changes = request.body.changes()
    return products.change(request, UpdateVariant(variant_id=request.id("variant_id"), changes=changes))
