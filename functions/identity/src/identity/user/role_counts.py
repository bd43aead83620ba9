"""How many users hold each of a tenant's own roles, kept with every change of a user."""

from typing import Any

from identity.role.transactions import holders_with
from identity.user.decider import User
from troupe.security.roles import BUILT_IN
from troupe.store import writes
from troupe.store.aggregates import Change
from troupe.store.keys import Key
from troupe.store.writes import Action


def count_changes(tenant_id: str, change: Change[User, Any, Any]) -> tuple[Action, ...]:
    """What a change of a user makes of the counts of holders. Who is deleted holds nothing."""
    was, holds, who = _held(change.before.state), _held(change.after.state), change.ref.id
    gained = (
        _count(holders_with(tenant_id, role, who), 1, "attribute_not_exists(closed)")
        for role in sorted(holds - was)
    )
    lost = (_count(holders_with(tenant_id, role, who), -1, "holders > :none") for role in sorted(was - holds))
    return (*gained, *lost)


def _count(count: Key, by: int, condition: str) -> Action:
    """A condition that fails here means that the role went away since it was read."""
    return writes.update(
        count,
        "ADD holders :by",
        {"by": by} | ({"none": 0} if ":none" in condition else {}),
        condition=f"attribute_exists(PK) AND {condition}",
    )


def _held(user: User | None) -> frozenset[str]:
    if user is None or user.status == "deleted":
        return frozenset()
    return frozenset(user.roles) - BUILT_IN.keys()
