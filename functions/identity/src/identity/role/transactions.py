"""What stands beside a tenant's own role: its name's guard, the count of its holders, and what it grants.

What roles grant is part of the tenant's standing, which the authorizer reads.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Any

from identity.role.decider import Role
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

MOST = 25  # of a tenant
MOST_GRANTED = 500  # permissions of all of them: each request reads them, with what the tenant publishes
PARTS = 8  # of the count of a role's holders

_PATH = {"#roles": "roles"}
_ROOM = "(attribute_not_exists(granted) OR granted <= :room)"
_MANY = Rejected(
    "too_many_roles",
    f"A tenant has at most {MOST} roles of its own, with {MOST_GRANTED} permissions in all of them together.",
)


def name(tenant_id: str, role_name: str) -> keys.Key:
    """The guard of a name; upper and lower case are the same name."""
    return keys.unique("role", sha256(role_name.casefold().encode()).hexdigest(), tenant_id)


def claim(tenant_id: str, role_name: str, role_id: str) -> Action:
    taken = Rejected("role_name_taken", "Another role has that name.")
    return writes.claim(name(tenant_id, role_name), {"role_id": role_id}, taken)


def published(tenant_id: str, role_id: str, permissions: Iterable[str]) -> Action:
    """A new role in the tenant's standing; refused when there are too many (`too_many_roles`)."""
    granted = list(permissions)
    return writes.update(
        keys.standing(tenant_id),
        "SET #roles.#id = :permissions ADD granted :more",
        {"permissions": granted, "most": MOST, "more": len(granted), "room": MOST_GRANTED - len(granted)},
        condition=f"size(#roles) < :most AND {_ROOM}",
        names={**_PATH, "#id": role_id},
        refused=_MANY,
    )


def updated(tenant_id: str, role_id: str, was: Role, now: Role) -> tuple[Action, ...]:
    """What another name and other permissions change beside the role."""
    actions: list[Action] = []
    if name(tenant_id, was.name) != name(tenant_id, now.name):
        actions += [_release(tenant_id, was.name, role_id), claim(tenant_id, now.name, role_id)]
    if was.permissions != now.permissions:
        actions.append(_republished(tenant_id, role_id, was.permissions, now.permissions))
    return tuple(actions)


def deleted(at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    """The name is free again, and it grants nothing; refused while a principal holds it (`role_in_use`)."""
    was: Role = at.of(change.ref).state
    return Decision(changes=(change,), actions=_withdrawn(at.scope.tenant_id, change.ref.id, was))


def _withdrawn(tenant_id: str, role_id: str, was: Role) -> tuple[Action, ...]:
    withdrawn = writes.update(
        keys.standing(tenant_id),
        "REMOVE #roles.#id ADD granted :less",
        {"less": -len(was.permissions)},
        names={**_PATH, "#id": role_id},
    )
    return (*_closed(tenant_id, role_id), _release(tenant_id, was.name, role_id), withdrawn)


def _release(tenant_id: str, role_name: str, role_id: str) -> Action:
    return writes.release(name(tenant_id, role_name), role_id=role_id)


def _republished(tenant_id: str, role_id: str, was: Collection[str], now: Collection[str]) -> Action:
    more = len(now) - len(was)
    return writes.update(
        keys.standing(tenant_id),
        "SET #roles.#id = :permissions ADD granted :more",
        {"permissions": list(now), "more": more, "room": MOST_GRANTED - more},
        condition=f"attribute_exists(#roles.#id) AND {_ROOM}",
        names={**_PATH, "#id": role_id},
        refused=_MANY,
    )


def holders(tenant_id: str, role_id: str) -> tuple[keys.Key, ...]:
    """How many hold it, in parts; each person counts in the same one always."""
    return tuple(keys.counter(tenant_id, "role_holders", role_id, f"{part:02}") for part in range(PARTS))


def holders_with(tenant_id: str, role_id: str, user_id: str) -> keys.Key:
    """The part that a person counts in: the last digits of a UUIDv7 are random."""
    return holders(tenant_id, role_id)[int(user_id[-2:], 16) % PARTS]


def opened(tenant_id: str, role_id: str) -> tuple[Action, ...]:
    return tuple(writes.put(part, {"holders": 0}, absent=True) for part in holders(tenant_id, role_id))


def _closed(tenant_id: str, role_id: str) -> tuple[Action, ...]:
    """The role can no longer be given."""
    return tuple(
        writes.update(
            part,
            "SET closed = :yes",
            {"yes": True, "none": 0},
            condition="holders = :none",
            refused=Rejected("role_in_use", "Take the role from everybody who holds it first."),
        )
        for part in holders(tenant_id, role_id)
    )
