"""DELETE /v1/community/communities/{community_id}"""

from community.communities import caller, membership_counts, transactions
from community.communities.decider import DeleteCommunity
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="community:delete", refusals=("leader_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """Delete a community. Only those who may restore it still see it; memberships do not change."""
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    community = caller.community_ref(community_id)

    def decide(at: Snapshot) -> Decision:
        owner_id = caller.leading(at, request, community_id, deleted=True).community.owner_id
        change = at.decide(community, DeleteCommunity(), deleted=True)
        moved = (
            *transactions.published(tenant_id, community_id, caller.community_of(change.after)),
            membership_counts.uncount_led(tenant_id, owner_id),
        )
        return Decision(changes=(change,), actions=moved if change.events else ())

    return request.transact(caller.keys_to_read(request, community_id), decide)
