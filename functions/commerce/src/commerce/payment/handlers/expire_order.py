"""No route: the end of an order's hold, when its timer says so."""

from commerce import paying
from commerce.order_answers import Settled, settled
from commerce.order_commands import ExpireOrder
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(reply=Settled, secret=True))
def handler(request: Request[NoBody]) -> Answer:
    return settled(paying.give_up(request.scope, request.id("order_id"), ExpireOrder()))
