"""POST /v1/commerce/orders/{order_id}/cancel"""

from commerce import orders, paying
from commerce.order_answers import Settled, settled
from commerce.order_commands import CancelOrder
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    Operation(
        permission="order:cancel",
        reply=Settled,
        secret=True,  # twice is once
        refusals=("invalid_transition", "order_paid", "payment_under_review"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    found, _ = orders.own(request)
    staff = orders.OVERSEE in request.caller.permissions
    return settled(paying.give_up(request.scope, found.id, CancelOrder(staff=staff)))
