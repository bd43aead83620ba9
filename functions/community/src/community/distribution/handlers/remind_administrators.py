"""No route: the request's flow or the sweeper invokes it after a day without a decision."""

from community.distribution import transactions
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation())
def handler(request: Request[NoBody]) -> Answer:
    """The request says how often it has been called to mind, and so does the list of those that wait."""
    return transactions.remind(request)
