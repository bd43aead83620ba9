"""Who may grant a role: a principal who holds all its permissions may give it, take it or make it.

So an owner appoints owners, and an admin, who lacks what is the owners' alone, appoints admins.
"""

from collections.abc import Set as AbstractSet

from identity.role.decider import ROLE, Command, CreateRole, Event, Role
from troupe.edge.principal import Forbidden, Principal
from troupe.ids import is_uuid
from troupe.security.roles import BUILT_IN
from troupe.store.aggregates import Ref, Stored
from troupe.store.transact import Snapshot, Unknown


def may_grant(principal: Principal, permissions: AbstractSet[str]) -> None:
    """Refuse what goes beyond the principal's own permissions (`permission_escalation`)."""
    if beyond := sorted(permissions - principal.permissions):
        raise Forbidden("permission_escalation", f"You do not hold {', '.join(beyond)} yourself.")


def named(role_id: str) -> Ref[Role, CreateRole | Command, Event]:
    """A role as a path names it: a built-in one, or the id of one of the tenant's own."""
    if role_id not in BUILT_IN and not is_uuid(role_id):
        raise Unknown(role_id)
    return Ref(decider=ROLE, id=role_id)


def allowed(at: Snapshot, role: Ref[Role, CreateRole | Command, Event]) -> AbstractSet[str]:
    """What a role allows that was read for the decision."""
    return BUILT_IN.get(role.id) or frozenset(at.of(role).state.permissions)


def own(found: Stored[Role | None]) -> Role:
    """The tenant's own role that was read, or `Unknown`."""
    if found.state is None:
        raise Unknown(found.id)
    return found.state
