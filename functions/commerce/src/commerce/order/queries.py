"""GET routes about orders: one's own in one Query, and one of them with its lines as far as they are."""

from commerce.order import items as order_items
from commerce.order.access import ADMINISTER
from commerce.order.projection import ORDER_SUMMARIES, by_status, collection
from commerce.order.reservation import order_of, supplier_orders
from commerce.order.responses import OrderRow, OrderView, to_response
from commerce.order.values import Status
from commerce.query_routes import ROUTES, rows_of
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import Paging, found, kept, page_of
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown

INSPECT = "order:inspect"


class OfStatus(Paging, frozen=True):
    """Those of one status; without it all."""

    status: Status | None = None


@ROUTES.get("/orders", permission="order:read", reply=page_of(OrderRow), parameters=OfStatus)
def my_orders(request: Request[NoBody]) -> Answer:
    """The caller's own orders, the newest first."""
    customer_id, status = request.caller.id, request.parameters.status
    if status is None:
        return kept(request, rows_of(request, ORDER_SUMMARIES, collection(customer_id)), OrderRow)
    rows = rows_of(request, ORDER_SUMMARIES, by_status(customer_id, status), "GSI2")
    return kept(request, rows, OrderRow)


@ROUTES.get("/orders/{order_id}", permission="order:read", reply=OrderView)
def one_order(request: Request[NoBody]) -> Answer:
    """One order, for its customer or a principal who inspects orders; others get 404."""
    ref = order_items.order_ref(request.id("order_id"))
    key = ref.key(request.tenant_id)
    items = reads.between(key.pk, order_items.PREFIX, key.sk)
    state = [item for item in items if item["SK"] == key.sk]
    stored = Snapshot(scope=request.scope, items={key: state[0]} if state else {}).of(ref)
    order = order_of(stored)
    caller = request.caller
    if caller.id != order.customer.id and not caller.permissions & {INSPECT, ADMINISTER}:
        raise Unknown(ref.id)
    _, sold = supplier_orders(Snapshot(scope=request.scope, items={}), order)
    view = to_response(stored, order, order_items.lines_of(items), [each.part for each in sold])
    return found(view, stored.version)
