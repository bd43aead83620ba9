"""POST /v1/community/communities/{community_id}/members/{user_id}/ban"""

from community import access, moderation, seats
from community.membership_commands import BanMember
from community.seats import Seat
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot


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
        target = at.of(seats.membership_ref(seat.community_id, user_id)).state
        leads = seat.community.owner_id == user_id
        if not leads and not access.may_ban(seat.viewer, target.role):
            raise Forbidden("leader_required", "A moderator is banned by the leader.")
        return BanMember(reason=request.body.reason, leads=leads)

    return moderation.rule(request, ruling)
