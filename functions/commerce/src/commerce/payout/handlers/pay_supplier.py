"""No route: a supplier's share of an order, when its hold is over; the sweep does it, or somebody's hand."""

from commerce import paying_out
from commerce.payout_answers import Payout, answered
from commerce.supplier_order import id_of
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(reply=Payout, secret=True))
def handler(request: Request[NoBody]) -> Answer:
    """As far as it goes now, however often it is asked for."""
    part_id = id_of(request.id("order_id"), request.id("supplier_id"))
    return answered(paying_out.advance(request.scope, part_id))
