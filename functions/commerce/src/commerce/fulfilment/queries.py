"""GET route about a supplier's part of an order: what it has to send, from where, and to whom."""

from dataclasses import asdict

from pydantic import BaseModel

from commerce.fulfilment.transactions import Part
from commerce.order.access import ADMINISTER
from commerce.order.line_responses import Fulfilment, Progress, progress, to_response
from commerce.order.reservation import order_of, supplier_order_of
from commerce.order.responses import AddressView
from commerce.order.state import Order
from commerce.payout import responses
from commerce.payout.responses import PayoutView
from commerce.query_routes import ROUTES
from commerce.supplier import standing
from commerce.supplier_order.state import SupplierLine
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import found
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown

INSPECT = "order:inspect"


class Place(BaseModel, frozen=True):
    """Where so many units of a line lie, until they leave."""

    location_id: str
    bucket: int
    quantity: int


class LineToSend(Progress, frozen=True):
    id: str
    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    places: list[Place]


class SupplierOrderView(Fulfilment, frozen=True):
    """A supplier's part of an order. `items`: its lines as they are to be sent; `payout`: what it gets."""

    customer_name: str
    shipping_address: AddressView
    shipping_cents: int
    currency: str
    items: list[LineToSend]
    payout: PayoutView


@ROUTES.get("/suppliers/{supplier_id}/orders/{order_id}", permission="order:read", reply=SupplierOrderView)
def one_supplier_order(request: Request[NoBody]) -> Answer:
    """One supplier order, once paid, for the supplier or a principal who inspects orders; others get 404."""
    part = Part(order_id=request.id("order_id"), supplier_id=request.id("supplier_id"))
    caller = request.caller
    if not standing.acts_for(caller, part.supplier_id) and not caller.permissions & {INSPECT, ADMINISTER}:
        raise Unknown(part.order_id)
    wanted = [each.key(request.tenant_id) for each in part.wanted]
    at = Snapshot(scope=request.scope, items=reads.batch(wanted))
    order = order_of(at.of(part.order))
    if order.accept_by is None:
        raise Unknown(part.order_id)
    stored = at.of(part.ref)
    mine = supplier_order_of(stored)
    view = SupplierOrderView(
        **to_response(stored, mine, order).model_dump(),
        customer_name=order.customer.display_name,
        shipping_address=_address(order),
        shipping_cents=mine.shipping_cents,
        currency=mine.currency,
        items=[_item(line) for line in mine.lines],
        payout=responses.to_response(mine),
    )
    return found(view, stored.version)


def _address(order: Order) -> AddressView:
    return AddressView(**asdict(order.address))


def _item(line: SupplierLine) -> LineToSend:
    named = set(LineToSend.model_fields) - set(Progress.model_fields) - {"places"}
    places = [
        Place(location_id=each.location_id, bucket=each.bucket, quantity=each.held)
        for each in line.allocations
        if each.held
    ]
    return LineToSend(**{name: getattr(line, name) for name in named}, **progress(line), places=places)
