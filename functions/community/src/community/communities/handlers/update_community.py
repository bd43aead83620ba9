"""PATCH /v1/community/communities/{community_id}"""

from pydantic import Field

from community.communities import membership_counts, seat, transactions
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
    community = seat.community_ref(community_id)
    command = UpdateCommunity(changes=request.body.changes())

    def decide(at: Snapshot) -> Decision:
        was = seat.leading(at, request, community_id).community
        change = at.decide(community, command)
        if not change.events:
            return Decision(changes=(change,))
        after = seat.community_of(change.after)
        cap = after.settings.limits.member_cap
        capped = (membership_counts.capped(tenant_id, community_id, cap),)
        moved = capped if cap != was.settings.limits.member_cap else ()
        published = transactions.published(tenant_id, community_id, after)
        return Decision(changes=(change,), actions=(published, *moved))

    return request.transact(seat.wanted(request, community_id), decide)
