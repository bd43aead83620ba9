"""Who may be part of a follow. How many follow whom is counted by the read model alone."""

from identity.follow.decider import PersonSnapshot
from identity.user.decider import User
from troupe.domain.decider import Rejected
from troupe.store.aggregates import Stored


def active(found: Stored[User]) -> PersonSnapshot:
    """A person who is active, as lists show them (`user_not_active`)."""
    user = found.state
    if user.status != "active":
        raise Rejected("user_not_active", "Both must be active.")
    return PersonSnapshot(
        id=found.id, display_name=user.profile.display_name, avatar_url=user.profile.avatar_url
    )
