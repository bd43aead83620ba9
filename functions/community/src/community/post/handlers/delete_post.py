"""DELETE /v1/community/posts/{post_id}"""

from community import access, posts
from community.post_commands import DeletePost
from troupe.http import NoBody, Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="post:delete", refusals=("author_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """By its author, or by a moderator; whoever it was can restore it."""
    post_id = posts.post_id(request)

    def decide(at: Snapshot) -> Decision:
        place = posts.found(at, request, post_id)
        seat, own = place.seat, access.owns(place.seat.viewer, place.post)
        if not own and not access.may_moderate(seat.viewer):
            raise Forbidden("author_required", "A post is deleted by its author, or by a moderator.")
        change = at.decide(posts.post_ref(post_id), DeletePost(by_author=own), deleted=True)
        as_read = () if own else seat.as_read()
        return Decision(changes=(change,), actions=as_read if change.events else ())

    return request.transact(posts.wanted(request, post_id), decide)
