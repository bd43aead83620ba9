"""A membership that moves, with all that moves with it: the count of members, and what is published."""

from typing import Any

from community.communities import caller, membership_counts, transactions
from community.communities.membership_decider import Membership
from troupe.store.aggregates import Change
from troupe.store.transact import Decision
from troupe.store.writes import Action


def moved(
    tenant_id: str, community_id: str, change: Change[Membership, Any, Any], as_read: tuple[Action, ...]
) -> Decision:
    """`as_read` holds it to what was read for it, if anything is written at all."""
    return Decision(changes=(change,), actions=without_counts(tenant_id, community_id, change, as_read))


def without_counts(
    tenant_id: str, community_id: str, change: Change[Membership, Any, Any], as_read: tuple[Action, ...] = ()
) -> tuple[Action, ...]:
    if not change.events:
        return ()
    after = caller.membership_of(change.after)
    counted = membership_counts.moved(tenant_id, community_id, change.before.state, after)
    return (*counted, transactions.member(tenant_id, after), *as_read)
