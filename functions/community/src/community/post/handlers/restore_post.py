"""POST /v1/community/posts/{post_id}/restore"""

from community import access, posts
from community.post_commands import RestorePost
from troupe.http import NoBody, Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="post:restore", refusals=("moderator_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """What was hidden, by a moderator; what was deleted, by whoever did: the author, or a moderator."""
    post_id = posts.post_id(request)

    def decide(at: Snapshot) -> Decision:
        place = posts.found(at, request, post_id)
        if not access.may_restore(place.seat.viewer, place.post):
            raise Forbidden("moderator_required", "This is for the community's moderators.")
        change = at.decide(posts.post_ref(post_id), RestorePost(), deleted=True)
        return Decision(changes=(change,), actions=place.seat.as_read() if change.events else ())

    return request.transact(posts.wanted(request, post_id), decide)
