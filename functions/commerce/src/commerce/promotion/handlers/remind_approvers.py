"""No route: a promotion's flow, or the sweeper, when a day has passed and some have not decided."""

from commerce import promotions
from commerce.promotion_commands import RemindApprovers
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(refusals=("not_open",)))
def handler(request: Request[NoBody]) -> Answer:
    """The event calls for a mail to each of them."""
    return promotions.change(request, RemindApprovers())
