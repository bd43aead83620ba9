"""POST /v1/commerce/orders/{order_id}/reject"""

from commerce.fulfilment import access
from commerce.order.line_requests import RejectBody, picks
from commerce.supplier_order.commands import RejectLines
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    access.operation(
        "order:reject_lines",
        RejectBody,
        "too_many_lines",
        example={"lines": [{"line_id": "1", "quantity": 1}], "reason": "The last one is damaged."},
    )
)
def handler(request: Request[RejectBody]) -> Answer:
    """What the supplier does not send goes back to its stock, accepted or not, as long as it has not left."""
    body = request.body
    return access.by_supplier(request, RejectLines(lines=picks(body.lines), reason=body.reason))
