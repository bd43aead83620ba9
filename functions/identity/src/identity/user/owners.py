"""A tenant's owners: how many there are, so that the last one cannot go, and who may act on them.

The count is a tally of those who are neither suspended nor deleted. Its condition is what two removals at the
same time cannot both pass.
"""

from typing import Any

from identity.user.decider import User
from troupe.domain.decider import Rejected
from troupe.edge.principal import Forbidden, Principal
from troupe.security.roles import BUILT_IN
from troupe.store import keys, writes
from troupe.store.aggregates import Change
from troupe.store.writes import Action

OWNER = "owner"
_STANDING = frozenset({"pending", "active"})  # the first owner counts before the address is confirmed


def counter(tenant_id: str) -> keys.Key:
    return keys.counter(tenant_id, "owners", "count")


def opened(tenant_id: str) -> Action:
    """The count of a new tenant, with its first owner."""
    return writes.put(counter(tenant_id), {"owners": 1}, absent=True)


def add(tenant_id: str) -> Action:
    return writes.update(counter(tenant_id), "ADD owners :one", {"one": 1})


def remove(tenant_id: str) -> Action:
    """One owner fewer, unless it is the last (`last_owner`)."""
    return writes.update(
        counter(tenant_id),
        "ADD owners :less",
        {"less": -1, "one": 1},
        condition="owners > :one",
        refused=Rejected("last_owner", "A tenant keeps at least one owner."),
    )


def count_change(tenant_id: str, change: Change[User, Any, Any]) -> tuple[Action, ...]:
    """What a change of a user makes of the count."""
    was, counts = _counts(change.before.state), _counts(change.after.state)
    if was == counts:
        return ()
    return (add(tenant_id),) if counts else (remove(tenant_id),)


def protect(principal: Principal, user: User | None) -> None:
    """Only who holds all that an owner holds suspends, deletes or deactivates one (`owner_protected`)."""
    if _owns(user) and not BUILT_IN[OWNER] <= principal.permissions:
        raise Forbidden("owner_protected", "Only an owner may do that to an owner.")


def _owns(user: User | None) -> bool:
    return user is not None and OWNER in user.roles


def _counts(user: User | None) -> bool:
    return user is not None and OWNER in user.roles and user.status in _STANDING
