"""PUT /v1/community/communities/{community_id}/members/{user_id}/role"""

from community import moderation
from community.membership_commands import SetMemberRole
from community.membership_events import Role
from community.seats import Seat
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot


class Body(fields.Body):
    role: Role


@endpoint(
    Operation(
        permission="membership:set_role",
        body=Body,
        refusals=("leader_required", "leader_stays", "not_an_active_member"),
        example={"role": "moderator"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Make a member a moderator, or a moderator a member again."""
    user_id = request.id("user_id")

    def ruling(_at: Snapshot, seat: Seat) -> SetMemberRole:
        return SetMemberRole(role=request.body.role, leads=seat.community.owner_id == user_id)

    return moderation.rule(request, ruling, leader=True)
