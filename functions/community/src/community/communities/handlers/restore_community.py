"""POST /v1/community/communities/{community_id}/restore"""

from community import members, seats, standing
from community.community import RestoreCommunity
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="community:restore", refusals=("leader_required", "community_limit_reached")))
def handler(request: Request[NoBody]) -> Answer:
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    community = seats.community_ref(community_id)

    def decide(at: Snapshot) -> Decision:
        owner_id = seats.leading(at, request, community_id, deleted=True).community.owner_id
        change = at.decide(community, RestoreCommunity(), deleted=True)
        moved = (
            standing.published(tenant_id, community_id, seats.community_of(change.after)),
            members.own_again(tenant_id, owner_id),
        )
        return Decision(changes=(change,), actions=moved if change.events else ())

    return request.transact(seats.wanted(request, community_id), decide)
