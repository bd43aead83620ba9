"""POST /v1/commerce/orders/{order_id}/shipments/{shipment_id}/recall"""

from commerce.fulfilment import access
from commerce.order.line_requests import RecallBody
from commerce.supplier_order.commands import RecallShipment
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(access.operation("order:ship_lines", RecallBody, "no_shipment"))
def handler(request: Request[RecallBody]) -> Answer:
    """What was sent is called back before it arrived: it lies where it lay, still ordered, and packed."""
    return access.by_supplier(request, RecallShipment(shipment_id=request.id("shipment_id")))
