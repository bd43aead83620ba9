"""POST /v1/community/posts/{post_id}/hide"""

from community import posts
from community.post_commands import HidePost
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(permission="post:hide", body=Body, refusals=("moderator_required",), example={"reason": "spam"})
)
def handler(request: Request[Body]) -> Answer:
    """A published post is taken out of sight, and one that waits is turned down; its author still sees it."""
    return posts.moderate(request, HidePost(reason=request.body.reason))
