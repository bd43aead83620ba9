"""No route: a promotion's flow or schedule, or the sweeper, when the time to decide on it has passed."""

from commerce.promotion import transactions
from commerce.promotion.commands import DecidePromotion
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation(refusals=("not_open", "not_due")))
def handler(request: Request[NoBody]) -> Answer:
    return transactions.change(request, DecidePromotion())
