"""No route: pays a supplier's share of an order after the hold. The sweep or an operator invokes it."""

from commerce.payout import pay_out
from commerce.payout.responses import Payout, answered
from commerce.supplier_order.decider import id_of
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(Operation(reply=Payout, secret=True))
def handler(request: Request[NoBody]) -> Answer:
    """As far as it goes now, however often it is asked for."""
    part_id = id_of(request.id("order_id"), request.id("supplier_id"))
    return answered(pay_out.advance(request.scope, part_id))
