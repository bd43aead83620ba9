"""POST /v1/commerce/orders/{order_id}/cancel"""

from typing import Any

from commerce.fulfilment import transactions
from commerce.order import access
from commerce.order.commands import CancelOrder
from commerce.order.values import Reason
from commerce.payment import pay
from commerce.payment.responses import Settled, settled
from commerce.refund import settle
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer, Scope
from troupe.stripe.client import RetryLater, UnknownOutcome


@endpoint(
    Operation(
        permission="order:cancel",
        reply=Settled,
        secret=True,  # twice is once
        refusals=("invalid_transition", "order_paid", "order_shipped", "payment_under_review"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Of an order that is paid, what has not left yet: that is paid back."""
    found, order = access.own(request)
    staff = access.ADMINISTER in request.caller.permissions
    if order.accept_by is not None:
        return settled(_called_off(request.scope, found.id, "staff" if staff else "customer"))
    return settled(pay.give_up(request.scope, found.id, CancelOrder(staff=staff)))


def _called_off(scope: Scope, order_id: str, reason: Reason) -> Stored[Any]:
    found = transactions.cancel(scope, order_id, reason)
    try:
        return settle.carry_out(scope, order_id)
    except (RetryLater, UnknownOutcome):
        return found  # it is written down, and the sweep sees to it
