"""POST /v1/commerce/orders/{order_id}/deliver"""

from commerce.fulfilment import access
from commerce.order.line_requests import DeliverBody, picks
from commerce.supplier_order.commands import DeliverLines
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    access.operation(
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
    return access.by_supplier(request, command)
