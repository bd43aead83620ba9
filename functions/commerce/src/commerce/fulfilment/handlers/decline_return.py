"""POST /v1/commerce/orders/{order_id}/returns/{return_id}/decline"""

from commerce import fulfilment
from commerce.fulfilment_forms import DeclineBody
from commerce.supplier_order_commands import DeclineReturn
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    fulfilment.operation(
        "order:approve_return", DeclineBody, "no_return", example={"reason": "It never came."}
    )
)
def handler(request: Request[DeclineBody]) -> Answer:
    """The supplier takes nothing of it back; the customer sees why, and may ask again within the window."""
    command = DeclineReturn(return_id=request.id("return_id"), reason=request.body.reason)
    return fulfilment.by_supplier(request, command)
