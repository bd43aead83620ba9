"""What stands beside a follow: who may be part of one, and how many each person has."""

from typing import Any

from identity.follow.decider import Party
from identity.user.decider import User
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.aggregates import Change, Stored
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action


def active(found: Stored[User]) -> Party:
    """A person who is active, as lists show them (`user_not_active`)."""
    user = found.state
    if user.status != "active":
        raise Rejected("user_not_active", "Both must be active.")
    return Party(id=found.id, display_name=user.profile.display_name, avatar_url=user.profile.avatar_url)


def tally(tenant_id: str, user_id: str) -> keys.Key:
    return keys.tally(tenant_id, "follows", user_id)


def ended(at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    """The end of a follow, and one fewer on both sides."""
    (event,) = change.events
    less = counted(at.scope.tenant_id, event.follower_id, event.followee_id, -1)
    return Decision(changes=(change,), actions=less)


def counted(tenant_id: str, follower_id: str, followee_id: str, by: int) -> tuple[Action, ...]:
    """One follow more or less, on both sides; written only together with the follow's own event."""
    return (
        writes.update(tally(tenant_id, followee_id), "ADD followers :by", {"by": by}),
        writes.update(tally(tenant_id, follower_id), "ADD following :by", {"by": by}),
    )
