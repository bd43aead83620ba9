"""POST /v1/commerce/orders/{order_id}/confirm-payment"""

from commerce import orders, settling
from commerce.order_answers import Settled, settled
from commerce.stripe_intents import NotOurs
from troupe.decider import Rejected
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    Operation(
        permission="order:pay",
        reply=Settled,
        secret=True,  # it asks how things stand, as often as one likes
        refusals=("no_payment", "payment_not_of_order"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    found, order = orders.own(request)
    intent_id = order.payment.payment_intent_id
    if intent_id is None:
        raise Rejected("no_payment", "Nobody has tried to pay it yet.")
    try:
        return settled(*settling.ask(request.scope, found.id, intent_id))
    except NotOurs as foreign:
        raise Rejected("payment_not_of_order", "That payment is not the order's.") from foreign
