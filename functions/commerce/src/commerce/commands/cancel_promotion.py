"""POST /v1/commerce/promotions/{promotion_id}/cancel"""

from commerce import promotions
from commerce.promotion_commands import CancelPromotion
from commerce.promotion_forms import Cancellation
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    Operation(
        permission="promotion:cancel",
        body=Cancellation,
        refusals=("invalid_transition",),
        example={"reason": "Sold out."},
    )
)
def handler(request: Request[Cancellation]) -> Answer:
    """For good, whatever has become of it; only what has ended stays ended."""
    return promotions.change(request, CancelPromotion(reason=request.body.reason))
