"""POST /v1/commerce/orders/{order_id}/returns/{return_id}/decline"""

from commerce.fulfilment import access
from commerce.order.line_requests import DeclineBody
from commerce.supplier_order.commands import DeclineReturn
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    access.operation("order:approve_return", DeclineBody, "no_return", example={"reason": "It never came."})
)
def handler(request: Request[DeclineBody]) -> Answer:
    """The supplier takes nothing of it back; the customer sees why, and may ask again within the window."""
    command = DeclineReturn(return_id=request.id("return_id"), reason=request.body.reason)
    return access.by_supplier(request, command)
