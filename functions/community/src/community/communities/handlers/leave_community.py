"""POST /v1/community/communities/{community_id}/leave"""

from community.communities import access_rules, membership_transactions
from community.communities import caller as community_callers
from community.communities.membership_commands import LeaveCommunity
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown


@endpoint(Operation(permission="community:leave", refusals=("leader_cannot_leave", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    """Leave, or take the request to join back. The leader transfers the community first."""
    community_id = request.id("community_id")
    own = community_callers.membership_ref(community_id, request.caller.id)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.found(at, request, community_id)
        if not access_rules.may_ask(caller.viewer, caller.community):
            raise Unknown(community_id)
        change = at.decide(own, LeaveCommunity(leads=caller.viewer.leads))
        return membership_transactions.moved(
            request.tenant_id, community_id, change, caller.community_as_read()
        )

    return request.transact((own, *community_callers.keys_to_read(request, community_id)), decide)
