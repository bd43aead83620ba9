"""POST /v1/commerce/suppliers/verify-address"""

from dataclasses import replace
from typing import Any

from commerce import business, supplier_links
from commerce.supplier_commands import VerifySupplierAddress
from commerce.supplier_state import Supplier
from troupe import fields
from troupe.credential import Credential
from troupe.http import Operation, endpoint
from troupe.request import Request, done
from troupe.scope import Answer, Scope
from troupe.secrets import signing_keys
from troupe.store import Decision, Snapshot, transact
from troupe.table import confined
from troupe.tokens import Link


class Body(fields.Body):
    token: supplier_links.Token


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        refusals=("link_invalid",),
        example={"token": "eyJwIjoidmVyaWZ5In0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """From now on the business can sign in; whether it may sell, a review decides."""
    link = supplier_links.read(request.body.token, signing_keys(), request.now)
    wanted = (business.ref(link.principal_id), business.credential_ref(link.principal_id))
    with confined(link.tenant_id):
        return done(transact(_scope(request, link), wanted, lambda at: _confirmed(at, link)))


def _scope(request: Request[Any], link: Link) -> Scope:
    """Inside the supplier's tenant; a refusal for a stale version would tell a stranger what is there."""
    return replace(request.within(link.tenant_id, actor=link.principal_id).scope, if_match=None)


def _confirmed(at: Snapshot, link: Link) -> Decision:
    supplier, signs_in = business.ref(link.principal_id), business.credential_ref(link.principal_id)
    who, there = at.find(signs_in).state, at.find(supplier).state
    if not isinstance(who, Credential) or not isinstance(there, Supplier) or who.status != "pending":
        raise supplier_links.BadLink
    supplier_links.check(link, who)
    return business.in_step(at, at.decide(supplier, VerifySupplierAddress()))
