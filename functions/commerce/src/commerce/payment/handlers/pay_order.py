"""POST /v1/commerce/orders/{order_id}/pay"""

from typing import Annotated

from commerce.order import access
from commerce.payment import pay
from commerce.payment.responses import Settled, settled
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """A payment method of Stripe's, by its id."""

    payment_method: Annotated[
        str,
        limits.Text(
            pattern=r"^(pm|card|src)_[A-Za-z0-9_]{1,100}$",
            means="the id of a payment method of Stripe's, as pm_1Nv0FGQ9RKHgCVdK",
        ),
    ]


@endpoint(
    Operation(
        permission="order:pay",
        body=Body,
        reply=Settled,
        secret=True,  # the same request makes the same attempt again; the browser's secret is not stored
        refusals=(
            "amount_not_chargeable",
            "order_expired",
            "order_not_payable",
            "order_paid",
            "payment_method_refused",
            "payment_not_of_order",
            "payment_under_way",
        ),
        example={"payment_method": "pm_1QXk2eLkdIwHu7ix"},
    )
)
def handler(request: Request[Body]) -> Answer:
    found, order = access.own(request)
    paid = pay.pay(request.scope, found.id, request.body.payment_method, order)
    return settled(paid.order, paid.client_secret)
