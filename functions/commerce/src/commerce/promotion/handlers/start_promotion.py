"""No route: a promotion's flow or schedule, or the sweeper, when its window begins."""

from commerce import promotions
from commerce.promotion_commands import StartPromotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(refusals=("not_open", "not_due", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    return promotions.change(request, StartPromotion())
