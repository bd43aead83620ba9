"""POST /v1/commerce/suppliers/verify-address"""

from dataclasses import replace
from functools import cache
from typing import Any

from commerce.supplier import email_links, transactions
from commerce.supplier.commands import VerifySupplierAddress
from commerce.supplier.state import Supplier
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.security import addresses, passwords
from troupe.security.credential import CREDENTIAL, PASSWORD, Credential, MoveCredential, SetPassword
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link
from troupe.store import aggregates, keys, writes
from troupe.store.scope import Answer, Scope
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    """Confirm the e-mail address and choose the password."""

    token: email_links.Token
    password: fields.Password


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        refusals=("link_invalid", "email_taken", *passwords.REFUSALS),
        example={
            "token": "eyJwIjoidmVyaWZ5In0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "password": "bread is for the patient",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """From now on the business can sign in; whether it may sell, a review decides."""
    link = email_links.read(request.body.token, signing_keys(), request.now)
    password = request.body.password
    passwords.check(password, "")
    hashed = cache(lambda: passwords.hash(password))  # once, and only if it is needed
    supplier = transactions.ref(link.principal_id)
    wanted = (supplier, transactions.credential_ref(link.principal_id))

    def decide(at: Snapshot) -> Decision:
        who = _pending(at, link)
        if who is None:
            unchanged = at.of(supplier)
            return Decision(changes=(aggregates.change(supplier, unchanged, ()),))
        passwords.check(password, who.email)
        return _confirmed(at, link, who, hashed())

    with confined(link.tenant_id):
        return done(transact(_scope(request, link), wanted, decide))


def _scope(request: Request[Any], link: Link) -> Scope:
    """Inside the supplier's tenant; a refusal for a stale version would tell a stranger what is there."""
    return replace(request.within(link.tenant_id, actor=link.principal_id).scope, if_match=None)


def _pending(at: Snapshot, link: Link) -> Credential | None:
    """Who is to prove the address; None where the link was used, and its effect stands."""
    who = at.find(transactions.credential_ref(link.principal_id)).state
    there = at.find(transactions.ref(link.principal_id)).state
    if not isinstance(who, Credential) or not isinstance(there, Supplier):
        raise email_links.BadLink
    email_links.check(link, who)
    if who.status not in {"pending", "active"}:
        raise email_links.BadLink
    return who if who.status == "pending" else None


def _confirmed(at: Snapshot, link: Link, who: Credential, hashed: str) -> Decision:
    tenant_id, supplier_id = link.tenant_id, link.principal_id
    signs_in = transactions.credential_ref(supplier_id)
    before, context = at.of(signs_in), at.scope.context
    moved = CREDENTIAL.answer(MoveCredential(status="active"), before.state, context)
    chosen = CREDENTIAL.answer(SetPassword(), CREDENTIAL.fold(moved, before.state), context)
    return Decision(
        changes=(
            at.decide(transactions.ref(supplier_id), VerifySupplierAddress()),
            aggregates.change(signs_in, before, (*moved, *chosen)),
        ),
        actions=(
            *addresses.proved(tenant_id, supplier_id, who.email),
            writes.put(keys.part(tenant_id, CREDENTIAL.name, supplier_id, PASSWORD), {"hash": hashed}),
        ),
    )
