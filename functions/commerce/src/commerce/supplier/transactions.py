"""Supplier commands and the items written with them: the credential and the published standing."""

from typing import Any

from commerce.supplier import standing as supplier_standing
from commerce.supplier.commands import Command, RegisterSupplier
from commerce.supplier.decider import SUPPLIER
from commerce.supplier.events import Event, Status
from commerce.supplier.standing import Standing
from commerce.supplier.state import Supplier
from troupe.edge.request import Request
from troupe.security import addresses, credential
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import Action

type SupplierRef = Ref[Supplier, RegisterSupplier | Command, Event]

_SIGNS_IN: dict[Status, credential.Status] = {"suspended": "suspended", "deleted": "closed"}


def ref(supplier_id: str, *, creates: bool = False) -> SupplierRef:
    return Ref(decider=SUPPLIER, id=supplier_id, creates=creates)


def credential_ref(supplier_id: str, *, creates: bool = False) -> Ref[Any, Any, Any]:
    return Ref(decider=CREDENTIAL, id=supplier_id, creates=creates)


def supplier_of(found: Stored[Supplier | None]) -> Supplier:
    """The supplier that was read, or `Unknown`."""
    if found.state is None:
        raise Unknown(found.id)
    return found.state


def own(request: Request[Any]) -> SupplierRef:
    """The supplier that the path names, if the caller may act for it; others get 404."""
    supplier = ref(request.id("supplier_id"))
    if not supplier_standing.acts_for(request.caller, supplier.id):
        raise Unknown(supplier.id)
    return supplier


def with_credential(at: Snapshot, changed: Change[Supplier, Any, Event]) -> Decision:
    """The change of a supplier, its sign-in brought to the status it has, and its standing as it is now.

    A suspension or a deletion ends every session.
    """
    if not changed.events:
        return Decision(changes=(changed,))
    tenant_id, signs = at.scope.tenant_id, credential_ref(changed.ref.id)
    moved = at.decide(signs, MoveCredential(status=signs_in(changed)))
    gone = supplier_of(changed.after).status == "deleted"
    left = addresses.given_up(tenant_id, signs.id, at.of(signs).state, at.scope.context.now) if gone else ()
    return Decision(changes=(changed, moved), actions=(*published_actions(tenant_id, changed), *left))


def signs_in(changed: Change[Supplier, Any, Event]) -> credential.Status:
    now = supplier_of(changed.after)
    waiting: credential.Status = "active" if now.address_verified_at else "pending"
    return _SIGNS_IN.get(now.status, waiting)


def published_actions(tenant_id: str, changed: Change[Supplier, Any, Event]) -> tuple[Action, ...]:
    """What is published of a supplier, where that changes."""
    now = published_status(changed.after.state)
    if now is None or now == published_status(changed.before.state):
        return ()
    return supplier_standing.published(tenant_id, changed.ref.id, now)


def published_status(state: Supplier | None) -> Standing | None:
    if state is None:
        return None
    limits = state.limits
    return Standing(status=state.status, products=limits.products, promotions=limits.promotions)
