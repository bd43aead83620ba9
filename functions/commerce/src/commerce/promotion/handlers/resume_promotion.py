"""POST /v1/commerce/promotions/{promotion_id}/resume"""

from commerce import promotions
from commerce.promotion_commands import ResumePromotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

REFUSALS = ("invalid_transition", "window_over", "supplier_not_verified")


@endpoint(Operation(permission="promotion:resume", refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """Within its window, and of a supplier that sells."""
    return promotions.change(
        request, ResumePromotion(), lambda at, promotion: promotions.selling(at, promotion.supplier_id)
    )
