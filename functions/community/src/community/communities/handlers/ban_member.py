"""POST /v1/community/communities/{community_id}/members/{user_id}/ban"""

from community.communities import access_rules, moderation
from community.communities import caller as community_callers
from community.communities.caller import CommunityCaller
from community.communities.membership_commands import BanMember
from community.person import person
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
        refusals=("moderator_required", "leader_required", "leader_cannot_leave"),
        example={"reason": "spam"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Ban a member, a former member or a person who asks to join. They cannot join until it is lifted."""
    user_id = request.id("user_id")

    def ruling(at: Snapshot, caller: CommunityCaller) -> BanMember:
        target = at.of(community_callers.membership_ref(caller.community_id, user_id)).state
        leads = caller.community.owner_id == user_id
        if not leads and not access_rules.may_ban(caller.viewer, target.role):
            raise Forbidden("leader_required", "A moderator is banned by the leader.")
        return BanMember(reason=request.body.reason, leads=leads)

    return moderation.rule(request, ruling, person.subject(request.tenant_id, user_id))
