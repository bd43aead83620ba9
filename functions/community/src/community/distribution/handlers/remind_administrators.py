"""No route: a request's flow, or the sweeper, when a day has passed and nobody has decided."""

from community import distributions
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation())
def handler(request: Request[NoBody]) -> Answer:
    """The request says how often it has been called to mind, and so does the list of those that wait."""
    return distributions.remind(request)
