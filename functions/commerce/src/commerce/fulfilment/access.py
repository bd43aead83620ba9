"""A request about a supplier's part of an order: who may make it, and what it is answered."""

from dataclasses import replace
from typing import Any

from commerce.fulfilment.transactions import Part, moved
from commerce.order import access
from commerce.order.line_requests import PartBody, ReturnBody
from commerce.order.line_responses import to_response
from commerce.order.reservation import order_of, supplier_order_of
from commerce.supplier import standing
from commerce.supplier_order.commands import Moving
from troupe.domain.decider import Invalid
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import Action

OF_CUSTOMERS = ("invalid_transition", "wrong_quantity", "no_line", "order_not_paid")
OF_SUPPLIERS = (*OF_CUSTOMERS, "supplier_required", "supplier_not_active")


def by_supplier[B: PartBody](request: Request[B], command: Moving) -> Answer:
    """By the supplier whose part it is, or who oversees orders; to any other supplier it is not there.

    What was sold by a supplier that is suspended since is seen to by the shop.
    """
    part = _own(request)
    at_work = standing.check_active(request.tenant_id, part.supplier_id)
    held = (at_work,) if request.caller.id == part.supplier_id else ()
    return _carried_out(request, part, command, held)


def by_customer(request: Request[ReturnBody], command: Moving) -> Answer:
    """A move by the customer, or by a principal who oversees orders; others get 404."""
    part = Part(order_id=request.id("order_id"), supplier_id=request.body.supplier_id)
    return _carried_out(request, part, command, customer=True)


def _own[B: PartBody](request: Request[B]) -> Part:
    order_id, caller, named = request.id("order_id"), request.caller, request.body.supplier_id
    if access.ADMINISTER in caller.permissions:
        if named is None:
            raise Invalid("supplier_required", "Name the supplier in whose name it is done.", "supplier_id")
        return Part(order_id=order_id, supplier_id=named)
    if named not in {None, caller.id}:
        raise Unknown(order_id)
    return Part(order_id=order_id, supplier_id=caller.id)


def _carried_out(
    request: Request[Any],
    part: Part,
    command: Moving,
    held: tuple[Action, ...] = (),
    *,
    customer: bool = False,
) -> Answer:
    def decide(at: Snapshot) -> Decision:
        order = order_of(at.of(part.order))
        if customer and not access.may(request.caller, order):
            raise Unknown(part.order_id)
        decided = moved(at, part, command)
        return replace(decided, actions=(*decided.actions, *held)) if decided.changes[0].events else decided

    subject = keys.subject(request.tenant_id, f"supplier_order:{part.ref.id}")
    words = (subject,) if getattr(command, "reason", None) else ()
    return request.transact((*part.wanted, *words), decide, _answer)


def _answer(decided: Decision) -> Answer:
    part, order = decided.changes[0].after, decided.changes[1].after
    body = to_response(part, supplier_order_of(part), order_of(order)).model_dump(mode="json")
    return Answer(status=200, body=body, headers={"etag": f'"{part.version}"'})
