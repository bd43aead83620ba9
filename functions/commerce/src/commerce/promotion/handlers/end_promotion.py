"""No route: a promotion's flow or schedule, or the sweeper, when its window is over."""

from commerce import promotions
from commerce.promotion_commands import EndPromotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(refusals=("not_due", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    return promotions.change(request, EndPromotion())
