"""POST /v1/commerce/orders/{order_id}/shipments/{shipment_id}/recall"""

from commerce import fulfilment
from commerce.fulfilment_forms import RecallBody
from commerce.supplier_order_commands import RecallShipment
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(fulfilment.operation("order:ship_lines", RecallBody, "no_shipment"))
def handler(request: Request[RecallBody]) -> Answer:
    """What was sent is called back before it arrived: it lies where it lay, still ordered, and packed."""
    return fulfilment.by_supplier(request, RecallShipment(shipment_id=request.id("shipment_id")))
