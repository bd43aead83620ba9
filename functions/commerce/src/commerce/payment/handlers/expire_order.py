"""No route: the end of an order's hold, when its timer says so."""

from commerce.order.commands import ExpireOrder
from commerce.payment import pay
from commerce.payment.responses import Settled, settled
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation(reply=Settled, secret=True))
def handler(request: Request[NoBody]) -> Answer:
    return settled(pay.give_up(request.scope, request.id("order_id"), ExpireOrder()))
