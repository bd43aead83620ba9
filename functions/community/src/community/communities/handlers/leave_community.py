"""POST /v1/community/communities/{community_id}/leave"""

from community import access, entries, seats
from community.membership_commands import LeaveCommunity
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, Unknown


@endpoint(Operation(permission="community:leave", refusals=("leader_stays", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    """Leave, or take the request to join back. The leader transfers the community first."""
    community_id = request.id("community_id")
    own = seats.membership_ref(community_id, request.caller.id)

    def decide(at: Snapshot) -> Decision:
        seat = seats.found(at, request, community_id)
        if not access.may_ask(seat.viewer, seat.community):
            raise Unknown(community_id)
        change = at.decide(own, LeaveCommunity(leads=seat.viewer.leads))
        return entries.moved(request.tenant_id, community_id, change, seat.community_as_read())

    return request.transact((own, *seats.wanted(request, community_id)), decide)
