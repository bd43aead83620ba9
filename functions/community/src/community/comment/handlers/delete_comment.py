"""DELETE /v1/community/comments/{comment_id}"""

from community import access, addresses, comments, engagement, seats
from community.comment import DeleteComment
from troupe.http import NoBody, Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="comment:delete", refusals=("author_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """By its author, or by a moderator. It does not come back."""
    comment_id = comments.comment_id(request)
    comment, community_id = comments.comment_ref(comment_id), addresses.community_of(comment_id)

    def decide(at: Snapshot) -> Decision:
        seat = seats.seen(at, request, community_id)
        stored = at.of(comment, deleted=True).state
        own = stored.author.id == seat.viewer.id
        if not own and not access.may_moderate(seat.viewer):
            raise Forbidden("author_required", "A comment is deleted by its author, or by a moderator.")
        change = at.decide(comment, DeleteComment(by_author=own), deleted=True)
        if not change.events:
            return Decision(changes=(change,))
        counted = engagement.commented(request.tenant_id, stored.post_id, stored.author.id, -1)
        return Decision(changes=(change,), actions=(counted, *(() if own else seat.as_read())))

    return request.transact((comment, *seats.wanted(request, community_id)), decide)
