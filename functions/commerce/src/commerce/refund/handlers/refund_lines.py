"""POST /v1/commerce/orders/{order_id}/refund"""

from typing import Annotated

from commerce.order.line_requests import Lines
from commerce.refund import request as refund_request
from commerce.refund.request import Refunded
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """Lines with how many units of each, or all of them that can be; `shipping`: and what it cost to send."""

    lines: Lines = ()
    shipping: bool = False
    reason: Annotated[str, limits.Text(min_length=1, max_length=500, lines=True)] | None = None


@endpoint(
    Operation(
        permission="order:refund_lines",
        body=Body,
        reply=Refunded,
        refusals=("no_line", "not_refundable", "nothing_to_refund", "order_disputed"),
        example={"lines": [{"line_id": "1", "quantity": 1}], "shipping": True, "reason": "It came broken."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """By a supplier of its own lines, or by who oversees orders; Stripe is asked until it answers."""
    body = request.body
    return refund_request.refund_lines(request, body.lines, shipping=body.shipping, reason=body.reason)
