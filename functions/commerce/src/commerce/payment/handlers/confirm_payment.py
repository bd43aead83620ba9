"""POST /v1/commerce/orders/{order_id}/confirm-payment"""

from commerce.order import access
from commerce.payment import settle
from commerce.payment.responses import Settled, settled
from commerce.payment.stripe import NotOurs
from troupe.domain.decider import Rejected
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    Operation(
        permission="order:pay",
        reply=Settled,
        secret=True,  # it asks how things stand, as often as one likes
        refusals=("no_payment", "payment_not_of_order"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    found, order = access.own(request)
    intent_id = order.payment.payment_intent_id
    if intent_id is None:
        raise Rejected("no_payment", "No payment has been started yet.")
    try:
        return settled(*settle.ask(request.scope, found.id, intent_id))
    except NotOurs as foreign:
        raise Rejected("payment_not_of_order", "That payment is not the order's.") from foreign
