"""PATCH /v1/community/communities/{community_id}"""

from pydantic import Field

from community import members, seats, standing
from community.community import UpdateCommunity
from community.forms import SettingsForm
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


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
    community = seats.community_ref(community_id)
    command = UpdateCommunity(changes=request.body.changes())

    def decide(at: Snapshot) -> Decision:
        was = seats.leading(at, request, community_id).community
        change = at.decide(community, command)
        if not change.events:
            return Decision(changes=(change,))
        after = seats.community_of(change.after)
        cap = after.settings.limits.member_cap
        capped = (members.capped(tenant_id, community_id, cap),)
        moved = capped if cap != was.settings.limits.member_cap else ()
        published = standing.published(tenant_id, community_id, after)
        return Decision(changes=(change,), actions=(published, *moved))

    return request.transact(seats.wanted(request, community_id), decide)
