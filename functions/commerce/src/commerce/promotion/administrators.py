"""Who may decide for the whole tenant: people who sign in with a role beyond that of their kind.

What a role allows is asked when it matters, since a tenant changes its own roles. No address is kept here.
Fed by the kernel's stream of each credential. Derived: it can be rebuilt from the events.
"""

from dataclasses import dataclass, replace

from troupe.domain.decider import Listing
from troupe.projection.view import Part, Place, Source, View
from troupe.store.envelope import Envelope

COLLECTION = "OVERSEERS"
KINDS = frozenset({"consumer", "leader", "staff"})  # built in, for kinds of principals


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    status: str
    roles: tuple[str, ...] = ()


def project(was: Part[Administrator], event: Envelope) -> Part[Administrator]:
    match was, event.type:
        case None, "credential.opened" if event.data["kind"] == "user":
            return Administrator(status=event.data["status"], roles=tuple(event.data["roles"]))
        case Administrator(), "credential.status_changed":
            return replace(was, status=event.data["status"])
        case Administrator(), "credential.roles_changed":
            return replace(was, roles=tuple(event.data["roles"]))
        case _:
            return was


def place(event: Envelope) -> Place:
    return Place(parts=(event.aggregate_id,))


def listed(overseer: Administrator) -> Listing:
    if overseer.status != "active" or not set(overseer.roles) - KINDS:
        return Listing()
    return Listing(collection=(COLLECTION, "SIGNS_IN"), summary={"roles": overseer.roles})


CREDENTIAL = Source[Administrator](
    kind="credential", shape=Administrator, place=place, project=project, listed=listed
)
ADMINISTRATORS = View(name="overseers", sources=(CREDENTIAL,))
