"""POST /v1/commerce/orders/{order_id}/returns/{return_id}/approve"""

from commerce import fulfilment
from commerce.fulfilment_forms import ApproveBody, picks
from commerce.supplier_order_commands import ApproveReturn
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(fulfilment.operation("order:approve_return", ApproveBody, "no_return", example={"restock": True}))
def handler(request: Request[ApproveBody]) -> Answer:
    """The supplier has it back: all that was to come, or what did."""
    body = request.body
    command = ApproveReturn(return_id=request.id("return_id"), lines=picks(body.lines), restock=body.restock)
    return fulfilment.by_supplier(request, command)
