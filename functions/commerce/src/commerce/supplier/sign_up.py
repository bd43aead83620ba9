"""Signing up as a supplier: a stranger names a tenant by its slug, and a business is registered with it."""

import re
from dataclasses import dataclass
from typing import Any

from commerce.supplier import transactions
from commerce.supplier.commands import RegisterSupplier
from commerce.supplier.events import Company
from troupe.domain.decider import Rejected
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.security.credential import CREDENTIAL, PASSWORD, OpenCredential
from troupe.store import keys, reads, writes
from troupe.store.table import ENTRY, confined
from troupe.store.transact import Decision, Snapshot, Unknown, transact
from troupe.store.writes import Action


class AddressTaken(Rejected):
    """Not told to a stranger: who has an account here is nobody's business."""

    def __init__(self) -> None:
        super().__init__("email_taken", "The address is in use.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    email: str
    hash: str  # of the password
    company: Company


def register(request: Request[Any], registration: Registration) -> str:
    """Register a business with the tenant that the path names; a taken address is answered alike."""
    supplier_id = new_id()
    inside = request.within(_tenant(request.path["slug"]), actor=supplier_id)
    with confined(inside.tenant_id):
        try:
            transact(inside.scope, (), lambda at: _registered(at, supplier_id, registration))
        except AddressTaken:
            return supplier_id
    return supplier_id


def _tenant(slug: str) -> str:
    """Whose slug it is; what cannot be one is nobody's."""
    if not re.fullmatch(fields.SLUG, slug):
        raise Unknown(slug)
    with confined(keys.SYSTEM, ENTRY):
        guard = reads.one(keys.unique("slug", slug))
    if guard is None:
        raise Unknown(slug)
    tenant_id: str = guard["tenant_id"]
    return tenant_id


def _registered(at: Snapshot, supplier_id: str, registration: Registration) -> Decision:
    """The business, how it signs in, its standing and the address's guard, all or nothing."""
    tenant_id = at.scope.tenant_id
    register = RegisterSupplier(company=registration.company)
    supplier = at.decide(transactions.ref(supplier_id, creates=True), register)
    opening = OpenCredential(kind="supplier", email=registration.email, status="pending", roles=("supplier",))
    owner = {"tenant_id": tenant_id, "principal_id": supplier_id}
    password = keys.part(tenant_id, CREDENTIAL.name, supplier_id, PASSWORD)
    return Decision(
        changes=(supplier, at.decide(transactions.credential_ref(supplier_id, creates=True), opening)),
        actions=(
            _open(tenant_id),
            writes.claim(keys.email(registration.email), owner, AddressTaken()),
            writes.put(password, {"hash": registration.hash}),
            *transactions.standing(tenant_id, supplier),
        ),
    )


def _open(tenant_id: str) -> Action:
    """Only a tenant that is in good standing and takes strangers gets them."""
    return writes.check(
        keys.standing(tenant_id),
        "open_sign_up = :yes AND #status IN (:trial, :active)",
        {"yes": True, "trial": "trial", "active": "active"},
        names={"#status": "status"},
        refused=Rejected("sign_up_closed", "This tenant takes no registrations."),
    )
