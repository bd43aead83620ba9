"""GET route about what a supplier has to do: its parts of orders that are paid, all or those of one kind."""

from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from commerce.fulfilment.projection import SUPPLIER_QUEUE, Work, collection, queue
from commerce.order.access import ADMINISTER
from commerce.order.responses import Amount
from commerce.query_routes import ROUTES, rows_of
from commerce.supplier import standing
from troupe.edge.endpoint import NoBody
from troupe.edge.principal import Forbidden
from troupe.edge.queries import Paging, kept, page_of
from troupe.edge.request import Request
from troupe.store.scope import Answer

INSPECT = "order:inspect"
TO_DO = frozenset({"to_accept", "to_ship", "to_take_back"})


class OfWork(Paging, frozen=True):
    """Those with which there is this to do, or that are this far; without it all."""

    status: Work | None = None


class SupplierOrderRow(BaseModel, frozen=True):
    """A supplier's part of an order in a list, with the names of its first products."""

    order_id: str
    supplier_id: str
    status: Work
    products: list[str]
    line_count: int
    units: int
    total: Amount
    refunded_cents: int
    country: str
    created_at: datetime
    confirmed_at: datetime


@ROUTES.get(
    "/suppliers/{supplier_id}/orders",
    permission="order:read",
    reply=page_of(SupplierOrderRow),
    parameters=OfWork,
)
def supplier_orders(request: Request[NoBody]) -> Answer:
    """For the supplier, and who inspects orders. The newest first; of what is to do, the longest waiting."""
    supplier_id, status = request.id("supplier_id"), request.parameters.status
    caller = request.caller
    if not standing.acts_for(caller, supplier_id) and not caller.permissions & {INSPECT, ADMINISTER}:
        raise Forbidden("permission_required", f"For others, this takes the permission {INSPECT}.")
    if status is None:
        return kept(request, rows_of(request, SUPPLIER_QUEUE, collection(supplier_id)), SupplierOrderRow)
    rows = rows_of(request, SUPPLIER_QUEUE, queue(supplier_id, status), "GSI2")
    return kept(request, replace(rows, ascending=status in TO_DO), SupplierOrderRow)
