"""No route: a promotion's flow or schedule, or the sweeper, when the time to decide on it has passed."""

from commerce import promotions
from commerce.promotion_commands import DecidePromotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(refusals=("not_open", "not_due")))
def handler(request: Request[NoBody]) -> Answer:
    return promotions.change(request, DecidePromotion())
