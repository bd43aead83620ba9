"""A membership that moves, with all that moves with it: the count of members, and what is published."""

from typing import Any

from community import members, seats, standing
from community.membership import Membership
from troupe.aggregates import Change
from troupe.store import Decision
from troupe.writes import Action


def moved(
    tenant_id: str, community_id: str, change: Change[Membership, Any, Any], as_read: tuple[Action, ...]
) -> Decision:
    """`as_read` holds it to what was read for it, if anything is written at all."""
    return Decision(changes=(change,), actions=beside(tenant_id, community_id, change, as_read))


def beside(
    tenant_id: str, community_id: str, change: Change[Membership, Any, Any], as_read: tuple[Action, ...] = ()
) -> tuple[Action, ...]:
    if not change.events:
        return ()
    after = seats.membership_of(change.after)
    counted = members.moved(tenant_id, community_id, change.before.state, after)
    return (*counted, standing.member(tenant_id, after), *as_read)
