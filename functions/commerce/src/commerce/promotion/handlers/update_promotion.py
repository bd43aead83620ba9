"""PATCH /v1/commerce/promotions/{promotion_id}"""

from commerce.promotion import transactions
from commerce.promotion.commands import UpdatePromotion
from commerce.promotion.requests import PromotionChangesForm
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = (
    *("promotion_submitted", "wrong_products", "one_reduction", "no_reduction", "reduction_required"),
    *("wrong_communities", "end_required", "window_reversed"),
)


@endpoint(
    Operation(
        permission="promotion:update",
        body=PromotionChangesForm,
        refusals=REFUSALS,
        example={"title": "Flash sale: 30 % off running shoes", "description": "This week alone."},
    )
)
def handler(request: Request[PromotionChangesForm]) -> Answer:
    """A draft, or what was rejected. Whether its products can be promoted is asked when it is submitted."""
    return transactions.change(request, UpdatePromotion(changes=request.body.changes()))
