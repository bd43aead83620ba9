"""Signing up: a stranger names a tenant by its slug and becomes a user of it, to be verified by mail."""

from dataclasses import dataclass, replace
from typing import Any

from identity.sign_in.accounts import credential_ref, decide_sign_in, sign_in_of
from identity.sign_in.decider import RequestVerification
from identity.user.commands import CreateUser
from identity.user.decider import USER
from identity.user.events import Kind, Profile
from troupe.edge import sign_up
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.security import addresses
from troupe.security.addresses import AddressTaken
from troupe.security.credential import CREDENTIAL, OpenCredential
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Who comes. The password is chosen with the link that shows that the address is theirs."""

    email: str
    profile: Profile
    kind: Kind = "consumer"
    roles: tuple[str, ...] = ("consumer",)
    invited: bool = False


def register(request: Request[Any], registration: Registration) -> str:
    """Register a stranger with the tenant that the path names; a taken address is answered alike."""
    user_id, tenant = new_id(), sign_up.tenant_named(request, registration.email)
    inside = request.within(tenant.id, actor=user_id)
    with confined(tenant.id):
        if tenant.waiting:
            _ask_again(inside.scope, tenant.waiting)
            return user_id
        try:
            transact(inside.scope, (), lambda at: _admitted(at, user_id, registration))
        except AddressTaken:
            return user_id
    return user_id


def _ask_again(scope: Scope, principal_id: str) -> None:
    """The address waits to be proved in this tenant already: its owner gets the mail once more."""
    wanted = (sign_in_of(principal_id), credential_ref(principal_id))

    def decide(at: Snapshot) -> Decision:
        who = at.find(credential_ref(principal_id)).state
        waits = who is not None and who.status == "pending"
        return Decision(changes=(decide_sign_in(at, principal_id, RequestVerification()),) if waits else ())

    transact(scope, wanted, decide)


def _admitted(at: Snapshot, user_id: str, registration: Registration) -> Decision:
    person = joined(at, user_id, registration)
    first = (sign_up.is_open(at.scope.tenant_id), addresses.unproved(registration.email))
    return replace(person, actions=(*first, *person.actions))


def joined(at: Snapshot, user_id: str, registration: Registration) -> Decision:
    """A new user, who takes a seat of the plan when the address is proved, and a credential to prove it."""
    create = CreateUser(
        kind=registration.kind,
        email=registration.email,
        profile=registration.profile,
        roles=registration.roles,
        invited=registration.invited,
    )
    opening = OpenCredential(
        kind="user", email=registration.email, status="pending", roles=registration.roles
    )
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    return Decision(
        changes=(
            at.decide(Ref(decider=USER, id=user_id, creates=True), create),
            at.decide(Ref(decider=CREDENTIAL, id=user_id, creates=True), opening),
        ),
        actions=addresses.reserved(tenant_id, user_id, registration.email, now),
    )
