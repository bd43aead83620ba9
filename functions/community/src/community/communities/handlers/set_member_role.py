"""PUT /v1/community/communities/{community_id}/members/{user_id}/role"""

from community.communities import moderation
from community.communities.caller import CommunityCaller
from community.communities.membership_commands import SetMemberRole
from community.communities.membership_events import Role
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot


class Body(fields.Body):
    role: Role


@endpoint(
    Operation(
        permission="membership:set_role",
        body=Body,
        refusals=("leader_required", "leader_cannot_leave", "not_an_active_member"),
        example={"role": "moderator"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Make a member a moderator, or a moderator a member again."""
    user_id = request.id("user_id")

    def ruling(_at: Snapshot, caller: CommunityCaller) -> SetMemberRole:
        return SetMemberRole(role=request.body.role, leads=caller.community.owner_id == user_id)

    return moderation.rule(request, ruling, leader=True)
