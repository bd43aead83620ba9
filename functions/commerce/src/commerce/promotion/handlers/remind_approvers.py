"""No route: a promotion's flow, or the sweeper, when a day has passed and some have not decided."""

from commerce.promotion import transactions
from commerce.promotion.commands import RemindApprovers
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation(refusals=("not_open",)))
def handler(request: Request[NoBody]) -> Answer:
    """The event calls for a mail to each of them."""
    return transactions.change(request, RemindApprovers())
