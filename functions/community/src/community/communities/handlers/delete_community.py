"""DELETE /v1/community/communities/{community_id}"""

from community.communities import membership_counts, seat, transactions
from community.communities.decider import DeleteCommunity
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="community:delete", refusals=("leader_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """It is there for nobody any more but for who can restore it; memberships stay as they are."""
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    community = seat.community_ref(community_id)

    def decide(at: Snapshot) -> Decision:
        owner_id = seat.leading(at, request, community_id, deleted=True).community.owner_id
        change = at.decide(community, DeleteCommunity(), deleted=True)
        moved = (
            transactions.published(tenant_id, community_id, seat.community_of(change.after)),
            membership_counts.disown(tenant_id, owner_id),
        )
        return Decision(changes=(change,), actions=moved if change.events else ())

    return request.transact(seat.wanted(request, community_id), decide)
