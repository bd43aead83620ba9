"""A command of a moderator or the leader on somebody's membership."""

from collections.abc import Callable
from typing import Any

from community.communities import membership_transactions
from community.communities import seat as communities_seat
from community.communities.membership_commands import Command
from community.communities.seat import Seat
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Wanted

type Ruling = Callable[[Snapshot, Seat], Command]


def carry_out(request: Request[Any], command: Command) -> Answer:
    """The same command whoever the moderator is."""
    return rule(request, lambda _at, _seat: command)


def rule(request: Request[Any], ruling: Ruling, *more: Wanted, leader: bool = False) -> Answer:
    """Carry out what `ruling` makes of the moderator's seat, or only the leader's; `more` is read with it."""
    community_id, user_id = request.id("community_id"), request.id("user_id")
    target = communities_seat.membership_ref(community_id, user_id)
    admitted = communities_seat.leading if leader else communities_seat.moderating

    def decide(at: Snapshot) -> Decision:
        seat = admitted(at, request, community_id)
        change = at.decide(target, ruling(at, seat))
        return membership_transactions.moved(request.tenant_id, community_id, change, seat.as_read())

    return request.transact((target, *communities_seat.wanted(request, community_id), *more), decide)
