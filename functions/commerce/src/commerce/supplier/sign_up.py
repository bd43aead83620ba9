"""Signing up as a supplier: a stranger names a tenant by its slug, and a business is registered with it."""

from dataclasses import dataclass
from typing import Any

from commerce.supplier import transactions
from commerce.supplier.commands import RegisterSupplier
from commerce.supplier.events import Company
from troupe.edge import sign_up
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.security import addresses
from troupe.security.addresses import AddressTaken
from troupe.security.credential import OpenCredential
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Who comes. The password is chosen with the link that shows that the address is theirs."""

    email: str
    company: Company


def register(request: Request[Any], registration: Registration) -> str:
    """Register a business with the tenant that the path names; a taken address is answered alike."""
    supplier_id = new_id()
    tenant = sign_up.tenant_named(request, registration.email)
    inside = request.within(tenant.id, actor=supplier_id)
    with confined(tenant.id):
        try:
            transact(inside.scope, (), lambda at: _registered(at, supplier_id, registration))
        except AddressTaken:
            return supplier_id
    return supplier_id


def _registered(at: Snapshot, supplier_id: str, registration: Registration) -> Decision:
    """The business, how it signs in, its standing and the address's reservation, all or nothing."""
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    register = RegisterSupplier(company=registration.company)
    supplier = at.decide(transactions.ref(supplier_id, creates=True), register)
    opening = OpenCredential(kind="supplier", email=registration.email, status="pending", roles=("supplier",))
    return Decision(
        changes=(supplier, at.decide(transactions.credential_ref(supplier_id, creates=True), opening)),
        actions=(
            sign_up.is_open(tenant_id),
            addresses.unproved(registration.email),
            *addresses.reserved(tenant_id, supplier_id, registration.email, now),
            *transactions.published_actions(tenant_id, supplier),
        ),
    )
