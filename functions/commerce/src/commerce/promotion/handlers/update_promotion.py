"""PATCH /v1/commerce/promotions/{promotion_id}"""

from commerce import promotions
from commerce.promotion_commands import UpdatePromotion
from commerce.promotion_forms import PromotionChangesForm
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

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
    return promotions.change(request, UpdatePromotion(changes=request.body.changes()))
