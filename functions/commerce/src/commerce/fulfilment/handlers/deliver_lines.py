"""POST /v1/commerce/orders/{order_id}/deliver"""

from commerce import fulfilment
from commerce.fulfilment_forms import DeliverBody, picks
from commerce.supplier_order_commands import DeliverLines
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    fulfilment.operation(
        "order:deliver_lines",
        DeliverBody,
        "no_shipment",
        example={"shipment_id": "0192f0c1-7a00-7000-8000-0000000000f7"},
    )
)
def handler(request: Request[DeliverBody]) -> Answer:
    """The customer has it, and may send it back for as long as the shop has settled."""
    body = request.body
    command = DeliverLines(lines=picks(body.lines), shipment_id=body.shipment_id)
    return fulfilment.by_supplier(request, command)
