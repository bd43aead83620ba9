"""DELETE /v1/community/communities/{community_id}"""

from community import members, seats, standing
from community.community import DeleteCommunity
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="community:delete", refusals=("leader_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """It is there for nobody any more but for who can restore it; memberships stay as they are."""
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    community = seats.community_ref(community_id)

    def decide(at: Snapshot) -> Decision:
        owner_id = seats.leading(at, request, community_id, deleted=True).community.owner_id
        change = at.decide(community, DeleteCommunity(), deleted=True)
        moved = (
            standing.published(tenant_id, community_id, seats.community_of(change.after)),
            members.disown(tenant_id, owner_id),
        )
        return Decision(changes=(change,), actions=moved if change.events else ())

    return request.transact(seats.wanted(request, community_id), decide)
