"""POST /v1/community/communities/{community_id}/members/{user_id}/unban"""

from community import moderation
from community.membership_commands import UnbanMember
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="membership:unban", refusals=("moderator_required", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    return moderation.rule(request, lambda _at, _seat: UnbanMember())
