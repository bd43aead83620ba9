"""Who may see and change an order; others get 404."""

from typing import Any

from commerce.order import items
from commerce.order.reservation import order_of
from commerce.order.state import Order
from troupe.edge.principal import Principal
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.aggregates import Stored
from troupe.store.transact import PreconditionFailed, Snapshot, Unknown

ADMINISTER = "order:oversee"


def own(request: Request[Any]) -> tuple[Stored[Any], Order]:
    """The order that the path names, if it is the caller's or the caller oversees orders."""
    ref = items.order_ref(request.id("order_id"))
    found = Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)
    order = order_of(found)
    if not may(request.caller, order):
        raise Unknown(ref.id)
    if request.scope.if_match not in {None, found.version}:
        raise PreconditionFailed(found.version)
    return found, order


def may(principal: Principal, order: Order) -> bool:
    return principal.id == order.customer.id or ADMINISTER in principal.permissions
