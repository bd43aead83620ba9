"""POST /v1/commerce/orders/{order_id}/returns/{return_id}/approve"""

from commerce.fulfilment import access
from commerce.order.line_requests import ApproveBody, picks
from commerce.supplier_order.commands import ApproveReturn
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(access.operation("order:approve_return", ApproveBody, "no_return", example={"restock": True}))
def handler(request: Request[ApproveBody]) -> Answer:
    """The supplier has it back: all that was to come, or what did."""
    body = request.body
    command = ApproveReturn(return_id=request.id("return_id"), lines=picks(body.lines), restock=body.restock)
    return access.by_supplier(request, command)
