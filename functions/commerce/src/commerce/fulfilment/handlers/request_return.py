"""POST /v1/commerce/orders/{order_id}/returns"""

from commerce import fulfilment
from commerce.fulfilment_forms import ReturnBody, picks
from commerce.supplier_order_commands import RequestReturn
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer

REFUSALS = ("return_window_over", "too_many_returns")


@endpoint(
    fulfilment.operation(
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
    return fulfilment.by_customer(request, body.supplier_id, command)
