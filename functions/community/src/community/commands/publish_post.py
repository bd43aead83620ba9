"""POST /v1/community/posts/{post_id}/publish"""

from community import posts
from community.post_commands import PublishPost
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="post:publish", refusals=("moderator_required", "invalid_transition")))
def handler(request: Request[NoBody]) -> Answer:
    """Let others see a post that a moderator has looked at."""
    return posts.moderate(request, PublishPost())
