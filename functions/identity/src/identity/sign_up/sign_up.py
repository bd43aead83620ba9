"""Signing up: a stranger names a tenant by its slug and becomes a user of it, to be verified by mail."""

import re
from dataclasses import dataclass, replace
from typing import Any

from identity.user.commands import CreateUser
from identity.user.decider import USER
from identity.user.events import Kind, Profile
from troupe.domain.decider import Rejected
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.quota import quota
from troupe.security.credential import CREDENTIAL, PASSWORD, OpenCredential
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
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
    profile: Profile
    hash: str | None  # of the password; None for one who is invited and has yet to choose it
    kind: Kind = "consumer"
    roles: tuple[str, ...] = ("consumer",)
    invited: bool = False


def register(request: Request[Any], registration: Registration) -> str:
    """Register a stranger with the tenant that the path names; a taken address is answered alike."""
    user_id = new_id()
    inside = request.within(_tenant(request.path["slug"]), actor=user_id)
    with confined(inside.tenant_id):
        try:
            transact(inside.scope, (), lambda at: admitted(at, user_id, registration, _open(at)))
        except AddressTaken:
            return user_id
        except quota.Exceeded as exceeded:
            quota.note(inside.scope, exceeded, _zone(inside.tenant_id))
            raise
    return user_id


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


def _zone(tenant_id: str) -> str:
    zone: str = (reads.one(keys.standing(tenant_id)) or {}).get("zone", "UTC")
    return zone


def _open(at: Snapshot) -> Action:
    """Only a tenant that is in good standing and takes strangers gets them."""
    return writes.check(
        keys.standing(at.scope.tenant_id),
        "open_sign_up = :yes AND #status IN (:trial, :active)",
        {"yes": True, "trial": "trial", "active": "active"},
        names={"#status": "status"},
        refused=Rejected("sign_up_closed", "This tenant takes no registrations."),
    )


def admitted(at: Snapshot, user_id: str, registration: Registration, *more: Action) -> Decision:
    """A new user with a credential, the address's guard and a seat of the plan, all or nothing.

    The seat comes first: a full tenant refuses whoever comes, or it would tell whose address is taken.
    """
    person = joined(at, user_id, registration)
    seat = quota.take(at.scope.tenant_id, "users")
    return replace(person, actions=(*more, seat, *person.actions))


def joined(at: Snapshot, user_id: str, registration: Registration) -> Decision:
    """The same without the seat, for a tenant that is made together with its first user."""
    tenant_id = at.scope.tenant_id
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
    owner = {"tenant_id": tenant_id, "principal_id": user_id}
    password = keys.part(tenant_id, CREDENTIAL.name, user_id, PASSWORD)
    hashed = (writes.put(password, {"hash": registration.hash}),) if registration.hash else ()
    return Decision(
        changes=(
            at.decide(Ref(decider=USER, id=user_id, creates=True), create),
            at.decide(Ref(decider=CREDENTIAL, id=user_id, creates=True), opening),
        ),
        actions=(
            writes.claim(keys.email(registration.email), owner, AddressTaken()),
            *hashed,
        ),
    )
