"""How many members a community has, exactly, and how many communities a leader owns.

Both are tallies: their conditions are what two who come at the same time cannot both pass.
"""

from community.communities.membership_decider import Membership
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.writes import Action


def tally(tenant_id: str, community_id: str) -> Key:
    """{members, cap}, without a cap where there is no limit."""
    return keys.tally(tenant_id, "members", community_id)


def opened(tenant_id: str, community_id: str, cap: int | None) -> Action:
    """The count of a new community, with its leader."""
    return writes.put(tally(tenant_id, community_id), {"members": 1, "cap": cap}, absent=True)


def moved(
    tenant_id: str, community_id: str, before: Membership | None, after: Membership
) -> tuple[Action, ...]:
    """What a change of a membership makes of the count (`community_full`)."""
    was, belongs = _belongs(before), _belongs(after)
    if was == belongs:
        return ()
    return (_add(tenant_id, community_id) if belongs else _remove(tenant_id, community_id),)


def _belongs(state: Membership | None) -> bool:
    return state is not None and state.status == "active"


def _add(tenant_id: str, community_id: str) -> Action:
    return writes.update(
        tally(tenant_id, community_id),
        "ADD members :one",
        {"one": 1},
        condition="attribute_not_exists(cap) OR members < cap",
        refused=Rejected("community_full", "The community has as many members as it takes."),
    )


def _remove(tenant_id: str, community_id: str) -> Action:
    return writes.update(tally(tenant_id, community_id), "ADD members :less", {"less": -1})


def capped(tenant_id: str, community_id: str, cap: int | None) -> Action:
    """Another cap; one lower than there are members is accepted: it stops growth and sends nobody away."""
    key = tally(tenant_id, community_id)
    if cap is None:
        return writes.update(key, "REMOVE cap", {})
    return writes.update(key, "SET cap = :cap", {"cap": cap})


def owned(tenant_id: str, user_id: str) -> Key:
    """{owned, most}: of the communities that are not deleted."""
    return keys.tally(tenant_id, "own_communities", user_id)


_FULL_HANDS = Rejected("community_limit_reached", "The leader owns as many communities as the limit allows.")


def own(tenant_id: str, user_id: str, most: int) -> Action:
    """One community more, within what the leader's profile allows by now."""
    return writes.update(
        owned(tenant_id, user_id),
        "SET most = :most ADD owned :one",
        {"most": most, "one": 1},
        condition="attribute_not_exists(owned) OR owned < :most",
        refused=_FULL_HANDS,
    )


def own_again(tenant_id: str, user_id: str) -> Action:
    """A community that was restored, within what was allowed when the leader last came to own one."""
    return writes.update(
        owned(tenant_id, user_id),
        "ADD owned :one",
        {"one": 1},
        condition="owned < most",
        refused=_FULL_HANDS,
    )


def disown(tenant_id: str, user_id: str) -> Action:
    return writes.update(owned(tenant_id, user_id), "ADD owned :less", {"less": -1})
