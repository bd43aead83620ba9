"""What stands beside a tenant's own role: its name's guard, the count of its holders, and what it grants.

What roles grant is part of the tenant's standing, which the authorizer reads.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from identity.role.decider import Role
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

MOST = 25  # of a tenant

_PATH = {"#roles": "roles"}


def name(tenant_id: str, role_name: str) -> keys.Key:
    """The guard of a name; upper and lower case are the same name."""
    return keys.unique("role", sha256(role_name.casefold().encode()).hexdigest(), tenant_id)


def claim(tenant_id: str, role_name: str, role_id: str) -> Action:
    taken = Rejected("role_name_taken", "Another role has that name.")
    return writes.claim(name(tenant_id, role_name), {"role_id": role_id}, taken)


def published(tenant_id: str, role_id: str, permissions: Iterable[str]) -> Action:
    """A new role in the tenant's standing; refused when there are too many (`too_many_roles`)."""
    return writes.update(
        keys.standing(tenant_id),
        "SET #roles.#id = :permissions",
        {"permissions": list(permissions), "most": MOST},
        condition="size(#roles) < :most",
        names={**_PATH, "#id": role_id},
        refused=Rejected("too_many_roles", f"A tenant has at most {MOST} roles of its own."),
    )


def updated(tenant_id: str, role_id: str, was: Role, now: Role) -> tuple[Action, ...]:
    """What another name and other permissions change beside the role."""
    actions: list[Action] = []
    if name(tenant_id, was.name) != name(tenant_id, now.name):
        actions += [_release(tenant_id, was.name, role_id), claim(tenant_id, now.name, role_id)]
    if was.permissions != now.permissions:
        actions.append(_republished(tenant_id, role_id, now.permissions))
    return tuple(actions)


def deleted(at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    """The name is free again, and it grants nothing; refused while somebody has it (`role_in_use`)."""
    was: Role = at.of(change.ref).state
    return Decision(changes=(change,), actions=_withdrawn(at.scope.tenant_id, change.ref.id, was))


def _withdrawn(tenant_id: str, role_id: str, was: Role) -> tuple[Action, ...]:
    withdrawn = writes.update(
        keys.standing(tenant_id), "REMOVE #roles.#id", {}, names={**_PATH, "#id": role_id}
    )
    return (_closed(tenant_id, role_id), _release(tenant_id, was.name, role_id), withdrawn)


def _release(tenant_id: str, role_name: str, role_id: str) -> Action:
    return writes.release(name(tenant_id, role_name), role_id=role_id)


def _republished(tenant_id: str, role_id: str, permissions: Iterable[str]) -> Action:
    return writes.update(
        keys.standing(tenant_id),
        "SET #roles.#id = :permissions",
        {"permissions": list(permissions)},
        condition="attribute_exists(#roles.#id)",
        names={**_PATH, "#id": role_id},
    )


def holders(tenant_id: str, role_id: str) -> keys.Key:
    return keys.tally(tenant_id, "role_holders", role_id)


def opened(tenant_id: str, role_id: str) -> Action:
    return writes.put(holders(tenant_id, role_id), {"holders": 0}, absent=True)


def _closed(tenant_id: str, role_id: str) -> Action:
    """Nobody can be given the role any more."""
    return writes.update(
        holders(tenant_id, role_id),
        "SET closed = :yes",
        {"yes": True, "none": 0},
        condition="holders = :none",
        refused=Rejected("role_in_use", "Take the role from everybody who holds it first."),
    )
