"""PATCH /v1/commerce/products/{product_id}/variants/{variant_id}"""

from commerce.product import transactions
from commerce.product.commands import UpdateVariant
from commerce.product.requests import VariantChangesForm
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = ("no_variant", "sku_taken", "no_price", "no_active_variant", "compare_at_too_low")


@endpoint(
    Operation(
        permission="product:update", body=VariantChangesForm, refusals=REFUSALS, example={"price_cents": 6999}
    )
)
def handler(request: Request[VariantChangesForm]) -> Answer:
    """A variant that is not active any more is off sale with the same write."""
    changes = request.body.changes()
    return transactions.change(request, UpdateVariant(variant_id=request.id("variant_id"), changes=changes))
