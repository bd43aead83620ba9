"""POST /v1/community/communities/{community_id}/members/{user_id}/ban"""

from community.communities import access_rules, moderation
from community.communities import seat as communities_seat
from community.communities.membership_commands import BanMember
from community.communities.seat import Seat
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="membership:ban",
        body=Body,
        refusals=("moderator_required", "leader_required", "leader_stays"),
        example={"reason": "spam"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Send somebody away, whether member, asking, or gone; they do not come back before the ban is lifted."""
    user_id = request.id("user_id")

    def ruling(at: Snapshot, seat: Seat) -> BanMember:
        target = at.of(communities_seat.membership_ref(seat.community_id, user_id)).state
        leads = seat.community.owner_id == user_id
        if not leads and not access_rules.may_ban(seat.viewer, target.role):
            raise Forbidden("leader_required", "A moderator is banned by the leader.")
        return BanMember(reason=request.body.reason, leads=leads)

    return moderation.rule(request, ruling)
