"""POST /v1/commerce/promotions/{promotion_id}/pause"""

from commerce import promotions
from commerce.promotion_commands import PausePromotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="promotion:pause", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    return promotions.change(request, PausePromotion())
