"""POST /v1/commerce/orders/{order_id}/reject"""

from commerce import fulfilment
from commerce.fulfilment_forms import RejectBody, picks
from commerce.supplier_order_commands import RejectLines
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    fulfilment.operation(
        "order:reject_lines",
        RejectBody,
        "too_many_lines",
        example={"lines": [{"line_id": "1", "quantity": 1}], "reason": "The last one is damaged."},
    )
)
def handler(request: Request[RejectBody]) -> Answer:
    """What the supplier does not send goes back to its stock, accepted or not, as long as it has not left."""
    body = request.body
    return fulfilment.by_supplier(request, RejectLines(lines=picks(body.lines), reason=body.reason))
