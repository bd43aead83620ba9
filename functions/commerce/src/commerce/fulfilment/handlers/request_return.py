"""POST /v1/commerce/orders/{order_id}/returns"""

from commerce.fulfilment import access
from commerce.order.line_requests import ReturnBody, picks
from commerce.supplier_order.commands import RequestReturn
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = ("return_window_over", "too_many_returns")


@endpoint(
    access.operation(
        "order:request_return",
        ReturnBody,
        *REFUSALS,
        example={
            "supplier_id": "0192f0c1-7a00-7000-8000-0000000000e1",
            "lines": [{"line_id": "1", "quantity": 1}],
            "reason": "Too small.",
        },
    )
)
def handler(request: Request[ReturnBody]) -> Answer:
    """The customer sends back what arrived, to the supplier whose it was."""
    body = request.body
    command = RequestReturn(lines=picks(body.lines), reason=body.reason)
    return access.by_customer(request, body.supplier_id, command)
