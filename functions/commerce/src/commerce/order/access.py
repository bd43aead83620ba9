"""An order and who may do what with it: to anybody else it is not there."""

from typing import Any

from commerce import order_parts
from commerce.order_state import Order
from commerce.reserving import order_of
from troupe import reads
from troupe.aggregates import Stored
from troupe.principal import Principal
from troupe.request import Request
from troupe.store import PreconditionFailed, Snapshot, Unknown

OVERSEE = "order:oversee"


def own(request: Request[Any]) -> tuple[Stored[Any], Order]:
    """The order that the path names, if it is the caller's or the caller oversees orders."""
    ref = order_parts.order_ref(request.id("order_id"))
    found = Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)
    order = order_of(found)
    if not may(request.caller, order):
        raise Unknown(ref.id)
    if request.scope.if_match not in {None, found.version}:
        raise PreconditionFailed(found.version)
    return found, order


def may(principal: Principal, order: Order) -> bool:
    return principal.id == order.customer.id or OVERSEE in principal.permissions
