"""How many members a community has, exactly, and how many communities a leader owns.

Both are tallies: their conditions are what two who come at the same time cannot both pass.
"""

from community.communities.membership_decider import Membership
from troupe.domain.buckets import UNLIMITED
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.buckets import Sum
from troupe.store.keys import Key
from troupe.store.writes import Action

_FULL = Rejected("community_full", "The community has as many members as it takes.")


def members(tenant_id: str, community_id: str) -> Sum:
    return Sum(keys.counter(tenant_id, "members", community_id))


def opened(tenant_id: str, community_id: str, cap: int | None, belong: int = 1) -> tuple[Action, ...]:
    """The count of a new community, with its leader."""
    return members(tenant_id, community_id).opened(_limit(cap), belong)


def _limit(cap: int | None) -> int:
    return UNLIMITED if cap is None else cap


def moved(
    tenant_id: str, community_id: str, before: Membership | None, after: Membership
) -> tuple[Action, ...]:
    """What a change of a membership makes of the count (`community_full`)."""
    was, belongs = _belongs(before), _belongs(after)
    if was == belongs:
        return ()
    count = members(tenant_id, community_id)
    return (count.take(1, _FULL) if belongs else count.give_back(1),)


def _belongs(state: Membership | None) -> bool:
    return state is not None and state.status == "active"


def capped(tenant_id: str, community_id: str, was: int | None, cap: int | None) -> tuple[Action, ...]:
    """Another cap; one lower than there are members is accepted: it stops growth and removes no member."""
    return members(tenant_id, community_id).relimit(_limit(was), _limit(cap))


def owned(tenant_id: str, user_id: str) -> Key:
    """{owned, most}: of the communities that are not deleted."""
    return keys.counter(tenant_id, "led_communities", user_id)


_TOO_MANY_COMMUNITIES = Rejected(
    "community_limit_reached", "The leader owns as many communities as the limit allows."
)


def count_led(tenant_id: str, user_id: str, most: int) -> Action:
    """One community more, within what the leader's profile allows by now."""
    return writes.update(
        owned(tenant_id, user_id),
        "SET most = :most ADD owned :one",
        {"most": most, "one": 1},
        condition="attribute_not_exists(owned) OR owned < :most",
        refused=_TOO_MANY_COMMUNITIES,
    )


def count_restored(tenant_id: str, user_id: str) -> Action:
    """A community that was restored, within what was allowed when the leader last came to own one."""
    return writes.update(
        owned(tenant_id, user_id),
        "ADD owned :one",
        {"one": 1},
        condition="owned < most",
        refused=_TOO_MANY_COMMUNITIES,
    )


def uncount_led(tenant_id: str, user_id: str) -> Action:
    return writes.update(owned(tenant_id, user_id), "ADD owned :less", {"less": -1})
