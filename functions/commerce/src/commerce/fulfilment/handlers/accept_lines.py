"""POST /v1/commerce/orders/{order_id}/accept"""

from commerce.fulfilment import access
from commerce.order.line_requests import AcceptBody
from commerce.supplier_order.commands import AcceptLines
from troupe.edge.endpoint import endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(access.operation("order:accept_lines", AcceptBody, example={"lines": ["1"]}))
def handler(request: Request[AcceptBody]) -> Answer:
    """The supplier will send them."""
    return access.by_supplier(request, AcceptLines(lines=request.body.lines))
