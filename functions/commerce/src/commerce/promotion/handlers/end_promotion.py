"""No route: a promotion's flow or schedule, or the sweeper, when its window is over."""

from commerce.promotion import transactions
from commerce.promotion.commands import EndPromotion
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation(refusals=("not_due", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    return transactions.change(request, EndPromotion())
