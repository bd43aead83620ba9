"""POST /v1/commerce/orders/{order_id}/accept"""

from commerce import fulfilment
from commerce.fulfilment_forms import AcceptBody
from commerce.supplier_order_commands import AcceptLines
from troupe.http import endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(fulfilment.operation("order:accept_lines", AcceptBody, example={"lines": ["1"]}))
def handler(request: Request[AcceptBody]) -> Answer:
    """The supplier will send them."""
    return fulfilment.by_supplier(request, AcceptLines(lines=request.body.lines))
