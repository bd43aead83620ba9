"""POST /v1/community/communities/{community_id}/members/{user_id}/decline"""

from community import moderation
from community.membership_commands import DeclineMember
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="membership:decline", refusals=("moderator_required", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    return moderation.rule(request, lambda _at, _seat: DeclineMember())
