"""POST /v1/commerce/orders/{order_id}/ship"""

from commerce.fulfilment import access
from commerce.order.line_requests import ShipBody, picks
from commerce.supplier_order.commands import ShipLines
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = ("too_many_lines", "too_many_shipments", "stock_not_there")


@endpoint(
    access.operation(
        "order:ship_lines",
        ShipBody,
        *REFUSALS,
        example={"lines": [{"line_id": "1"}], "carrier": "DHL", "tracking_number": "JJD000390007827432619"},
    )
)
def handler(request: Request[ShipBody]) -> Answer:
    """What has left is in the stock no more. A parcel of one tracking number leaves once."""
    body = request.body
    command = ShipLines(
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        lines=picks(body.lines),
        location_id=body.location_id,
    )
    return access.by_supplier(request, command)
