"""A command of a moderator or the leader on a member's membership."""

from collections.abc import Callable
from typing import Any

from community.communities import caller as community_callers
from community.communities import membership_transactions
from community.communities.caller import CommunityCaller
from community.communities.membership_commands import Command
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot

type Ruling = Callable[[Snapshot, CommunityCaller], Command]


def carry_out(request: Request[Any], command: Command) -> Answer:
    """A command that is the same for each moderator."""
    return rule(request, lambda _at, _seat: command)


def rule(request: Request[Any], ruling: Ruling, *more: ReadTarget, leader: bool = False) -> Answer:
    """Carry out what `ruling` makes of the moderator's seat, or only the leader's; `more` is read with it."""
    community_id, user_id = request.id("community_id"), request.id("user_id")
    target = community_callers.membership_ref(community_id, user_id)
    admitted = community_callers.leading if leader else community_callers.moderating

    def decide(at: Snapshot) -> Decision:
        caller = admitted(at, request, community_id)
        change = at.decide(target, ruling(at, caller))
        return membership_transactions.moved(request.tenant_id, community_id, change, caller.as_read())

    return request.transact((target, *community_callers.keys_to_read(request, community_id), *more), decide)
