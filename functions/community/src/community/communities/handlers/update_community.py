"""PATCH /v1/community/communities/{community_id}"""

from pydantic import Field

from community.communities import caller, membership_counts, transactions
from community.communities.decider import UpdateCommunity
from community.communities.requests import SettingsForm
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(SettingsForm):
    name: fields.Name = Field(default_factory=str)  # may be left out, not cleared


@endpoint(
    Operation(
        permission="community:update",
        body=Body,
        refusals=("leader_required",),
        example={"purpose": "Bake bread together.", "limits": {"member_cap": 1000}},
    )
)
def handler(request: Request[Body]) -> Answer:
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    community = caller.community_ref(community_id)
    command = UpdateCommunity(changes=request.body.changes())

    def decide(at: Snapshot) -> Decision:
        was = caller.leading(at, request, community_id).community
        change = at.decide(community, command)
        if not change.events:
            return Decision(changes=(change,))
        after = caller.community_of(change.after)
        before, cap = was.settings.limits.member_cap, after.settings.limits.member_cap
        capped = membership_counts.capped(tenant_id, community_id, before, cap)
        published = transactions.published(tenant_id, community_id, after)
        return Decision(changes=(change,), actions=(*published, *capped))

    return request.transact(caller.keys_to_read(request, community_id), decide)
