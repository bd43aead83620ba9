"""POST /v1/commerce/orders/{order_id}/cancel"""

from typing import Any

from commerce import fulfilling, orders, paying, refund_settling
from commerce.order_answers import Settled, settled
from commerce.order_commands import CancelOrder
from commerce.order_words import Reason
from troupe.aggregates import Stored
from troupe.http import NoBody, Operation, endpoint
from troupe.payments import RetryLater, UnknownOutcome
from troupe.request import Request
from troupe.scope import Answer, Scope


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
    found, order = orders.own(request)
    staff = orders.OVERSEE in request.caller.permissions
    if order.accept_by is not None:
        return settled(_called_off(request.scope, found.id, "staff" if staff else "customer"))
    return settled(paying.give_up(request.scope, found.id, CancelOrder(staff=staff)))


def _called_off(scope: Scope, order_id: str, reason: Reason) -> Stored[Any]:
    found = fulfilling.cancel(scope, order_id, reason)
    try:
        return refund_settling.carry_out(scope, order_id)
    except (RetryLater, UnknownOutcome):
        return found  # it is written down, and the sweep sees to it
