"""POST /v1/commerce/suppliers/verify-address"""

from dataclasses import replace
from typing import Any

from commerce.supplier import email_links, transactions
from commerce.supplier.commands import VerifySupplierAddress
from commerce.supplier.state import Supplier
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.security.credential import Credential
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link
from troupe.store.scope import Answer, Scope
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    token: email_links.Token


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
    link = email_links.read(request.body.token, signing_keys(), request.now)
    wanted = (transactions.ref(link.principal_id), transactions.credential_ref(link.principal_id))
    with confined(link.tenant_id):
        return done(transact(_scope(request, link), wanted, lambda at: _confirmed(at, link)))


def _scope(request: Request[Any], link: Link) -> Scope:
    """Inside the supplier's tenant; a refusal for a stale version would tell a stranger what is there."""
    return replace(request.within(link.tenant_id, actor=link.principal_id).scope, if_match=None)


def _confirmed(at: Snapshot, link: Link) -> Decision:
    supplier, signs_in = transactions.ref(link.principal_id), transactions.credential_ref(link.principal_id)
    who, there = at.find(signs_in).state, at.find(supplier).state
    if not isinstance(who, Credential) or not isinstance(there, Supplier) or who.status != "pending":
        raise email_links.BadLink
    email_links.check(link, who)
    return transactions.in_step(at, at.decide(supplier, VerifySupplierAddress()))
